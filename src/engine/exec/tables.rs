//! From a super table to its children: which of them, in which order, with which tags.

use std::sync::Arc;

use super::BLOCK_ROWS;
use super::expr::holds;
use crate::engine::catalog::{Children, Table, TableKind, TableRef};
use crate::engine::exec::tree::{Tables, TagPlace};
use crate::engine::functions::kernels::{compare_values, selected_rows};
use crate::error::Result;
use crate::types::{Block, BlockStream, Column, Context, DataType, Value};

/// A table whose rows are wanted, with the tags that are wanted.
pub(super) struct Member {
    pub(super) table: Arc<Table>,
    pub(super) tags: Vec<Value>,
}

/// The tables as they are at this moment, children in their natural order: by the first tag, then
/// as they were made. Tag conditions are answered here, before any row is read.
pub(super) fn members(tables: &Tables, tags: &[TagPlace], context: &Context) -> Result<Vec<Member>> {
    let parent = match &tables.table {
        TableRef::Table(table) => {
            let tags = tags.iter().map(|tag| own_tag(table, *tag)).collect();
            return Ok(vec![Member { table: table.clone(), tags }]);
        }
        TableRef::Super(parent) => parent,
    };
    let first_tag = parent.schema.read().tags.first().map(|tag| (tag.id, tag.column_type.data_type));
    let children = parent.children.read();
    let mut chosen: Vec<usize> = children.iter().map(|child| child.place).collect();
    if let Some(filter) = &tables.filter {
        let mut kept = Vec::new();
        for places in chosen.chunks(BLOCK_ROWS) {
            context.stop.check()?;
            let mask = holds(&filter.predicate, &tag_block(&children, places, &filter.tags));
            kept.extend(selected_rows(&mask).into_iter().map(|row| places[row]));
        }
        chosen = kept;
    }
    if let Some((id, data_type)) = first_tag {
        chosen.sort_by(|&a, &b| compare_values(data_type, children.tag(id, a), children.tag(id, b)));
    }
    let member = |place: usize| {
        let table = children.tables[place].clone()?;
        Some(Member { table, tags: tags.iter().map(|tag| child_tag(&children, place, *tag)).collect() })
    };
    Ok(chosen.into_iter().filter_map(member).collect())
}

/// A tag of a child; NULL for an ordinary table, which has none.
fn own_tag(table: &Table, tag: TagPlace) -> Value {
    match (tag, &table.kind) {
        (TagPlace::Name, _) => Value::text(table.name.as_bytes()),
        (TagPlace::Tag(id, data_type), TableKind::Child { parent, place }) => parent
            .upgrade()
            .map_or(Value::Null, |parent| fitting(parent.children.read().tag(id, *place), data_type)),
        (TagPlace::Tag(..), TableKind::Ordinary(_)) => Value::Null,
    }
}

fn child_tag(children: &Children, place: usize, tag: TagPlace) -> Value {
    match tag {
        TagPlace::Tag(id, data_type) => fitting(children.tag(id, place), data_type),
        TagPlace::Name => match children.tables.get(place) {
            Some(Some(table)) => Value::text(table.name.as_bytes()),
            _ => Value::Null,
        },
    }
}

/// The value, or NULL should it be of another type than the tag was planned with.
fn fitting(value: &Value, data_type: DataType) -> Value {
    if value.fits(data_type) { value.clone() } else { Value::Null }
}

fn tag_block(children: &Children, places: &[usize], tags: &[TagPlace]) -> Block {
    let column = |tag: &TagPlace| {
        let mut column = Column::new(tag.data_type());
        places.iter().for_each(|&place| column.push(&child_tag(children, place, *tag)));
        column
    };
    Block::from_columns(tags.iter().map(column).collect())
}

/// One row for each table.
pub(super) struct TagStream {
    members: std::vec::IntoIter<Member>,
    tags: Vec<TagPlace>,
}

impl TagStream {
    pub(super) fn new(tables: Tables, tags: Vec<TagPlace>, context: &Context) -> Result<TagStream> {
        Ok(TagStream { members: members(&tables, &tags, context)?.into_iter(), tags })
    }
}

impl BlockStream for TagStream {
    fn next_block(&mut self) -> Result<Option<Block>> {
        let mut columns: Vec<Column> = self.tags.iter().map(|tag| Column::new(tag.data_type())).collect();
        let mut rows = 0;
        for member in self.members.by_ref().take(BLOCK_ROWS) {
            columns.iter_mut().zip(&member.tags).for_each(|(column, tag)| column.push(tag));
            rows += 1;
        }
        if rows == 0 {
            return Ok(None);
        }
        Ok(Some(match columns.is_empty() {
            true => Block::without_columns(rows),
            false => Block::from_columns(columns),
        }))
    }
}
