//! DESCRIBE and SHOW CREATE: a definition given back, as a list or as a statement.

use std::fmt::Write as _;

use super::rows;
use crate::engine::catalog::{Database, DatabaseOptions, SchemaColumn, Scope, SuperTable, Table, TableRef};
use crate::engine::names;
use crate::error::{Error, Result, codes};
use crate::sql::ast::{Name, ShowCreate, TableName};
use crate::types::{Answer, DataType, Value};

/// DESCRIBE: the columns, then the tags.
pub(super) fn describe(scope: Scope<'_>, name: &TableName) -> Result<Answer> {
    let (_, table) = names::table(scope, name)?;
    let schema = match table {
        TableRef::Super(table) => table.schema.read().clone(),
        TableRef::Table(table) => table.schema().ok_or(codes::MND_INVALID_TABLE_NAME)?,
    };
    let fields = vec![
        rows::text("Field", 64),
        rows::text("Type", 20),
        rows::fixed("Length", DataType::Int),
        rows::text("Note", 8),
    ];
    let row = |column: &SchemaColumn, note| {
        vec![
            Value::text(&column.name),
            Value::text(column.column_type.data_type.name()),
            Value::Int(column.column_type.width.into()),
            Value::text(note),
        ]
    };
    let columns = schema.columns.iter().map(|column| row(column, ""));
    let tags = schema.tags.iter().map(|tag| row(tag, "TAG"));
    Ok(rows::answer(fields, columns.chain(tags)))
}

/// SHOW CREATE DATABASE, TABLE or STABLE.
pub(super) fn show_create(scope: Scope<'_>, what: &ShowCreate) -> Result<Answer> {
    match what {
        ShowCreate::Database(name) => show_create_database(scope, name),
        ShowCreate::Table(name) => show_create_table(scope, name),
        ShowCreate::Stable(name) => match names::table(scope, name)? {
            (_, TableRef::Super(table)) => statement("Table", 192, &table.name, &create_super_table(&table)),
            (_, TableRef::Table(_)) => Err(codes::TSC_INVALID_VALUE.into()),
        },
    }
}

fn show_create_database(scope: Scope<'_>, name: &Name) -> Result<Answer> {
    names::check_database(name)?;
    let database = scope.catalog.database(&name.text).ok_or(codes::TSC_DB_NOT_SELECTED)?;
    statement("Database", 32, &database.name, &create_database(&database))
}

fn show_create_table(scope: Scope<'_>, name: &TableName) -> Result<Answer> {
    let (_, table) = names::table(scope, name)?;
    let text = match &table {
        TableRef::Super(table) => create_super_table(table),
        TableRef::Table(table) => match table.parent() {
            Some(parent) => create_child(table, &parent),
            None => {
                let schema = table.schema().ok_or(codes::MND_INVALID_TABLE_NAME)?;
                format!("CREATE TABLE `{}` ({})", table.name, declarations(&schema.columns))
            }
        },
    };
    statement("Table", 192, &name.table.text, &text)
}

/// A result of one row: a name, and a statement in a column as wide as its text.
fn statement(kind: &str, name_width: usize, name: &str, text: &str) -> Result<Answer> {
    if text.len() > usize::from(u16::MAX) {
        let what = format!("the statement that makes {kind} \"{name}\" has more than {} bytes", u16::MAX);
        return Err(Error::new(codes::TSC_RES_TOO_MANY, what));
    }
    let fields = vec![rows::text(kind, name_width), rows::text(&format!("Create {kind}"), text.len())];
    Ok(rows::answer(fields, [vec![Value::text(name), Value::text(text)]]))
}

fn create_database(database: &Database) -> String {
    let DatabaseOptions {
        replica,
        quorum,
        days,
        keep,
        cache_mb,
        blocks,
        min_rows,
        max_rows,
        wal_level,
        fsync_ms,
        comp,
        cache_last,
        precision,
        update,
    } = database.options.read().clone();
    let (name, precision, update) = (&database.name, precision.name(), update as u8);
    format!(
        "CREATE DATABASE `{name}` REPLICA {replica} QUORUM {quorum} DAYS {days} KEEP {keep} \
         CACHE {cache_mb} BLOCKS {blocks} MINROWS {min_rows} MAXROWS {max_rows} WAL {wal_level} \
         FSYNC {fsync_ms} COMP {comp} CACHELAST {cache_last} PRECISION '{precision}' UPDATE {update}"
    )
}

fn create_super_table(table: &SuperTable) -> String {
    let schema = table.schema.read().clone();
    let (columns, tags) = (declarations(&schema.columns), declarations(&schema.tags));
    format!("CREATE TABLE `{}` ({columns}) TAGS ({tags})", table.name)
}

fn create_child(table: &Table, parent: &SuperTable) -> String {
    let schema = parent.schema.read().clone();
    let values = table.tag_values();
    let tags: Vec<String> = schema.tags.iter().zip(&values).map(|(tag, value)| literal(tag, value)).collect();
    format!("CREATE TABLE `{}` USING `{}` TAGS ({})", table.name, parent.name, tags.join(","))
}

fn declarations(columns: &[SchemaColumn]) -> String {
    let mut text = String::new();
    for (place, column) in columns.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        // Writing into a string cannot fail.
        let _ = write!(text, "{comma}`{}` {}", column.name, column.column_type);
    }
    text
}

/// A tag as the original prints it: timestamps as numbers in quotes, strings without escapes.
fn literal(tag: &SchemaColumn, value: &Value) -> String {
    let data_type = tag.column_type.data_type;
    match value {
        Value::Null if data_type == DataType::Json => "'NULL'".into(),
        Value::Null => "NULL".into(),
        Value::Bool(value) => value.to_string(),
        Value::Int(ticks) if data_type == DataType::Timestamp => format!("\"{ticks}\""),
        Value::Int(number) => number.to_string(),
        Value::UInt(number) => number.to_string(),
        Value::Float(number) => format!("{number:.6}"),
        Value::Bytes(bytes) if data_type == DataType::Json => format!("'{}'", String::from_utf8_lossy(bytes)),
        Value::Bytes(bytes) => format!("\"{}\"", String::from_utf8_lossy(bytes)),
    }
}
