//! A disk on which an operation fails: every operation once, and once for good.

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;

use super::model::{Model, random_statement};
use super::{MODES, ints, open, options, scan_ints};
use crate::engine::storage::files::{File, Files, memory};
use crate::engine::storage::testing::Random;
use crate::engine::storage::{Order, StoreOptions, TimeRange, UpdateMode};
use crate::error::codes;

/// Which operations fail.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Fault {
    None,
    /// The operation with that number.
    Once(u64),
    /// That one and all after it, as when the process is killed there.
    From(u64),
    /// Everything that needs room.
    Full,
    /// Every sync.
    Sync,
}

/// What an operation does.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    NeedsRoom,
    Syncs,
    Other,
}

/// Counts operations that change something, and fails some; a write that fails does half of its work.
pub(super) struct Faulty {
    files: Arc<dyn Files>,
    control: Arc<Mutex<Control>>,
}

pub(super) struct Control {
    pub(super) fault: Fault,
    pub(super) done: u64,
}

impl Control {
    fn step(&mut self, kind: Kind) -> io::Result<()> {
        self.done += 1;
        match self.fault {
            Fault::Once(number) if self.done == number => Err(io::Error::other("injected")),
            Fault::From(number) if self.done >= number => Err(io::Error::other("injected")),
            Fault::Sync if kind == Kind::Syncs => Err(io::Error::other("injected")),
            Fault::Full if kind == Kind::NeedsRoom => Err(ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }
}

impl Faulty {
    pub(super) fn over(files: Arc<dyn Files>, fault: Fault) -> (Arc<dyn Files>, Arc<Mutex<Control>>) {
        let control = Arc::new(Mutex::new(Control { fault, done: 0 }));
        (Arc::new(Faulty { files, control: control.clone() }), control)
    }

    fn step(&self, kind: Kind) -> io::Result<()> {
        self.control.lock().step(kind)
    }

    fn wrap(&self, file: Arc<dyn File>) -> Arc<dyn File> {
        Arc::new(FaultyFile { file, control: self.control.clone() })
    }
}

impl Files for Faulty {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        Ok(self.wrap(self.files.open(path)?))
    }

    fn open_or_create(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        self.step(Kind::Other)?;
        Ok(self.wrap(self.files.open_or_create(path)?))
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        self.step(Kind::NeedsRoom)?;
        Ok(self.wrap(self.files.create(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(Kind::Other)?;
        self.files.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step(Kind::Other)?;
        self.files.remove(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<OsString>> {
        self.files.list(directory)
    }

    fn create_dir(&self, directory: &Path) -> io::Result<()> {
        self.step(Kind::NeedsRoom)?;
        self.files.create_dir(directory)
    }

    fn remove_dir(&self, directory: &Path) -> io::Result<()> {
        self.step(Kind::Other)?;
        self.files.remove_dir(directory)
    }

    fn sync_dir(&self, directory: &Path) -> io::Result<()> {
        self.step(Kind::Syncs)?;
        self.files.sync_dir(directory)
    }
}

struct FaultyFile {
    file: Arc<dyn File>,
    control: Arc<Mutex<Control>>,
}

impl File for FaultyFile {
    fn size(&self) -> io::Result<u64> {
        self.file.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.file.read_at(offset, buffer)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        if let Err(fault) = self.control.lock().step(Kind::NeedsRoom) {
            self.file.write_at(offset, &bytes[..bytes.len() / 2])?;
            return Err(fault);
        }
        self.file.write_at(offset, bytes)
    }

    fn truncate(&self, size: u64) -> io::Result<()> {
        self.control.lock().step(Kind::Other)?;
        self.file.truncate(size)
    }

    fn sync(&self) -> io::Result<()> {
        self.control.lock().step(Kind::Syncs)?;
        self.file.sync()
    }
}

/// Runs a workload with a fault, then opens what is on the disk without it. False when the fault was never
/// reached.
fn survives(seed: u64, fault: Fault, options: &StoreOptions) -> bool {
    let mut random = Random::new(seed);
    let disk = memory();
    let (files, control) = Faulty::over(disk.clone(), fault);
    let mut acknowledged = Model::new(options.update);
    // A statement that failed may be there or not; the next one that succeeds settles it.
    let mut possible = vec![acknowledged.clone()];
    if let Ok(store) = open(&files, options) {
        for step in 0..12 {
            let statement = random_statement(&mut random);
            let mut after = acknowledged.clone();
            after.apply(&statement);
            if store.write(statement.rows()).is_ok() {
                acknowledged = after;
                possible = vec![acknowledged.clone()];
            } else {
                possible.push(after);
            }
            assert!(acknowledged.matches(&store), "a write that failed is not seen");
            if step % 5 == 4 {
                let _ = store.flush();
                assert!(acknowledged.matches(&store), "a flush changes no answer");
            }
        }
        let _ = store.close();
        assert!(acknowledged.matches(&store));
    }
    let store = open(&disk, options).unwrap();
    assert!(possible.iter().any(|model| model.matches(&store)));
    let reached = control.lock().done;
    match fault {
        Fault::Once(number) | Fault::From(number) => reached >= number,
        Fault::None | Fault::Full | Fault::Sync => false,
    }
}

#[test]
fn acknowledged_writes_survive_a_fault_at_every_operation() {
    for (seed, update) in MODES.into_iter().enumerate() {
        let options = StoreOptions { memory: 4000, wal_level: 1 + seed as i8 % 2, ..options(update) };
        for fault in [Fault::Once as fn(u64) -> Fault, Fault::From] {
            let mut number = 1;
            while survives(seed as u64, fault(number), &options) {
                number += 1;
            }
            assert!(number > 30, "{number} operations are too few to tell anything");
        }
    }
}

#[test]
fn a_full_disk_refuses_writes_until_there_is_room() {
    let disk = memory();
    let (files, control) = Faulty::over(disk.clone(), Fault::None);
    let options = StoreOptions { memory: 2000, ..options(UpdateMode::KeepFirst) };
    let store = open(&files, &options).unwrap();
    let write = |value| store.write(vec![ints(1, &[(value, value as i32)])]);
    (0..5).for_each(|value| write(value).unwrap());
    control.lock().fault = Fault::Full;
    for value in 5..10 {
        let error = write(value).unwrap_err();
        assert_eq!(error.code, codes::VND_NO_DISKSPACE, "{error}");
        assert!(error.message.contains(".wal"), "{error}");
    }
    assert!(store.flush().is_err());
    control.lock().fault = Fault::None;
    (10..15).for_each(|value| write(value).unwrap());
    let expected: Vec<_> = (0..5).chain(10..15).map(|value| (value, value as i32)).collect();
    assert_eq!(scan_ints(&store, 1, TimeRange::ALL, Order::Ascending), expected);
    let reopened = open(&disk, &options).unwrap();
    assert_eq!(scan_ints(&reopened, 1, TimeRange::ALL, Order::Ascending), expected);
}

#[test]
fn after_a_write_that_failed_otherwise_only_reads_go_on() {
    let (files, control) = Faulty::over(memory(), Fault::None);
    let store = open(&files, &options(UpdateMode::KeepFirst)).unwrap();
    store.write(vec![ints(1, &[(1, 1)])]).unwrap();
    let next = control.lock().done + 1;
    control.lock().fault = Fault::Once(next);
    assert!(store.write(vec![ints(1, &[(2, 2)])]).is_err());
    let refused = store.write(vec![ints(1, &[(3, 3)])]).unwrap_err();
    assert_eq!(refused.code, codes::WAL_APP_ERROR);
    assert!(refused.message.contains("injected"), "{refused}");
    assert_eq!(scan_ints(&store, 1, TimeRange::ALL, Order::Ascending), [(1, 1)]);
}

#[test]
fn a_sync_that_fails_later_stops_writes_too() {
    let (files, control) = Faulty::over(memory(), Fault::None);
    let options = StoreOptions { wal_level: 2, fsync_ms: 1, ..options(UpdateMode::KeepFirst) };
    let store = open(&files, &options).unwrap();
    store.write(vec![ints(1, &[(1, 1)])]).unwrap();
    control.lock().fault = Fault::Sync;
    let mut rows = 1;
    let error = loop {
        match store.write(vec![ints(1, &[(rows + 1, 0)])]) {
            Ok(()) => rows += 1,
            Err(error) => break error,
        }
        assert!(rows < 1000, "nobody syncs");
        std::thread::sleep(std::time::Duration::from_millis(5));
    };
    assert_eq!(error.code, codes::WAL_APP_ERROR, "{error}");
    assert_eq!(scan_ints(&store, 1, TimeRange::ALL, Order::Ascending).len() as i64, rows);
}
