//! The list of IN.

use std::collections::HashSet;

use super::compare::{Comparison, clear_nulls, compare};
use crate::types::{Column, Value, Values};

/// Constants of one kind, ready to be looked up.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ValueSet {
    /// Integers and timestamps.
    Integers(HashSet<i128>),
    /// Strings.
    Strings(HashSet<Box<[u8]>>),
    /// BOOL and floats, which are few; compared one by one.
    Others(Vec<Value>),
}

impl ValueSet {
    /// A set of values that the planner has brought to the type of the column.
    pub(crate) fn new(values: Vec<Value>) -> ValueSet {
        let integer = |value: &Value| match *value {
            Value::Int(number) => Some(i128::from(number)),
            Value::UInt(number) => Some(i128::from(number)),
            _ => None,
        };
        if let Some(integers) = values.iter().map(integer).collect() {
            return ValueSet::Integers(integers);
        }
        if let Some(strings) = values.iter().map(|value| value.as_bytes().map(Box::from)).collect() {
            return ValueSet::Strings(strings);
        }
        ValueSet::Others(values)
    }

    /// Which rows are in the set; NULL is in none.
    pub(crate) fn contains(&self, column: &Column) -> Vec<bool> {
        let mut mask = match (self, column.values()) {
            (ValueSet::Integers(set), Values::I8(v)) => look_up(v, set),
            (ValueSet::Integers(set), Values::I16(v)) => look_up(v, set),
            (ValueSet::Integers(set), Values::I32(v)) => look_up(v, set),
            (ValueSet::Integers(set), Values::I64(v)) => look_up(v, set),
            (ValueSet::Integers(set), Values::U8(v)) => look_up(v, set),
            (ValueSet::Integers(set), Values::U16(v)) => look_up(v, set),
            (ValueSet::Integers(set), Values::U32(v)) => look_up(v, set),
            (ValueSet::Integers(set), Values::U64(v)) => look_up(v, set),
            (ValueSet::Strings(set), Values::Bytes(v)) => v.iter().map(|text| set.contains(text)).collect(),
            (ValueSet::Others(values), _) => {
                let mut any = vec![false; column.len()];
                for value in values {
                    let equal = compare(column, Comparison::Eq, value);
                    any.iter_mut().zip(equal).for_each(|(any, one)| *any |= one);
                }
                any
            }
            _ => vec![false; column.len()],
        };
        clear_nulls(column, &mut mask);
        mask
    }
}

fn look_up<T: Copy + Into<i128>>(vector: &[T], set: &HashSet<i128>) -> Vec<bool> {
    vector.iter().map(|&value| set.contains(&value.into())).collect()
}
