//! ALTER TABLE: columns and tags added, dropped, widened and renamed, and tags of children set.
//!
//! All but SET TAG answer with a result set: no rows, a column for each name in the statement. Its type is
//! the new one where there is a new one, else INT.

use super::columns::{self, MAX_COLUMNS, MAX_TAGS, Role};
use super::rows;
use crate::engine::catalog::{
    Database, Definitions, Schema, SchemaColumn, Scope, Table, TableKind, TableRef,
};
use crate::engine::names;
use crate::error::{Code, Error, Result, codes};
use crate::sql::ast::{AlterAction, ColumnDef, Name, TableName, TagLiteral};
use crate::sql::insert::tag_value;
use crate::types::{Answer, ColumnType, Context, DataType, Field};

/// Carries out ALTER TABLE or STABLE.
pub(super) fn alter(
    scope: Scope<'_>,
    name: &TableName,
    stable: bool,
    action: &AlterAction,
    context: &Context,
) -> Result<Answer> {
    let mut definitions = scope.catalog.define();
    let (database, table) = names::table(scope, name)?;
    if stable && matches!(table, TableRef::Table(_)) {
        return Err(Error::invalid_operation("table is not super table"));
    }
    if let AlterAction::SetTag { tag, value } = action {
        let TableRef::Table(table) = table else {
            return Err(Error::invalid_operation("set tag value only available for table"));
        };
        return set_tag(&mut definitions, &database, &table, tag, value, context);
    }
    let before = schema_of(&table, action)?;
    let (after, fields) = altered(before, action)?;
    definitions.set_schema(&database, &name.table.text, after)?;
    Ok(rows::answer(fields, []))
}

/// The schema that the action may change.
fn schema_of(table: &TableRef, action: &AlterAction) -> Result<Schema> {
    let of_columns = matches!(
        action,
        AlterAction::AddColumn(_) | AlterAction::DropColumn(_) | AlterAction::ModifyColumn(_)
    );
    match table {
        TableRef::Super(table) => Ok((**table.schema.read()).clone()),
        TableRef::Table(_) if !of_columns => {
            Err(Error::invalid_operation("manipulation of tag available for super table"))
        }
        TableRef::Table(table) => match &table.kind {
            TableKind::Ordinary(schema) => Ok((**schema.read()).clone()),
            TableKind::Child { .. } => {
                Err(Error::invalid_operation("column can only be modified by super table"))
            }
        },
    }
}

/// The schema after the action, and the columns of the answer.
fn altered(mut schema: Schema, action: &AlterAction) -> Result<(Schema, Vec<Field>)> {
    let fields = match action {
        AlterAction::AddColumn(def) => vec![add_column(&mut schema, def)?],
        AlterAction::DropColumn(name) => vec![drop_column(&mut schema, &name.text)?],
        AlterAction::ModifyColumn(def) => vec![modify_column(&mut schema, def)?],
        AlterAction::AddTag(def) => vec![add_tag(&mut schema, def)?],
        AlterAction::DropTag(name) => vec![drop_tag(&mut schema, &name.text)?],
        AlterAction::ModifyTag(def) => vec![modify_tag(&mut schema, def)?],
        AlterAction::ChangeTag { old, new } => change_tag(&mut schema, &old.text, new)?,
        AlterAction::SetTag { .. } => return Err(codes::TSC_APP_ERROR.into()),
    };
    Ok((schema, fields))
}

/// The field of a name that has no new type.
fn typeless(name: &str) -> Field {
    rows::fixed(name, DataType::Int)
}

fn field(column: &SchemaColumn) -> Field {
    Field::new(column.name.clone(), column.column_type)
}

fn check_room(schema: &Schema) -> Result<()> {
    if schema.columns.len() + schema.tags.len() >= MAX_COLUMNS {
        return Err(Error::invalid_operation("too many columns"));
    }
    Ok(())
}

fn check_new(schema: &Schema, column: &SchemaColumn) -> Result<()> {
    if schema.column(&column.name).is_some() || schema.tag(&column.name).is_some() {
        return Err(Error::invalid_operation("duplicated column names"));
    }
    Ok(())
}

fn add_column(schema: &mut Schema, def: &ColumnDef) -> Result<Field> {
    check_room(schema)?;
    let column = columns::new_column(schema, def, Role::Column)?;
    check_new(schema, &column)?;
    let field = field(&column);
    schema.columns.push(column);
    if columns::is_row_too_long(schema) {
        return Err(codes::TSC_EXCEED_ROW_BYTES.into());
    }
    Ok(field)
}

fn drop_column(schema: &mut Schema, name: &str) -> Result<Field> {
    if schema.columns.len() <= 2 {
        return Err(Error::invalid_operation("no columns can be dropped"));
    }
    if schema.tag(name).is_some() {
        return Err(codes::MND_FIELD_NOT_EXIST.into());
    }
    match schema.column(name).ok_or_else(unknown_name)? {
        0 => Err(Error::invalid_operation("primary timestamp column cannot be dropped")),
        place => {
            schema.columns.remove(place);
            Ok(typeless(name))
        }
    }
}

fn modify_column(schema: &mut Schema, def: &ColumnDef) -> Result<Field> {
    let place = schema.column(&def.name.text).ok_or_else(unknown_name)?;
    let column = &mut schema.columns[place];
    widen(column, def, Role::Column, codes::TSC_INVALID_COLUMN_LENGTH)?;
    let field = field(column);
    if columns::is_row_too_long(schema) {
        return Err(Error::invalid_operation("invalid binary/nchar column length"));
    }
    Ok(field)
}

fn add_tag(schema: &mut Schema, def: &ColumnDef) -> Result<Field> {
    if schema.tags.len() >= MAX_TAGS {
        return Err(Error::invalid_operation(format_args!("tags no more than {MAX_TAGS}")));
    }
    check_room(schema)?;
    let tag = columns::new_column(schema, def, Role::Tag)?;
    if schema.has_json_tag() || tag.column_type.data_type == DataType::Json {
        return Err(Error::invalid_operation("only support one json tag"));
    }
    check_new(schema, &tag)?;
    let field = field(&tag);
    schema.tags.push(tag);
    columns::check_tag_bytes(schema)?;
    Ok(field)
}

fn drop_tag(schema: &mut Schema, name: &str) -> Result<Field> {
    if schema.tags.len() <= 1 {
        return Err(Error::invalid_operation("no tags can be dropped"));
    }
    if schema.column(name).is_some() {
        return Err(Error::invalid_operation("invalid tag name"));
    }
    let place = schema.tag(name).ok_or_else(unknown_name)?;
    schema.tags.remove(place);
    Ok(typeless(name))
}

fn modify_tag(schema: &mut Schema, def: &ColumnDef) -> Result<Field> {
    let place = schema.tag(&def.name.text).ok_or_else(unknown_name)?;
    let tag = &mut schema.tags[place];
    widen(tag, def, Role::Tag, codes::TSC_INVALID_TAG_LENGTH)?;
    let field = field(tag);
    columns::check_tag_bytes(schema)
        .map_err(|_| Error::invalid_operation("invalid binary/nchar column length"))?;
    Ok(field)
}

fn change_tag(schema: &mut Schema, old: &str, new: &Name) -> Result<Vec<Field>> {
    let place = schema.tag(old).ok_or_else(unknown_name)?;
    if !names::is_column_name(new) {
        return Err(Error::invalid_operation("invalid tag name or length"));
    }
    if schema.column(&new.text).is_some() || schema.tag(&new.text).is_some() {
        return Err(Error::invalid_operation("invalid new tag name"));
    }
    schema.tags[place].name = new.text.clone();
    Ok(vec![typeless(old), typeless(&new.text)])
}

/// Gives a string column its new, larger width.
fn widen(column: &mut SchemaColumn, def: &ColumnDef, role: Role, too_narrow: Code) -> Result<()> {
    if !matches!(column.column_type.data_type, DataType::Binary | DataType::NChar) {
        return Err(Error::invalid_operation("only binary/nchar column length could be modified"));
    }
    let ColumnType { data_type, width } = columns::column_type(&def.type_spec, role)?;
    if data_type != column.column_type.data_type {
        return Err(Error::invalid_operation("only column length can be be modified"));
    }
    if width <= column.column_type.width {
        return Err(too_narrow.into());
    }
    column.column_type.width = width;
    Ok(())
}

fn set_tag(
    definitions: &mut Definitions<'_>,
    database: &Database,
    table: &Table,
    tag: &Name,
    literal: &TagLiteral,
    context: &Context,
) -> Result<Answer> {
    let schema = table.schema().ok_or(codes::MND_INVALID_TABLE_NAME)?;
    let is_child = table.parent().is_some();
    if is_child && schema.column(&tag.text).is_some() {
        return Err(Error::invalid_operation("update normal column not supported"));
    }
    let place = schema.tag(&tag.text).ok_or_else(unknown_name)?;
    let SchemaColumn { id, column_type, .. } = schema.tags[place];
    let value = tag_value(literal, column_type, database.options.read().precision, context)?;
    definitions.set_tag(database, &table.name, id, value)?;
    Ok(Answer::done())
}

fn unknown_name() -> Error {
    Error::invalid_operation("invalid column name")
}
