//! LIMIT and OFFSET. Once the last row is out, the input is dropped and reads no further.

use crate::error::Result;
use crate::types::{Block, BlockStream};

/// At most so many rows after so many.
pub(super) struct Limit {
    input: Option<Box<dyn BlockStream>>,
    to_skip: u64,
    left: Option<u64>,
}

impl Limit {
    /// `limit` of none is no limit.
    pub(super) fn new(input: Box<dyn BlockStream>, limit: Option<u64>, offset: u64) -> Limit {
        Limit { input: Some(input), to_skip: offset, left: limit }
    }

    fn cut(&mut self, block: Block) -> Block {
        let rows = block.rows() as u64;
        let skipped = self.to_skip.min(rows);
        self.to_skip -= skipped;
        let taken = self.left.unwrap_or(u64::MAX).min(rows - skipped);
        self.left = self.left.map(|left| left - taken);
        // Both are at most the rows of a block, a usize.
        block.slice(skipped as usize, taken as usize)
    }
}

impl BlockStream for Limit {
    fn next_block(&mut self) -> Result<Option<Block>> {
        while self.left != Some(0)
            && let Some(input) = &mut self.input
            && let Some(block) = input.next_block()?
        {
            let block = self.cut(block);
            if block.rows() > 0 {
                return Ok(Some(block));
            }
        }
        self.input = None;
        Ok(None)
    }
}
