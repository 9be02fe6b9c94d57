//! Aggregates: one value for all rows of a group.
//!
//! An [`Accumulator`] holds the states of all groups side by side and takes whole columns, so that the
//! common case of one group runs in a plain loop over a slice.

mod count;
mod extreme;
mod fold;
mod moments;
mod pick;
mod spread;
mod sum;

use crate::error::{Error, Result};
use crate::types::{Column, ColumnType, DataType};

/// An aggregate.
pub(crate) struct Aggregate {
    /// In lower case.
    pub(crate) name: &'static str,
    /// How it goes together with other columns.
    pub(crate) company: Company,
    /// What `name(*)` means.
    pub(crate) star: Star,
    /// The type of the result for an argument of that type, or the refusal.
    pub(crate) returns: fn(ColumnType) -> Result<ColumnType>,
    /// A fresh accumulator for an argument of that type.
    pub(crate) accumulator: fn(DataType) -> Box<dyn Accumulator>,
}

/// How an aggregate goes together with other columns of a select list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Company {
    /// It stands for no single row.
    Computed,
    /// Its value is that of one row, whose time and tags may stand beside it.
    OneRow,
    /// As [`Company::OneRow`], and the same row whatever the argument is. Without a condition it stands
    /// beside no other aggregate than itself.
    SameRow,
}

/// What a star as the argument means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Star {
    /// It is refused.
    Refused,
    /// Rows.
    Rows,
    /// The function of each column; so does a list of columns.
    EachColumn,
}

/// Every aggregate.
pub(crate) const ALL: &[&Aggregate] = &[
    &count::COUNT,
    &extreme::MAX,
    &extreme::MIN,
    &moments::STDDEV,
    &pick::FIRST,
    &pick::LAST,
    &pick::LAST_ROW,
    &spread::SPREAD,
    &sum::AVG,
    &sum::SUM,
];

/// Which group each row of a block belongs to.
#[derive(Clone, Copy)]
pub(crate) enum Groups<'a> {
    /// All rows to this one.
    One(usize),
    /// Row by row.
    Each(&'a [u32]),
}

impl Groups<'_> {
    /// The group of a row.
    #[inline]
    pub(crate) fn of(&self, row: usize) -> usize {
        match self {
            Groups::One(group) => *group,
            Groups::Each(groups) => groups[row] as usize,
        }
    }
}

/// The rows that an accumulator takes at once.
pub(crate) struct Input<'a> {
    /// The argument; none for `count(*)`.
    pub(crate) argument: Option<&'a Column>,
    /// The primary timestamps, for functions of time.
    pub(crate) timestamps: &'a Column,
    /// How many rows.
    pub(crate) rows: usize,
    /// Where they belong.
    pub(crate) groups: Groups<'a>,
}

/// The states of one aggregate for all groups.
pub(crate) trait Accumulator: Send {
    /// Makes room for so many groups.
    fn resize(&mut self, groups: usize);

    /// Takes rows in.
    fn update(&mut self, input: &Input<'_>);

    /// The rows of the last update that now are the values of their groups, as (group, row). Only
    /// aggregates that keep company with a row have any.
    fn picked(&self, _groups: Groups<'_>, _rows: usize) -> Vec<(usize, usize)> {
        Vec::new()
    }

    /// Whether a group has a value at all. A group in which no aggregate has one gives no row.
    fn has_value(&self, group: usize) -> bool;

    /// The values of all groups in order, as a column of the type that [`Aggregate::returns`] said.
    fn finish(&mut self) -> Column;

    /// Bytes that the states take, for budgets.
    fn memory(&self) -> usize;
}

/// The refusal of an argument's type.
fn unsupported_type() -> Error {
    Error::invalid_operation("unsupported column types")
}

#[cfg(test)]
mod tests;
