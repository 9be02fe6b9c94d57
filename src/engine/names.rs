//! What a name in a statement stands for, and which names may be given; for everything but SELECT, which
//! has answers of its own to names that are missing.

use std::sync::Arc;

use crate::engine::catalog::{Database, Scope, TableRef};
use crate::error::{Error, Result, codes};
use crate::sql::ast::{Name, TableName};

/// The longest name of a database, in bytes.
const DATABASE_NAME: usize = 32;
/// The longest name of a table, in bytes.
const TABLE_NAME: usize = 192;
/// The longest name of a column or tag, in bytes, back quotes counted.
const COLUMN_NAME: usize = 64;

/// Whether a database may have this name: `0x80000200` when not.
pub(super) fn check_database(name: &Name) -> Result<()> {
    check(name, DATABASE_NAME, "invalid db name")
}

/// Whether a table may have this name: `0x80000200` when not.
pub(super) fn check_table(name: &Name) -> Result<()> {
    check(name, TABLE_NAME, "invalid table name")
}

fn check(name: &Name, longest: usize, invalid: &str) -> Result<()> {
    match name.text.len() {
        0 => Err(Error::invalid_operation(invalid)),
        length if length > longest => Err(Error::invalid_operation("name too long")),
        _ => Ok(()),
    }
}

/// Whether a column or tag may have this name.
pub(super) fn is_column_name(name: &Name) -> bool {
    let quotes = if name.quoted { 2 } else { 0 };
    let is_word = !name.text.is_empty() && (name.quoted || name.text != "tbname");
    is_word && name.text.len() + quotes <= COLUMN_NAME
}

/// The database of a table that a statement names.
///
/// # Errors
/// `0x80000217` when no database was chosen, `0x80000380` when the one chosen or named does not exist,
/// `0x80000200` for a name that nothing can have.
pub(super) fn database_of(scope: Scope<'_>, table: &TableName) -> Result<Arc<Database>> {
    check_table(&table.table)?;
    let name = match (&table.database, scope.database) {
        (Some(name), _) => {
            check_database(name)?;
            name.text.as_str()
        }
        (None, Some(current)) => current,
        (None, None) => return Err(codes::TSC_DB_NOT_SELECTED.into()),
    };
    scope.catalog.database(name).ok_or_else(|| codes::MND_DB_NOT_SELECTED.into())
}

/// The table that a statement names, with its database.
///
/// # Errors
/// Those of [`database_of`]; `0x80000362` when there is no such table.
pub(super) fn table(scope: Scope<'_>, name: &TableName) -> Result<(Arc<Database>, TableRef)> {
    let database = database_of(scope, name)?;
    let found = database.tables.read().find(&name.table.text);
    Ok((database, found.ok_or(codes::MND_INVALID_TABLE_NAME)?))
}
