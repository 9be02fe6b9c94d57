//! Checking a data directory: every checksum of every file, without writing anything.

use std::path::Path;
use std::sync::Arc;

use super::catalog;
use super::data_dir;
use super::storage;
use super::storage::files::{self, Files, damaged};
use crate::error::{Error, Result, codes};

pub use super::storage::check::FileCheck;

/// What a check has found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Every file that was read, or should be there.
    pub files: Vec<FileCheck>,
}

impl Report {
    /// Whether nothing is damaged.
    pub fn is_sound(&self) -> bool {
        self.files.iter().all(|file| file.damage.is_empty())
    }
}

/// Checks the directory, which no process may have open meanwhile.
///
/// # Errors
/// `0x80000014` while a process has it open; when it is no data directory of this library.
pub fn check_directory(directory: &Path) -> Result<Report> {
    let _lock = data_dir::lock_against_writers(directory)?;
    check(&files::native(), directory)
}

/// Checks the directory in that file system.
///
/// # Errors
/// When it has nothing that a data directory has.
pub fn check(files: &Arc<dyn Files>, directory: &Path) -> Result<Report> {
    let stores = stores(&**files, directory);
    let identity = check_identity(&**files, directory);
    let (catalog, databases) = catalog::check(files, directory);
    if let (None, None, []) = (&identity, &catalog, &*stores) {
        let text = format!("{} is no data directory of this library", directory.display());
        return Err(Error::new(codes::TDB_INVALID_CONFIG, text));
    }
    let mut found = vec![
        identity.unwrap_or_else(|| missing(&directory.join("identity"), "the database does not open")),
        catalog.unwrap_or_else(|| missing(&catalog::log_path(directory), "all definitions are lost")),
    ];
    for id in &stores {
        let store = directory.join("data").join(id.to_string());
        match &databases {
            Some(databases) if !databases.contains(id) => {
                found.push(FileCheck::sound(&store, "left over from a database that was dropped"));
            }
            _ => found.extend(storage::check::check(files, &store)),
        }
    }
    Ok(Report { files: found })
}

fn missing(path: &Path, concerned: &str) -> FileCheck {
    FileCheck::damaged(path, &damaged(path, "is missing"), concerned)
}

fn check_identity(files: &dyn Files, directory: &Path) -> Option<FileCheck> {
    let path = directory.join("identity");
    let read = files::read(files, &path).transpose()?;
    Some(match read.and_then(|bytes| data_dir::read_identity(&path, &bytes)) {
        Ok(created) => FileCheck::sound(&path, format!("made at {created} ms since 1970")),
        Err(error) => FileCheck::damaged(&path, &error, "the database does not open"),
    })
}

/// The numbers of the databases that have a directory, in order.
fn stores(files: &dyn Files, directory: &Path) -> Vec<u32> {
    let names = files.list(&directory.join("data")).unwrap_or_default();
    let mut stores: Vec<u32> = names.iter().filter_map(|name| name.to_str()?.parse().ok()).collect();
    stores.sort_unstable();
    stores
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::engine::tests::{Scratch, run};
    use crate::engine::{DataLocation, Engine, Settings};

    const ROOT: &str = "/memory";

    /// A database with a segment and a log.
    fn sample() -> (Arc<Engine>, Arc<dyn Files>) {
        let engine = Engine::open(&Settings { location: DataLocation::Memory }).unwrap();
        let session = engine.connect("root", "taosdata").unwrap();
        let create = "create table d.t (ts timestamp, i int, f float, b bool, s binary(20))";
        for sql in ["create database d", create, "create table d.u (ts timestamp, n double)"] {
            run(&session, sql).unwrap();
        }
        let insert = "insert into d.t values (1600000000000, 1, 1.5, true, 'a') (1600000001000, null, 2.25, false, 'b') \
                      d.u values (1600000000000, 0.1)";
        run(&session, insert).unwrap();
        engine.catalog.database("d").unwrap().store.flush().unwrap();
        run(&session, "insert into d.u values (1600000002000, 7)").unwrap();
        run(&session, "insert into d.u values (1600000003000, 8)").unwrap();
        let files = engine.directory.files.clone();
        (engine, files)
    }

    fn path(name: &str) -> PathBuf {
        Path::new(ROOT).join(name)
    }

    fn checked(files: &Arc<dyn Files>) -> Report {
        check(files, Path::new(ROOT)).unwrap()
    }

    fn flip(files: &Arc<dyn Files>, path: &Path, at: usize) {
        let file = files.open_or_create(path).unwrap();
        let mut byte = [0];
        file.read_at(at as u64, &mut byte).unwrap();
        file.write_at(at as u64, &[byte[0] ^ 1 << (at % 8)]).unwrap();
    }

    #[test]
    fn a_sound_database_is_found_sound_and_left_as_it_is() {
        let (_engine, files) = sample();
        let report = checked(&files);
        assert!(report.is_sound(), "{report:?}");
        let contents = |name: &str| {
            let path = path(name);
            report.files.iter().find(|file| file.path == path).map(|file| file.contents.as_str())
        };
        assert_eq!(contents("data/1/seg/0000000000.seg"), Some("2 tables, 2 blocks, 3 rows"));
        assert_eq!(contents("data/1/wal/0000000001.wal"), Some("2 statements, 2 rows"));
        assert_eq!(contents("data/1/manifest"), Some("1 segments"));
    }

    #[test]
    fn a_flipped_bit_anywhere_is_found_and_nothing_is_repaired() {
        let (_engine, files) = sample();
        let paths: Vec<PathBuf> = checked(&files).files.into_iter().map(|file| file.path).collect();
        for path in paths {
            let content = files::read(&*files, &path).unwrap().unwrap();
            for at in 0..content.len() {
                flip(&files, &path, at);
                let damaged = files::read(&*files, &path).unwrap();
                let report = checked(&files);
                let found = report.files.iter().find(|file| file.path == path).unwrap();
                // The last record of a log may be one that was never finished.
                let cut = found.contents.contains("cuts them off");
                assert!(cut || !found.damage.is_empty(), "{} byte {at}: {found:?}", path.display());
                assert!(!cut || path.ends_with("log") || path.extension().is_some_and(|end| end == "wal"));
                assert_eq!(files::read(&*files, &path).unwrap(), damaged);
                flip(&files, &path, at);
            }
        }
        assert!(checked(&files).is_sound());
    }

    #[test]
    fn damage_says_where_and_which_rows() {
        let (_engine, files) = sample();
        let segment = path("data/1/seg/0000000000.seg");
        flip(&files, &segment, 12); // the first chunk
        let report = checked(&files);
        let damage: Vec<&String> = report.files.iter().flat_map(|file| &file.damage).collect();
        let [damage] = &*damage else { panic!("{damage:?}") };
        let expected =
            "is damaged at byte 12 (chunk at byte 12); column 0 of table 1, 2 rows from 1600000000000";
        assert!(damage.contains(expected), "{damage}");
        flip(&files, &segment, 12);

        files.remove(&path("catalog/log")).unwrap();
        assert!(!checked(&files).is_sound());
    }

    #[test]
    fn an_open_database_and_what_is_none_are_refused() {
        let scratch = Scratch::new("check");
        let engine = Engine::open(&Settings { location: scratch.location() }).unwrap();
        assert_eq!(check_directory(&scratch.0).unwrap_err().code, codes::APP_NOT_READY);
        engine.close().unwrap();
        assert!(check_directory(&scratch.0).unwrap().is_sound());
        assert!(check_directory(&scratch.0.join("nothing")).is_err());
        assert!(!scratch.0.join("nothing").exists());
    }
}
