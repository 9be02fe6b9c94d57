//! Reading every byte of the files of a store, and changing none of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::{self, Files, failed};
use super::log;
use super::manifest::Manifest;
use super::segment::{FilePool, Segment};
use super::store::{Paths, SEGMENT};
use super::wal;
use crate::error::{Error, Result};

/// What a check has found in one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileCheck {
    /// The file.
    pub path: PathBuf,
    /// What is in it, as far as it could be read.
    pub contents: String,
    /// A sentence for each place that is damaged: where, and which rows or definitions it concerns.
    pub damage: Vec<String>,
}

impl FileCheck {
    /// A file with that in it, in which nothing is wrong.
    pub fn sound(path: &Path, contents: impl Into<String>) -> FileCheck {
        FileCheck { path: path.to_owned(), contents: contents.into(), damage: Vec::new() }
    }

    /// A file that cannot be read for that reason, and what it concerns.
    pub fn damaged(path: &Path, error: &Error, concerned: &str) -> FileCheck {
        FileCheck {
            path: path.to_owned(),
            contents: String::new(),
            damage: vec![format!("{error}; {concerned}")],
        }
    }
}

/// Checks the store in that directory: its manifest, and every segment and generation of the log that the
/// manifest names. Without a manifest that can be read, those are all there are.
pub fn check(files: &Arc<dyn Files>, directory: &Path) -> Vec<FileCheck> {
    let paths = Paths::new(directory);
    let (segments, generations) = match (
        files::numbered(&**files, &paths.segments, SEGMENT),
        files::numbered(&**files, &paths.wal, wal::EXTENSION),
    ) {
        (Ok(segments), Ok(generations)) => (segments, generations),
        (Err(error), _) | (_, Err(error)) => {
            return vec![FileCheck::damaged(directory, &error, "all its rows are concerned")];
        }
    };
    let all = || Manifest {
        first_wal: generations.first().copied().unwrap_or_default(),
        next_segment: 0,
        segments: segments.clone(),
    };
    let (manifest, mut found) = match Manifest::read(&**files, &paths.manifest) {
        Ok(Some(manifest)) => {
            let contents = format!("{} segments", manifest.segments.len());
            (manifest, vec![FileCheck::sound(&paths.manifest, contents)])
        }
        // Made, and never written to.
        Ok(None) if segments.is_empty() && generations.is_empty() => return Vec::new(),
        Ok(None) => {
            let missing = files::damaged(&paths.manifest, "is missing");
            (all(), vec![FileCheck::damaged(&paths.manifest, &missing, NO_MANIFEST)])
        }
        Err(error) => (all(), vec![FileCheck::damaged(&paths.manifest, &error, NO_MANIFEST)]),
    };
    let pool = Arc::new(FilePool::new(files.clone()));
    found.extend(manifest.segments.iter().map(|&number| check_segment(&pool, number, &paths)));
    let unnamed = segments.iter().filter(|number| !manifest.segments.contains(number));
    found.extend(unnamed.map(|&number| FileCheck::sound(&paths.segment(number), LEFT_OVER)));
    found.extend(check_log(&**files, &paths, manifest.first_wal, &generations));
    found
}

const LEFT_OVER: &str = "left over from a crash, without meaning";
const NO_MANIFEST: &str = "which rows are there is not known, and the database does not open";

fn check_segment(pool: &Arc<FilePool>, number: u64, paths: &Paths) -> FileCheck {
    let path = paths.segment(number);
    match Segment::open(pool.clone(), number, path.clone()) {
        Ok(segment) => Arc::new(segment).check(),
        Err(error) => {
            FileCheck::damaged(&path, &error, "all its rows are concerned, and the database does not open")
        }
    }
}

fn check_log(files: &dyn Files, paths: &Paths, first: u64, generations: &[u64]) -> Vec<FileCheck> {
    let mut found = Vec::new();
    let mut expected = first;
    for &generation in generations {
        let path = wal::path(&paths.wal, generation);
        if generation < first {
            found.push(FileCheck::sound(&path, LEFT_OVER));
            continue;
        }
        if generation > expected {
            let missing = wal::path(&paths.wal, expected);
            let error = files::damaged(&missing, "is missing, and later ones are there");
            found.push(FileCheck::damaged(&missing, &error, "what was written meanwhile is lost"));
        }
        expected = generation + 1;
        let is_last = generations.last() == Some(&generation);
        found.push(check_generation(files, &path, is_last).unwrap_or_else(|error| {
            FileCheck::damaged(&path, &error, "what was written from there on is concerned")
        }));
    }
    found
}

fn check_generation(files: &dyn Files, path: &Path, is_last: bool) -> Result<FileCheck> {
    let file = files.open(path).map_err(|cause| failed("open", path, &cause))?;
    let (mut statements, mut rows) = (0_u64, 0_u64);
    let extent = log::replay_file(&*file, path, wal::MAGIC, &mut |record| {
        statements += 1;
        wal::replay_record(record, &mut |table| {
            rows += table.rows() as u64;
            Ok(())
        })
    })?;
    let mut found = FileCheck::sound(path, format!("{statements} statements, {rows} rows"));
    if extent.is_torn() && is_last {
        found.contents.push_str(&torn(&extent));
    } else if extent.is_torn() {
        let at = extent.whole;
        found.damage.push(format!("no whole record at byte {at}, but a later file follows; {NOT_READ}"));
    }
    Ok(found)
}

const NOT_READ: &str = "what was written from there on is concerned, and the database does not open";

/// What to say of a log that ends in something that is no record.
pub(in crate::engine) fn torn(extent: &log::Extent) -> String {
    format!(
        "; the {} bytes from byte {} on are no whole record: a write that was interrupted and never \
         acknowledged, or a last one that was damaged; the next open cuts them off",
        extent.size - extent.whole,
        extent.whole
    )
}
