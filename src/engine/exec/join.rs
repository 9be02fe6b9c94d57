//! Joins: rows of two inputs that have the same time, side by side.
//!
//! Super tables are joined child by child: those whose tag has the same value.

use std::cmp::Ordering;
use std::sync::Arc;

use super::tables::members;
use super::{BLOCK_ROWS, open};
use crate::engine::catalog::{Table, TableRef};
use crate::engine::exec::tree::{JoinSide, Node, Tables};
use crate::engine::functions::kernels::{compare_values, interleave};
use crate::error::{Error, Result, codes};
use crate::types::{Block, BlockStream, Column, Context, DataType, Value};

/// Joins two inputs, each in ascending order of its first column, a timestamp. Rows of equal times are joined
/// each with each.
pub(super) struct Join {
    left: Cursor,
    right: Cursor,
}

impl Join {
    pub(super) fn new(left: Box<dyn BlockStream>, right: Box<dyn BlockStream>) -> Join {
        Join { left: Cursor::new(left), right: Cursor::new(right) }
    }
}

impl BlockStream for Join {
    fn next_block(&mut self) -> Result<Option<Block>> {
        self.left.begin();
        self.right.begin();
        let (mut left, mut right) = (Vec::new(), Vec::new());
        while left.len() < BLOCK_ROWS {
            let (Some(a), Some(b)) = (self.left.time()?, self.right.time()?) else { break };
            match a.cmp(&b) {
                Ordering::Less => self.left.row += 1,
                Ordering::Greater => self.right.row += 1,
                Ordering::Equal => {
                    let of_right = self.right.run(a)?;
                    for row in self.left.run(a)? {
                        left.extend(std::iter::repeat_n(row, of_right.len()));
                        right.extend_from_slice(&of_right);
                    }
                }
            }
        }
        if left.is_empty() {
            return Ok(None);
        }
        let columns = self.left.gather(&left).into_iter().chain(self.right.gather(&right));
        Ok(Some(Block::from_columns(columns.collect())))
    }
}

/// Where an input is.
struct Cursor {
    stream: Box<dyn BlockStream>,
    block: Option<Block>,
    row: usize,
    /// The blocks whose rows are in the block to be made; holding them copies nothing.
    sources: Vec<Block>,
    /// The place of the current block among them.
    source: Option<usize>,
}

impl Cursor {
    fn new(stream: Box<dyn BlockStream>) -> Cursor {
        Cursor { stream, block: None, row: 0, sources: Vec::new(), source: None }
    }

    /// Begins a block to be made.
    fn begin(&mut self) {
        self.sources.clear();
        self.source = None;
    }

    /// The time of the row it is at; none at the end.
    fn time(&mut self) -> Result<Option<i64>> {
        loop {
            let times = self.block.as_ref().and_then(|block| block.column(0).i64s());
            if let Some(time) = times.and_then(|times| times.get(self.row)) {
                return Ok(Some(*time));
            }
            self.block = self.stream.next_block()?;
            self.row = 0;
            self.source = None;
            if self.block.is_none() {
                return Ok(None);
            }
        }
    }

    /// Passes over all rows of that time, and tells them as (source, row).
    fn run(&mut self, time: i64) -> Result<Vec<(usize, usize)>> {
        let mut rows = Vec::new();
        while self.time()? == Some(time) {
            let source = *self.source.get_or_insert_with(|| {
                self.sources.extend(self.block.clone());
                self.sources.len() - 1
            });
            rows.push((source, self.row));
            self.row += 1;
        }
        Ok(rows)
    }

    fn gather(&self, rows: &[(usize, usize)]) -> Vec<Column> {
        let Some(first) = self.sources.first() else { return Vec::new() };
        let column = |(place, column): (usize, &Arc<Column>)| {
            let columns: Vec<&Column> =
                self.sources.iter().map(|block| block.column(place).as_ref()).collect();
            interleave(column.data_type(), &columns, rows)
        };
        first.columns().iter().enumerate().map(column).collect()
    }
}

/// Joins the children of super tables, one set of children after the other.
pub(super) struct JoinChildren {
    sides: Vec<JoinSide>,
    /// A child of each side for each value that all sides have.
    matches: std::vec::IntoIter<Vec<Arc<Table>>>,
    current: Option<Box<dyn BlockStream>>,
    context: Context,
}

impl JoinChildren {
    /// `0x80000705` when two children of a side have the same value.
    pub(super) fn new(sides: Vec<JoinSide>, context: &Context) -> Result<JoinChildren> {
        let mut matches: Option<Vec<(Value, Vec<Arc<Table>>)>> = None;
        for side in &sides {
            let children = children(side, context)?;
            matches = Some(match matches {
                None => children.into_iter().map(|(value, child)| (value, vec![child])).collect(),
                Some(before) => matched(before, children, side.key.data_type()),
            });
        }
        let matches: Vec<_> = matches.unwrap_or_default().into_iter().map(|(_, tables)| tables).collect();
        Ok(JoinChildren { sides, matches: matches.into_iter(), current: None, context: context.clone() })
    }

    fn join(&self, tables: Vec<Arc<Table>>) -> Result<Box<dyn BlockStream>> {
        let mut joined: Option<Node> = None;
        for (side, table) in self.sides.iter().zip(tables) {
            let mut scan = side.scan.clone();
            scan.tables = Tables { table: TableRef::Table(table), filter: None };
            let mut rows = Node::Scan(scan);
            if let Some(predicate) = &side.predicate {
                rows = Node::Filter { input: Box::new(rows), predicate: predicate.clone() };
            }
            joined = Some(match joined {
                None => rows,
                Some(left) => Node::Join(Box::new((left, rows))),
            });
        }
        open(joined.unwrap_or(Node::Nothing), &self.context)
    }
}

impl BlockStream for JoinChildren {
    fn next_block(&mut self) -> Result<Option<Block>> {
        loop {
            if let Some(current) = &mut self.current
                && let Some(block) = current.next_block()?
            {
                return Ok(Some(block));
            }
            let Some(tables) = self.matches.next() else {
                self.current = None;
                return Ok(None);
            };
            self.context.stop.check()?;
            self.current = Some(self.join(tables)?);
        }
    }
}

/// The children of a side by the value of its key, which each has for itself; NULL joins nothing.
fn children(side: &JoinSide, context: &Context) -> Result<Vec<(Value, Arc<Table>)>> {
    let data_type = side.key.data_type();
    let mut children = Vec::new();
    for mut member in members(&side.scan.tables, &[side.key], context)? {
        if let Some(value) = member.tags.pop().filter(|value| !value.is_null()) {
            children.push((value, member.table));
        }
    }
    children.sort_by(|(a, _), (b, _)| compare_values(data_type, a, b));
    match children.windows(2).any(|pair| compare_values(data_type, &pair[0].0, &pair[1].0).is_eq()) {
        true => Err(Error::new(
            codes::QRY_DUP_JOIN_KEY,
            "Duplicated join key: two tables of one side have the same value of the tag they are joined by",
        )),
        false => Ok(children),
    }
}

/// Of two lists that are sorted by value, what has the same value.
fn matched(
    before: Vec<(Value, Vec<Arc<Table>>)>,
    children: Vec<(Value, Arc<Table>)>,
    data_type: DataType,
) -> Vec<(Value, Vec<Arc<Table>>)> {
    let mut children = children.into_iter().peekable();
    let mut matched = Vec::new();
    for (value, mut tables) in before {
        while children.next_if(|(other, _)| compare_values(data_type, other, &value).is_lt()).is_some() {}
        if let Some((_, child)) =
            children.next_if(|(other, _)| compare_values(data_type, other, &value).is_eq())
        {
            tables.push(child);
            matched.push((value, tables));
        }
    }
    matched
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::exec::rows::Ready;

    #[test]
    fn equal_times_join_each_with_each_across_blocks() {
        let input = |blocks: &[&[i64]]| {
            let block = |times: &&[i64]| Block::from_columns(vec![Column::timestamps(times.to_vec())]);
            Box::new(Ready::new(blocks.iter().map(block).collect()))
        };
        let mut join = Join::new(input(&[&[1, 2], &[2, 4, 5]]), input(&[&[0, 2, 2], &[2, 3], &[5]]));
        let block = join.next_block().unwrap().unwrap();
        assert_eq!(block.column(0).i64s().unwrap(), [2, 2, 2, 2, 2, 2, 5]);
        assert_eq!(block.column(0), block.column(1));
        assert!(join.next_block().unwrap().is_none());
    }
}
