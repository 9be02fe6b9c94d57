//! CREATE, ALTER, DROP, SHOW and DESCRIBE, carried out on the catalog.
//!
//! Each checks under [`Catalog::define`](crate::engine::catalog::Catalog::define) what it is going to do,
//! so that nothing that was checked can change before it is done.

mod alter;
mod columns;
mod database;
mod describe;
mod function;
mod options;
mod rows;
mod show;
mod table;
mod user;

use crate::engine::catalog::Scope;
use crate::error::{Error, Result, codes};
use crate::sql::ast::Statement;
use crate::types::{Answer, Context};

pub(super) use show::Surroundings;

/// Carries out a statement other than INSERT, SELECT and USE.
pub(super) fn run(
    statement: &Statement,
    scope: Scope<'_>,
    surroundings: &Surroundings<'_>,
    context: &Context,
) -> Result<Answer> {
    match statement {
        Statement::CreateDatabase { name, if_not_exists, options } => {
            database::create(scope, name, *if_not_exists, options, context)
        }
        Statement::AlterDatabase { name, options } => database::alter(scope, name, options),
        Statement::DropDatabase { name, if_exists } => database::drop(scope, name, *if_exists),
        Statement::CreateTable(table) => table::create(scope, table, context),
        Statement::CreateSubTables(tables) => table::create_children(scope, tables, context),
        Statement::AlterTable { table, stable, action } => {
            alter::alter(scope, table, *stable, action, context)
        }
        Statement::DropTable { table, if_exists, stable } => table::drop(scope, table, *if_exists, *stable),
        Statement::Describe(table) => describe::describe(scope, table),
        Statement::ShowCreate(what) => describe::show_create(scope, what),
        Statement::Show(show) => show::show(scope, show, surroundings),
        Statement::CreateUser { name, .. } => user::create(name),
        Statement::AlterUser { name, change } => user::alter(name, change),
        Statement::DropUser(name) => user::drop(name),
        Statement::CreateFunction(function) => function::create(function),
        Statement::DropFunction(_) => Err(codes::MND_INVALID_FUNC.into()),
        Statement::ResetQueryCache => Ok(Answer::done()),
        Statement::Kill { .. } => Err(codes::MND_INVALID_CONN_ID.into()),
        Statement::Refused(error) => Err(error.clone()),
        Statement::CreateStream { table, if_not_exists, .. } => {
            table::create_stream(scope, table, *if_not_exists)
        }
        Statement::Explain(_) => Err(not_built("EXPLAIN")),
        Statement::Delete { .. } => Err(not_built("DELETE")),
        Statement::Use(_) | Statement::Select(_) => Err(not_built("this statement at this place")),
    }
}

/// Looks up what a statement names, without carrying it out.
pub(super) fn validate(statement: &Statement, scope: Scope<'_>) -> Result<()> {
    use crate::engine::names;
    match statement {
        Statement::CreateTable(create) => names::database_of(scope, &create.table).map(drop),
        Statement::CreateStream { table, .. } => names::database_of(scope, table).map(drop),
        Statement::CreateSubTables(tables) => tables.iter().try_for_each(|create| {
            names::database_of(scope, &create.table)?;
            names::table(scope, &create.using).map(drop)
        }),
        Statement::AlterTable { table, .. }
        | Statement::DropTable { table, if_exists: false, .. }
        | Statement::Delete { table, .. }
        | Statement::Describe(table) => names::table(scope, table).map(drop),
        Statement::Refused(error) => Err(error.clone()),
        _ => Ok(()),
    }
}

/// What this version does not have yet.
fn not_built(what: &str) -> Error {
    let text = format!("Operation not supported: {what} is not built yet in this version");
    Error::new(codes::COM_OPS_NOT_SUPPORT, text)
}
