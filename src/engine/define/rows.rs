//! Result sets that are ready as a whole, as SHOW and DESCRIBE make them.

use crate::types::{Answer, Block, Column, ColumnType, DataType, Field, Value};

/// A column of strings of at most so many bytes.
pub(super) fn text(name: &str, width: usize) -> Field {
    Field::new(name, ColumnType::text(DataType::Binary, u16::try_from(width).unwrap_or(u16::MAX)))
}

/// A column of a type without a width.
pub(super) fn fixed(name: &str, data_type: DataType) -> Field {
    Field::new(name, ColumnType::fixed(data_type))
}

/// A result set with these rows.
///
/// # Panics
/// When a value does not belong into its column, a bug of the caller.
pub(super) fn answer(fields: Vec<Field>, rows: impl IntoIterator<Item = Vec<Value>>) -> Answer {
    let mut columns: Vec<Column> =
        fields.iter().map(|field| Column::new(field.column_type.data_type)).collect();
    for row in rows {
        debug_assert_eq!(row.len(), columns.len());
        columns.iter_mut().zip(&row).for_each(|(column, value)| column.push(value));
    }
    Answer::ready(fields, vec![Block::from_columns(columns)])
}
