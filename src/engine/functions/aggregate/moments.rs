//! stddev, of the population.

use super::fold::{argument, fold};
use super::{Accumulator, Aggregate, Company, Input, Star, unsupported_type};
use crate::engine::functions::kernels::{Native, double_column, each_number};
use crate::types::{Column, ColumnType, DataType};

pub(super) const STDDEV: Aggregate = Aggregate {
    name: "stddev",
    company: Company::Computed,
    star: Star::Refused,
    returns: |argument| match argument.data_type.is_numeric() {
        true => Ok(ColumnType::fixed(DataType::Double)),
        false => Err(unsupported_type()),
    },
    accumulator: |_| Box::new(Deviation { states: Vec::new() }),
};

struct Deviation {
    states: Vec<Moments>,
}

/// Mean and squared distance from it, kept up to date value by value (Welford): one pass, and no
/// difference of two large sums.
#[derive(Clone, Copy, Default)]
struct Moments {
    count: u64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, value: f64) {
        self.count += 1;
        let distance = value - self.mean;
        self.mean += distance / self.count as f64;
        self.squares += distance * (value - self.mean);
    }

    fn deviation(&self) -> f64 {
        (self.squares / self.count as f64).sqrt()
    }
}

impl Accumulator for Deviation {
    fn resize(&mut self, groups: usize) {
        self.states.resize(groups, Moments::default());
    }

    fn update(&mut self, input: &Input<'_>) {
        let column = argument(input);
        each_number!(
            column.values(),
            values => fold(&mut self.states, column, values, input.groups, |state, value, _| {
                state.add(value.to_f64());
            }),
            else => {}
        );
    }

    fn has_value(&self, group: usize) -> bool {
        self.states[group].count > 0
    }

    fn finish(&mut self) -> Column {
        let states = std::mem::take(&mut self.states);
        let validity = states.iter().map(|state| state.count > 0).collect();
        double_column(states.iter().map(Moments::deviation).collect(), Some(validity))
    }

    fn memory(&self) -> usize {
        std::mem::size_of_val(self.states.as_slice())
    }
}
