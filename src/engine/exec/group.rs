//! Groups: rows of equal keys become one row of keys and aggregates.
//!
//! All input is taken in before the first group is given; the states of the groups have a memory limit.

use std::sync::Arc;

use super::keys::Keys;
use super::memory::Budget;
use super::outputs::Outputs;
use super::{BLOCK_ROWS, open};
use crate::engine::exec::tree::{Group, GroupOrder};
use crate::engine::functions::aggregate::Groups;
use crate::engine::functions::kernels::compare_rows;
use crate::error::Result;
use crate::types::{Block, BlockStream, Column, Context};

/// The groups of an input.
pub(super) struct GroupStream {
    input: Option<Box<dyn BlockStream>>,
    grouping: Grouping,
    result: Option<Block>,
    given: usize,
}

impl GroupStream {
    pub(super) fn new(group: Group, context: &Context) -> Result<GroupStream> {
        let input = open(group.input, context)?;
        let grouping = Grouping {
            keys: Keys::new(group.keys),
            keys_per_block: group.keys_per_block,
            outputs: Outputs::new(group.outputs),
            only_with_value: group.only_with_value,
            order: group.order,
            budget: Budget::new("grouping"),
        };
        Ok(GroupStream { input: Some(input), grouping, result: None, given: 0 })
    }
}

impl BlockStream for GroupStream {
    fn next_block(&mut self) -> Result<Option<Block>> {
        if let Some(mut input) = self.input.take() {
            while let Some(block) = input.next_block()? {
                self.grouping.take(&block)?;
            }
            self.result = Some(self.grouping.finish());
        }
        let Some(result) = &self.result else { return Ok(None) };
        let count = BLOCK_ROWS.min(result.rows() - self.given);
        if count == 0 {
            return Ok(None);
        }
        let block = result.slice(self.given, count);
        self.given += count;
        Ok(Some(block))
    }
}

struct Grouping {
    keys: Keys,
    keys_per_block: bool,
    outputs: Outputs,
    only_with_value: bool,
    order: GroupOrder,
    budget: Budget,
}

impl Grouping {
    fn take(&mut self, block: &Block) -> Result<()> {
        let per_row;
        let groups = if self.keys_per_block {
            Groups::One(self.keys.group_of_block(block))
        } else {
            per_row = self.keys.groups_of_rows(block);
            Groups::Each(&per_row)
        };
        self.outputs.update(block, groups, self.keys.count());
        self.budget.set(self.keys.memory() + self.outputs.memory())
    }

    fn finish(&mut self) -> Block {
        let count = self.keys.count();
        let mut groups: Vec<usize> =
            (0..count).filter(|&group| !self.only_with_value || self.outputs.has_value(group)).collect();
        let mut columns = self.keys.finish();
        sort_groups(&mut groups, &columns, &self.order);
        columns.extend(self.outputs.finish());
        if columns.is_empty() {
            return Block::without_columns(groups.len());
        }
        Block::new(columns.iter().map(|column| Arc::new(column.take(&groups))).collect())
    }
}

/// Sorts groups by their keys, of which `keys` has one for each group.
pub(super) fn sort_groups(groups: &mut [usize], keys: &[Column], order: &GroupOrder) {
    let GroupOrder::Keys(first) = order else { return };
    groups.sort_by(|&a, &b| {
        let by_wish = first.iter().map(|&(key, descending)| {
            let order = compare_rows(&keys[key], a, b);
            if descending { order.reverse() } else { order }
        });
        let by_rest = keys.iter().map(|key| compare_rows(key, a, b));
        by_wish.chain(by_rest).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
}
