//! What exists: databases, super tables, tables, tags, users; in memory and in a log of its changes.

mod model;

pub use model::{
    Child, Children, Database, DatabaseOptions, Schema, SchemaColumn, SuperTable, Table, TableKind, TableRef,
    Tables,
};

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::RwLock;

/// Everything that exists in one data directory.
#[derive(Default)]
pub struct Catalog {
    databases: RwLock<HashMap<String, Arc<Database>>>,
}

impl Catalog {
    /// The database of that name.
    pub fn database(&self, name: &str) -> Option<Arc<Database>> {
        self.databases.read().get(name).cloned()
    }

    /// Every database, in no order.
    pub fn databases(&self) -> Vec<Arc<Database>> {
        self.databases.read().values().cloned().collect()
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
