//! The log of the catalog as a file: where it is, and how it is written anew once it holds much that is
//! no longer so.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::change::{Change, NewChild, TableChange, encode};
use super::define::Journal;
use super::model::{Database, SuperTable, Table, TableKind};
use super::{Catalog, Disk};
use crate::engine::storage::files::{failed, sync_parent};
use crate::engine::storage::log::Log;
use crate::error::Result;

pub(super) const MAGIC: [u8; 8] = *b"TAOSCTLG";

/// What a log may have beside twice its content before it is written anew.
const SLACK: u64 = 1 << 20;

/// Tables in one record of a snapshot.
const TABLES_A_RECORD: usize = 1000;

/// Opens the log, making an empty one when there is none.
pub(super) fn open_log(disk: &Disk, replay: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<Log> {
    Log::open(&disk.files, &log_path(&disk.directory), MAGIC, replay)
}

/// Where the log is in a data directory.
pub(in crate::engine) fn log_path(directory: &Path) -> PathBuf {
    directory.join("catalog").join("log")
}

/// Writes the log anew when it is more than twice its content, and some.
///
/// A failure to do so is no failure of the definition that has just been logged: the old log is whole and
/// stays in use, and the next definition tries again.
pub(super) fn rewrite_when_stale(catalog: &Catalog, journal: &mut Journal) {
    if journal.log.size() <= 2 * journal.lean_size + SLACK {
        return;
    }
    let mut content = 0;
    let _ = each_record(catalog, journal, &mut |record| {
        content += record.len() as u64;
        Ok(())
    });
    journal.lean_size = content;
    if journal.log.size() > 2 * content + SLACK
        && let Ok(log) = rewrite(catalog, journal)
    {
        journal.log = log;
        // Until the new name is on the disk, a loss of power brings back the old log, without what is
        // defined from here on. So nothing is.
        journal.failure = sync_parent(&*catalog.disk.files, &log_path(&catalog.disk.directory)).err();
    }
}

fn rewrite(catalog: &Catalog, journal: &Journal) -> Result<Log> {
    let Disk { files, .. } = &catalog.disk;
    let path = log_path(&catalog.disk.directory);
    let temporary = path.with_extension("tmp");
    // Emptied first: a crash may have left a part of one.
    files.create(&temporary).map_err(|cause| failed("create", &temporary, &cause))?;
    let mut log = Log::open(files, &temporary, MAGIC, &mut |_| Ok(()))?;
    each_record(catalog, journal, &mut |record| log.append(&record, false))?;
    log.sync()?;
    files.rename(&temporary, &path).map_err(|cause| failed("replace", &path, &cause))?;
    Ok(log)
}

/// Gives the records that make the catalog as it is.
fn each_record(
    catalog: &Catalog,
    journal: &Journal,
    write: &mut dyn FnMut(Vec<u8>) -> Result<()>,
) -> Result<()> {
    write(encode(&[Change::SpentIds { database: journal.next_database, table: journal.next_table }]))?;
    let users = catalog.users.list().into_iter().map(|user| Change::SetUser((*user).clone()));
    let users: Vec<Change> =
        catalog.users.root_secret().map(Change::SetRootSecret).into_iter().chain(users).collect();
    if !users.is_empty() {
        write(encode(&users))?;
    }
    catalog.databases().iter().try_for_each(|database| each_record_of(database, write))
}

fn each_record_of(database: &Database, write: &mut dyn FnMut(Vec<u8>) -> Result<()>) -> Result<()> {
    let &Database { id, ref name, created, .. } = database;
    let options = database.options.read().clone();
    write(encode(&[Change::CreateDatabase { id, name: name.clone(), created, options }]))?;
    let tables = database.tables.read();
    for table in tables.super_tables.values() {
        super_table(id, table, write)?;
    }
    let ordinary: Vec<&Arc<Table>> = tables.tables.values().collect();
    for some in ordinary.chunks(TABLES_A_RECORD) {
        let changes: Vec<Change> = some.iter().filter_map(|table| ordinary_table(id, table)).collect();
        if !changes.is_empty() {
            write(encode(&changes))?;
        }
    }
    Ok(())
}

fn super_table(
    database: u32,
    table: &SuperTable,
    write: &mut dyn FnMut(Vec<u8>) -> Result<()>,
) -> Result<()> {
    let schema = (**table.schema.read()).clone();
    let &SuperTable { id, ref name, created, .. } = table;
    let change = TableChange::CreateSuperTable { id, name: name.clone(), created, schema: schema.clone() };
    write(encode(&[Change::Tables { database, change }]))?;
    let children = table.children.read();
    let places: Vec<_> = children.iter().collect();
    for some in places.chunks(TABLES_A_RECORD) {
        let new_child = |child: &super::Child<'_>| NewChild {
            id: child.table.id,
            name: child.table.name.clone(),
            created: child.table.created,
            tags: schema.tags.iter().map(|tag| children.tag(tag.id, child.place).clone()).collect(),
        };
        let some = some.iter().map(new_child).collect();
        let change = TableChange::CreateChildren { parent: table.name.clone(), children: some };
        write(encode(&[Change::Tables { database, change }]))?;
    }
    Ok(())
}

fn ordinary_table(database: u32, table: &Table) -> Option<Change> {
    let TableKind::Ordinary(schema) = &table.kind else {
        return None;
    };
    let schema = (**schema.read()).clone();
    let &Table { id, ref name, created, .. } = table;
    let change = TableChange::CreateTable { id, name: name.clone(), created, schema };
    Some(Change::Tables { database, change })
}
