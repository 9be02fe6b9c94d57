//! Groups: rows of equal keys become one row of keys and aggregates.
//!
//! All input is taken in before the first group is given; the states of the groups have a memory limit.

mod keys;

use std::sync::Arc;

use self::keys::Keys;
use super::expr::evaluate;
use super::memory::Budget;
use super::{BLOCK_ROWS, open};
use crate::engine::exec::tree::{Expr, Group, GroupOrder, Output};
use crate::engine::functions::aggregate::{Accumulator, Groups, Input};
use crate::engine::functions::kernels::compare_rows;
use crate::error::Result;
use crate::types::{Block, BlockStream, Column, Context, Value};

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
            outputs: group.outputs.into_iter().map(State::new).collect(),
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
    outputs: Vec<State>,
    only_with_value: bool,
    order: GroupOrder,
    budget: Budget,
}

/// An output with its state for each group.
enum State {
    Call { accumulator: Box<dyn Accumulator>, argument: Option<Expr> },
    OfPickedRow { expression: Expr, values: Vec<Value> },
}

impl State {
    fn new(output: Output) -> State {
        match output {
            Output::Call { function, argument, argument_type } => {
                State::Call { accumulator: (function.accumulator)(argument_type), argument }
            }
            Output::OfPickedRow(expression) => State::OfPickedRow { expression, values: Vec::new() },
        }
    }

    fn resize(&mut self, groups: usize) {
        match self {
            State::Call { accumulator, .. } => accumulator.resize(groups),
            State::OfPickedRow { values, .. } => values.resize(groups, Value::Null),
        }
    }

    fn has_value(&self, group: usize) -> bool {
        match self {
            State::Call { accumulator, .. } => accumulator.has_value(group),
            State::OfPickedRow { .. } => false,
        }
    }

    fn finish(&mut self) -> Column {
        match self {
            State::Call { accumulator, .. } => accumulator.finish(),
            State::OfPickedRow { expression, values } => {
                let mut column = Column::new(expression.column_type().data_type);
                values.iter().for_each(|value| column.push(value));
                column
            }
        }
    }

    fn memory(&self) -> usize {
        match self {
            State::Call { accumulator, .. } => accumulator.memory(),
            State::OfPickedRow { values, .. } => std::mem::size_of_val(values.as_slice()),
        }
    }
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
        let count = self.keys.count();
        self.outputs.iter_mut().for_each(|output| output.resize(count));
        self.update(block, groups);
        self.budget.set(self.keys.memory() + self.outputs.iter().map(State::memory).sum::<usize>())
    }

    fn update(&mut self, block: &Block, groups: Groups<'_>) {
        let mut picked = Vec::new();
        for output in &mut self.outputs {
            if let State::Call { accumulator, argument } = output {
                let argument = argument.as_ref().map(|argument| evaluate(argument, block));
                let input = Input {
                    argument: argument.as_deref(),
                    timestamps: block.column(0),
                    rows: block.rows(),
                    groups,
                };
                accumulator.update(&input);
                picked.extend(accumulator.picked(groups, block.rows()));
            }
        }
        for output in &mut self.outputs {
            if let State::OfPickedRow { expression, values } = output {
                let column = evaluate(expression, block);
                picked.iter().for_each(|&(group, row)| values[group] = column.value(row));
            }
        }
    }

    fn finish(&mut self) -> Block {
        let count = self.keys.count();
        let mut groups: Vec<usize> = (0..count)
            .filter(|&group| {
                !self.only_with_value || self.outputs.iter().any(|output| output.has_value(group))
            })
            .collect();
        let mut columns = self.keys.finish();
        self.sort(&mut groups, &columns);
        columns.extend(self.outputs.iter_mut().map(State::finish));
        if columns.is_empty() {
            return Block::without_columns(groups.len());
        }
        Block::new(columns.iter().map(|column| Arc::new(column.take(&groups))).collect())
    }

    fn sort(&self, groups: &mut [usize], keys: &[Column]) {
        let GroupOrder::Keys(first) = &self.order else { return };
        groups.sort_by(|&a, &b| {
            let by_wish = first.iter().map(|&(key, descending)| {
                let order = compare_rows(&keys[key], a, b);
                if descending { order.reverse() } else { order }
            });
            let by_rest = keys.iter().map(|key| compare_rows(key, a, b));
            by_wish.chain(by_rest).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
        });
    }
}
