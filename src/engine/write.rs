//! INSERT: rows that the reader has put into columns go into the stores of their databases.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::catalog::{ChildDefinition, Database, Schema, Scope, SuperTable, Table, TableRef};
use super::names;
use super::storage::{ColumnId, TableId, TableRows};
use crate::error::{Error, Result, codes};
use crate::sql::ast::{Name, TableName};
use crate::sql::insert::{self, Batch, SuperTarget, Tables, Target, Using};
use crate::types::{Column, Context, Precision, Value};

/// Executes an INSERT: all its rows are stored, or none. Returns how many rows there were.
///
/// Children that were named with USING before an error stay, as the original has it.
pub(super) fn insert(scope: Scope<'_>, sql: &[u8], context: &Context) -> Result<u64> {
    let mut targets = Targets::new(scope);
    let read = insert::read(sql, context, &mut targets);
    let made = targets.make_children(context);
    let batches = read?;
    made?;
    targets.write(batches, context)
}

/// Reads an INSERT and looks up its tables, without effect.
pub(super) fn validate(scope: Scope<'_>, sql: &[u8], context: &Context) -> Result<()> {
    insert::read(sql, context, &mut Targets::new(scope)).map(drop)
}

/// The tables of one INSERT.
pub(super) struct Targets<'a> {
    scope: Scope<'a>,
    /// A target's handle is its place here.
    list: Vec<TargetTable>,
    /// The handles of children to be made, by database and name.
    new_children: HashMap<(u32, String), usize, RandomState>,
    /// The database of the table before, and how it was named: mostly all tables of a statement are in one.
    last_database: Option<(Option<Name>, Arc<Database>)>,
}

struct TargetTable {
    database: Arc<Database>,
    schema: Arc<Schema>,
    state: State,
}

/// Children are made together once the statement has been read: one record of the catalog for all.
enum State {
    Exists(TableId),
    ToBeMade { name: Box<str>, parent: Arc<SuperTable>, tags: Vec<Value> },
}

impl Tables for Targets<'_> {
    fn super_table(&mut self, name: &TableName) -> Result<SuperTarget> {
        let (database, parent) = self.parent(name)?;
        let tags = parent.schema.read().insert_tags().clone();
        let precision = database.options.read().precision;
        Ok(SuperTarget { tags, precision })
    }

    fn open(&mut self, table: &TableName, using: Option<&Using>) -> Result<Target> {
        let database = self.database(table)?;
        let found = database.tables.read().find(&table.table.text);
        match found {
            Some(TableRef::Super(_)) => {
                Err(Error::invalid_operation("insert data into super table is not supported"))
            }
            Some(TableRef::Table(table)) => Ok(self.add(existing(database, &table)?)),
            None => self.open_missing(database, &table.table.text, using),
        }
    }
}

fn existing(database: Arc<Database>, table: &Table) -> Result<TargetTable> {
    let schema = table.schema().ok_or(codes::MND_INVALID_TABLE_NAME)?;
    Ok(TargetTable { database, schema, state: State::Exists(table.id) })
}

impl<'a> Targets<'a> {
    pub(super) fn new(scope: Scope<'a>) -> Targets<'a> {
        Targets { scope, list: Vec::new(), new_children: HashMap::default(), last_database: None }
    }

    fn database(&mut self, table: &TableName) -> Result<Arc<Database>> {
        if let Some((name, database)) = &self.last_database
            && *name == table.database
        {
            names::check_table(&table.table)?;
            return Ok(database.clone());
        }
        let database = names::database_of(self.scope, table)?;
        self.last_database = Some((table.database.clone(), database.clone()));
        Ok(database)
    }

    fn add(&mut self, target: TargetTable) -> Target {
        self.list.push(target);
        self.target(self.list.len() - 1)
    }

    /// A child that is to be made, perhaps one that the statement has named before.
    fn open_missing(&mut self, database: Arc<Database>, name: &str, using: Option<&Using>) -> Result<Target> {
        let key = (database.id, name.to_owned());
        if let Some(&handle) = self.new_children.get(&key) {
            return Ok(self.target(handle));
        }
        let using = using.ok_or(codes::MND_INVALID_TABLE_NAME)?;
        let child = self.new_child(database, name, using)?;
        let target = self.add(child);
        self.new_children.insert(key, target.handle);
        Ok(target)
    }

    fn parent(&self, name: &TableName) -> Result<(Arc<Database>, Arc<SuperTable>)> {
        match names::table(self.scope, name)? {
            (database, TableRef::Super(table)) => Ok((database, table)),
            (_, TableRef::Table(table)) => {
                let what = format_args!("'{}' (create table only from super table is allowed)", table.name);
                Err(Error::invalid_operation(what))
            }
        }
    }

    fn new_child(&self, database: Arc<Database>, name: &str, using: &Using) -> Result<TargetTable> {
        let (home, parent) = self.parent(&using.super_table)?;
        if !Arc::ptr_eq(&home, &database) {
            return Err(codes::TDB_INVALID_CREATE_TB_MSG.into());
        }
        let schema = parent.schema.read().clone();
        let state = State::ToBeMade { name: name.into(), parent, tags: using.values.clone() };
        Ok(TargetTable { database, schema, state })
    }

    fn target(&self, handle: usize) -> Target {
        let TargetTable { database, schema, .. } = &self.list[handle];
        let columns = schema.insert_columns().clone();
        Target { handle, columns, precision: database.options.read().precision }
    }

    /// Makes the children that are missing.
    pub(super) fn make_children(&mut self, context: &Context) -> Result<()> {
        if self.list.iter().all(|target| matches!(target.state, State::Exists(_))) {
            return Ok(());
        }
        let mut definitions = self.scope.catalog.define();
        let mut missing: Vec<(Arc<Database>, Vec<ChildDefinition>)> = Vec::new();
        for TargetTable { database, state, .. } in &self.list {
            let State::ToBeMade { name, parent, tags } = state else {
                continue;
            };
            // Another connection may have made it since.
            if database.tables.read().contains(name) {
                continue;
            }
            let child = ChildDefinition { name: name.clone(), parent: parent.clone(), tags: tags.clone() };
            match missing.iter_mut().find(|(known, _)| Arc::ptr_eq(known, database)) {
                Some((_, siblings)) => siblings.push(child),
                None => missing.push((database.clone(), vec![child])),
            }
        }
        for (database, children) in missing {
            definitions.create_children(&database, children, context.now_in(Precision::Milli))?;
        }
        self.list.iter_mut().try_for_each(settle)
    }

    fn write(&self, batches: Vec<Batch>, context: &Context) -> Result<u64> {
        let mut rows = 0;
        let mut writes: Vec<(&Database, Vec<TableRows>)> = Vec::new();
        for batch in batches {
            let target = self.list.get(batch.target).ok_or(codes::TSC_APP_ERROR)?;
            let table_rows = table_rows(target, batch)?;
            let keys = &table_rows.columns[0].1;
            check_keys(&target.database, keys, context)?;
            rows += keys.len() as u64;
            match writes.iter_mut().find(|(known, _)| std::ptr::eq(*known, &*target.database)) {
                Some((_, tables)) => tables.push(table_rows),
                None => writes.push((&target.database, vec![table_rows])),
            }
        }
        for (database, tables) in writes {
            database.store.write(tables)?;
        }
        Ok(rows)
    }
}

/// Looks up a child that is there by now.
fn settle(target: &mut TargetTable) -> Result<()> {
    let State::ToBeMade { name, .. } = &target.state else {
        return Ok(());
    };
    let found = target.database.tables.read().find(name);
    match found {
        Some(TableRef::Table(table)) => {
            target.state = State::Exists(table.id);
            Ok(())
        }
        _ => Err(codes::MND_INVALID_TABLE_NAME.into()),
    }
}

/// A batch with the ids that storage knows, the primary timestamp first.
fn table_rows(target: &TargetTable, batch: Batch) -> Result<TableRows> {
    let State::Exists(table) = target.state else {
        return Err(codes::TSC_APP_ERROR.into());
    };
    let mut columns = Vec::with_capacity(batch.columns.len());
    for (place, values) in batch.columns.into_iter().zip(batch.values) {
        let column = target.schema.columns.get(place).ok_or(codes::TSC_APP_ERROR)?;
        columns.push((column.id, Arc::new(values)));
    }
    let key = columns.iter().position(|(id, _)| *id == ColumnId::TIMESTAMP);
    columns.swap(0, key.ok_or(codes::TSC_APP_ERROR)?);
    Ok(TableRows { table, columns })
}

/// `0x8000060b` unless every key is there, not older than KEEP and not further ahead than DAYS.
pub(super) fn check_keys(database: &Database, keys: &Column, context: &Context) -> Result<()> {
    let options = database.options.read();
    let day = 86_400 * options.precision.per_second();
    let now = context.now_in(options.precision);
    let oldest = now.saturating_sub(day.saturating_mul(options.keep.into()));
    let newest = now.saturating_add(day.saturating_mul(options.days.into()));
    let ticks = keys.i64s().ok_or(codes::TSC_APP_ERROR)?;
    if keys.null_count() > 0 || ticks.iter().any(|tick| !(oldest..=newest).contains(tick)) {
        return Err(codes::TDB_TIMESTAMP_OUT_OF_RANGE.into());
    }
    Ok(())
}
