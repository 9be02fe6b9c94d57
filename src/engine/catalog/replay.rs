//! Opening the catalog: its log is read into drafts, and only databases that are left at the end get
//! their stores opened.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};

use super::change::{Change, TableChange, decode};
use super::codec::corrupt;
use super::define::Journal;
use super::model::{Database, DatabaseOptions, Tables};
use super::users::Users;
use super::{Catalog, Disk};
use crate::error::Result;

/// What the log tells so far.
#[derive(Default)]
pub(super) struct Draft {
    databases: BTreeMap<u32, DraftDatabase>,
    users: Users,
    next_database: u32,
    next_table: u64,
}

struct DraftDatabase {
    name: String,
    created: i64,
    options: DatabaseOptions,
    tables: Tables,
}

/// Opens the catalog there.
pub(super) fn open(disk: Disk) -> Result<Catalog> {
    let mut draft = Draft { next_database: 1, next_table: 1, ..Default::default() };
    let log = super::snapshot::open_log(&disk, &mut |record| {
        decode(record)?.into_iter().try_for_each(|change| draft.apply(change))
    })?;
    disk.remove_other_stores(|id| draft.databases.contains_key(&id))?;
    let mut databases = HashMap::default();
    for (id, DraftDatabase { name, created, options, tables }) in draft.databases {
        let store = disk.open_store(id, &options)?;
        let options = RwLock::new(options);
        let database = Arc::new(Database {
            id,
            name: name.clone(),
            created,
            options,
            tables: RwLock::new(tables),
            store,
        });
        if databases.insert(name, database).is_some() {
            return Err(corrupt("two databases have the same name"));
        }
    }
    let journal = Journal::new(log, draft.next_database, draft.next_table);
    let (databases, journal) = (RwLock::new(databases), Mutex::new(journal));
    let catalog = Catalog { disk, databases, users: draft.users, journal };
    super::snapshot::rewrite_when_stale(&catalog, &mut catalog.journal.lock());
    Ok(catalog)
}

impl Draft {
    /// The numbers of the databases, in order.
    pub(super) fn databases(&self) -> Vec<u32> {
        self.databases.keys().copied().collect()
    }

    pub(super) fn apply(&mut self, change: Change) -> Result<()> {
        match change {
            Change::SpentIds { database, table } => {
                self.next_database = self.next_database.max(database);
                self.next_table = self.next_table.max(table);
            }
            Change::CreateDatabase { id, name, created, options } => {
                self.next_database = self.next_database.max(id.saturating_add(1));
                let database = DraftDatabase { name, created, options, tables: Tables::default() };
                if self.databases.insert(id, database).is_some() {
                    return Err(corrupt(format_args!("database {id} is made twice")));
                }
            }
            Change::AlterDatabase { id, options } => self.database(id)?.options = options,
            Change::DropDatabase { id } => {
                self.database(id)?;
                self.databases.remove(&id);
            }
            Change::Tables { database, change } => {
                self.next_table = self.next_table.max(last_id(&change).saturating_add(1));
                self.database(database)?.tables.apply(change)?;
            }
            Change::SetRootSecret(secret) => self.users.set_root_secret(secret),
            Change::SetUser(user) => self.users.set(user),
            Change::DropUser { name } => {
                if !self.users.remove(&name) {
                    return Err(corrupt(format_args!("there is no user {name:?}")));
                }
            }
        }
        Ok(())
    }

    fn database(&mut self, id: u32) -> Result<&mut DraftDatabase> {
        self.databases.get_mut(&id).ok_or_else(|| corrupt(format_args!("there is no database {id}")))
    }
}

/// The largest id that a change gives to a table, 0 for none.
fn last_id(change: &TableChange) -> u64 {
    match change {
        TableChange::CreateTable { id, .. } => id.0,
        TableChange::CreateSuperTable { id, .. } => *id,
        TableChange::CreateChildren { children, .. } => {
            children.iter().map(|child| child.id.0).max().unwrap_or(0)
        }
        _ => 0,
    }
}
