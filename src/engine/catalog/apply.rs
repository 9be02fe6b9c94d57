//! What a change does to the tables of a database in memory, the same at replay and in life.
//!
//! A change that was checked before it was written cannot fail here; one from a damaged log can, and
//! leaves an error instead of tables that contradict each other.

use std::sync::Arc;

use parking_lot::RwLock;

use super::change::{NewChild, TableChange};
use super::codec::corrupt;
use super::model::{Children, Schema, SuperTable, Table, TableKind, TableRef, Tables};
use crate::engine::storage::TableId;
use crate::error::Result;
use crate::types::Value;

impl Tables {
    /// Makes the change. Returns the tables that are gone by it.
    pub(super) fn apply(&mut self, change: TableChange) -> Result<Vec<TableId>> {
        match change {
            TableChange::CreateTable { id, name, created, schema } => {
                self.expect_free(&name)?;
                let kind = TableKind::Ordinary(RwLock::new(Arc::new(schema)));
                self.tables.insert(Arc::new(Table { id, name, created, kind }));
            }
            TableChange::CreateSuperTable { id, name, created, schema } => {
                self.expect_free(&name)?;
                let children = RwLock::new(Children::new(&schema.tags));
                let schema = RwLock::new(Arc::new(schema));
                let table = SuperTable { id, name: name.clone(), created, schema, children };
                self.super_tables.insert(name, Arc::new(table));
            }
            TableChange::CreateChildren { parent, children } => self.create_children(&parent, children)?,
            TableChange::DropTable { name } => return Ok(vec![self.drop_table(&name)?]),
            TableChange::DropSuperTable { name } => return self.drop_super_table(&name),
            TableChange::SetSchema { name, schema } => self.set_schema(&name, schema)?,
            TableChange::SetTag { name, tag, value } => {
                let (parent, place) = self.child(&name)?;
                let known = parent.schema.read().tags.iter().find(|column| column.id == tag).cloned();
                let fits = known.is_some_and(|tag| value.fits(tag.column_type.data_type));
                if !fits || !parent.children.write().set_tag(tag, place, value) {
                    return Err(corrupt(format_args!("a tag of \"{name}\" does not fit")));
                }
            }
        }
        Ok(Vec::new())
    }

    fn expect_free(&self, name: &str) -> Result<()> {
        match self.contains(name) {
            true => Err(corrupt(format_args!("table \"{name}\" is made twice"))),
            false => Ok(()),
        }
    }

    fn super_table(&self, name: &str) -> Result<&Arc<SuperTable>> {
        self.super_tables.get(name).ok_or_else(|| corrupt(format_args!("there is no super table \"{name}\"")))
    }

    fn child(&self, name: &str) -> Result<(Arc<SuperTable>, usize)> {
        let child = self.tables.get(name).and_then(|table| match &table.kind {
            TableKind::Child { parent, place } => Some((parent.upgrade()?, *place)),
            TableKind::Ordinary(_) => None,
        });
        child.ok_or_else(|| corrupt(format_args!("there is no child \"{name}\"")))
    }

    fn create_children(&mut self, parent: &str, new: Vec<NewChild>) -> Result<()> {
        let parent = self.super_table(parent)?.clone();
        let schema = parent.schema.read().clone();
        let mut children = parent.children.write();
        for NewChild { id, name, created, tags } in new {
            self.expect_free(&name)?;
            if !fit(&schema, &tags) {
                return Err(corrupt(format_args!("the tags of \"{name}\" do not fit")));
            }
            let kind = TableKind::Child { parent: Arc::downgrade(&parent), place: children.tables.len() };
            let table = Arc::new(Table { id, name, created, kind });
            self.tables.insert(table.clone());
            children.push(table, tags);
        }
        Ok(())
    }

    fn drop_table(&mut self, name: &str) -> Result<TableId> {
        let table =
            self.tables.remove(name).ok_or_else(|| corrupt(format_args!("there is no table \"{name}\"")))?;
        if let TableKind::Child { parent, place } = &table.kind
            && let Some(parent) = parent.upgrade()
        {
            parent.children.write().remove(*place);
        }
        Ok(table.id)
    }

    fn drop_super_table(&mut self, name: &str) -> Result<Vec<TableId>> {
        let parent = self.super_table(name)?.clone();
        self.super_tables.remove(name);
        let children: Vec<Arc<Table>> = parent.children.read().tables.iter().flatten().cloned().collect();
        children.iter().for_each(|child| drop(self.tables.remove(&child.name)));
        Ok(children.iter().map(|child| child.id).collect())
    }

    fn set_schema(&mut self, name: &str, schema: Schema) -> Result<()> {
        match self.find(name) {
            Some(TableRef::Super(table)) => {
                // Children first: whoever reads a new tag of the schema must find it there.
                table.children.write().set_tags(&schema.tags);
                *table.schema.write() = Arc::new(schema);
                Ok(())
            }
            Some(TableRef::Table(table)) => match &table.kind {
                TableKind::Ordinary(columns) => {
                    *columns.write() = Arc::new(schema);
                    Ok(())
                }
                TableKind::Child { .. } => Err(corrupt(format_args!("\"{name}\" has no columns of its own"))),
            },
            None => Err(corrupt(format_args!("there is no table \"{name}\""))),
        }
    }
}

/// Whether these are values for the tags of that schema.
pub(super) fn fit(schema: &Schema, tags: &[Value]) -> bool {
    let fits = |(tag, value): (&super::SchemaColumn, &Value)| value.fits(tag.column_type.data_type);
    tags.len() == schema.tags.len() && schema.tags.iter().zip(tags).all(fits)
}
