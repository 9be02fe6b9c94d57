//! A block: some rows, column by column.

use std::sync::Arc;

use super::{Column, ColumnType};

/// What a result says of one of its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As the result shows it: a column's name, an alias, or the text of an expression.
    pub name: String,
    /// Type and width.
    pub column_type: ColumnType,
}

impl Field {
    /// A field of this name and type.
    pub fn new(name: impl Into<String>, column_type: ColumnType) -> Field {
        Field { name: name.into(), column_type }
    }
}

/// Rows as columns of equal length.
///
/// Columns are shared: cutting columns out of a block or handing it on copies no values.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    columns: Vec<Arc<Column>>,
    rows: usize,
}

impl Block {
    /// A block of these columns.
    ///
    /// # Panics
    /// When the columns differ in length, which would be a bug of the caller.
    pub fn new(columns: Vec<Arc<Column>>) -> Block {
        let rows = columns.first().map_or(0, |column| column.len());
        assert!(columns.iter().all(|column| column.len() == rows), "columns of one block differ in length");
        Block { columns, rows }
    }

    /// A block of columns that nobody else holds yet.
    ///
    /// # Panics
    /// As [`Block::new`].
    pub fn from_columns(columns: Vec<Column>) -> Block {
        Block::new(columns.into_iter().map(Arc::new).collect())
    }

    /// A block of rows that are known only by their number, as `count(*)` needs them.
    pub fn without_columns(rows: usize) -> Block {
        Block { columns: Vec::new(), rows }
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The columns in order.
    pub fn columns(&self) -> &[Arc<Column>] {
        &self.columns
    }

    /// Column `index`.
    ///
    /// # Panics
    /// When there is no such column.
    pub fn column(&self, index: usize) -> &Arc<Column> {
        &self.columns[index]
    }

    /// The rows whose numbers are given, in that order; a number may come twice.
    pub fn take(&self, rows: &[usize]) -> Block {
        Block { columns: self.columns.iter().map(|c| Arc::new(c.take(rows))).collect(), rows: rows.len() }
    }

    /// The rows `start .. start + count`.
    ///
    /// # Panics
    /// When the block ends before.
    pub fn slice(&self, start: usize, count: usize) -> Block {
        assert!(start + count <= self.rows, "rows {start}+{count} of {}", self.rows);
        if start == 0 && count == self.rows {
            return self.clone();
        }
        Block { columns: self.columns.iter().map(|c| Arc::new(c.slice(start, count))).collect(), rows: count }
    }
}
