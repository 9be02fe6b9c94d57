//! Running a plan: operators that pull blocks from one another.
//!
//! Nothing is read before the first block is asked for, and no operator holds more than a few blocks
//! but `group` and the merge of tables by time, which have a limit of `memory`.

mod expr;
mod fill;
mod group;
mod join;
mod keys;
mod limit;
mod memory;
mod merge;
mod outputs;
mod per_group;
mod rows;
mod scan;
mod sort;
mod tables;
pub(crate) mod tree;
pub(crate) mod window;

pub use tree::Plan;

use crate::error::Result;
use crate::types::{Block, BlockStream, Column, Context, Rows};
use tree::Node;

/// Rows of a block that operators make by themselves.
const BLOCK_ROWS: usize = 4096;

/// Runs a plan; the blocks are made as they are asked for.
pub fn run(plan: Plan, context: &Context) -> Result<Rows> {
    let blocks = Box::new(Stoppable { input: open(plan.root, context)?, context: context.clone() });
    Ok(Rows { fields: plan.fields, precision: plan.precision, blocks })
}

/// The stream of an operator.
fn open(node: Node, context: &Context) -> Result<Box<dyn BlockStream>> {
    Ok(match node {
        Node::Nothing => Box::new(rows::Ready::new(Vec::new())),
        Node::Row(values) => {
            let columns = values.iter().map(|(value, t)| Column::repeat(t.data_type, value, 1)).collect();
            Box::new(rows::Ready::new(vec![Block::from_columns(columns)]))
        }
        Node::Scan(scan) => scan::open(scan, context)?,
        Node::TagScan { tables, tags } => Box::new(tables::TagStream::new(tables, tags, context)?),
        Node::Filter { input, predicate } => {
            Box::new(rows::Filter { input: open(*input, context)?, predicate })
        }
        Node::Project { input, expressions } => {
            Box::new(rows::Project { input: open(*input, context)?, expressions })
        }
        Node::Group(group) => Box::new(group::GroupStream::new(*group, context)?),
        Node::Sort { input, column, descending } => {
            Box::new(sort::Sort::new(open(*input, context)?, column, descending))
        }
        Node::Join(sides) => {
            let (left, right) = *sides;
            Box::new(join::Join::new(open(left, context)?, open(right, context)?))
        }
        Node::JoinChildren(sides) => Box::new(join::JoinChildren::new(sides, context)?),
        Node::Windows(windows) => Box::new(window::WindowStream::new(*windows, context)?),
        Node::Fill { input, filling } => {
            Box::new(fill::Fill { input: open(*input, context)?, filling, context: context.clone() })
        }
        Node::LimitEach { input, limit, offset } => {
            Box::new(per_group::LimitEach { input: open(*input, context)?, limit, offset })
        }
        Node::LimitGroups { input, limit, offset } => {
            Box::new(per_group::LimitGroups { input: open(*input, context)?, limit, offset })
        }
        Node::Pieces(input) => Box::new(per_group::Pieces { input: open(*input, context)?, rest: None }),
        Node::Limit { input, limit, offset } => {
            Box::new(limit::Limit::new(open(*input, context)?, limit, offset))
        }
        Node::Chain(inputs) => {
            let inputs = inputs.into_iter().map(|input| open(input, context)).collect::<Result<Vec<_>>>()?;
            Box::new(rows::Chain { inputs: inputs.into() })
        }
    })
}

/// The outermost stream: ends when the statement is stopped.
struct Stoppable {
    input: Box<dyn BlockStream>,
    context: Context,
}

impl BlockStream for Stoppable {
    fn next_block(&mut self) -> Result<Option<Block>> {
        self.context.stop.check()?;
        self.input.next_block()
    }
}
