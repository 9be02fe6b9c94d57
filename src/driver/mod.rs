//! Where data lives: the embedded engine now, a server's adapter later; one trait over all of them.

pub mod embedded;
pub mod remote;

use crate::error::Result;
use crate::types::{Context, Executed};

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

    /// Makes a database the current one.
    fn use_database(&self, name: &str) -> Result<()>;

    /// Leaves the current database.
    fn reset_database(&self);

    /// The version of what answers, as `2.6.0.65`.
    fn server_version(&self) -> String;
}
