//! A result as a table of text.

use std::io::{self, Write};

use taos::client::{ResultSet, options};
use taos::types::{Column, DataType, Field, Precision, TimeZone, Value, timestamp};

/// Prints the rows and returns how many there are. An error in the middle ends the table; the result tells.
pub(crate) fn print(result: &mut ResultSet, out: &mut impl Write) -> io::Result<u64> {
    let settings = options::settings();
    let precision = result.precision();
    let columns: Vec<Layout> = result
        .fields()
        .iter()
        .map(|field| Layout::of(field, precision, settings.max_display_width))
        .collect();
    let mut rows = 0;
    while let Some(block) = result.next_block() {
        if rows == 0 {
            print_head(&columns, out)?;
        }
        for row in 0..block.rows() {
            for (layout, column) in columns.iter().zip(block.columns()) {
                let text = cell(column, row, precision, &settings.timezone);
                layout.print(&text, out)?;
            }
            writeln!(out)?;
        }
        rows += block.rows() as u64;
    }
    Ok(rows)
}

fn print_head(columns: &[Layout], out: &mut impl Write) -> io::Result<()> {
    for column in columns {
        write!(out, " {:^1$} |", column.name, column.width)?;
    }
    let line: usize = columns.iter().map(|column| column.width + 3).sum();
    writeln!(out, "\n{}", "=".repeat(line))
}

struct Layout {
    name: String,
    width: usize,
    left: bool,
}

impl Layout {
    fn of(field: &Field, precision: Precision, widest_text: usize) -> Layout {
        let width = match field.column_type.data_type {
            DataType::Bool => 5,
            DataType::TinyInt | DataType::UTinyInt => 4,
            DataType::SmallInt | DataType::USmallInt => 6,
            DataType::Int | DataType::UInt => 11,
            DataType::BigInt | DataType::UBigInt => 21,
            DataType::Float => 20,
            DataType::Double => 25,
            DataType::Timestamp => match precision {
                Precision::Milli => 23,
                Precision::Micro => 26,
                Precision::Nano => 29,
            },
            DataType::Binary | DataType::NChar | DataType::Json => {
                usize::from(field.column_type.width).min(widest_text)
            }
        };
        Layout {
            name: field.name.clone(),
            width: width.max(field.name.chars().count()),
            left: field.column_type.data_type.is_var_len(),
        }
    }

    /// Prints a cell; what is wider than its column is cut.
    fn print(&self, text: &str, out: &mut impl Write) -> io::Result<()> {
        let width = self.width;
        if self.left { write!(out, " {text:<width$.width$} |") } else { write!(out, " {text:>width$} |") }
    }
}

fn cell(column: &Column, row: usize, precision: Precision, zone: &TimeZone) -> String {
    match (column.value(row), column.data_type()) {
        (Value::Null, _) => "NULL".to_owned(),
        (Value::Int(ticks), DataType::Timestamp) => timestamp::format(ticks, precision, zone),
        (Value::Bool(value), _) => value.to_string(),
        (Value::Int(value), _) => value.to_string(),
        (Value::UInt(value), _) => value.to_string(),
        (Value::Float(value), DataType::Float) => format!("{value:.5}"),
        (Value::Float(value), _) => format!("{value:.9}"),
        // Line ends would break the table.
        (Value::Bytes(bytes), _) => String::from_utf8_lossy(&bytes).replace(['\n', '\r', '\t'], " "),
    }
}
