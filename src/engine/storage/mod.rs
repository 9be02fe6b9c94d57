//! Rows on disk and in memory: log, memtable, segment files, recovery.
//!
//! This room knows tables and columns by number only; names and types are the catalog's. Start with
//! `store`, which ties the rest together: `wal` and `memtable` for the way in, `segment` and `manifest` for
//! what stays, `piece` and `merge` for the way out, `gather` for what a repeated timestamp means. The bytes
//! on disk are in docs/format.md.

pub mod codec;
pub mod column_codec;
pub mod files;
mod gather;
pub mod log;
mod manifest;
mod memory;
mod memtable;
mod merge;
mod native;
mod piece;
mod rows;
mod segment;
mod statistics;
mod store;
mod syncer;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
mod wal;

pub use self::statistics::Statistics;
pub use self::store::Store;

use std::sync::Arc;

use crate::types::{Column, DataType};

/// What storage knows a table by; never used again after DROP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableId(pub u64);

/// What storage knows a column of a table by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnId(pub u32);

impl ColumnId {
    /// The primary timestamp of every table.
    pub const TIMESTAMP: ColumnId = ColumnId(0);
}

/// Rows that go into one table together.
pub struct TableRows {
    /// The table.
    pub table: TableId,
    /// Columns of equal length, the primary timestamp first (without NULL); columns not given are NULL.
    pub columns: Vec<(ColumnId, Arc<Column>)>,
}

/// A column that a scan is to return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanColumn {
    /// Which.
    pub id: ColumnId,
    /// Its type; rows that do not have it read NULL of this type.
    pub data_type: DataType,
}

impl ScanColumn {
    /// The primary timestamp of every table.
    pub const TIMESTAMP: ScanColumn = ScanColumn { id: ColumnId::TIMESTAMP, data_type: DataType::Timestamp };
}

/// Timestamps from `start` to `end`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRange {
    /// The first that counts.
    pub start: i64,
    /// The last that counts.
    pub end: i64,
}

impl TimeRange {
    /// All of time.
    pub const ALL: TimeRange = TimeRange { start: i64::MIN, end: i64::MAX };

    /// Whether there is a timestamp in it that is not before `first` and not after `last`.
    fn meets(self, first: i64, last: i64) -> bool {
        self.start.max(first) <= self.end.min(last)
    }

    /// Whether all timestamps from `first` to `last` are in it.
    fn contains(self, first: i64, last: i64) -> bool {
        self.start <= first && last <= self.end
    }
}

/// The direction of a scan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Oldest first.
    #[default]
    Ascending,
    /// Newest first.
    Descending,
}

/// What an insert with a timestamp that exists does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum UpdateMode {
    /// `UPDATE 0`: the first row stays
    #[default]
    KeepFirst = 0,
    /// `UPDATE 1`: the last row replaces it; columns that are not given become NULL
    ReplaceRow = 1,
    /// `UPDATE 2`: each value that is not NULL replaces the older one
    MergeColumns = 2,
}

/// What storage must know of a database's options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreOptions {
    /// What a repeated timestamp does.
    pub update: UpdateMode,
    /// Whether a write is synced to the disk (`WAL 2`) or only handed to the operating system.
    pub wal_level: i8,
    /// With `wal_level` 2: milliseconds until a write is synced, 0 for before it returns.
    pub fsync_ms: i32,
    /// Bytes of rows in memory before they go to a segment file.
    pub memory: usize,
    /// Rows of a block in a segment file at most.
    pub block_rows: usize,
}
