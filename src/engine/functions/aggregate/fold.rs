//! The one loop of all aggregates over numbers.

use super::{Groups, Input};
use crate::engine::functions::kernels::Native;
use crate::types::Column;

/// Folds the values that are not NULL into the states of their groups: `step(state, value, row)`.
pub(super) fn fold<T: Native, S: Copy>(
    states: &mut [S],
    column: &Column,
    values: &[T],
    groups: Groups<'_>,
    mut step: impl FnMut(&mut S, T, usize),
) {
    match (groups, column.validity()) {
        (Groups::One(group), None) => {
            // The state moves into a register for the loop.
            let mut state = states[group];
            values.iter().enumerate().for_each(|(row, &value)| step(&mut state, value, row));
            states[group] = state;
        }
        (groups, validity) => {
            for (row, &value) in values.iter().enumerate() {
                if validity.is_none_or(|bits| bits.get(row)) {
                    step(&mut states[groups.of(row)], value, row);
                }
            }
        }
    }
}

/// The (group, row) pairs whose state, as `row_of` tells, was set by that row of the last update.
pub(super) fn picked(
    groups: Groups<'_>,
    rows: usize,
    row_of: impl Fn(usize) -> Option<usize>,
) -> Vec<(usize, usize)> {
    match groups {
        Groups::One(group) => row_of(group).map(|row| (group, row)).into_iter().collect(),
        Groups::Each(_) => (0..rows)
            .map(|row| (groups.of(row), row))
            .filter(|&(group, row)| row_of(group) == Some(row))
            .collect(),
    }
}

/// The argument of an aggregate that always has one.
pub(super) fn argument<'a>(input: &Input<'a>) -> &'a Column {
    input.argument.expect("the planner gives every aggregate but count its argument")
}
