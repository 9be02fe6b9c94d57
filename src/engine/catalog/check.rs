//! Reading the catalog's log to its last byte, and changing nothing.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use super::change::decode;
use super::replay::Draft;
use super::snapshot::{MAGIC, log_path};
use crate::engine::storage::check::{FileCheck, torn};
use crate::engine::storage::files::{Files, failed};
use crate::engine::storage::log;
use crate::error::Result;

/// Checks the catalog of a data directory; no file is None. With it come the numbers of the databases that
/// exist, if that can be known.
pub fn check(files: &Arc<dyn Files>, directory: &Path) -> (Option<FileCheck>, Option<Vec<u32>>) {
    let path = log_path(directory);
    match read(&**files, &path) {
        Ok(None) => (None, None),
        Ok(Some((found, databases))) => (Some(found), Some(databases)),
        Err(error) => {
            let concerned = "all definitions from there on are concerned, and the database does not open";
            (Some(FileCheck::damaged(&path, &error, concerned)), None)
        }
    }
}

fn read(files: &dyn Files, path: &Path) -> Result<Option<(FileCheck, Vec<u32>)>> {
    let file = match files.open(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(failed("open", path, &cause)),
    };
    let (mut records, mut draft) = (0, Draft::default());
    let extent = log::replay_file(&*file, path, MAGIC, &mut |record| {
        records += 1;
        decode(record)?.into_iter().try_for_each(|change| draft.apply(change))
    })?;
    let databases = draft.databases();
    let mut found = FileCheck::sound(path, format!("{records} records, {} databases", databases.len()));
    if extent.is_torn() {
        found.contents.push_str(&torn(&extent));
    }
    Ok(Some((found, databases)))
}
