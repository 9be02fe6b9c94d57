//! A piece: some rows of one table that lie together in one place, sorted, each timestamp once.
//!
//! A run in memory is a piece, and so is a block of a segment. What a scan works on is a list of pieces
//! with their extents in time, of which it reads one after the other.

use std::sync::Arc;

use super::gather::Columns;
use super::memtable::{Run, other_type};
use super::segment::TableIndex;
use super::statistics::Statistics;
use super::{Order, ScanColumn, TableId, TimeRange};
use crate::error::Result;
use crate::types::{Column, Value};

/// Some rows of a table.
pub(super) struct Piece {
    /// The extent of the timestamps.
    pub(super) first: i64,
    pub(super) last: i64,
    /// Greater than that of every piece whose rows came before.
    pub(super) age: usize,
    table: TableId,
    place: Place,
}

enum Place {
    Memory(Arc<Run>),
    Block(Arc<TableIndex>, usize),
}

/// The rows of a piece that a scan wants, in its direction.
pub(super) struct Loaded {
    /// By [`Order::key`], rising.
    pub(super) keys: Arc<Column>,
    /// The columns asked for, cut to the same rows.
    pub(super) columns: Columns,
}

impl Order {
    /// What rises in this direction when timestamps do what the direction says.
    pub(super) fn key(self, time: i64) -> i64 {
        match self {
            Order::Ascending => time,
            Order::Descending => !time, // falls as `time` rises, for every 64-bit number
        }
    }
}

/// The pieces of a table that a range meets: those of the segments, oldest first, then runs in memory in
/// the order of their arrival.
pub(super) fn pieces(
    table: TableId,
    segments: Vec<TableIndex>,
    runs: Vec<Arc<Run>>,
    range: TimeRange,
) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let memory_age = segments.len();
    for (age, segment) in segments.into_iter().enumerate() {
        let segment = Arc::new(segment);
        let met = segment.blocks().filter(|(_, first, last)| range.meets(*first, *last));
        pieces.extend(met.map(|(block, first, last)| {
            let place = Place::Block(segment.clone(), block);
            Piece { first, last, age, table, place }
        }));
    }
    for (place, run) in runs.into_iter().enumerate() {
        let (first, last) = run.extent();
        if range.meets(first, last) {
            pieces.push(Piece { first, last, age: memory_age + place, table, place: Place::Memory(run) });
        }
    }
    pieces
}

impl Piece {
    /// The least key that a row may have.
    pub(super) fn start(&self, order: Order) -> i64 {
        match order {
            Order::Ascending => order.key(self.first),
            Order::Descending => order.key(self.last),
        }
    }

    /// Reads the rows of a range.
    pub(super) fn load(&self, columns: &[ScanColumn], range: TimeRange, order: Order) -> Result<Loaded> {
        let times = match &self.place {
            Place::Memory(run) => run.times().clone(),
            Place::Block(index, block) => index.times(*block)?,
        };
        let read = columns.iter().map(|&column| match column {
            ScanColumn::TIMESTAMP => Ok(times.clone()),
            column => self.read(column),
        });
        let columns = read.collect::<Result<Vec<_>>>()?;
        let ticks = times.i64s().unwrap_or_default();
        let start = ticks.partition_point(|&time| time < range.start);
        let end = ticks.partition_point(|&time| time <= range.end);
        Ok(match order {
            Order::Ascending if (start, end) == (0, ticks.len()) => {
                Loaded { keys: times, columns: Arc::new(columns) }
            }
            Order::Ascending => {
                let cut = |column: &Arc<Column>| Arc::new(column.slice(start, end - start));
                Loaded { keys: cut(&times), columns: Arc::new(columns.iter().map(cut).collect()) }
            }
            Order::Descending => {
                let rows: Vec<usize> = (start..end).rev().collect();
                let keys = rows.iter().map(|&row| order.key(ticks[row])).collect();
                let columns = columns.iter().map(|column| Arc::new(column.take(&rows))).collect();
                Loaded { keys: Arc::new(Column::timestamps(keys)), columns: Arc::new(columns) }
            }
        })
    }

    fn read(&self, column: ScanColumn) -> Result<Arc<Column>> {
        let run = match &self.place {
            Place::Memory(run) => run,
            Place::Block(index, block) => return index.read(*block, column),
        };
        match run.column(column.id) {
            Some(values) if values.data_type() == column.data_type => Ok(values.clone()),
            Some(values) => Err(other_type(self.table, column.id, values.data_type(), column.data_type)),
            None => Ok(Arc::new(Column::repeat(column.data_type, &Value::Null, run.rows()))),
        }
    }

    /// What is known of the values of a column whose timestamps are in a range.
    pub(super) fn statistics(&self, column: ScanColumn, range: TimeRange) -> Result<Statistics> {
        if range.contains(self.first, self.last)
            && let Place::Block(index, block) = &self.place
        {
            return index.statistics(*block, column);
        }
        let loaded = self.load(&[column], range, Order::Ascending)?;
        Ok(loaded.columns.iter().next().map_or_else(Statistics::none, |values| Statistics::of(values)))
    }
}
