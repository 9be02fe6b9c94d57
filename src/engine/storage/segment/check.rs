//! Reading a segment file to its last byte.

use std::sync::Arc;

use super::reader::{Segment, TableIndex};
use super::{BlockEntry, DirectoryEntry};
use crate::engine::storage::check::FileCheck;
use crate::engine::storage::{ColumnId, ScanColumn, TimeRange};
use crate::error::Error;

impl Segment {
    /// Decodes every block. The footer and the directory were checked when it was opened.
    pub(in super::super) fn check(self: &Arc<Segment>) -> FileCheck {
        let (mut blocks, mut rows) = (0, 0);
        let mut damage = Vec::new();
        for entry in self.directory() {
            rows += entry.rows;
            match self.table(entry.table, TimeRange::ALL) {
                Ok(Some(index)) => {
                    blocks += index.entries().len();
                    damage.extend(check_table(entry, &index));
                }
                Ok(None) => damage.push(lost(entry, "its index is not found")),
                Err(error) => damage.push(lost(entry, error)),
            }
        }
        let tables = self.directory().len();
        let contents = format!("{tables} tables, {blocks} blocks, {rows} rows");
        FileCheck { path: self.path().to_owned(), contents, damage }
    }
}

fn check_table(entry: &DirectoryEntry, index: &TableIndex) -> Vec<String> {
    let blocks = index.entries();
    let rows: u64 = blocks.iter().map(|block| u64::from(block.rows)).sum();
    let ends = blocks.first().zip(blocks.last()).map(|(first, last)| (first.first, last.last));
    let mut damage = Vec::new();
    if rows != entry.rows || ends != Some((entry.first, entry.last)) {
        damage.push(lost(entry, "its index and the directory do not agree"));
    }
    for (number, block) in blocks.iter().enumerate() {
        if let Err(error) = index.times(number) {
            damage.push(lost_column(entry, block, ColumnId::TIMESTAMP, &error));
        }
        for chunk in block.chunks.iter().filter(|chunk| chunk.column != ColumnId::TIMESTAMP) {
            let column = ScanColumn { id: chunk.column, data_type: chunk.data_type };
            if let Err(error) = index.read(number, column) {
                damage.push(lost_column(entry, block, chunk.column, &error));
            }
        }
    }
    damage
}

fn lost(entry: &DirectoryEntry, why: impl std::fmt::Display) -> String {
    let DirectoryEntry { table, rows, first, last, index } = entry;
    let at = index.offset;
    format!("{why} (index at byte {at}); table {}, {rows} rows from {first} to {last}", table.0)
}

fn lost_column(entry: &DirectoryEntry, block: &BlockEntry, column: ColumnId, why: &Error) -> String {
    let BlockEntry { rows, first, last, .. } = block;
    let at = block.chunk(column).map_or(entry.index.offset, |chunk| chunk.place.offset);
    format!(
        "{why} (chunk at byte {at}); column {} of table {}, {rows} rows from {first} to {last}",
        column.0, entry.table.0
    )
}
