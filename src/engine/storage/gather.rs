//! Rows picked from several sources into new columns, and what a repeated timestamp comes to.

use std::sync::Arc;

use super::UpdateMode;
use crate::types::{Column, DataType};

/// The columns of one source of rows; all sources have the same columns in the same order.
pub(super) type Columns = Arc<Vec<Arc<Column>>>;

/// A row of a source.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) source: Columns,
    pub(super) row: usize,
}

/// Which rows are to become new columns, in order.
#[derive(Default)]
pub(super) struct Picks {
    picks: Vec<Pick>,
    rows: usize,
}

enum Pick {
    /// Some rows of a source.
    Range { source: Columns, start: usize, count: usize },
    /// One row, each of its values the first that is not NULL in these rows.
    FirstPresent(Vec<Row>),
}

impl Picks {
    /// How many rows were picked.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Picks the rows `start .. start + count` of a source.
    pub(super) fn range(&mut self, source: &Columns, start: usize, count: usize) {
        self.rows += count;
        if let Some(Pick::Range { source: last, start: from, count: so_far }) = self.picks.last_mut()
            && Arc::ptr_eq(last, source)
            && *from + *so_far == start
        {
            *so_far += count;
            return;
        }
        self.picks.push(Pick::Range { source: source.clone(), start, count });
    }

    /// Picks one row for several that have the same timestamp, given in the order of their arrival.
    ///
    /// This is the one place that knows what [`UpdateMode`] means.
    pub(super) fn same_time(&mut self, mode: UpdateMode, mut arrived: Vec<Row>) {
        let chosen = match mode {
            UpdateMode::KeepFirst => arrived.first(),
            UpdateMode::ReplaceRow => arrived.last(),
            UpdateMode::MergeColumns if arrived.len() == 1 => arrived.first(),
            UpdateMode::MergeColumns => None,
        };
        if let Some(Row { source, row }) = chosen.cloned() {
            return self.range(&source, row, 1);
        }
        arrived.reverse();
        self.rows += 1;
        self.picks.push(Pick::FirstPresent(arrived));
    }

    /// The picked rows as columns of these types, the types of every source.
    pub(super) fn into_columns(self, types: &[DataType]) -> Vec<Arc<Column>> {
        if let [Pick::Range { source, start, count }] = self.picks.as_slice() {
            return source.iter().map(|column| slice(column, *start, *count)).collect();
        }
        types.iter().enumerate().map(|(index, &data_type)| Arc::new(self.column(index, data_type))).collect()
    }

    fn column(&self, index: usize, data_type: DataType) -> Column {
        let mut column = Column::new(data_type);
        for pick in &self.picks {
            match pick {
                Pick::Range { source, start, count } => column.append_range(&source[index], *start, *count),
                Pick::FirstPresent(rows) => match rows.iter().find(|row| !row.source[index].is_null(row.row))
                {
                    Some(Row { source, row }) => column.append_range(&source[index], *row, 1),
                    None => column.push_null(),
                },
            }
        }
        column
    }
}

/// Rows of a column; no copy when it is all of them.
fn slice(column: &Arc<Column>, start: usize, count: usize) -> Arc<Column> {
    if start == 0 && count == column.len() { column.clone() } else { Arc::new(column.slice(start, count)) }
}
