//! A simulated disk that keeps apart what was written and what was synced, and at a crash loses the difference.
//!
//! [`Crash::Kill`] ends the process: all that was written stays. [`Crash::Power`] also takes what no sync
//! has secured: each unsynced write, and each unsynced change of a directory, stays, goes, or comes out torn or
//! garbled, regardless of the others. Beside crashes the disk can fail chosen calls, be full, and flip bits
//! on reading. All that chance decides comes from the seed.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};

use super::Random;
use super::node::{Directory, Entry, Inode};
use crate::engine::storage::files::{File, Files};

/// How a process ends that does not end by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) enum Crash {
    /// It is killed; the machine goes on.
    Kill,
    /// The machine stops.
    Power,
}

/// The calls that may be told to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Call {
    Read,
    Open,
    Create,
    Write,
    Truncate,
    Sync,
    SyncDirectory,
    Rename,
    Remove,
    CreateDirectory,
}

impl Call {
    const ALL: [Call; 10] = [
        Call::Read,
        Call::Open,
        Call::Create,
        Call::Write,
        Call::Truncate,
        Call::Sync,
        Call::SyncDirectory,
        Call::Rename,
        Call::Remove,
        Call::CreateDirectory,
    ];

    /// Any of them.
    pub(in crate::engine) fn any(random: &mut Random) -> Call {
        Call::ALL[random.below(Call::ALL.len() as u64) as usize]
    }

    fn changes(self) -> bool {
        !matches!(self, Call::Read | Call::Open)
    }
}

/// A disk. A clone is the same disk.
#[derive(Clone)]
pub(in crate::engine) struct Disk(Arc<Mutex<State>>);

struct State {
    random: Random,
    /// The starts of the machine; a handle of an earlier one is dead.
    start: u64,
    crashed: Option<Crash>,
    /// The crash to come, after so many more changes.
    crash_in: Option<(u64, Crash)>,
    fault: Option<Fault>,
    /// Bytes that may still be added; None for any number.
    room: Option<u64>,
    flips: bool,
    inodes: Vec<Inode>,
    /// By path; one that is not reached from the root is removed or was never synced.
    directories: BTreeMap<PathBuf, Directory>,
}

struct Fault {
    call: Call,
    /// Calls that still go well.
    before: u64,
    lasts: bool,
}

/// Why a call fails, and whether it takes effect all the same.
struct Failure {
    cause: io::Error,
    takes_effect: bool,
}

impl Disk {
    /// An empty disk with a root directory.
    pub(in crate::engine) fn new(seed: u64) -> Disk {
        Disk(Arc::new(Mutex::new(State {
            random: Random::new(seed),
            start: 0,
            crashed: None,
            crash_in: None,
            fault: None,
            room: None,
            flips: false,
            inodes: Vec::new(),
            directories: BTreeMap::from([("/".into(), Directory::default())]),
        })))
    }

    /// The file system for a process that starts now.
    pub(in crate::engine) fn files(&self) -> Arc<dyn Files> {
        Arc::new(View { disk: self.clone(), start: self.0.lock().start })
    }

    /// Crashes in the middle of the change that comes after so many others.
    pub(in crate::engine) fn crash_after(&self, changes: u64, crash: Crash) {
        self.0.lock().crash_in = Some((changes, crash));
    }

    /// Whether a crash has come; all calls fail then.
    pub(in crate::engine) fn is_crashed(&self) -> bool {
        self.0.lock().crashed.is_some()
    }

    /// Ends the process, unless it has crashed already, and starts the machine again, with all faults
    /// repaired. Returns how the process ended.
    pub(in crate::engine) fn restart(&self, crash: Crash) -> Crash {
        self.heal();
        let state = &mut *self.0.lock();
        let crash = state.crashed.take().unwrap_or(crash);
        state.start += 1;
        if crash == Crash::Power {
            let random = &mut state.random;
            state.inodes.iter_mut().for_each(|inode| inode.lose_power(random));
            state.directories.values_mut().for_each(|directory| directory.lose_power(random));
        }
        crash
    }

    /// Lets a call of that kind fail after so many good ones, once or from then on.
    pub(in crate::engine) fn fail(&self, call: Call, before: u64, lasts: bool) {
        self.0.lock().fault = Some(Fault { call, before, lasts });
    }

    /// Leaves room for so many bytes.
    pub(in crate::engine) fn fill_up(&self, room: u64) {
        self.0.lock().room = Some(room);
    }

    /// Whether reads come back with a flipped bit at times.
    pub(in crate::engine) fn flip_bits(&self, flips: bool) {
        self.0.lock().flips = flips;
    }

    /// Takes away faults and crashes to come; there is room again.
    pub(in crate::engine) fn heal(&self) {
        let mut state = self.0.lock();
        (state.fault, state.crash_in, state.room, state.flips) = (None, None, None, false);
    }

    /// Whether no call fails, as far as is planned.
    pub(in crate::engine) fn is_healthy(&self) -> bool {
        let state = self.0.lock();
        state.crashed.is_none() && state.crash_in.is_none() && state.fault.is_none() && state.room.is_none()
    }
}

impl State {
    /// Counts a call, which fails if that is its turn.
    fn call(&mut self, start: u64, call: Call) -> Result<(), Failure> {
        if self.start != start || self.crashed.is_some() {
            return Err(Failure { cause: io::Error::other("the process has ended"), takes_effect: false });
        }
        let takes_effect = self.random.below(2) == 0;
        let failure = |what| Err(Failure { cause: io::Error::other(what), takes_effect });
        match &mut self.crash_in {
            Some((0, crash)) if call.changes() => {
                self.crashed = Some(*crash);
                self.crash_in = None;
                return failure("crash");
            }
            Some((changes, _)) if call.changes() => *changes -= 1,
            _ => {}
        }
        match &mut self.fault {
            Some(fault) if fault.call == call && fault.before == 0 => {
                if !fault.lasts {
                    self.fault = None;
                }
                failure("injected")
            }
            Some(fault) if fault.call == call => {
                fault.before -= 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn is_directory(&self, path: &Path) -> bool {
        let linked = |path: &Path| match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => {
                let parent = self.directories.get(parent);
                matches!(parent.and_then(|parent| parent.get(name)), Some(Entry::Directory))
            }
            _ => true, // the root
        };
        path.ancestors().all(linked)
    }

    fn directory(&mut self, path: &Path) -> io::Result<&mut Directory> {
        if !self.is_directory(path) {
            return Err(ErrorKind::NotFound.into());
        }
        Ok(self.directories.entry(path.to_owned()).or_default())
    }

    /// The directory and the name of a file in it.
    fn place<'a>(&mut self, path: &'a Path) -> io::Result<(&mut Directory, &'a OsStr)> {
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(ErrorKind::InvalidInput.into());
        };
        Ok((self.directory(parent)?, name))
    }

    fn find(&mut self, path: &Path) -> io::Result<usize> {
        let (directory, name) = self.place(path)?;
        match directory.get(name) {
            Some(Entry::File(inode)) => Ok(inode),
            Some(Entry::Directory) => Err(ErrorKind::IsADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn find_or_make(&mut self, path: &Path) -> io::Result<usize> {
        match self.find(path) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => {}
            found => return found,
        }
        if self.room == Some(0) {
            return Err(ErrorKind::StorageFull.into());
        }
        let inode = self.inodes.len();
        let (directory, name) = self.place(path)?;
        directory.link(name, Entry::File(inode));
        self.inodes.push(Inode::default());
        Ok(inode)
    }

    fn give_back(&mut self, bytes: usize) {
        if let Some(room) = &mut self.room {
            *room += bytes as u64;
        }
    }

    fn truncate(&mut self, inode: usize, size: usize) {
        self.give_back(self.inodes[inode].bytes().len().saturating_sub(size));
        self.inodes[inode].truncate(size);
    }

    fn write(&mut self, inode: usize, offset: usize, bytes: &[u8]) -> io::Result<()> {
        let old = self.inodes[inode].bytes().len();
        let room = self.room.map_or(usize::MAX, |room| room as usize);
        let fitting = (old.saturating_add(room)).saturating_sub(offset).min(bytes.len());
        self.inodes[inode].write(offset, &bytes[..fitting]);
        let grown = self.inodes[inode].bytes().len() - old;
        self.room = self.room.map(|room| room - grown as u64);
        if fitting < bytes.len() { Err(ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

/// The disk as a process sees it.
struct View {
    disk: Disk,
    start: u64,
}

impl View {
    fn state(&self) -> MutexGuard<'_, State> {
        self.disk.0.lock()
    }

    /// Runs a call that either takes effect or does not.
    fn run<T>(&self, call: Call, effect: impl FnOnce(&mut State) -> io::Result<T>) -> io::Result<T> {
        let state = &mut *self.state();
        match state.call(self.start, call) {
            Ok(()) => effect(state),
            Err(Failure { cause, takes_effect }) => {
                if takes_effect && call != Call::Open {
                    effect(state)?;
                }
                Err(cause)
            }
        }
    }

    fn handle(&self, inode: usize) -> Arc<dyn File> {
        Arc::new(Handle(View { disk: self.disk.clone(), start: self.start }, inode))
    }
}

impl Files for View {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        let inode = self.run(Call::Open, |state| state.find(path))?;
        Ok(self.handle(inode))
    }

    fn open_or_create(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        let inode = self.run(Call::Create, |state| state.find_or_make(path))?;
        Ok(self.handle(inode))
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        let inode = self.run(Call::Create, |state| {
            let inode = state.find_or_make(path)?;
            state.truncate(inode, 0);
            Ok(inode)
        })?;
        Ok(self.handle(inode))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        assert_eq!(from.parent(), to.parent(), "a rename is promised only inside a directory");
        self.run(Call::Rename, |state| {
            let inode = state.find(from)?;
            if let Ok(replaced) = state.find(to) {
                state.give_back(state.inodes[replaced].bytes().len());
            }
            let (directory, name) = state.place(from)?;
            directory.rename(name, to.file_name().unwrap_or_default(), Entry::File(inode));
            Ok(())
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.run(Call::Remove, |state| {
            let inode = state.find(path)?;
            state.give_back(state.inodes[inode].bytes().len());
            let (directory, name) = state.place(path)?;
            directory.unlink(name);
            Ok(())
        })
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<OsString>> {
        self.run(Call::Open, |state| Ok(state.directory(directory)?.names()))
    }

    fn create_dir(&self, directory: &Path) -> io::Result<()> {
        self.run(Call::CreateDirectory, |state| {
            let mut paths: Vec<&Path> = directory.ancestors().collect();
            paths.reverse();
            for path in paths {
                if !state.is_directory(path) {
                    let (parent, name) = state.place(path)?;
                    parent.link(name, Entry::Directory);
                }
            }
            Ok(())
        })
    }

    fn remove_dir(&self, directory: &Path) -> io::Result<()> {
        self.run(Call::Remove, |state| {
            if !state.directory(directory)?.names().is_empty() {
                return Err(ErrorKind::DirectoryNotEmpty.into());
            }
            let (parent, name) = state.place(directory)?;
            parent.unlink(name);
            Ok(())
        })
    }

    fn sync_dir(&self, directory: &Path) -> io::Result<()> {
        self.run(Call::SyncDirectory, |state| {
            state.directory(directory)?.sync();
            Ok(())
        })
    }
}

/// An open file.
struct Handle(View, usize);

impl File for Handle {
    fn size(&self) -> io::Result<u64> {
        self.0.run(Call::Read, |state| Ok(state.inodes[self.1].bytes().len() as u64))
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.0.run(Call::Read, |state| {
            let bytes = state.inodes[self.1].bytes();
            // Whoever believes a length in a damaged file makes a buffer of that length first.
            assert!(buffer.len() <= bytes.len(), "{} of {} bytes asked for", buffer.len(), bytes.len());
            let rest = bytes.get(offset as usize..).ok_or(ErrorKind::UnexpectedEof)?;
            buffer.copy_from_slice(rest.get(..buffer.len()).ok_or(ErrorKind::UnexpectedEof)?);
            if state.flips && !buffer.is_empty() && state.random.below(8) == 0 {
                let bit = state.random.below(buffer.len() as u64 * 8) as usize;
                buffer[bit / 8] ^= 1 << (bit % 8);
            }
            Ok(())
        })
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let state = &mut *self.0.state();
        let Err(failure) = state.call(self.0.start, Call::Write) else {
            return state.write(self.1, offset as usize, bytes);
        };
        if failure.takes_effect {
            let part = state.random.below(bytes.len() as u64 + 1) as usize;
            state.write(self.1, offset as usize, &bytes[..part])?;
        }
        Err(failure.cause)
    }

    fn truncate(&self, size: u64) -> io::Result<()> {
        self.0.run(Call::Truncate, |state| {
            state.truncate(self.1, size as usize);
            Ok(())
        })
    }

    fn sync(&self) -> io::Result<()> {
        let state = &mut *self.0.state();
        match state.call(self.0.start, Call::Sync) {
            Ok(()) => {
                state.inodes[self.1].sync();
                Ok(())
            }
            Err(failure) => {
                // After a failed sync the system takes the pages for clean: a later sync skips them.
                if failure.takes_effect {
                    state.inodes[self.1].forget_writes(&mut state.random);
                }
                Err(failure.cause)
            }
        }
    }
}
