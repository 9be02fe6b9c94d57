//! count: rows, or values that are not NULL.

use super::{Accumulator, Aggregate, Company, Groups, Input, Star};
use crate::types::{Column, ColumnType, DataType, Values};

pub(super) const COUNT: Aggregate = Aggregate {
    name: "count",
    company: Company::Computed,
    star: Star::Rows,
    returns: |_| Ok(ColumnType::fixed(DataType::BigInt)),
    accumulator: |_| Box::new(Count { counts: Vec::new() }),
};

struct Count {
    counts: Vec<i64>,
}

impl Accumulator for Count {
    fn resize(&mut self, groups: usize) {
        self.counts.resize(groups, 0);
    }

    fn update(&mut self, input: &Input<'_>) {
        let validity = input.argument.and_then(Column::validity);
        match (input.groups, validity) {
            (Groups::One(group), None) => self.counts[group] += input.rows as i64,
            (Groups::One(group), Some(bits)) => self.counts[group] += bits.count_ones() as i64,
            (groups, validity) => {
                for row in 0..input.rows {
                    self.counts[groups.of(row)] += i64::from(validity.is_none_or(|bits| bits.get(row)));
                }
            }
        }
    }

    fn has_value(&self, group: usize) -> bool {
        self.counts[group] > 0
    }

    fn finish(&mut self) -> Column {
        let counts = Values::I64(std::mem::take(&mut self.counts));
        Column::from_values(DataType::BigInt, counts, None).expect("BIGINT is a vector of i64")
    }

    fn memory(&self) -> usize {
        std::mem::size_of_val(self.counts.as_slice())
    }
}
