//! What the tests of this room share: random numbers from a seed, random columns, a simulated disk.

mod disk;
mod node;

pub(in crate::engine) use self::disk::{Call, Crash, Disk};

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::types::{Column, DataType, Value};

/// A small generator (splitmix64): the same numbers for the same seed on every machine.
pub(in crate::engine) struct Random(u64);

impl Random {
    pub(in crate::engine) fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub(in crate::engine) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `end`, without `end`.
    pub(in crate::engine) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

/// Runs a test for so many seeds from 0 on, and names the one that fails. `SIM_COUNT` sets another number of
/// seeds, `SIM_SEED` the first one; alone, it is the only one.
pub(in crate::engine) fn for_each_seed(count: u64, test: impl Fn(u64)) {
    let number = |name| std::env::var(name).ok()?.parse::<u64>().ok();
    let first = number("SIM_SEED");
    let count = number("SIM_COUNT").unwrap_or(if first.is_some() { 1 } else { count });
    for seed in (first.unwrap_or(0)..).take(count as usize) {
        let passed = catch_unwind(AssertUnwindSafe(|| test(seed))).is_ok();
        assert!(passed, "replay this with SIM_SEED={seed}");
    }
}

/// A value of that type.
pub(super) fn random_value(random: &mut Random, data_type: DataType) -> Value {
    let number = random.next() >> random.below(64);
    match data_type {
        DataType::Bool => Value::Bool(number % 2 == 1),
        t if t.is_var_len() => Value::text(&b"some text to cut"[..number as usize % 17]),
        DataType::Float => Value::Float((number as f32 / 3.0).into()),
        DataType::Double => Value::Float(number as f64 / 3.0),
        t => {
            let unused = 64 - 8 * t.fixed_size().unwrap_or(8) as u32;
            if t.is_unsigned_integer() {
                Value::UInt(number << unused >> unused)
            } else {
                Value::Int((number as i64) << unused >> unused)
            }
        }
    }
}

/// A column of that type, so many in a hundred of its values NULL.
pub(super) fn random_column(random: &mut Random, data_type: DataType, rows: usize, nulls: u64) -> Column {
    let mut column = Column::new(data_type);
    for _ in 0..rows {
        let null = random.below(100) < nulls;
        column.push(&if null { Value::Null } else { random_value(random, data_type) });
    }
    column
}
