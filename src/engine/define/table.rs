//! CREATE and DROP of tables, super tables and children.

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::{columns, not_built};
use crate::engine::catalog::{ChildDefinition, Database, Schema, Scope, SuperTable, TableRef};
use crate::engine::names;
use crate::error::{Error, Result, codes};
use crate::sql::ast::{CreateSubTable, CreateTable, TableName};
use crate::sql::insert::tag_value;
use crate::types::{Answer, Context, Precision, Value};

/// CREATE TABLE or STABLE with columns.
pub(super) fn create(scope: Scope<'_>, create: &CreateTable, context: &Context) -> Result<Answer> {
    let schema = columns::schema(&create.columns, create.tags.as_deref())?;
    let mut definitions = scope.catalog.define();
    let database = names::database_of(scope, &create.table)?;
    let name = &create.table.table.text;
    let created = context.now_in(Precision::Milli);
    let exists = database.tables.read().contains(name);
    match (exists, create.if_not_exists) {
        (true, true) => {}
        (true, false) => return Err(codes::MND_TABLE_ALREADY_EXIST.into()),
        (false, _) if schema.tags.is_empty() => definitions.create_table(&database, name, schema, created)?,
        (false, _) => definitions.create_super_table(&database, name, schema, created)?,
    }
    Ok(Answer::done())
}

/// A child whose clause was understood.
struct Checked<'a> {
    create: &'a CreateSubTable,
    database: Arc<Database>,
    parent: Arc<SuperTable>,
    tags: Vec<Value>,
}

/// CREATE TABLE … USING, several children at once. All clauses are checked before any child is made; a
/// name that is taken then ends the statement, and the children before it are there.
pub(super) fn create_children(
    scope: Scope<'_>,
    creates: &[CreateSubTable],
    context: &Context,
) -> Result<Answer> {
    let mut definitions = scope.catalog.define();
    let checked =
        creates.iter().map(|create| check_child(scope, create, context)).collect::<Result<Vec<_>>>()?;
    let mut taken = HashSet::<_, RandomState>::default();
    let mut children: Vec<(Arc<Database>, Vec<ChildDefinition>)> = Vec::new();
    let mut outcome = Ok(Answer::done());
    for Checked { create, database, parent, tags } in checked {
        let name = create.table.table.text.as_str();
        let exists = !taken.insert((database.id, name)) || database.tables.read().contains(name);
        if exists && create.if_not_exists {
            continue;
        }
        if exists {
            outcome = Err(codes::MND_TABLE_ALREADY_EXIST.into());
            break;
        }
        let child = ChildDefinition { name: name.into(), parent, tags };
        match children.iter_mut().find(|(known, _)| Arc::ptr_eq(known, &database)) {
            Some((_, siblings)) => siblings.push(child),
            None => children.push((database, vec![child])),
        }
    }
    for (database, children) in children {
        definitions.create_children(&database, children, context.now_in(Precision::Milli))?;
    }
    outcome
}

fn check_child<'a>(scope: Scope<'_>, create: &'a CreateSubTable, context: &Context) -> Result<Checked<'a>> {
    let database = names::database_of(scope, &create.table)?;
    let (home, parent) = names::table(scope, &create.using)?;
    let TableRef::Super(parent) = parent else {
        return Err(Error::invalid_operation("create table only from super table is allowed"));
    };
    let schema = parent.schema.read().clone();
    let precision = home.options.read().precision;
    let tags = tags(&schema, create, precision, context)?;
    if !Arc::ptr_eq(&home, &database) {
        return Err(codes::TDB_INVALID_CREATE_TB_MSG.into());
    }
    Ok(Checked { create, database, parent, tags })
}

/// The values for all tags, NULL for those not named; of a tag named twice the last value counts.
fn tags(
    schema: &Schema,
    create: &CreateSubTable,
    precision: Precision,
    context: &Context,
) -> Result<Vec<Value>> {
    let places = match &create.tag_names {
        None => (0..schema.tags.len()).collect(),
        Some(names) => names
            .iter()
            .map(|name| {
                let unknown = || Error::invalid_operation(format_args!("'{}' (invalid tag name)", name.text));
                schema.tag(&name.text).ok_or_else(unknown)
            })
            .collect::<Result<Vec<usize>>>()?,
    };
    if places.len() != create.values.len() {
        return Err(Error::invalid_operation("tags number not matched"));
    }
    let mut tags = vec![Value::Null; schema.tags.len()];
    for (place, literal) in places.into_iter().zip(&create.values) {
        tags[place] = tag_value(literal, schema.tags[place].column_type, precision, context)?;
    }
    Ok(tags)
}

/// CREATE TABLE … AS SELECT, a continuous query: not built.
pub(super) fn create_stream(scope: Scope<'_>, name: &TableName, if_not_exists: bool) -> Result<Answer> {
    let database = names::database_of(scope, name)?;
    let exists = database.tables.read().contains(&name.table.text);
    match (exists, if_not_exists) {
        (true, true) => Ok(Answer::done()),
        (true, false) => Err(codes::MND_TABLE_ALREADY_EXIST.into()),
        (false, _) => Err(not_built("a continuous query")),
    }
}

/// DROP TABLE or STABLE. DROP TABLE takes a super table too, children and all.
pub(super) fn drop(scope: Scope<'_>, name: &TableName, if_exists: bool, stable: bool) -> Result<Answer> {
    let mut definitions = scope.catalog.define();
    let database = names::database_of(scope, name)?;
    let found = database.tables.read().find(&name.table.text);
    match found {
        Some(TableRef::Super(table)) => definitions.drop_super_table(&database, &table.name)?,
        Some(TableRef::Table(_)) if stable => return Err(codes::MND_INVALID_TABLE_TYPE.into()),
        Some(TableRef::Table(table)) => definitions.drop_table(&database, &table.name)?,
        None if if_exists => {}
        None => return Err(codes::MND_INVALID_TABLE_NAME.into()),
    }
    Ok(Answer::done())
}
