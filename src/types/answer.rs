//! What a statement is answered with, and how it is stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Block, Field, Precision, TimeZone};
use crate::error::{Error, Result, codes};

/// The answer to a statement that succeeded.
pub struct Answer {
    /// Rows written; 0 for anything but INSERT and DELETE.
    pub affected_rows: u64,
    /// The result set of SELECT, SHOW, DESCRIBE and a few others.
    pub rows: Option<Rows>,
}

impl Answer {
    /// A statement that only had to be done.
    pub fn done() -> Answer {
        Answer { affected_rows: 0, rows: None }
    }

    /// A statement that wrote so many rows.
    pub fn written(affected_rows: u64) -> Answer {
        Answer { affected_rows, rows: None }
    }

    /// A result set that is ready as a whole.
    pub fn ready(fields: Vec<Field>, blocks: Vec<Block>) -> Answer {
        let blocks = Box::new(ReadyBlocks(blocks.into_iter()));
        Answer { affected_rows: 0, rows: Some(Rows { fields, precision: Precision::Milli, blocks }) }
    }
}

/// A result set whose blocks are made as they are asked for.
pub struct Rows {
    /// Its columns.
    pub fields: Vec<Field>,
    /// The precision of its timestamps.
    pub precision: Precision,
    /// Its rows.
    pub blocks: Box<dyn BlockStream>,
}

/// Blocks, one after the other.
pub trait BlockStream: Send {
    /// The next block; it has at least one row. None at the end, and from then on.
    fn next_block(&mut self) -> Result<Option<Block>>;
}

struct ReadyBlocks(std::vec::IntoIter<Block>);

impl BlockStream for ReadyBlocks {
    fn next_block(&mut self) -> Result<Option<Block>> {
        Ok(self.0.find(|block| block.rows() > 0))
    }
}

/// What one execution of a statement came to.
pub struct Executed {
    /// Whether it is a statement that changes something, as `taos_is_update_query` tells; also known of
    /// most statements that failed.
    pub is_update: bool,
    /// The answer or the error.
    pub answer: Result<Answer>,
}

/// What every part of a statement sees of the world around it.
#[derive(Clone, Debug)]
pub struct Context {
    /// The one `now` of the statement, in nanoseconds since 1970.
    pub now: i64,
    /// The zone of text without an offset and of calendar windows.
    pub zone: TimeZone,
    /// Tells when the statement is to end early.
    pub stop: StopFlag,
}

impl Context {
    /// A statement that begins now.
    pub fn new(zone: TimeZone, stop: StopFlag) -> Context {
        let since_1970 =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Context { now: i64::try_from(since_1970.as_nanos()).unwrap_or(i64::MAX), zone, stop }
    }

    /// `now` in ticks of that precision.
    pub fn now_in(&self, precision: Precision) -> i64 {
        self.now.div_euclid(precision.nanoseconds())
    }
}

/// A flag that ends a running statement; clones share it.
#[derive(Clone, Debug, Default)]
pub struct StopFlag(Arc<AtomicBool>);

impl StopFlag {
    /// Asks for the end.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// `0x8000020F` once somebody asked. Cheap: call it for every block.
    pub fn check(&self) -> Result<()> {
        if self.is_stopped() { Err(Error::from(codes::TSC_QUERY_CANCELLED)) } else { Ok(()) }
    }
}
