//! min and max, each the value of one row.

use super::fold::{argument, fold, picked};
use super::{Accumulator, Aggregate, Company, Groups, Input, Star, unsupported_type};
use crate::engine::functions::kernels::{Native, with_native};
use crate::error::Result;
use crate::types::{Column, ColumnType, DataType};

pub(super) const MIN: Aggregate = Aggregate {
    name: "min",
    company: Company::OneRow,
    star: Star::Refused,
    returns: same_number,
    accumulator: |data_type| accumulator::<false>(data_type),
};

pub(super) const MAX: Aggregate = Aggregate {
    name: "max",
    company: Company::OneRow,
    star: Star::Refused,
    returns: same_number,
    accumulator: |data_type| accumulator::<true>(data_type),
};

fn same_number(argument: ColumnType) -> Result<ColumnType> {
    if argument.data_type.is_numeric() { Ok(argument) } else { Err(unsupported_type()) }
}

fn accumulator<const LARGEST: bool>(data_type: DataType) -> Box<dyn Accumulator> {
    with_native!(
        data_type,
        T => Box::new(Extreme::<T, LARGEST> { data_type, states: Vec::new() }),
        else => unreachable!("the planner lets only numbers through")
    )
}

struct Extreme<T, const LARGEST: bool> {
    data_type: DataType,
    states: Vec<State<T>>,
}

#[derive(Clone, Copy, Default)]
struct State<T> {
    value: Option<T>,
    /// The row of the last update that it came from.
    row: Option<usize>,
}

impl<T: Native, const LARGEST: bool> Accumulator for Extreme<T, LARGEST> {
    fn resize(&mut self, groups: usize) {
        self.states.resize(groups, State::default());
    }

    fn update(&mut self, input: &Input<'_>) {
        let column = argument(input);
        let Some(values) = T::slice(column.values()) else { return };
        match input.groups {
            Groups::One(group) => self.states[group].row = None,
            Groups::Each(groups) => groups.iter().for_each(|&group| self.states[group as usize].row = None),
        }
        fold(&mut self.states, column, values, input.groups, |state, value, row| {
            let better = state.value.is_none_or(|best| if LARGEST { value > best } else { value < best });
            if better {
                *state = State { value: Some(value), row: Some(row) };
            }
        });
    }

    fn picked(&self, groups: Groups<'_>, rows: usize) -> Vec<(usize, usize)> {
        picked(groups, rows, |group| self.states[group].row)
    }

    fn has_value(&self, group: usize) -> bool {
        self.states[group].value.is_some()
    }

    fn finish(&mut self) -> Column {
        let states = std::mem::take(&mut self.states);
        let validity = states.iter().map(|state| state.value.is_some()).collect();
        let values = T::wrap(states.iter().map(|state| state.value.unwrap_or_default()).collect());
        Column::from_values(self.data_type, values, Some(validity)).expect("as many bits as values")
    }

    fn memory(&self) -> usize {
        std::mem::size_of_val(self.states.as_slice())
    }
}
