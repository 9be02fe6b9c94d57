//! The embedded database: a directory of files, opened in this process.
//!
//! It speaks SQL text and [`crate::types`]; it does not know that a C ABI exists. [`Engine::open`] opens a
//! database, [`Engine::connect`] gives a [`Session`], which executes statements.

pub mod catalog;
mod connections;
mod data_dir;
mod define;
pub mod exec;
mod functions;
mod names;
pub mod plan;
mod prepare;
mod session;
pub mod storage;
#[cfg(test)]
pub(crate) mod tests;
mod write;

pub use data_dir::DataLocation;
pub use session::Session;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use self::catalog::Catalog;
use self::connections::Connections;
use self::data_dir::DataDirectory;
use crate::error::Result;
use crate::types::{Context, Precision, StopFlag, TimeZone};

/// The version of TDengine that this engine answers like.
pub const SERVER_VERSION: &str = "2.6.0.65";

/// What an engine is opened with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where the database lives.
    pub location: DataLocation,
}

/// An open database.
///
/// It is closed when it is dropped; [`Engine::close`] tells whether that went well.
pub struct Engine {
    directory: DataDirectory,
    catalog: Catalog,
    connections: Connections,
    /// What SHOW VARIABLES lists.
    variables: Vec<(&'static str, String)>,
    closed: AtomicBool,
}

impl Engine {
    /// Opens the database at that place, making an empty one when there is none.
    pub fn open(settings: &Settings) -> Result<Arc<Engine>> {
        let directory = DataDirectory::open(&settings.location, now())?;
        let catalog = Catalog::open(directory.files.clone(), &directory.path)?;
        let data_dir = match &settings.location {
            DataLocation::Directory(path) => path.display().to_string(),
            DataLocation::Memory => ":memory:".to_owned(),
        };
        let variables = vec![("dataDir", data_dir), ("serverVersion", SERVER_VERSION.to_owned())];
        let (connections, closed) = (Connections::default(), AtomicBool::new(false));
        Ok(Arc::new(Engine { directory, catalog, connections, variables, closed }))
    }

    /// Opens a session.
    ///
    /// # Errors
    /// `0x80000351` for an unknown user, `0x80000003` for a wrong password.
    pub fn connect(self: &Arc<Engine>, user: &str, password: &str) -> Result<Session> {
        self.catalog.users().authenticate(user, password)?;
        let connection = self.connections.open(user, now());
        Ok(Session::new(self.clone(), connection))
    }

    /// Brings what is in memory into files and lets other processes open the database. No statement may
    /// be running, and none may follow. The files are whole also without it. A second call does nothing.
    pub fn close(&self) -> Result<()> {
        if self.closed.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        let closed = self.catalog.close();
        self.directory.unlock();
        closed
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // What could not be flushed is in the logs and is found at the next open.
        let _ = self.close();
    }
}

/// Milliseconds since 1970.
fn now() -> i64 {
    Context::new(TimeZone::UTC, StopFlag::default()).now_in(Precision::Milli)
}
