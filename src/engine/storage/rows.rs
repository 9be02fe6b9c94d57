//! Rows on their way into a store: what must hold of them.

use super::{ColumnId, TableRows};
use crate::error::{Error, Result, codes};
use crate::types::DataType;

impl TableRows {
    /// How many rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| column.len())
    }

    /// An error unless this is as [`TableRows`] says.
    pub(super) fn check(&self) -> Result<()> {
        let malformed = |what: &str| {
            let text = format!("invalid rows for table {}: {what}", self.table.0);
            Err(Error::new(codes::TDB_SUBMIT_MSG_MSSED_UP, text))
        };
        match self.columns.first() {
            Some((ColumnId::TIMESTAMP, times))
                if times.data_type() == DataType::Timestamp && times.null_count() == 0 => {}
            _ => return malformed("the first column is no timestamp"),
        }
        let rows = self.rows();
        if u32::try_from(rows).is_err() {
            return malformed("more than 2^32 at once");
        }
        if self.columns.iter().any(|(_, column)| column.len() != rows) {
            return malformed("columns differ in length");
        }
        if self.columns.windows(2).all(|pair| pair[0].0 < pair[1].0) {
            return Ok(());
        }
        let mut ids: Vec<ColumnId> = self.columns.iter().map(|(id, _)| *id).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) { malformed("a column comes twice") } else { Ok(()) }
    }
}

/// Checks the rows of a write and leaves out what says nothing: tables without rows, and columns that are
/// NULL in every row, which are the same as columns that are not given.
pub(super) fn prepare(rows: Vec<TableRows>) -> Result<Vec<TableRows>> {
    let mut prepared = Vec::with_capacity(rows.len());
    for mut rows in rows {
        rows.check()?;
        rows.columns.retain(|(id, column)| *id == ColumnId::TIMESTAMP || column.null_count() < column.len());
        if rows.rows() > 0 {
            prepared.push(rows);
        }
    }
    Ok(prepared)
}
