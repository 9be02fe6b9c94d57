//! Prepared INSERT: its table is looked up once, then whole columns go to the store as they are.

use std::sync::Arc;

use super::catalog::{Database, Scope, TableRef};
use super::names;
use super::storage::{ColumnId, TableId, TableRows};
use super::write::{Targets, check_keys};
use crate::error::{Result, codes};
use crate::sql::insert;
use crate::types::{Column, Context, InsertColumn, InsertTarget};

/// Looks up the table of an INSERT whose values are `?`; one that USING makes is made now.
///
/// Errors: those of an INSERT.
pub(super) fn target(scope: Scope<'_>, sql: &[u8], context: &Context) -> Result<InsertTarget> {
    let mut targets = Targets::new(scope);
    let read = insert::read_prepared(sql, context, &mut targets);
    let made = targets.make_children(context);
    let prepared = read?;
    made?;
    let (database, table) = match names::table(scope, &prepared.name)? {
        (home, TableRef::Table(table)) => (home, table),
        _ => return Err(codes::MND_INVALID_TABLE_NAME.into()),
    };
    let schema = table.schema().ok_or(codes::MND_INVALID_TABLE_NAME)?;
    let column = |&place: &usize| {
        let column = schema.columns.get(place)?;
        // Nobody may have altered the table since.
        let same = prepared.target.columns.get(place).is_some_and(|read| read.name == column.name);
        let name = column.name.clone();
        same.then_some(InsertColumn { name, id: column.id.0, column_type: column.column_type })
    };
    let columns: Option<Vec<InsertColumn>> = prepared.columns.iter().map(column).collect();
    Ok(InsertTarget {
        database: database.name.clone(),
        database_id: database.id,
        table: table.name.to_string(),
        table_id: table.id.0,
        columns: columns.ok_or(codes::TDB_IVD_TB_SCHEMA_VERSION)?,
    })
}

/// Writes columns to the tables they were prepared for: the rows of all tables, or none. Returns how many
/// rows there were.
///
/// Errors: `0x80000600` when a table is not there any more, `0x8000060B` for a timestamp out of range.
pub(super) fn write(
    scope: Scope<'_>,
    batches: Vec<(Arc<InsertTarget>, Vec<Column>)>,
    context: &Context,
) -> Result<u64> {
    let mut rows = 0;
    let mut writes: Vec<(Arc<Database>, Vec<TableRows>)> = Vec::new();
    for (target, columns) in batches {
        let database = database(scope, &target)?;
        let table_rows = table_rows(&target, columns)?;
        check_keys(&database, &table_rows.columns[0].1, context)?;
        rows += table_rows.rows() as u64;
        match writes.iter_mut().find(|(known, _)| Arc::ptr_eq(known, &database)) {
            Some((_, tables)) => tables.push(table_rows),
            None => writes.push((database, vec![table_rows])),
        }
    }
    for (database, tables) in writes {
        database.store.write(tables)?;
    }
    Ok(rows)
}

/// The database of a table that is still there.
fn database(scope: Scope<'_>, target: &InsertTarget) -> Result<Arc<Database>> {
    let database = scope.catalog.database(&target.database);
    let database = database.filter(|database| database.id == target.database_id);
    let database = database.ok_or(codes::TDB_INVALID_TABLE_ID)?;
    let found = database.tables.read().find(&target.table);
    match found {
        Some(TableRef::Table(table)) if table.id == TableId(target.table_id) => Ok(database),
        _ => Err(codes::TDB_INVALID_TABLE_ID.into()),
    }
}

/// The columns with the ids that storage knows, the primary timestamp first.
fn table_rows(target: &InsertTarget, values: Vec<Column>) -> Result<TableRows> {
    let ids = target.columns.iter().map(|column| ColumnId(column.id));
    let mut columns: Vec<_> = ids.zip(values.into_iter().map(Arc::new)).collect();
    let key = columns.iter().position(|(id, _)| *id == ColumnId::TIMESTAMP);
    columns.swap(0, key.ok_or(codes::TSC_APP_ERROR)?);
    Ok(TableRows { table: TableId(target.table_id), columns })
}
