//! FILL: what goes into windows without rows.

use super::not_built;
use super::window::Windows;
use crate::engine::exec::tree::{Expr, Filler, Filling};
use crate::engine::storage::TimeRange;
use crate::error::{Error, Result};
use crate::sql::ast::Fill;
use crate::types::{DataType, Value};

/// So many windows are filled at most.
const MOST_WINDOWS: i64 = 10_000_000;

/// Reads FILL. `columns` fill the fields of the result, the first of which is the start of the window; of the
/// others the first `items` were asked for. None when nothing is to be filled: sessions have no gaps to fill.
pub(super) fn bind(
    fill: Option<&Fill>,
    windows: Option<Windows>,
    range: TimeRange,
    descending: bool,
    columns: &[Expr],
    keys: usize,
) -> Result<Option<Filling>> {
    let Some(fill) = fill else { return Ok(None) };
    let grid = match windows {
        Some(Windows::Interval(grid)) => grid,
        Some(Windows::Session(_)) => return Ok(None),
        Some(Windows::State(_)) | None => {
            return Err(Error::invalid_operation("fill only available for interval query"));
        }
    };
    let out_of_range =
        || Error::invalid_operation("start(end) time of query range required or time range too large");
    if range.start == i64::MIN || range.end == i64::MAX {
        return Err(out_of_range());
    }
    if *fill == Fill::None || range.start > range.end {
        return Ok(None);
    }
    let windows = grid.oldest(range.start)..=grid.newest(range.end);
    if windows.end().saturating_sub(*windows.start()) >= MOST_WINDOWS {
        return Err(out_of_range());
    }
    let columns = columns.get(1..).ok_or_else(|| not_built("FILL without a time"))?;
    let fillers = columns
        .iter()
        .enumerate()
        .map(|(place, column)| filler(fill, place, column, keys))
        .collect::<Result<_>>()?;
    Ok(Some(Filling { grid, windows, descending, fillers }))
}

fn filler(fill: &Fill, place: usize, column: &Expr, keys: usize) -> Result<Filler> {
    if matches!(column, Expr::Column(place, _) if *place < keys) {
        return Ok(Filler::Keep);
    }
    Ok(match fill {
        Fill::None | Fill::Null => Filler::Value(Value::Null),
        Fill::Prev => Filler::Previous,
        Fill::Next => Filler::Next,
        Fill::Linear => Filler::Linear,
        Fill::Value(values) => {
            // The last value is good for all columns that have none of their own.
            let value = values.get(place).or(values.last()).unwrap_or(&Value::Null);
            Filler::Value(converted(value, column.column_type().data_type)?)
        }
    })
}

/// A value as one of that type. Strings are filled with NULL.
fn converted(value: &Value, to: DataType) -> Result<Value> {
    let refused = || Error::invalid_operation("illegal value or data overflow");
    if to.is_var_len() || value.is_null() {
        return Ok(Value::Null);
    }
    let number = match value {
        Value::Bytes(_) if to == DataType::Bool => return Err(refused()),
        Value::Bytes(text) => parsed(text).ok_or_else(refused)?,
        Value::Bool(bit) => Value::Int((*bit).into()),
        other => other.clone(),
    };
    if to == DataType::Bool {
        return Ok(Value::Bool(number.as_f64() != Some(0.0)));
    }
    if to.is_float() {
        return number.as_f64().map(Value::Float).ok_or_else(refused);
    }
    if to == DataType::Timestamp
        && let Value::Float(float) = number
    {
        // What programs get from the original, which keeps the bits of the number and calls them a time.
        return Ok(Value::Int(float.to_bits().cast_signed()));
    }
    let whole = match number {
        Value::Int(whole) => i128::from(whole),
        Value::UInt(whole) => i128::from(whole),
        // Cut off; a cast from float to integer stays within the integer.
        Value::Float(float) => float as i128,
        Value::Null | Value::Bool(_) | Value::Bytes(_) => return Err(refused()),
    };
    let bits = 8 * to.fixed_size().unwrap_or_default() as u32;
    if to.is_unsigned_integer() {
        // In 64 bits a negative number wraps around, as programs get it from the original.
        let wrapped = i64::try_from(whole).ok().filter(|_| bits == 64).map(i64::cast_unsigned);
        let whole = u64::try_from(whole).ok().filter(|whole| whole.checked_shr(bits).unwrap_or(0) == 0);
        whole.or(wrapped).map(Value::UInt).ok_or_else(refused)
    } else {
        let reach = 1_i128 << (bits - 1);
        let whole = i64::try_from(whole).ok().filter(|whole| (-reach..reach).contains(&i128::from(*whole)));
        whole.map(Value::Int).ok_or_else(refused)
    }
}

fn parsed(text: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(text).ok()?.trim();
    if let Ok(whole) = text.parse() {
        return Some(Value::Int(whole));
    }
    text.parse().ok().filter(|float: &f64| float.is_finite()).map(Value::Float)
}
