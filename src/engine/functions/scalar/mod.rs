//! Scalar functions: one value for each row.

mod math;
mod text;

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::types::{Column, ColumnType};

/// A scalar function.
pub(crate) struct Scalar {
    /// In lower case.
    pub(crate) name: &'static str,
    /// How many arguments it takes.
    pub(crate) arguments: RangeInclusive<usize>,
    /// The type of the result for arguments of these types, or the refusal.
    pub(crate) returns: fn(&[ColumnType]) -> Result<ColumnType>,
    /// Computes the result, of the type that `returns` said, from argument columns of equal length.
    pub(crate) run: fn(&[Arc<Column>], ColumnType) -> Column,
}

/// Every scalar function, family by family.
pub(crate) const ALL: &[&[Scalar]] = &[math::ALL, text::ALL];

/// The refusal of an argument's type.
fn unsupported_argument() -> Error {
    Error::invalid_operation("invalid arithmetic expression in select clause")
}
