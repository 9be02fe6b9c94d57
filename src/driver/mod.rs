//! Where data lives: the embedded engine now, a server's adapter later; one trait over all of them.

pub mod embedded;
pub mod remote;

use std::sync::Arc;

use crate::error::Result;
use crate::types::{Column, Context, Executed, InsertTarget};

/// Who wants to connect.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The user's name.
    pub user: String,
    /// The password in the clear; never logged.
    pub password: String,
    /// The database to begin with.
    pub database: Option<String>,
}

/// A way to reach data.
pub trait Driver: Send + Sync {
    /// Opens a session.
    fn connect(&self, login: &Login) -> Result<Box<dyn Session>>;
}

/// One connection's state on the side of the data. Several threads may use it at once.
pub trait Session: Send + Sync {
    /// Executes one statement.
    fn execute(&self, sql: &[u8], context: &Context) -> Executed;

    /// Parses a statement and looks up what it names, without executing it.
    fn validate(&self, sql: &[u8], context: &Context) -> Result<()>;

    /// Reads an INSERT whose values are `?` and looks up its table; one that USING names is made now.
    fn prepare_insert(&self, sql: &[u8], context: &Context) -> Result<InsertTarget>;

    /// Writes columns to tables that [`Session::prepare_insert`] found, a column for each of theirs: the
    /// rows of all tables, or none. Returns how many there were.
    fn insert_columns(
        &self,
        batches: Vec<(Arc<InsertTarget>, Vec<Column>)>,
        context: &Context,
    ) -> Result<u64>;

    /// Makes a database the current one.
    fn use_database(&self, name: &str) -> Result<()>;

    /// Leaves the current database.
    fn reset_database(&self);

    /// The version of what answers, as `2.6.0.65`.
    fn server_version(&self) -> String;
}
