//! Operators over blocks that each hold one whole group, and the one that ends this.

use super::BLOCK_ROWS;
use crate::error::Result;
use crate::types::{Block, BlockStream};

/// LIMIT and OFFSET of each group.
pub(super) struct LimitEach {
    pub(super) input: Box<dyn BlockStream>,
    pub(super) limit: Option<u64>,
    pub(super) offset: u64,
}

impl BlockStream for LimitEach {
    fn next_block(&mut self) -> Result<Option<Block>> {
        while let Some(block) = self.input.next_block()? {
            let rows = block.rows() as u64;
            let skipped = self.offset.min(rows);
            let taken = self.limit.unwrap_or(u64::MAX).min(rows - skipped);
            if taken > 0 {
                // Both are at most the rows of a block, a usize.
                return Ok(Some(block.slice(skipped as usize, taken as usize)));
            }
        }
        Ok(None)
    }
}

/// SLIMIT and SOFFSET: some of the groups.
pub(super) struct LimitGroups {
    pub(super) input: Box<dyn BlockStream>,
    pub(super) limit: Option<u64>,
    pub(super) offset: u64,
}

impl BlockStream for LimitGroups {
    fn next_block(&mut self) -> Result<Option<Block>> {
        while self.offset > 0 {
            self.offset -= 1;
            if self.input.next_block()?.is_none() {
                self.offset = 0;
            }
        }
        if let Some(left) = &mut self.limit {
            if *left == 0 {
                return Ok(None);
            }
            *left -= 1;
        }
        self.input.next_block()
    }
}

/// Blocks of the usual size.
pub(super) struct Pieces {
    pub(super) input: Box<dyn BlockStream>,
    pub(super) rest: Option<Block>,
}

impl BlockStream for Pieces {
    fn next_block(&mut self) -> Result<Option<Block>> {
        let block = match self.rest.take() {
            Some(rest) => rest,
            None => match self.input.next_block()? {
                Some(block) => block,
                None => return Ok(None),
            },
        };
        if block.rows() <= BLOCK_ROWS {
            return Ok(Some(block));
        }
        self.rest = Some(block.slice(BLOCK_ROWS, block.rows() - BLOCK_ROWS));
        Ok(Some(block.slice(0, BLOCK_ROWS)))
    }
}
