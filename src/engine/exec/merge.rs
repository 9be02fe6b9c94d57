//! Several tables put together by time.
//!
//! Rows of the same time come in the order of their tables, whichever way time runs.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::BLOCK_ROWS;
use super::memory::Budget;
use crate::engine::functions::kernels::interleave;
use crate::engine::storage::Order;
use crate::error::Result;
use crate::types::{Block, BlockStream, Column};

/// Merges inputs that are each ordered by their first column, a timestamp.
pub(super) struct Merge {
    inputs: Vec<Input>,
    /// The inputs that have rows left by the time of their next row. A time is stored so that the one to
    /// come first is the smallest.
    heads: BinaryHeap<Reverse<(i64, usize)>>,
    order: Order,
    budget: Budget,
    started: bool,
}

struct Input {
    stream: Box<dyn BlockStream>,
    block: Option<Block>,
    row: usize,
    /// The place of the block among the sources of the batch that is being made.
    source: Option<usize>,
}

impl Merge {
    pub(super) fn new(streams: Vec<Box<dyn BlockStream>>, order: Order) -> Merge {
        let inputs =
            streams.into_iter().map(|stream| Input { stream, block: None, row: 0, source: None }).collect();
        let budget = Budget::new("the merge of tables by time");
        Merge { inputs, heads: BinaryHeap::new(), order, budget, started: false }
    }

    /// Reads the next block of an input and puts the input among the heads, if it has one.
    fn refill(&mut self, index: usize) -> Result<()> {
        let input = &mut self.inputs[index];
        if let Some(block) = &input.block {
            self.budget.release(memory(block));
        }
        input.block = input.stream.next_block()?;
        input.row = 0;
        input.source = None;
        if let Some(block) = &input.block {
            self.budget.add(memory(block))?;
            self.push_head(index);
        }
        Ok(())
    }

    fn push_head(&mut self, index: usize) {
        let input = &self.inputs[index];
        let times = input.block.as_ref().and_then(|block| block.columns().first()?.i64s());
        if let Some(&time) = times.and_then(|times| times.get(input.row)) {
            // Bitwise NOT turns the order around and, unlike minus, has no overflow.
            let key = if self.order == Order::Descending { !time } else { time };
            self.heads.push(Reverse((key, index)));
        }
    }

    /// Takes the next row in order; its block becomes one of the sources of the block to be made.
    fn take_next(&mut self, batch: &mut Batch) -> Result<bool> {
        let Some(Reverse((_, index))) = self.heads.pop() else { return Ok(false) };
        let input = &mut self.inputs[index];
        let Some(block) = &input.block else { return Ok(true) };
        let source = *input.source.get_or_insert_with(|| {
            batch.sources.push(block.clone());
            batch.inputs.push(index);
            batch.sources.len() - 1
        });
        batch.picks.push((source, input.row));
        input.row += 1;
        if input.row < block.rows() {
            self.push_head(index);
        } else {
            self.refill(index)?;
        }
        Ok(true)
    }
}

/// The rows of one block to be made.
#[derive(Default)]
struct Batch {
    /// Where they come from; holding these blocks copies nothing.
    sources: Vec<Block>,
    /// The inputs that know their place among the sources.
    inputs: Vec<usize>,
    /// (source, row), in order.
    picks: Vec<(usize, usize)>,
}

impl Batch {
    fn gather(&self) -> Option<Block> {
        let first = self.sources.first()?;
        let columns = first.columns().iter().enumerate().map(|(place, column)| {
            let columns: Vec<&Column> =
                self.sources.iter().map(|block| block.column(place).as_ref()).collect();
            interleave(column.data_type(), &columns, &self.picks)
        });
        Some(Block::from_columns(columns.collect()))
    }
}

impl BlockStream for Merge {
    fn next_block(&mut self) -> Result<Option<Block>> {
        if !self.started {
            self.started = true;
            for index in 0..self.inputs.len() {
                self.refill(index)?;
            }
        }
        let mut batch = Batch::default();
        while batch.picks.len() < BLOCK_ROWS && self.take_next(&mut batch)? {}
        for &index in &batch.inputs {
            self.inputs[index].source = None;
        }
        Ok(batch.gather())
    }
}

fn memory(block: &Block) -> usize {
    block.columns().iter().map(|column| column.memory()).sum()
}
