//! One connection's view of the engine: its user, its current database, and the way of a statement.

use std::sync::Arc;

use parking_lot::RwLock;

use super::Engine;
use super::catalog::Scope;
use super::connections::Connection;
use super::define::{self, Surroundings};
use super::{plan, prepare, write};
use crate::error::{Error, Result, codes};
use crate::sql::ast::Statement;
use crate::sql::{insert, is_update, parse};
use crate::types::{Answer, Column, Context, Executed, InsertTarget, Precision};

/// A connection to an [`Engine`]. Several threads may use it at once.
pub struct Session {
    engine: Arc<Engine>,
    connection: Arc<Connection>,
    database: RwLock<Option<String>>,
}

impl Session {
    pub(super) fn new(engine: Arc<Engine>, connection: Arc<Connection>) -> Session {
        Session { engine, connection, database: RwLock::new(None) }
    }

    /// Executes one statement.
    pub fn execute(&self, sql: &[u8], context: &Context) -> Executed {
        self.connection.touch(context.now_in(Precision::Milli));
        if insert::is_insert(sql) {
            let written = self.in_scope(|scope| {
                define::check_writing(scope)?;
                write::insert(scope, sql, context)
            });
            let answer = written.map(Answer::written);
            return Executed { is_update: true, answer };
        }
        match parse(sql) {
            Ok(statement) => Executed { is_update: is_update(sql), answer: self.run(&statement, context) },
            Err(error) => Executed { is_update: false, answer: Err(error) },
        }
    }

    /// Parses a statement and looks up what it names, without executing it.
    pub fn validate(&self, sql: &[u8], context: &Context) -> Result<()> {
        if insert::is_insert(sql) {
            return self.in_scope(|scope| write::validate(scope, sql, context));
        }
        match parse(sql)? {
            Statement::Use(name) => self.find_database(&name.text),
            Statement::Select(query) => self.in_scope(|scope| plan::bind(scope, &query, context)).map(drop),
            statement => self.in_scope(|scope| define::validate(&statement, scope)),
        }
    }

    /// Reads an INSERT whose values are `?` and looks up its table; one that USING names is made now.
    pub fn prepare_insert(&self, sql: &[u8], context: &Context) -> Result<InsertTarget> {
        self.in_scope(|scope| {
            define::check_writing(scope)?;
            prepare::target(scope, sql, context)
        })
    }

    /// Writes columns to tables that [`Session::prepare_insert`] found: all rows or none. Returns how many.
    pub fn insert_columns(
        &self,
        batches: Vec<(Arc<InsertTarget>, Vec<Column>)>,
        context: &Context,
    ) -> Result<u64> {
        self.connection.touch(context.now_in(Precision::Milli));
        self.in_scope(|scope| {
            define::check_writing(scope)?;
            prepare::write(scope, batches, context)
        })
    }

    /// Makes a database the current one; its name is in lower case unless it stands in back quotes.
    pub fn use_database(&self, name: &str) -> Result<()> {
        let quoted = name.strip_prefix('`').and_then(|name| name.strip_suffix('`'));
        let name = quoted.map_or_else(|| name.to_lowercase(), str::to_owned);
        if name.is_empty() {
            return Err(Error::syntax(""));
        }
        self.choose_database(name)
    }

    /// Leaves the current database.
    pub fn reset_database(&self) {
        *self.database.write() = None;
    }

    fn choose_database(&self, name: String) -> Result<()> {
        self.find_database(&name)?;
        *self.database.write() = Some(name);
        Ok(())
    }

    fn find_database(&self, name: &str) -> Result<()> {
        self.engine.catalog.database(name).map(drop).ok_or_else(|| codes::MND_INVALID_DB.into())
    }

    fn in_scope<T>(&self, run: impl FnOnce(Scope<'_>) -> T) -> T {
        let database = self.database.read().clone();
        let user = &self.connection.user;
        run(Scope { catalog: &self.engine.catalog, database: database.as_deref(), user })
    }

    fn run(&self, statement: &Statement, context: &Context) -> Result<Answer> {
        self.in_scope(|scope| define::check_rights(scope, statement))?;
        match statement {
            Statement::Use(name) => self.choose_database(name.text.clone()).map(|()| Answer::done()),
            Statement::Select(query) => {
                let rows = self.in_scope(|scope| plan::select(scope, query, context))?;
                Ok(Answer { affected_rows: 0, rows: Some(rows) })
            }
            statement => {
                let surroundings = Surroundings {
                    connections: &self.engine.connections,
                    variables: &self.engine.variables,
                    created: self.engine.directory.created,
                };
                self.in_scope(|scope| define::run(statement, scope, &surroundings, context))
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.engine.connections.close(self.connection.id);
    }
}
