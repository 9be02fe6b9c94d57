//! Pieces of one table merged into one stream of rows by time, repeated timestamps resolved.
//!
//! A piece is read when its time comes and forgotten when its rows are gone, so that memory is bounded by
//! the pieces that overlap at one moment. Rows that no other piece can come between move as a whole, without
//! looking at each; where pieces do not overlap, that is all rows of a piece at once, not even copied.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::gather::{Picks, Row};
use super::piece::{Loaded, Piece};
use super::{Order, ScanColumn, TimeRange, UpdateMode};
use crate::error::Result;
use crate::types::{Block, BlockStream, DataType};

/// What to read of a table, and how.
pub(super) struct Plan {
    pub(super) columns: Vec<ScanColumn>,
    pub(super) range: TimeRange,
    pub(super) order: Order,
    pub(super) update: UpdateMode,
    /// Rows of a block at most.
    pub(super) block_rows: usize,
}

/// The rows of one table.
pub(super) struct Merge {
    plan: Plan,
    /// Pieces that were not read yet, the next one last.
    waiting: Vec<Piece>,
    /// Pieces that were read, with rows left, the one with the least key on top.
    open: BinaryHeap<Reverse<Cursor>>,
}

/// A place in a piece that was read.
struct Cursor {
    /// The key at `row`.
    key: i64,
    /// That of the piece.
    age: usize,
    loaded: Loaded,
    row: usize,
}

impl Cursor {
    fn keys(&self) -> &[i64] {
        self.loaded.keys.i64s().unwrap_or_default()
    }

    /// How many rows from here on have a key less than `bound`.
    fn rows_before(&self, bound: Option<i64>) -> usize {
        let keys = &self.keys()[self.row..];
        let Some(bound) = bound else {
            return keys.len();
        };
        // Doubling steps first: where pieces interleave, the answer is mostly near.
        let mut step = 1;
        while step < keys.len() && keys[step] < bound {
            step *= 2;
        }
        let window = &keys[..keys.len().min(step)];
        window.partition_point(|&key| key < bound)
    }

    /// The cursor so many rows on; None when the piece ends there.
    fn advanced(mut self, rows: usize) -> Option<Cursor> {
        self.row += rows;
        self.key = *self.keys().get(self.row)?;
        Some(self)
    }
}

impl Merge {
    /// A stream of the rows in these pieces.
    pub(super) fn new(plan: Plan, mut pieces: Vec<Piece>) -> Merge {
        pieces.sort_by_key(|piece| Reverse(piece.start(plan.order)));
        Merge { plan, waiting: pieces, open: BinaryHeap::new() }
    }

    /// The least key that a piece not read yet may have.
    fn next_start(&self) -> Option<i64> {
        self.waiting.last().map(|piece| piece.start(self.plan.order))
    }

    /// Reads the pieces that may have a row before or at the least key that is open.
    fn open_due(&mut self) -> Result<()> {
        while let Some(start) = self.next_start()
            && self.open.peek().is_none_or(|Reverse(least)| start <= least.key)
            && let Some(piece) = self.waiting.pop()
        {
            let loaded = piece.load(&self.plan.columns, self.plan.range, self.plan.order)?;
            let cursor = Cursor { key: 0, age: piece.age, loaded, row: 0 };
            self.open.extend(cursor.advanced(0).map(Reverse));
        }
        Ok(())
    }

    /// Picks rows from the piece with the least key; false at the end.
    fn pick(&mut self, picks: &mut Picks) -> Result<bool> {
        self.open_due()?;
        let Some(Reverse(least)) = self.open.pop() else {
            return Ok(false);
        };
        let other = self.open.peek().map(|Reverse(next)| next.key);
        let bound = [other, self.next_start()].into_iter().flatten().min();
        let alone = least.rows_before(bound).min(self.plan.block_rows - picks.rows());
        if alone > 0 {
            picks.range(&least.loaded.columns, least.row, alone);
            self.open.extend(least.advanced(alone).map(Reverse));
        } else {
            self.pick_same_time(least, picks);
        }
        Ok(true)
    }

    /// Picks one row for all that have the key of the cursor.
    fn pick_same_time(&mut self, least: Cursor, picks: &mut Picks) {
        let key = least.key;
        let mut same = vec![least];
        while let Some(Reverse(next)) = self.open.peek()
            && next.key == key
        {
            same.extend(self.open.pop().map(|Reverse(cursor)| cursor));
        }
        // The heap gave the older one first.
        let rows = same.iter().map(|at| Row { source: at.loaded.columns.clone(), row: at.row });
        picks.same_time(self.plan.update, rows.collect());
        self.open.extend(same.into_iter().filter_map(|cursor| cursor.advanced(1)).map(Reverse));
    }
}

impl BlockStream for Merge {
    fn next_block(&mut self) -> Result<Option<Block>> {
        let mut picks = Picks::default();
        while picks.rows() < self.plan.block_rows && self.pick(&mut picks)? {}
        let rows = picks.rows();
        if rows == 0 {
            return Ok(None);
        }
        if self.plan.columns.is_empty() {
            return Ok(Some(Block::without_columns(rows)));
        }
        let types: Vec<DataType> = self.plan.columns.iter().map(|column| column.data_type).collect();
        Ok(Some(Block::new(picks.into_columns(&types))))
    }
}

impl Ord for Cursor {
    fn cmp(&self, other: &Cursor) -> Ordering {
        (self.key, self.age).cmp(&(other.key, other.age))
    }
}

impl PartialOrd for Cursor {
    fn partial_cmp(&self, other: &Cursor) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Cursor {
    fn eq(&self, other: &Cursor) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Cursor {}
