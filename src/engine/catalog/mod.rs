//! What exists: databases, super tables, tables, tags; in memory and in a log of its changes.
//!
//! Readers look names up in [`Catalog`] and hold what they find. Whoever defines something takes
//! [`Catalog::define`], checks under it, and calls one of the methods of [`Definitions`]; each writes
//! one record to the log before anybody can see the change.

mod apply;
mod change;
mod check;
mod codec;
mod define;
mod model;
mod replay;
mod secret;
mod snapshot;
#[cfg(test)]
mod tests;
mod users;

pub use check::check;
pub use define::{ChildDefinition, Definitions};
pub use model::{
    Child, Children, Database, DatabaseOptions, Schema, SchemaColumn, SuperTable, Table, TableKind, TableRef,
    Tables,
};
pub use secret::Secret;
pub(super) use snapshot::log_path;
pub use users::{Privilege, ROOT, User, Users};

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use foldhash::fast::RandomState;
use parking_lot::{Mutex, RwLock};

use self::define::Journal;
use crate::engine::storage::files::{Files, failed};
use crate::engine::storage::{Store, StoreOptions};
use crate::error::Result;

/// Everything that exists in one data directory.
pub struct Catalog {
    disk: Disk,
    databases: RwLock<HashMap<String, Arc<Database>, RandomState>>,
    users: Users,
    /// Also what makes definitions wait for each other.
    journal: Mutex<Journal>,
}

/// Where the catalog and the databases have their files.
struct Disk {
    files: Arc<dyn Files>,
    directory: PathBuf,
}

impl Catalog {
    /// Opens the catalog in a data directory with all its databases; an empty directory is an empty
    /// catalog.
    pub fn open(files: Arc<dyn Files>, directory: &Path) -> Result<Catalog> {
        let disk = Disk { files, directory: directory.to_owned() };
        disk.make_directories()?;
        replay::open(disk)
    }

    /// The database of that name.
    pub fn database(&self, name: &str) -> Option<Arc<Database>> {
        self.databases.read().get(name).cloned()
    }

    /// Every database, oldest first.
    pub fn databases(&self) -> Vec<Arc<Database>> {
        let mut databases: Vec<_> = self.databases.read().values().cloned().collect();
        databases.sort_unstable_by_key(|database| database.id);
        databases
    }

    /// Who may connect.
    pub fn users(&self) -> &Users {
        &self.users
    }

    /// Waits until no other definition is going on, and keeps others waiting.
    pub fn define(&self) -> Definitions<'_> {
        Definitions::new(self, self.journal.lock())
    }

    /// Brings what is in memory into files, so that the next open is quick. The first error is returned,
    /// after everything was tried.
    pub fn close(&self) -> Result<()> {
        self.databases().iter().map(|database| database.store.close()).fold(Ok(()), Result::and)
    }
}

impl Disk {
    /// Makes what is missing, and puts the names on the disk before anything is written below them.
    fn make_directories(&self) -> Result<()> {
        for directory in [self.directory.join("catalog"), self.stores()] {
            self.files
                .create_dir(&directory)
                .map_err(|cause| failed("create directory", &directory, &cause))?;
        }
        let synced = self.files.sync_dir(&self.directory);
        synced.map_err(|cause| failed("sync directory", &self.directory, &cause))
    }

    /// Where the databases have their rows.
    fn stores(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn store_directory(&self, database: u32) -> PathBuf {
        self.stores().join(database.to_string())
    }

    /// Removes the rows of a database that is gone.
    fn remove_store(&self, database: u32) -> Result<()> {
        Store::remove(&*self.files, &self.store_directory(database))
    }

    /// Removes the rows of all databases but these: what a crash, or a file that was in use, has left.
    fn remove_other_stores(&self, known: impl Fn(u32) -> bool) -> Result<()> {
        let stores = self.stores();
        let names = self.files.list(&stores).map_err(|cause| failed("list", &stores, &cause))?;
        let ids = names.iter().filter_map(|name| name.to_str()?.parse().ok());
        ids.filter(|&id| !known(id)).try_for_each(|id| self.remove_store(id))
    }

    fn open_store(&self, database: u32, options: &DatabaseOptions) -> Result<Store> {
        Store::open(self.files.clone(), &self.store_directory(database), options.into())
    }
}

impl From<&DatabaseOptions> for StoreOptions {
    fn from(options: &DatabaseOptions) -> StoreOptions {
        // CACHE and BLOCKS are meant for a server; a library in somebody's process is more modest.
        const MOST: i64 = 128 << 20;
        let memory = (i64::from(options.cache_mb) * i64::from(options.blocks)).saturating_mul(1 << 20);
        StoreOptions {
            update: options.update,
            wal_level: options.wal_level,
            fsync_ms: options.fsync_ms,
            memory: memory.clamp(1 << 20, MOST) as usize,
            block_rows: options.max_rows.max(1) as usize,
        }
    }
}

/// What the names in a statement are looked up in.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// Everything there is.
    pub catalog: &'a Catalog,
    /// The connection's current database; it may have been dropped.
    pub database: Option<&'a str>,
    /// The connection's user.
    pub user: &'a str,
}
