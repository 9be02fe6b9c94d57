//! A column against a constant: which rows hold.
//!
//! The answer is one `bool` a row; there is no third value, since the dialect has no NOT: what is
//! unknown does not hold.

use super::native::Native;
use crate::types::{Bytes, Column, Value, Values};

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Comparison {
    /// The comparison that says the same with its sides exchanged.
    pub(crate) fn flipped(self) -> Comparison {
        match self {
            Comparison::Lt => Comparison::Gt,
            Comparison::Le => Comparison::Ge,
            Comparison::Gt => Comparison::Lt,
            Comparison::Ge => Comparison::Le,
            same @ (Comparison::Eq | Comparison::Ne) => same,
        }
    }

    fn accepts(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Comparison::Eq => ordering.is_eq(),
            Comparison::Ne => ordering.is_ne(),
            Comparison::Lt => ordering.is_lt(),
            Comparison::Le => ordering.is_le(),
            Comparison::Gt => ordering.is_gt(),
            Comparison::Ge => ordering.is_ge(),
        }
    }
}

/// Which rows of the column compare so with the constant.
///
/// Numbers compare by value: an integer beyond the column's type is larger or smaller than all of it,
/// a float against integers compares as `f64`, and against FLOAT as FLOAT, so that `f = 0.1` finds what
/// was written as 0.1. A constant of another kind (which the planner refuses) holds nowhere.
pub(crate) fn compare(column: &Column, comparison: Comparison, constant: &Value) -> Vec<bool> {
    let mut mask = match (column.values(), constant) {
        (Values::I8(v), &Value::Int(x)) => integers(v, comparison, x),
        (Values::I16(v), &Value::Int(x)) => integers(v, comparison, x),
        (Values::I32(v), &Value::Int(x)) => integers(v, comparison, x),
        (Values::I64(v), &Value::Int(x)) => integers(v, comparison, x),
        (Values::U8(v), &Value::UInt(x)) => integers(v, comparison, x),
        (Values::U16(v), &Value::UInt(x)) => integers(v, comparison, x),
        (Values::U32(v), &Value::UInt(x)) => integers(v, comparison, x),
        (Values::U64(v), &Value::UInt(x)) => integers(v, comparison, x),
        (Values::I8(v), &Value::Float(x)) => as_doubles(v, comparison, x),
        (Values::I16(v), &Value::Float(x)) => as_doubles(v, comparison, x),
        (Values::I32(v), &Value::Float(x)) => as_doubles(v, comparison, x),
        (Values::I64(v), &Value::Float(x)) => as_doubles(v, comparison, x),
        (Values::U8(v), &Value::Float(x)) => as_doubles(v, comparison, x),
        (Values::U16(v), &Value::Float(x)) => as_doubles(v, comparison, x),
        (Values::U32(v), &Value::Float(x)) => as_doubles(v, comparison, x),
        (Values::U64(v), &Value::Float(x)) => as_doubles(v, comparison, x),
        (Values::F32(v), &Value::Float(x)) => floats(v, comparison, f64::from(x as f32), f32::EPSILON.into()),
        (Values::F64(v), &Value::Float(x)) => floats(v, comparison, x, f64::EPSILON),
        (Values::Bool(v), &Value::Float(x)) => {
            let bits: Vec<u8> = v.iter().map(u8::from).collect();
            as_doubles(&bits, comparison, x)
        }
        (Values::Bool(v), &Value::Bool(x)) => v.iter().map(|bit| comparison.accepts(bit.cmp(&x))).collect(),
        (Values::Bytes(v), Value::Bytes(x)) => strings(v, comparison, x),
        _ => vec![false; column.len()],
    };
    clear_nulls(column, &mut mask);
    mask
}

/// Which rows are not NULL.
pub(crate) fn not_null(column: &Column) -> Vec<bool> {
    match column.validity() {
        Some(bits) => bits.iter().collect(),
        None => vec![true; column.len()],
    }
}

/// The numbers of the rows that hold.
pub(crate) fn selected_rows(mask: &[bool]) -> Vec<usize> {
    mask.iter().enumerate().filter_map(|(row, &holds)| holds.then_some(row)).collect()
}

/// Makes NULL hold nowhere.
pub(super) fn clear_nulls(column: &Column, mask: &mut [bool]) {
    if let Some(bits) = column.validity() {
        mask.iter_mut().zip(bits.iter()).for_each(|(holds, valid)| *holds &= valid);
    }
}

fn integers<T, X>(vector: &[T], comparison: Comparison, constant: X) -> Vec<bool>
where
    T: Native + TryFrom<X>,
    X: Copy + PartialOrd + Default,
{
    match T::try_from(constant) {
        Ok(constant) => numbers(vector, comparison, constant),
        Err(_) => {
            let value_against_constant = match constant > X::default() {
                true => std::cmp::Ordering::Less,
                false => std::cmp::Ordering::Greater,
            };
            vec![comparison.accepts(value_against_constant); vector.len()]
        }
    }
}

fn numbers<T: Native>(vector: &[T], comparison: Comparison, constant: T) -> Vec<bool> {
    // One loop for each operator: a match inside the loop would keep it from being vectorized.
    match comparison {
        Comparison::Eq => vector.iter().map(|&value| value == constant).collect(),
        Comparison::Ne => vector.iter().map(|&value| value != constant).collect(),
        Comparison::Lt => vector.iter().map(|&value| value < constant).collect(),
        Comparison::Le => vector.iter().map(|&value| value <= constant).collect(),
        Comparison::Gt => vector.iter().map(|&value| value > constant).collect(),
        Comparison::Ge => vector.iter().map(|&value| value >= constant).collect(),
    }
}

fn as_doubles<T: Native>(vector: &[T], comparison: Comparison, constant: f64) -> Vec<bool> {
    let holds = |value: f64| match comparison {
        Comparison::Eq => value == constant,
        Comparison::Ne => value != constant,
        Comparison::Lt => value < constant,
        Comparison::Le => value <= constant,
        Comparison::Gt => value > constant,
        Comparison::Ge => value >= constant,
    };
    vector.iter().map(|value| holds(value.to_f64())).collect()
}

fn floats<T: Native>(vector: &[T], comparison: Comparison, constant: f64, tolerance: f64) -> Vec<bool> {
    // Infinities differ from themselves by NaN, hence the first half.
    let equal = |value: f64| value == constant || (value - constant).abs() <= tolerance;
    let holds = |value: f64| match comparison {
        Comparison::Eq => equal(value),
        Comparison::Ne => !equal(value),
        Comparison::Lt => value < constant && !equal(value),
        Comparison::Le => value < constant || equal(value),
        Comparison::Gt => value > constant && !equal(value),
        Comparison::Ge => value > constant || equal(value),
    };
    vector.iter().map(|value| holds(value.to_f64())).collect()
}

fn strings(vector: &Bytes, comparison: Comparison, constant: &[u8]) -> Vec<bool> {
    vector.iter().map(|value| comparison.accepts(value.cmp(constant))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Bitmap, DataType};

    fn tinyints() -> Column {
        let validity = [true, true, false, true].into_iter().collect::<Bitmap>();
        Column::from_values(DataType::TinyInt, Values::I8(vec![-5, 7, 7, 100]), Some(validity)).unwrap()
    }

    #[test]
    fn null_holds_nowhere_and_numbers_compare_by_value() {
        let column = tinyints();
        let rows = |comparison, constant| selected_rows(&compare(&column, comparison, &constant));
        assert_eq!(rows(Comparison::Eq, Value::Int(7)), [1]);
        assert_eq!(rows(Comparison::Ne, Value::Int(7)), [0, 3]);
        assert_eq!(rows(Comparison::Lt, Value::Int(1000)), [0, 1, 3]);
        assert_eq!(rows(Comparison::Gt, Value::Int(-1000)), [0, 1, 3]);
        assert_eq!(rows(Comparison::Eq, Value::Int(1000)), [0; 0]);
        assert_eq!(rows(Comparison::Ge, Value::Float(6.5)), [1, 3]);
        assert_eq!(rows(Comparison::Eq, Value::text("7")), [0; 0]);
    }

    #[test]
    fn a_float_finds_what_was_written() {
        let column = Column::from_values(DataType::Float, Values::F32(vec![0.1, 0.2]), None).unwrap();
        assert_eq!(compare(&column, Comparison::Eq, &Value::Float(0.1)), [true, false]);
    }
}
