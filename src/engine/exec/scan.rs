//! Reading tables: one after the other, or merged by time.

use std::sync::Arc;

use super::limit::Limit;
use super::merge::Merge;
use super::tables::{Member, members};
use crate::engine::catalog::Database;
use crate::engine::exec::tree::{Scan, ScanOrder, Slot, TagPlace};
use crate::engine::storage::{Order, ScanColumn, TimeRange};
use crate::error::Result;
use crate::types::{Block, BlockStream, Column, Context, DataType, Value};

/// The rows of a scan.
pub(super) fn open(scan: Scan, context: &Context) -> Result<Box<dyn BlockStream>> {
    let tags: Vec<TagPlace> = scan.slots.iter().filter_map(Slot::tag).collect();
    let members = match scan.range.start <= scan.range.end {
        true => members(&scan.tables, &tags, context)?,
        false => Vec::new(),
    };
    let (by_time, order) = match scan.order {
        ScanOrder::ByTable(order) => (false, order),
        ScanOrder::ByTime(order) => (true, order),
    };
    let reader = Reader {
        columns: scan.slots.iter().filter_map(Slot::column).collect(),
        database: scan.database,
        slots: scan.slots.into(),
        range: scan.range,
        order,
        rows_per_table: scan.rows_per_table,
        context: context.clone(),
    };
    if by_time && members.len() > 1 {
        let inputs = members.into_iter().map(|member| reader.read(member)).collect::<Result<Vec<_>>>()?;
        return Ok(Box::new(Merge::new(inputs, order)));
    }
    Ok(Box::new(ByTable { reader, members: members.into_iter(), current: None }))
}

impl Slot {
    /// The column that is read, if it is one.
    pub(crate) fn column(&self) -> Option<ScanColumn> {
        match self {
            Slot::Column(column) => Some(*column),
            Slot::Tag(_) => None,
        }
    }

    fn tag(&self) -> Option<TagPlace> {
        match self {
            Slot::Tag(tag) => Some(*tag),
            Slot::Column(_) => None,
        }
    }
}

/// How tables are read.
struct Reader {
    database: Arc<Database>,
    columns: Vec<ScanColumn>,
    slots: Arc<[Slot]>,
    range: TimeRange,
    order: Order,
    rows_per_table: Option<usize>,
    context: Context,
}

impl Reader {
    fn read(&self, member: Member) -> Result<Box<dyn BlockStream>> {
        let stored = self.database.store.scan(member.table.id, &self.columns, self.range, self.order)?;
        let types = self.slots.iter().filter_map(Slot::tag).map(TagPlace::data_type);
        let tags = member.tags.into_iter().zip(types);
        let tags = tags.map(|(value, data_type)| Repeated { value, data_type, last: None }).collect();
        let rows = WithTags { stored, tags, slots: self.slots.clone(), context: self.context.clone() };
        Ok(match self.rows_per_table {
            Some(rows_per_table) => Box::new(Limit::new(Box::new(rows), Some(rows_per_table as u64), 0)),
            None => Box::new(rows),
        })
    }
}

/// Tables one after the other; the next one is opened when the one before has ended.
struct ByTable {
    reader: Reader,
    members: std::vec::IntoIter<Member>,
    current: Option<Box<dyn BlockStream>>,
}

impl BlockStream for ByTable {
    fn next_block(&mut self) -> Result<Option<Block>> {
        loop {
            if let Some(current) = &mut self.current
                && let Some(block) = current.next_block()?
            {
                return Ok(Some(block));
            }
            let Some(member) = self.members.next() else {
                self.current = None;
                return Ok(None);
            };
            self.current = Some(self.reader.read(member)?);
        }
    }
}

/// Rows as stored, with the tags of their table put between the columns.
struct WithTags {
    stored: Box<dyn BlockStream>,
    tags: Vec<Repeated>,
    slots: Arc<[Slot]>,
    context: Context,
}

impl BlockStream for WithTags {
    fn next_block(&mut self) -> Result<Option<Block>> {
        self.context.stop.check()?;
        let Some(block) = self.stored.next_block()? else { return Ok(None) };
        let (mut columns, mut tags) = (block.columns().iter(), self.tags.iter_mut());
        let arranged = self.slots.iter().filter_map(|slot| match slot {
            Slot::Column(_) => columns.next().cloned(),
            Slot::Tag(_) => tags.next().map(|tag| tag.column(block.rows())),
        });
        Ok(Some(Block::new(arranged.collect())))
    }
}

/// A tag as a column. The column is kept: most blocks of a table have the same number of rows.
struct Repeated {
    value: Value,
    data_type: DataType,
    last: Option<Arc<Column>>,
}

impl Repeated {
    fn column(&mut self, rows: usize) -> Arc<Column> {
        match &self.last {
            Some(last) if last.len() == rows => last.clone(),
            _ => {
                let column = Arc::new(Column::repeat(self.data_type, &self.value, rows));
                self.last.insert(column).clone()
            }
        }
    }
}
