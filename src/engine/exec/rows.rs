//! The operators that look at one block at a time: filter, project, chain.

use std::collections::VecDeque;

use super::expr::{evaluate, holds};
use crate::engine::exec::tree::{Expr, Predicate};
use crate::engine::functions::kernels::selected_rows;
use crate::error::Result;
use crate::types::{Block, BlockStream};

/// Blocks that are there already.
pub(super) struct Ready {
    blocks: std::vec::IntoIter<Block>,
}

impl Ready {
    pub(super) fn new(blocks: Vec<Block>) -> Ready {
        Ready { blocks: blocks.into_iter() }
    }
}

impl BlockStream for Ready {
    fn next_block(&mut self) -> Result<Option<Block>> {
        Ok(self.blocks.find(|block| block.rows() > 0))
    }
}

/// The rows for which a predicate holds.
pub(super) struct Filter {
    pub(super) input: Box<dyn BlockStream>,
    pub(super) predicate: Predicate,
}

impl BlockStream for Filter {
    fn next_block(&mut self) -> Result<Option<Block>> {
        while let Some(block) = self.input.next_block()? {
            let rows = selected_rows(&holds(&self.predicate, &block));
            if rows.len() == block.rows() {
                return Ok(Some(block));
            }
            if !rows.is_empty() {
                return Ok(Some(block.take(&rows)));
            }
        }
        Ok(None)
    }
}

/// Expressions of each row.
pub(super) struct Project {
    pub(super) input: Box<dyn BlockStream>,
    pub(super) expressions: Vec<Expr>,
}

impl BlockStream for Project {
    fn next_block(&mut self) -> Result<Option<Block>> {
        let Some(block) = self.input.next_block()? else { return Ok(None) };
        Ok(Some(Block::new(self.expressions.iter().map(|expression| evaluate(expression, &block)).collect())))
    }
}

/// One input after the other.
pub(super) struct Chain {
    pub(super) inputs: VecDeque<Box<dyn BlockStream>>,
}

impl BlockStream for Chain {
    fn next_block(&mut self) -> Result<Option<Block>> {
        while let Some(input) = self.inputs.front_mut() {
            if let Some(block) = input.next_block()? {
                return Ok(Some(block));
            }
            self.inputs.pop_front();
        }
        Ok(None)
    }
}
