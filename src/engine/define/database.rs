//! CREATE, ALTER and DROP DATABASE.

use super::options;
use crate::engine::catalog::Scope;
use crate::engine::names::check_database;
use crate::error::{Result, codes};
use crate::sql::ast::{DatabaseOption, Name};
use crate::types::{Answer, Context, Precision};

pub(super) fn create(
    scope: Scope<'_>,
    name: &Name,
    if_not_exists: bool,
    given: &[DatabaseOption],
    context: &Context,
) -> Result<Answer> {
    check_database(name)?;
    let options = options::create(given)?;
    let mut definitions = scope.catalog.define();
    match scope.catalog.database(&name.text) {
        Some(_) if if_not_exists => {}
        Some(_) => return Err(codes::MND_DB_ALREADY_EXIST.into()),
        None => definitions.create_database(&name.text, options, context.now_in(Precision::Milli))?,
    }
    Ok(Answer::done())
}

pub(super) fn alter(scope: Scope<'_>, name: &Name, given: &[DatabaseOption]) -> Result<Answer> {
    check_database(name)?;
    let mut definitions = scope.catalog.define();
    let database = scope.catalog.database(&name.text).ok_or(codes::MND_INVALID_DB)?;
    let before = database.options.read().clone();
    let options = options::alter(&before, given)?;
    if options != before {
        definitions.alter_database(&database, options)?;
    }
    Ok(Answer::done())
}

pub(super) fn drop(scope: Scope<'_>, name: &Name, if_exists: bool) -> Result<Answer> {
    check_database(name)?;
    let mut definitions = scope.catalog.define();
    match scope.catalog.database(&name.text) {
        Some(database) => definitions.drop_database(&database)?,
        None if if_exists => {}
        None => return Err(codes::MND_INVALID_DB.into()),
    }
    Ok(Answer::done())
}
