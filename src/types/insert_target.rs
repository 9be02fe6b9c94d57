//! A table that whole columns are written to.

use super::ColumnType;

/// The table of a prepared INSERT and which of its columns values come for, as they were when it was
/// looked up. Names are there for those who write text, numbers for those who know the table by them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsertTarget {
    /// The name of its database.
    pub database: String,
    /// The number of its database, never given again.
    pub database_id: u32,
    /// Its name.
    pub table: String,
    /// Its number, never given again.
    pub table_id: u64,
    /// The columns in the order in which their values come; the primary timestamp is among them.
    pub columns: Vec<InsertColumn>,
}

/// A column that values come for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsertColumn {
    /// Its name.
    pub name: String,
    /// Its number in the table.
    pub id: u32,
    /// What its values are.
    pub column_type: ColumnType,
}
