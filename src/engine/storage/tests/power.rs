//! A disk that loses what was not synced: the promise of `WAL 2`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::faults::{Fault, Faulty};
use super::model::{Model, random_statement};
use super::{MODES, ints, open, options, scan_ints};
use crate::engine::storage::files::{File, Files, memory};
use crate::engine::storage::testing::Random;
use crate::engine::storage::{Order, StoreOptions, TimeRange, UpdateMode};

/// What is in a file after the power is gone: what was synced last.
type Synced = Arc<Mutex<Vec<u8>>>;

/// Files in memory, beside what of them would be left.
#[derive(Clone)]
struct Disk(Arc<Mutex<Names>>, Arc<dyn Files>);

#[derive(Default)]
struct Names {
    now: BTreeMap<PathBuf, Synced>,
    /// As they were when their directory was synced.
    synced: BTreeMap<PathBuf, Synced>,
}

impl Disk {
    fn new() -> Disk {
        Disk(Arc::default(), memory())
    }

    fn files(&self) -> Arc<dyn Files> {
        Arc::new(self.clone())
    }

    /// What the next start finds. Directories are always found: that they are synced shows in their files.
    fn after_power_loss(&self) -> Arc<dyn Files> {
        let files = memory();
        for directory in ["/store/wal", "/store/seg"] {
            files.create_dir(Path::new(directory)).unwrap();
        }
        for (path, content) in &self.0.lock().synced {
            files.create(path).unwrap().write_at(0, &content.lock()).unwrap();
        }
        files
    }

    fn file(&self, path: &Path, file: Arc<dyn File>) -> Arc<dyn File> {
        let synced = self.0.lock().now.entry(path.to_owned()).or_default().clone();
        Arc::new(DiskFile(file, synced))
    }
}

impl Files for Disk {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        Ok(self.file(path, self.1.open(path)?))
    }

    fn open_or_create(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        Ok(self.file(path, self.1.open_or_create(path)?))
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        self.0.lock().now.remove(path);
        Ok(self.file(path, self.1.create(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.1.rename(from, to)?;
        let now = &mut self.0.lock().now;
        if let Some(content) = now.remove(from) {
            now.insert(to.to_owned(), content);
        }
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.lock().now.remove(path);
        self.1.remove(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<OsString>> {
        self.1.list(directory)
    }

    fn create_dir(&self, directory: &Path) -> io::Result<()> {
        self.1.create_dir(directory)
    }

    fn remove_dir(&self, directory: &Path) -> io::Result<()> {
        self.1.remove_dir(directory)
    }

    fn sync_dir(&self, directory: &Path) -> io::Result<()> {
        let names = &mut *self.0.lock();
        let inside = |path: &PathBuf| path.parent() == Some(directory);
        names.synced.retain(|path, _| !inside(path));
        let here = names.now.iter().filter(|(path, _)| inside(path));
        names.synced.extend(here.map(|(path, content)| (path.clone(), content.clone())));
        Ok(())
    }
}

struct DiskFile(Arc<dyn File>, Synced);

impl File for DiskFile {
    fn size(&self) -> io::Result<u64> {
        self.0.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.0.read_at(offset, buffer)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.0.write_at(offset, bytes)
    }

    fn truncate(&self, size: u64) -> io::Result<()> {
        self.0.truncate(size)
    }

    fn sync(&self) -> io::Result<()> {
        let mut content = vec![0; self.0.size()? as usize];
        self.0.read_at(0, &mut content)?;
        *self.1.lock() = content;
        Ok(())
    }
}

#[test]
fn a_synced_write_survives_the_loss_of_power() {
    for (seed, update) in MODES.into_iter().enumerate() {
        let mut random = Random::new(seed as u64);
        let disk = Disk::new();
        let options = StoreOptions { memory: 4000, wal_level: 2, ..options(update) };
        let store = open(&disk.files(), &options).unwrap();
        let mut model = Model::new(update);
        for step in 0..40 {
            let statement = random_statement(&mut random);
            store.write(statement.rows()).unwrap();
            model.apply(&statement);
            if step % 15 == 14 {
                store.flush().unwrap();
            }
            model.check_all(&open(&disk.after_power_loss(), &options).unwrap());
        }
        store.close().unwrap();
        model.check_all(&open(&disk.after_power_loss(), &options).unwrap());
    }
}

#[test]
fn a_write_without_sync_may_be_lost_and_leaves_the_rest_whole() {
    let disk = Disk::new();
    let options = options(UpdateMode::KeepFirst);
    let store = open(&disk.files(), &options).unwrap();
    store.write(vec![ints(1, &[(1, 1)])]).unwrap();
    store.flush().unwrap();
    store.write(vec![ints(1, &[(2, 2)])]).unwrap();
    let found = open(&disk.after_power_loss(), &options).unwrap();
    assert_eq!(scan_ints(&found, 1, TimeRange::ALL, Order::Ascending), [(1, 1)]);
}

#[test]
fn a_flush_that_fails_leaves_no_hole_in_the_log() {
    let disk = Disk::new();
    let (files, control) = Faulty::over(disk.files(), Fault::None);
    let options = options(UpdateMode::KeepFirst);
    let store = open(&files, &options).unwrap();
    store.write(vec![ints(1, &[(1, 1)])]).unwrap();
    let after_sync_of_log = control.lock().done + 2;
    control.lock().fault = Fault::Once(after_sync_of_log);
    assert!(store.flush().is_err());
    store.write(vec![ints(1, &[(2, 2)])]).unwrap();
    // The second write is in a generation of its own and was not synced; the first must not be missing.
    let found = open(&disk.after_power_loss(), &options).unwrap();
    assert_eq!(scan_ints(&found, 1, TimeRange::ALL, Order::Ascending), [(1, 1)]);
}

#[test]
fn a_delayed_sync_comes_in_time() {
    let disk = Disk::new();
    let options = StoreOptions { wal_level: 2, fsync_ms: 20, ..options(UpdateMode::KeepFirst) };
    let store = open(&disk.files(), &options).unwrap();
    for value in 1..4 {
        store.write(vec![ints(1, &[(value, 0)])]).unwrap();
        let mut waited = 0;
        while scan_ints(
            &open(&disk.after_power_loss(), &options).unwrap(),
            1,
            TimeRange::ALL,
            Order::Ascending,
        )
        .len()
            < value as usize
        {
            std::thread::sleep(Duration::from_millis(10));
            waited += 1;
            assert!(waited < 500, "not synced");
        }
    }
}
