//! The newest rows, in memory until a flush.
//!
//! Each table has runs of columns in the order of arrival. The last run grows; a run that is large enough
//! is sealed: sorted by time, repeated timestamps resolved, never changed again. A scan clones the `Arc`s;
//! a write copies the columns of a growing run that a scan still holds, at most [`RUN_ROWS`] rows of them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::gather::{Columns, Picks, Row};
use super::{ColumnId, ScanColumn, TableId, TableRows, UpdateMode};
use crate::error::{Error, Result, codes};
use crate::types::{Column, DataType};

/// A run is sealed when it has that many rows,
const RUN_ROWS: usize = 4096;
/// or takes that many bytes, so that copying it stays cheap also when its strings are long.
const RUN_MEMORY: usize = 1 << 20;
/// Rows that come together in such a number are a run of their own, without copying them.
const LARGE_BATCH: usize = 1024;

/// Rows that come in such a number make room for a whole run when a run begins to grow by them.
const GROWING_BATCH: usize = 128;

/// What a column in memory takes beside its values, roughly.
const COLUMN_OVERHEAD: usize = 160;
/// What a table in memory takes beside its runs, roughly.
const TABLE_OVERHEAD: usize = 128;

/// Some rows of one table.
#[derive(Clone)]
pub(super) struct Run {
    /// Columns of equal length, the timestamps first. A column that is not here is NULL in every row.
    columns: Vec<(ColumnId, Arc<Column>)>,
    /// The extent of the timestamps.
    first: i64,
    last: i64,
    /// Whether each timestamp is greater than the one before.
    rising: bool,
}

impl Run {
    /// Rows that passed [`TableRows::check`], at least one.
    fn new(rows: TableRows) -> Run {
        let mut run = Run { columns: rows.columns, first: i64::MAX, last: i64::MIN, rising: true };
        run.observe(0);
        run
    }

    /// Takes note of the timestamps from that row on.
    fn observe(&mut self, start: usize) {
        let times = self.times().i64s().unwrap_or_default();
        let new = &times[start..];
        let rising = new.first().is_none_or(|&time| start == 0 || time > self.last)
            && new.windows(2).all(|pair| pair[0] < pair[1]);
        let (first, last) = match (new.first(), new.last()) {
            (Some(&first), Some(&last)) if rising => (first, last),
            _ => new.iter().fold((i64::MAX, i64::MIN), |(a, b), &time| (a.min(time), b.max(time))),
        };
        self.rising &= rising;
        self.first = self.first.min(first);
        self.last = self.last.max(last);
    }

    /// Adds rows of the same table at the end.
    fn append(&mut self, rows: TableRows) {
        let (before, added) = (self.rows(), rows.rows());
        let room = if added < GROWING_BATCH { 0 } else { RUN_ROWS.saturating_sub(before) + added };
        for (place, (id, column)) in rows.columns.into_iter().enumerate() {
            // Mostly every write has the same columns in the same order.
            let found = match self.columns.get(place) {
                Some((same, _)) if *same == id => Some(place),
                _ => self.columns.iter().position(|(other, _)| *other == id),
            };
            match found {
                Some(place) => {
                    let grown = Arc::make_mut(&mut self.columns[place].1);
                    grown.reserve(room);
                    grown.append(&column);
                }
                None => {
                    let mut padded = Column::new(column.data_type());
                    padded.push_nulls(before);
                    padded.append(&column);
                    self.columns.push((id, Arc::new(padded)));
                }
            }
        }
        for (_, column) in &mut self.columns {
            if column.len() < before + added {
                Arc::make_mut(column).push_nulls(added);
            }
        }
        self.observe(before);
    }

    /// How many rows.
    pub(super) fn rows(&self) -> usize {
        self.times().len()
    }

    /// The timestamps.
    pub(super) fn times(&self) -> &Arc<Column> {
        &self.columns[0].1
    }

    /// The least and the greatest timestamp.
    pub(super) fn extent(&self) -> (i64, i64) {
        (self.first, self.last)
    }

    /// The column, if any row may have it.
    pub(super) fn column(&self, id: ColumnId) -> Option<&Arc<Column>> {
        self.columns.iter().find(|(other, _)| *other == id).map(|(_, column)| column)
    }

    fn memory(&self) -> usize {
        self.columns.iter().map(|(_, column)| column.memory() + COLUMN_OVERHEAD).sum()
    }

    /// The same rows by time, each timestamp once.
    pub(super) fn resolved(self: Arc<Run>, mode: UpdateMode) -> Arc<Run> {
        if self.rising {
            return self;
        }
        let times = self.times().i64s().unwrap_or_default();
        let mut order: Vec<usize> = (0..times.len()).collect();
        order.sort_by_key(|&row| times[row]); // stable: equal ones stay in the order of arrival
        let source: Columns = Arc::new(self.columns.iter().map(|(_, column)| column.clone()).collect());
        let mut picks = Picks::default();
        for same_time in order.chunk_by(|&a, &b| times[a] == times[b]) {
            let rows = same_time.iter().map(|&row| Row { source: source.clone(), row });
            picks.same_time(mode, rows.collect());
        }
        let types: Vec<DataType> = source.iter().map(|column| column.data_type()).collect();
        let columns = self.columns.iter().map(|(id, _)| *id).zip(picks.into_columns(&types)).collect();
        Arc::new(Run { columns, rising: true, ..*self })
    }
}

/// The rows of one table in memory.
#[derive(Default)]
struct TableMemory {
    /// Every column that any run has, by id.
    types: Vec<(ColumnId, DataType)>,
    sealed: Vec<Arc<Run>>,
    sealed_memory: usize,
    growing: Option<Run>,
}

impl TableMemory {
    fn type_of(&self, id: ColumnId) -> Option<DataType> {
        let place = self.types.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(self.types[place].1)
    }

    fn note_types(&mut self, rows: &TableRows) {
        for (id, column) in &rows.columns {
            if let Err(place) = self.types.binary_search_by_key(id, |(id, _)| *id) {
                self.types.insert(place, (*id, column.data_type()));
            }
        }
    }

    fn add(&mut self, rows: TableRows, mode: UpdateMode) {
        self.note_types(&rows);
        let alone = rows.rows() >= LARGE_BATCH;
        if alone {
            self.seal(mode);
        }
        match &mut self.growing {
            Some(run) => run.append(rows),
            None => self.growing = Some(Run::new(rows)),
        }
        let is_full = |run: &Run| run.rows() >= RUN_ROWS || run.memory() >= RUN_MEMORY;
        if alone || self.growing.as_ref().is_some_and(is_full) {
            self.seal(mode);
        }
    }

    fn seal(&mut self, mode: UpdateMode) {
        if let Some(run) = self.growing.take() {
            let run = Arc::new(run).resolved(mode);
            self.sealed_memory += run.memory();
            self.sealed.push(run);
        }
    }

    fn memory(&self) -> usize {
        TABLE_OVERHEAD + self.sealed_memory + self.growing.as_ref().map_or(0, Run::memory)
    }

    /// The runs in the order of their arrival; the last one may not be resolved yet.
    fn runs(&self) -> impl Iterator<Item = Arc<Run>> {
        self.sealed.iter().cloned().chain(self.growing.iter().cloned().map(Arc::new))
    }
}

/// The rows of all tables in memory.
#[derive(Default)]
pub(super) struct MemTable {
    tables: HashMap<TableId, TableMemory>,
    memory: usize,
}

impl MemTable {
    /// Bytes that it takes, roughly.
    pub(super) fn memory(&self) -> usize {
        self.memory
    }

    /// Whether it has no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// An error when a column of a write has another type than before, or two types in the write itself.
    pub(super) fn check_types(&self, write: &[TableRows]) -> Result<()> {
        let mut seen = HashMap::new();
        let repeats = has_repeats(write);
        for rows in write {
            let table = self.tables.get(&rows.table);
            for (id, column) in &rows.columns {
                let data_type = column.data_type();
                let known = table.and_then(|table| table.type_of(*id));
                let earlier = if repeats { seen.insert((rows.table, *id), data_type) } else { None };
                if let Some(other) = known.or(earlier).filter(|other| *other != data_type) {
                    return Err(other_type(rows.table, *id, other, data_type));
                }
            }
        }
        Ok(())
    }

    /// Adds rows that passed [`TableRows::check`] and [`MemTable::check_types`].
    pub(super) fn add(&mut self, rows: TableRows, mode: UpdateMode) {
        if rows.rows() == 0 {
            return;
        }
        let table = self.tables.entry(rows.table).or_default();
        let before = if table.types.is_empty() { 0 } else { table.memory() };
        table.add(rows, mode);
        self.memory = self.memory + table.memory() - before;
    }

    /// Forgets a table.
    pub(super) fn drop_table(&mut self, table: TableId) {
        if let Some(table) = self.tables.remove(&table) {
            self.memory -= table.memory();
        }
    }

    /// The runs of a table in the order of their arrival; the last one may not be resolved yet.
    pub(super) fn runs(&self, table: TableId) -> Vec<Arc<Run>> {
        self.tables.get(&table).map_or_else(Vec::new, |table| table.runs().collect())
    }

    /// The tables in the order of their ids, each with its columns.
    pub(super) fn tables(&self) -> Vec<(TableId, Vec<ScanColumn>)> {
        let columns = |table: &TableMemory| {
            let each = table.types.iter();
            each.map(|&(id, data_type)| ScanColumn { id, data_type }).collect()
        };
        let mut tables: Vec<_> = self.tables.iter().map(|(id, table)| (*id, columns(table))).collect();
        tables.sort_unstable_by_key(|(id, _)| *id);
        tables
    }
}

/// Whether a table comes twice in a write.
fn has_repeats(write: &[TableRows]) -> bool {
    let mut tables = HashSet::new();
    write.len() > 1 && !write.iter().all(|rows| tables.insert(rows.table))
}

/// A column that was written with one type and now has another, which the catalog never lets happen.
pub(super) fn other_type(table: TableId, column: ColumnId, stored: DataType, asked: DataType) -> Error {
    let text = format!(
        "column {} of table {} is stored as {} and used as {}",
        column.0,
        table.0,
        stored.name(),
        asked.name()
    );
    Error::new(codes::TDB_FILE_CORRUPTED, text)
}
