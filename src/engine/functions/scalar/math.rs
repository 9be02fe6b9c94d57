//! Functions of numbers.
//!
//! What has no real result is NaN, not NULL, as in C: `sqrt(-1)`, `log` of a negative number.

use std::sync::Arc;

use super::{Scalar, unsupported_argument};
use crate::engine::functions::kernels::{double_column, doubles};
use crate::error::Result;
use crate::types::{Bitmap, Column, ColumnType, DataType, Values};

pub(super) const ALL: &[Scalar] = &[
    Scalar { name: "abs", arguments: 1..=1, returns: abs_type, run: abs },
    double("sqrt", |arguments, _| each_double(arguments, f64::sqrt)),
    double("sin", |arguments, _| each_double(arguments, f64::sin)),
    double("cos", |arguments, _| each_double(arguments, f64::cos)),
    double("tan", |arguments, _| each_double(arguments, f64::tan)),
    double("asin", |arguments, _| each_double(arguments, f64::asin)),
    double("acos", |arguments, _| each_double(arguments, f64::acos)),
    double("atan", |arguments, _| each_double(arguments, f64::atan)),
    Scalar { name: "pow", arguments: 2..=2, returns: to_double, run: |arguments, _| pow(arguments) },
    Scalar { name: "log", arguments: 1..=2, returns: to_double, run: |arguments, _| log(arguments) },
    rounding("ceil", |arguments, _| each_float(arguments, f64::ceil)),
    rounding("floor", |arguments, _| each_float(arguments, f64::floor)),
    rounding("round", |arguments, _| each_float(arguments, f64::round)),
];

type Run = fn(&[Arc<Column>], ColumnType) -> Column;

const fn double(name: &'static str, run: Run) -> Scalar {
    Scalar { name, arguments: 1..=1, returns: to_double, run }
}

const fn rounding(name: &'static str, run: Run) -> Scalar {
    Scalar { name, arguments: 1..=1, returns: same_number, run }
}

fn to_double(arguments: &[ColumnType]) -> Result<ColumnType> {
    match arguments.iter().all(|argument| argument.data_type.is_numeric()) {
        true => Ok(ColumnType::fixed(DataType::Double)),
        false => Err(unsupported_argument()),
    }
}

fn same_number(arguments: &[ColumnType]) -> Result<ColumnType> {
    match arguments {
        [argument] if argument.data_type.is_numeric() => Ok(*argument),
        _ => Err(unsupported_argument()),
    }
}

fn abs_type(arguments: &[ColumnType]) -> Result<ColumnType> {
    let is_integer = same_number(arguments)?.data_type.is_integer();
    Ok(ColumnType::fixed(if is_integer { DataType::UBigInt } else { DataType::Double }))
}

fn abs(arguments: &[Arc<Column>], returns: ColumnType) -> Column {
    let column = &arguments[0];
    let values = match column.values() {
        Values::I8(v) => Values::U64(v.iter().map(|value| value.unsigned_abs().into()).collect()),
        Values::I16(v) => Values::U64(v.iter().map(|value| value.unsigned_abs().into()).collect()),
        Values::I32(v) => Values::U64(v.iter().map(|value| value.unsigned_abs().into()).collect()),
        Values::I64(v) => Values::U64(v.iter().map(|value| value.unsigned_abs()).collect()),
        Values::U8(v) => Values::U64(v.iter().map(|&value| value.into()).collect()),
        Values::U16(v) => Values::U64(v.iter().map(|&value| value.into()).collect()),
        Values::U32(v) => Values::U64(v.iter().map(|&value| value.into()).collect()),
        Values::F32(v) => Values::F64(v.iter().map(|value| value.abs().into()).collect()),
        Values::F64(v) => Values::F64(v.iter().map(|value| value.abs()).collect()),
        same @ (Values::U64(_) | Values::Bool(_) | Values::Bytes(_)) => same.clone(),
    };
    Column::from_values(returns.data_type, values, column.validity().cloned())
        .expect("the type of the result is that of these values")
}

fn each_double(arguments: &[Arc<Column>], compute: impl Fn(f64) -> f64) -> Column {
    let column = &arguments[0];
    let values = doubles(column).iter().map(|&value| compute(value)).collect();
    double_column(values, column.validity().cloned())
}

/// Rounds floats; integers are round already.
fn each_float(arguments: &[Arc<Column>], compute: impl Fn(f64) -> f64) -> Column {
    let column = &arguments[0];
    let values = match column.values() {
        Values::F32(v) => Values::F32(v.iter().map(|&value| compute(value.into()) as f32).collect()),
        Values::F64(v) => Values::F64(v.iter().map(|&value| compute(value)).collect()),
        _ => return Column::clone(column),
    };
    Column::from_values(column.data_type(), values, column.validity().cloned())
        .expect("the type and the number of values are those of the argument")
}

fn pow(arguments: &[Arc<Column>]) -> Column {
    each_pair(&arguments[0], &arguments[1], f64::powf)
}

fn log(arguments: &[Arc<Column>]) -> Column {
    match arguments {
        [number, base] => each_pair(number, base, |number, base| number.ln() / base.ln()),
        _ => each_double(arguments, f64::ln),
    }
}

fn each_pair(left: &Column, right: &Column, compute: impl Fn(f64, f64) -> f64) -> Column {
    let (left_values, right_values) = (doubles(left), doubles(right));
    let values = left_values.iter().zip(right_values.iter()).map(|(&a, &b)| compute(a, b)).collect();
    let valid: Bitmap = (0..left.len()).map(|row| !left.is_null(row) && !right.is_null(row)).collect();
    double_column(values, Some(valid))
}
