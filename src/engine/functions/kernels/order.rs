//! The order of values: numbers by value, strings by their bytes.
//!
//! NULL comes first, but last among BOOL and the unsigned types, as the values that stand for it in the
//! original do.

use std::cmp::Ordering;

use super::native::each_number;
use crate::types::{Column, DataType, Value, Values};

/// The order of two values of that type.
pub(crate) fn compare_values(data_type: DataType, left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::UInt(a), Value::UInt(b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => a.total_cmp(b),
        (Value::Bytes(a), Value::Bytes(b)) => a.cmp(b),
        (a, b) => compare_nulls(data_type, a.is_null(), b.is_null()),
    }
}

/// The order of two rows of one column.
pub(crate) fn compare_rows(column: &Column, left: usize, right: usize) -> Ordering {
    match (column.is_null(left), column.is_null(right)) {
        (false, false) => {}
        (left_null, right_null) => return compare_nulls(column.data_type(), left_null, right_null),
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

fn compare_nulls(data_type: DataType, left: bool, right: bool) -> Ordering {
    let null_is_last = data_type == DataType::Bool || data_type.is_unsigned_integer();
    if null_is_last { left.cmp(&right) } else { right.cmp(&left) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_first_but_not_everywhere() {
        let null_before = |data_type, value: &Value| compare_values(data_type, &Value::Null, value).is_lt();
        assert!(null_before(DataType::Int, &Value::Int(i64::MIN)));
        assert!(null_before(DataType::Binary, &Value::text("")));
        assert!(!null_before(DataType::Bool, &Value::Bool(true)));
        assert!(!null_before(DataType::UBigInt, &Value::UInt(u64::MAX)));
    }
}
