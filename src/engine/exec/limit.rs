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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::exec::rows::Ready;
    use crate::types::Column;

    #[test]
    fn limit_and_offset_go_across_blocks() {
        let block =
            |times: std::ops::Range<i64>| Block::from_columns(vec![Column::timestamps(times.collect())]);
        let input = Ready::new(vec![block(0..3), block(3..6), block(6..9)]);
        let mut limited = Limit::new(Box::new(input), Some(4), 2);
        let mut times = Vec::new();
        while let Some(block) = limited.next_block().unwrap() {
            times.extend_from_slice(block.column(0).i64s().unwrap());
        }
        assert_eq!(times, [2, 3, 4, 5]);
    }
}
