//! The order of values: NULL first, numbers by value, strings by their bytes.

use std::cmp::Ordering;

use super::native::each_number;
use crate::types::{Column, Value, Values};

/// The order of two values of the same type.
pub(crate) fn compare_values(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::UInt(a), Value::UInt(b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => a.total_cmp(b),
        (Value::Bytes(a), Value::Bytes(b)) => a.cmp(b),
        (a, b) => a.is_null().cmp(&b.is_null()).reverse(),
    }
}

/// The order of two rows of one column.
pub(crate) fn compare_rows(column: &Column, left: usize, right: usize) -> Ordering {
    match (column.is_null(left), column.is_null(right)) {
        (false, false) => {}
        (left_null, right_null) => return left_null.cmp(&right_null).reverse(),
    }
    match column.values() {
        Values::Bool(v) => v.get(left).cmp(&v.get(right)),
        Values::Bytes(v) => v.get(left).cmp(v.get(right)),
        Values::F32(v) => v[left].total_cmp(&v[right]),
        Values::F64(v) => v[left].total_cmp(&v[right]),
        other => each_number!(
            other,
            v => v[left].partial_cmp(&v[right]).unwrap_or(Ordering::Equal),
            else => Ordering::Equal
        ),
    }
}
