//! `+ - * / %`: the dialect computes all of them in DOUBLE, whatever the operands are.

use std::borrow::Cow;

use super::compare::not_null;
use super::native::each_number;
use crate::types::{Bitmap, Column, DataType, Values};

/// An arithmetic operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

/// One side of an operator.
pub(crate) enum Operand<'a> {
    /// A numeric column.
    Column(&'a Column),
    /// The same number for every row.
    Constant(f64),
}

/// The result as a DOUBLE column of `rows` values. NULL where an operand is NULL and where the divisor
/// of `/` or `%` is zero; infinities are kept.
pub(crate) fn arithmetic(op: Arithmetic, left: Operand<'_>, right: Operand<'_>, rows: usize) -> Column {
    let mut valid = vec![true; rows];
    for side in [&left, &right] {
        if let Operand::Column(column) = side {
            valid.iter_mut().zip(not_null(column)).for_each(|(both, one)| *both &= one);
        }
    }
    let right_numbers = numbers(&right, rows);
    if matches!(op, Arithmetic::Div | Arithmetic::Rem) {
        valid.iter_mut().zip(right_numbers.iter()).for_each(|(valid, &divisor)| *valid &= !is_zero(divisor));
    }
    let left_numbers = numbers(&left, rows);
    let result = match op {
        Arithmetic::Add => zip(&left_numbers, &right_numbers, |a, b| a + b),
        Arithmetic::Sub => zip(&left_numbers, &right_numbers, |a, b| a - b),
        Arithmetic::Mul => zip(&left_numbers, &right_numbers, |a, b| a * b),
        Arithmetic::Div => zip(&left_numbers, &right_numbers, |a, b| a / b),
        Arithmetic::Rem => zip(&left_numbers, &right_numbers, remainder),
    };
    double_column(result, Some(valid.into_iter().collect()))
}

/// The values of a numeric, BOOL or TIMESTAMP column as `f64`, zero where there is none.
pub(crate) fn doubles(column: &Column) -> Cow<'_, [f64]> {
    match column.values() {
        Values::F64(values) => Cow::Borrowed(values),
        Values::Bool(bits) => Cow::Owned(bits.iter().map(|bit| f64::from(u8::from(bit))).collect()),
        other => Cow::Owned(each_number!(
            other,
            vector => vector.iter().map(|&value| super::Native::to_f64(value)).collect(),
            else => vec![0.0; column.len()]
        )),
    }
}

/// A DOUBLE column of these values.
pub(crate) fn double_column(values: Vec<f64>, validity: Option<Bitmap>) -> Column {
    Column::from_values(DataType::Double, Values::F64(values), validity)
        .expect("DOUBLE is a vector of f64, and the bitmap was made of as many rows")
}

/// As comparisons have it: what is equal to zero divides nothing.
fn is_zero(number: f64) -> bool {
    number.abs() <= f64::EPSILON
}

/// The original subtracts whole multiples of the divisor, which rounds, and counts them in 64 bits, of
/// which more than fit are the smallest number.
fn remainder(dividend: f64, divisor: f64) -> f64 {
    let times = (dividend / divisor).trunc();
    let fits = times >= i64::MIN as f64 && times < i64::MAX as f64;
    dividend - if fits { times } else { i64::MIN as f64 } * divisor
}

fn numbers<'a>(operand: &'a Operand<'_>, rows: usize) -> Cow<'a, [f64]> {
    match operand {
        Operand::Column(column) => doubles(column),
        Operand::Constant(number) => Cow::Owned(vec![*number; rows]),
    }
}

fn zip(left: &[f64], right: &[f64], compute: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    left.iter().zip(right).map(|(&a, &b)| compute(a, b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Value;

    #[test]
    fn everything_is_double_and_division_by_zero_is_null() {
        let mut left = Column::from_values(DataType::Int, Values::I32(vec![i32::MAX, -7, 1]), None).unwrap();
        left.push_null();
        let right = Column::from_values(DataType::UTinyInt, Values::U8(vec![1, 2, 0, 1]), None).unwrap();
        let sum = arithmetic(Arithmetic::Add, Operand::Column(&left), Operand::Column(&right), 4);
        assert_eq!(sum.value(0), Value::Float(2_147_483_648.0));
        assert_eq!(sum.value(3), Value::Null);
        let rest = arithmetic(Arithmetic::Rem, Operand::Column(&left), Operand::Column(&right), 4);
        assert_eq!(rest.value(1), Value::Float(-1.0));
        assert_eq!(rest.value(2), Value::Null);
        let half = arithmetic(Arithmetic::Div, Operand::Constant(1.0), Operand::Column(&right), 4);
        assert_eq!(half.value(1), Value::Float(0.5));
        assert_eq!(half.null_count(), 1);
    }
}
