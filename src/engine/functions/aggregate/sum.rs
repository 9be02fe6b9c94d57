//! sum and avg.
//!
//! Integers are summed in 128 bits, so that avg is exact; sum is the low 64 bits of that, which is what
//! the original's addition in 64 bits gives when it overflows. Floats are summed with a second number
//! that keeps what each addition rounds away (Neumaier), so that the result does not depend on the order
//! of rows.

use super::fold::{argument, fold};
use super::{Accumulator, Aggregate, Company, Input, Star, unsupported_type};
use crate::engine::functions::kernels::{Native, double_column};
use crate::error::Result;
use crate::types::{Bitmap, Column, ColumnType, DataType, Values};

pub(super) const SUM: Aggregate = Aggregate {
    name: "sum",
    company: Company::Computed,
    star: Star::Refused,
    returns: |argument| sum_type(argument).map(ColumnType::fixed),
    accumulator: |data_type| accumulator(data_type, Finish::Sum),
};

pub(super) const AVG: Aggregate = Aggregate {
    name: "avg",
    company: Company::Computed,
    star: Star::Refused,
    returns: |argument| sum_type(argument).map(|_| ColumnType::fixed(DataType::Double)),
    accumulator: |data_type| accumulator(data_type, Finish::Average),
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Finish {
    Sum,
    Average,
}

fn sum_type(argument: ColumnType) -> Result<DataType> {
    match argument.data_type {
        t if t.is_signed_integer() => Ok(DataType::BigInt),
        t if t.is_unsigned_integer() => Ok(DataType::UBigInt),
        t if t.is_float() => Ok(DataType::Double),
        _ => Err(unsupported_type()),
    }
}

fn accumulator(data_type: DataType, finish: Finish) -> Box<dyn Accumulator> {
    if data_type.is_float() {
        Box::new(Floats { states: Vec::new(), finish })
    } else {
        Box::new(Integers { states: Vec::new(), finish, unsigned: data_type.is_unsigned_integer() })
    }
}

struct Integers {
    states: Vec<IntegerSum>,
    finish: Finish,
    unsigned: bool,
}

#[derive(Clone, Copy, Default)]
struct IntegerSum {
    sum: i128,
    count: u64,
}

impl Accumulator for Integers {
    fn resize(&mut self, groups: usize) {
        self.states.resize(groups, IntegerSum::default());
    }

    fn update(&mut self, input: &Input<'_>) {
        let column = argument(input);
        macro_rules! add {
            ($values:expr) => {
                fold(&mut self.states, column, $values, input.groups, |state, value, _| {
                    state.sum += i128::from(value);
                    state.count += 1;
                })
            };
        }
        match column.values() {
            Values::I8(v) => add!(v),
            Values::I16(v) => add!(v),
            Values::I32(v) => add!(v),
            Values::I64(v) => add!(v),
            Values::U8(v) => add!(v),
            Values::U16(v) => add!(v),
            Values::U32(v) => add!(v),
            Values::U64(v) => add!(v),
            Values::Bool(_) | Values::F32(_) | Values::F64(_) | Values::Bytes(_) => {}
        }
    }

    fn has_value(&self, group: usize) -> bool {
        self.states[group].count > 0
    }

    fn finish(&mut self) -> Column {
        let states = std::mem::take(&mut self.states);
        let validity: Bitmap = states.iter().map(|state| state.count > 0).collect();
        if self.finish == Finish::Average {
            let average = |state: &IntegerSum| state.sum as f64 / state.count as f64;
            return double_column(states.iter().map(average).collect(), Some(validity));
        }
        let (data_type, sums) = if self.unsigned {
            (DataType::UBigInt, Values::U64(states.iter().map(|state| state.sum as u64).collect()))
        } else {
            (DataType::BigInt, Values::I64(states.iter().map(|state| state.sum as i64).collect()))
        };
        Column::from_values(data_type, sums, Some(validity)).expect("as many bits as sums")
    }

    fn memory(&self) -> usize {
        std::mem::size_of_val(self.states.as_slice())
    }
}

struct Floats {
    states: Vec<FloatSum>,
    finish: Finish,
}

#[derive(Clone, Copy, Default)]
struct FloatSum {
    sum: f64,
    lost: f64,
    count: u64,
}

impl FloatSum {
    fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        self.lost += match self.sum.abs() >= value.abs() {
            true => (self.sum - sum) + value,
            false => (value - sum) + self.sum,
        };
        self.sum = sum;
        self.count += 1;
    }

    fn total(&self) -> f64 {
        // Beyond the largest double the correction is no number; the sum alone tells the infinity.
        if self.sum.is_finite() { self.sum + self.lost } else { self.sum }
    }
}

impl Accumulator for Floats {
    fn resize(&mut self, groups: usize) {
        self.states.resize(groups, FloatSum::default());
    }

    fn update(&mut self, input: &Input<'_>) {
        let column = argument(input);
        let states = &mut self.states;
        match column.values() {
            Values::F32(v) => {
                fold(states, column, v, input.groups, |state, value, _| state.add(value.to_f64()))
            }
            Values::F64(v) => fold(states, column, v, input.groups, |state, value, _| state.add(value)),
            _ => {}
        }
    }

    fn has_value(&self, group: usize) -> bool {
        self.states[group].count > 0
    }

    fn finish(&mut self) -> Column {
        let states = std::mem::take(&mut self.states);
        let validity: Bitmap = states.iter().map(|state| state.count > 0).collect();
        let result = states.iter().map(|state| match self.finish {
            Finish::Sum => state.total(),
            Finish::Average => state.total() / state.count as f64,
        });
        double_column(result.collect(), Some(validity))
    }

    fn memory(&self) -> usize {
        std::mem::size_of_val(self.states.as_slice())
    }
}
