//! spread: the largest value minus the smallest.

use super::fold::{argument, fold};
use super::{Accumulator, Aggregate, Company, Input, Star};
use crate::engine::functions::kernels::{Native, double_column, each_number};
use crate::error::Error;
use crate::types::{Column, ColumnType, DataType};

pub(super) const SPREAD: Aggregate = Aggregate {
    name: "spread",
    company: Company::Computed,
    star: Star::Refused,
    returns: |argument| match argument.data_type {
        DataType::Timestamp => Ok(ColumnType::fixed(DataType::Double)),
        t if t.is_numeric() => Ok(ColumnType::fixed(DataType::Double)),
        _ => Err(Error::invalid_operation("not support column types")),
    },
    accumulator: |_| Box::new(Spread { states: Vec::new() }),
};

struct Spread {
    states: Vec<Option<(f64, f64)>>,
}

impl Accumulator for Spread {
    fn resize(&mut self, groups: usize) {
        self.states.resize(groups, None);
    }

    fn update(&mut self, input: &Input<'_>) {
        let column = argument(input);
        each_number!(
            column.values(),
            values => fold(&mut self.states, column, values, input.groups, |state, value, _| {
                let value = value.to_f64();
                let (low, high) = state.unwrap_or((value, value));
                *state = Some((low.min(value), high.max(value)));
            }),
            else => {}
        );
    }

    fn has_value(&self, group: usize) -> bool {
        self.states[group].is_some()
    }

    fn finish(&mut self) -> Column {
        let states = std::mem::take(&mut self.states);
        let validity = states.iter().map(Option::is_some).collect();
        let widths = states.iter().map(|state| state.map_or(0.0, |(low, high)| high - low)).collect();
        double_column(widths, Some(validity))
    }

    fn memory(&self) -> usize {
        std::mem::size_of_val(self.states.as_slice())
    }
}
