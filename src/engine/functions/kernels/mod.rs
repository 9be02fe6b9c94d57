//! Loops over whole columns: comparison, arithmetic, patterns, gathering. They know types and NULL,
//! but no plan and no names.

mod arithmetic;
mod compare;
mod interleave;
mod native;
mod order;
mod pattern;
mod set;

pub(crate) use arithmetic::{Arithmetic, Operand, arithmetic, double_column, doubles};
pub(crate) use compare::{Comparison, compare, not_null, selected_rows};
pub(crate) use interleave::interleave;
pub(crate) use native::{Native, each_number, with_native};
pub(crate) use order::{compare_rows, compare_values};
pub(crate) use pattern::Pattern;
pub(crate) use set::ValueSet;
