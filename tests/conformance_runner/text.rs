//! Values as the records write them: numbers in C's `%.9g` and `%.17g`, strings as JSON.

use crate::support::taos::{Cell, Column, TYPE_NAMES};

/// The line that names the columns of a result: `name:TYPE:bytes`, separated by tabs.
pub(super) fn columns(columns: &[Column]) -> String {
    let column = |column: &Column| {
        let data_type = TYPE_NAMES.get(usize::from(column.data_type)).unwrap_or(&"?");
        format!("{}:{data_type}:{}", column.name, column.bytes)
    };
    columns.iter().map(column).collect::<Vec<_>>().join("\t")
}

/// The line of one row.
pub(super) fn row(cells: &[Cell]) -> String {
    cells.iter().map(cell).collect::<Vec<_>>().join("\t")
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Null => "NULL".to_owned(),
        Cell::Bool(value) => value.to_string(),
        Cell::Int(value) => value.to_string(),
        Cell::Unsigned(value) => value.to_string(),
        Cell::Float(value) => shortest(f64::from(*value), 9),
        Cell::Double(value) => shortest(*value, 17),
        Cell::Bytes(bytes) => serde_json::Value::from(escaped(bytes)).to_string(),
    }
}

/// C's `%.{digits}g`.
fn shortest(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return if value.is_nan() { "nan".to_owned() } else { format!("{value}") };
    }
    let scientific = format!("{value:.*e}", digits - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let last = i32::try_from(digits).unwrap_or(i32::MAX) - 1;
    if (-4..=last).contains(&exponent) {
        let decimals = usize::try_from(last - exponent).unwrap_or(0);
        return without_trailing_zeros(&format!("{value:.decimals$}")).to_owned();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", without_trailing_zeros(mantissa), exponent.abs())
}

fn without_trailing_zeros(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

/// Text in which each byte that is no UTF-8 stands as `\xNN`.
fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}
