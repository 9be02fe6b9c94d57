//! Constants of conditions: computed once, and brought to the type of what they are compared with.

use crate::error::{Error, Result, codes};
use crate::sql::ast::{BinaryOp, Expr};
use crate::types::{ColumnType, Context, DataType, Precision, Value, timestamp};

/// What constants depend on beside their text.
#[derive(Clone, Copy)]
pub(super) struct Environment<'a> {
    pub(super) context: &'a Context,
    pub(super) precision: Precision,
}

/// A constant before it has a type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Constant {
    /// A literal, or what was computed from literals.
    Value(Value),
    /// A point of time in ticks, from `now` or `today()`.
    Time(i64),
}

/// `now`, `now()` or `today()` in ticks; none for any other expression.
pub(super) fn moment(expr: &Expr, environment: Environment<'_>) -> Option<i64> {
    let Environment { context, precision } = environment;
    match expr {
        Expr::Now => Some(context.now_in(precision)),
        Expr::Call { name, arguments, .. } if arguments.is_empty() => match name.as_str() {
            "now" => Some(context.now_in(precision)),
            "today" => Some(timestamp::midnight(context.now_in(precision), precision, &context.zone)),
            _ => None,
        },
        _ => None,
    }
}

/// Computes an expression without columns.
pub(super) fn fold(expr: &Expr, environment: Environment<'_>) -> Result<Constant> {
    if let Some(ticks) = moment(expr, environment) {
        return Ok(Constant::Time(ticks));
    }
    match expr {
        Expr::Literal(value) => Ok(Constant::Value(value.clone())),
        Expr::Binary { op, left, right } => {
            let left = fold(left, environment)?;
            if let (Constant::Time(ticks), Expr::Duration(duration)) = (&left, right.as_ref()) {
                let length = duration.ticks(environment.precision).ok_or(codes::TSC_INVALID_OPERATION)?;
                return shift(*op, *ticks, length).map(Constant::Time);
            }
            match (left, fold(right, environment)?) {
                (Constant::Value(left), Constant::Value(right)) => {
                    compute(*op, &left, &right).map(Constant::Value)
                }
                _ => Err(codes::TSC_INVALID_OPERATION.into()),
            }
        }
        _ => Err(codes::TSC_INVALID_OPERATION.into()),
    }
}

/// A time plus or minus a length.
pub(super) fn shift(op: BinaryOp, ticks: i64, length: i64) -> Result<i64> {
    let moved = match op {
        BinaryOp::Add => ticks.checked_add(length),
        BinaryOp::Sub => ticks.checked_sub(length),
        _ => None,
    };
    moved.ok_or_else(|| codes::TSC_INVALID_OPERATION.into())
}

/// Arithmetic of two literals: integers stay integers where the result is one, all else is a float.
/// Division by zero is NULL.
pub(super) fn compute(op: BinaryOp, left: &Value, right: &Value) -> Result<Value> {
    if let (Value::Int(a), Value::Int(b)) = (left, right) {
        let whole = match op {
            BinaryOp::Add => a.checked_add(*b),
            BinaryOp::Sub => a.checked_sub(*b),
            BinaryOp::Mul => a.checked_mul(*b),
            _ => None,
        };
        if let Some(whole) = whole {
            return Ok(Value::Int(whole));
        }
    }
    let (Some(a), Some(b)) = (number(left), number(right)) else {
        return Err(codes::TSC_INVALID_OPERATION.into());
    };
    Ok(match op {
        BinaryOp::Add => Value::Float(a + b),
        BinaryOp::Sub => Value::Float(a - b),
        BinaryOp::Mul => Value::Float(a * b),
        BinaryOp::Div | BinaryOp::Rem if b == 0.0 => Value::Null,
        BinaryOp::Div => Value::Float(a / b),
        BinaryOp::Rem => Value::Float(a % b),
        _ => return Err(codes::TSC_INVALID_OPERATION.into()),
    })
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(_) => None,
        other => other.as_f64(),
    }
}

/// The constant as a value that compares with a column of that type. Refused with `0x80000200` when it
/// has no meaning there; so is NULL, which nothing compares with.
pub(super) fn coerce(constant: Constant, to: ColumnType, environment: Environment<'_>) -> Result<Value> {
    let value = match constant {
        Constant::Value(Value::Null) => {
            return Err(Error::invalid_operation("only support is [not] null"));
        }
        Constant::Time(ticks) => Value::Int(ticks),
        Constant::Value(value) => value,
    };
    match to.data_type {
        DataType::Timestamp => time(&value, environment),
        DataType::Binary | DataType::NChar => text(&value),
        DataType::Json => Err(super::not_built("a condition on a JSON tag")),
        DataType::Bool => numeric(value).map(|value| Value::Bool(value.as_f64() != Some(0.0))),
        t if t.is_float() => numeric(value)?.as_f64().map(Value::Float).ok_or_else(unsupported),
        t if t.is_unsigned_integer() => unsigned(numeric(value)?, t),
        _ => signed(numeric(value)?),
    }
}

/// The refusal of a constant.
pub(super) fn unsupported() -> Error {
    Error::invalid_operation("not supported filter condition")
}

/// A number or BOOL; text that reads as one is taken as that.
fn numeric(value: Value) -> Result<Value> {
    let Value::Bytes(bytes) = &value else { return Ok(value) };
    let text = std::str::from_utf8(bytes).map_err(|_| unsupported())?.trim();
    if let Ok(whole) = text.parse::<i64>() {
        return Ok(Value::Int(whole));
    }
    match text.to_ascii_lowercase().as_str() {
        "true" => Ok(Value::Bool(true)),
        "false" => Ok(Value::Bool(false)),
        text => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Float(number)),
            _ => Err(unsupported()),
        },
    }
}

fn signed(value: Value) -> Result<Value> {
    Ok(match value {
        Value::Bool(bit) => Value::Int(bit.into()),
        Value::UInt(large) => Value::Float(large as f64),
        other => other,
    })
}

/// Negative numbers and those beyond the type are refused; so is its largest number, which stood for NULL
/// in the original.
fn unsigned(value: Value, data_type: DataType) -> Result<Value> {
    let largest = match data_type {
        DataType::UTinyInt => u64::from(u8::MAX) - 1,
        DataType::USmallInt => u64::from(u16::MAX) - 1,
        DataType::UInt => u64::from(u32::MAX) - 1,
        _ => u64::MAX - 1,
    };
    let whole = match value {
        Value::Bool(bit) => u64::from(bit),
        Value::UInt(whole) => whole,
        Value::Int(whole) => u64::try_from(whole).map_err(|_| unsupported())?,
        Value::Float(number) if number >= 0.0 && number <= largest as f64 => return Ok(Value::Float(number)),
        _ => return Err(unsupported()),
    };
    if whole <= largest { Ok(Value::UInt(whole)) } else { Err(unsupported()) }
}

/// Numbers compare with text by how they are written.
fn text(value: &Value) -> Result<Value> {
    match value {
        Value::Bytes(_) => Ok(value.clone()),
        Value::Int(number) => Ok(Value::text(number.to_string())),
        Value::UInt(number) => Ok(Value::text(number.to_string())),
        Value::Float(number) => Ok(Value::text(number.to_string())),
        Value::Bool(_) | Value::Null => Err(unsupported()),
    }
}

/// Ticks as a number, or a time in text.
pub(super) fn time(value: &Value, environment: Environment<'_>) -> Result<Value> {
    let invalid = || Error::invalid_operation("invalid timestamp");
    Ok(Value::Int(match value {
        Value::Int(ticks) => *ticks,
        Value::UInt(ticks) => i64::try_from(*ticks).unwrap_or(i64::MAX),
        Value::Bool(bit) => i64::from(*bit),
        // A cast from float to integer stays within the integer.
        Value::Float(ticks) => *ticks as i64,
        Value::Bytes(bytes) => {
            let text = bytes.trim_ascii();
            let number = || std::str::from_utf8(text).ok()?.parse::<i64>().ok();
            number()
                .or_else(|| timestamp::parse(text, environment.precision, &environment.context.zone))
                .ok_or_else(invalid)?
        }
        Value::Null => return Err(invalid()),
    }))
}
