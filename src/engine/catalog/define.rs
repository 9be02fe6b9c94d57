//! Changing the catalog: one definition at a time, each written to the log before it is seen.
//!
//! The methods here expect names and types that were checked by the caller, who speaks of errors in
//! SQL's terms, and refuse only what would make the log contradict itself.

use std::sync::Arc;

use parking_lot::{MutexGuard, RwLock};

use super::apply::fit;
use super::change::{Change, NewChild, TableChange, encode};
use super::model::{Database, DatabaseOptions, Schema, SuperTable, TableRef, Tables};
use super::{Catalog, snapshot};
use crate::engine::storage::log::Log;
use crate::engine::storage::{ColumnId, TableId};
use crate::error::{Error, Result, codes};
use crate::types::Value;

/// The log and the ids that are free.
pub(super) struct Journal {
    pub(super) log: Log,
    /// Bytes of the log when it was last known to hold little but what exists.
    pub(super) lean_size: u64,
    /// What keeps the log from being written any more.
    pub(super) failure: Option<Error>,
    pub(super) next_database: u32,
    pub(super) next_table: u64,
}

impl Journal {
    pub(super) fn new(log: Log, next_database: u32, next_table: u64) -> Journal {
        Journal { log, lean_size: 0, failure: None, next_database, next_table }
    }

    fn new_table(&mut self) -> u64 {
        let id = self.next_table;
        self.next_table += 1;
        id
    }

    fn append(&mut self, changes: &[Change], sync: bool) -> Result<()> {
        match &self.failure {
            Some(failure) => Err(failure.clone()),
            None => self.log.append(&encode(changes), sync),
        }
    }
}

/// A child to be made by [`Definitions::create_children`].
pub struct ChildDefinition {
    /// Its name, which is free.
    pub name: Box<str>,
    /// Its super table, of the same database.
    pub parent: Arc<SuperTable>,
    /// A value for each tag in the order of the schema.
    pub tags: Vec<Value>,
}

/// The right to define things. While one exists no other does.
pub struct Definitions<'a> {
    catalog: &'a Catalog,
    journal: MutexGuard<'a, Journal>,
}

impl<'a> Definitions<'a> {
    pub(super) fn new(catalog: &'a Catalog, journal: MutexGuard<'a, Journal>) -> Definitions<'a> {
        Definitions { catalog, journal }
    }

    /// Makes an empty database.
    pub fn create_database(&mut self, name: &str, options: DatabaseOptions, created: i64) -> Result<()> {
        let id = self.journal.next_database;
        self.journal.next_database += 1;
        // The store comes first: one that was made in vain is swept away at the next open, a database
        // without a store could not be opened.
        let store = self.catalog.disk.open_store(id, &options)?;
        let change = Change::CreateDatabase { id, name: name.to_owned(), created, options: options.clone() };
        self.journal.append(&[change], is_synced(&options))?;
        let database = Database {
            id,
            name: name.to_owned(),
            created,
            options: RwLock::new(options),
            tables: RwLock::new(Tables::default()),
            store,
        };
        self.catalog.databases.write().insert(name.to_owned(), Arc::new(database));
        self.rewrite_when_stale();
        Ok(())
    }

    /// Gives a database other options.
    pub fn alter_database(&mut self, database: &Database, options: DatabaseOptions) -> Result<()> {
        let change = Change::AlterDatabase { id: database.id, options: options.clone() };
        self.journal.append(&[change], is_synced(&options))?;
        database.store.set_options((&options).into());
        *database.options.write() = options;
        self.rewrite_when_stale();
        Ok(())
    }

    /// Removes a database with all that is in it.
    pub fn drop_database(&mut self, database: &Database) -> Result<()> {
        let synced = is_synced(&database.options.read());
        self.journal.append(&[Change::DropDatabase { id: database.id }], synced)?;
        self.catalog.databases.write().remove(&database.name);
        // It is gone already: what cannot be removed now goes at the next open. Closed first, because a
        // statement that still has the database might write into a directory that is being removed.
        let _ = database.store.close();
        let _ = self.catalog.disk.remove_store(database.id);
        self.rewrite_when_stale();
        Ok(())
    }

    /// Makes an ordinary table.
    pub fn create_table(
        &mut self,
        database: &Database,
        name: &str,
        schema: Schema,
        created: i64,
    ) -> Result<()> {
        let id = TableId(self.journal.new_table());
        self.change(database, vec![TableChange::CreateTable { id, name: name.into(), created, schema }])
    }

    /// Makes a super table.
    pub fn create_super_table(
        &mut self,
        database: &Database,
        name: &str,
        schema: Schema,
        created: i64,
    ) -> Result<()> {
        let id = self.journal.new_table();
        self.change(database, vec![TableChange::CreateSuperTable { id, name: name.into(), created, schema }])
    }

    /// Makes several children with one record: all of them or none.
    pub fn create_children(
        &mut self,
        database: &Database,
        definitions: Vec<ChildDefinition>,
        created: i64,
    ) -> Result<()> {
        let mut families: Vec<(Arc<SuperTable>, Vec<NewChild>)> = Vec::new();
        for ChildDefinition { name, parent, tags } in definitions {
            check_parent(database, &parent, &tags)?;
            let child = NewChild { id: TableId(self.journal.new_table()), name, created, tags };
            match families.iter_mut().rev().find(|(known, _)| Arc::ptr_eq(known, &parent)) {
                Some((_, children)) => children.push(child),
                None => families.push((parent, vec![child])),
            }
        }
        let changes = families
            .into_iter()
            .map(|(parent, children)| TableChange::CreateChildren { parent: parent.name.clone(), children });
        self.change(database, changes.collect())
    }

    /// Removes an ordinary table or a child.
    pub fn drop_table(&mut self, database: &Database, name: &str) -> Result<()> {
        self.change(database, vec![TableChange::DropTable { name: name.into() }])
    }

    /// Removes a super table with its children.
    pub fn drop_super_table(&mut self, database: &Database, name: &str) -> Result<()> {
        self.change(database, vec![TableChange::DropSuperTable { name: name.into() }])
    }

    /// Gives a super table or an ordinary table another schema. Tags that it still has keep their values.
    pub fn set_schema(&mut self, database: &Database, name: &str, schema: Schema) -> Result<()> {
        self.change(database, vec![TableChange::SetSchema { name: name.into(), schema }])
    }

    /// Sets a tag of a child.
    pub fn set_tag(&mut self, database: &Database, name: &str, tag: ColumnId, value: Value) -> Result<()> {
        self.change(database, vec![TableChange::SetTag { name: name.into(), tag, value }])
    }

    fn change(&mut self, database: &Database, changes: Vec<TableChange>) -> Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        let synced = is_synced(&database.options.read());
        let record: Vec<Change> =
            changes.into_iter().map(|change| Change::Tables { database: database.id, change }).collect();
        self.journal.append(&record, synced)?;
        let mut tables = database.tables.write();
        let mut gone = Vec::new();
        for change in record {
            if let Change::Tables { change, .. } = change {
                gone.extend(tables.apply(change)?);
            }
        }
        drop(tables);
        gone.into_iter().for_each(|table| database.store.drop_table(table));
        self.rewrite_when_stale();
        Ok(())
    }

    fn rewrite_when_stale(&mut self) {
        snapshot::rewrite_when_stale(self.catalog, &mut self.journal);
    }
}

fn is_synced(options: &DatabaseOptions) -> bool {
    options.wal_level >= 2
}

/// Whoever found the super table may have done so before it was changed or dropped.
fn check_parent(database: &Database, parent: &Arc<SuperTable>, tags: &[Value]) -> Result<()> {
    match database.tables.read().find(&parent.name) {
        Some(TableRef::Super(known)) if Arc::ptr_eq(&known, parent) => {}
        _ => return Err(codes::MND_INVALID_TABLE_NAME.into()),
    }
    if !fit(&parent.schema.read(), tags) {
        let changed = format!("the tags of super table \"{}\" were changed meanwhile", parent.name);
        return Err(Error::new(codes::TDB_TAG_VER_OUT_OF_DATE, changed));
    }
    Ok(())
}
