//! Files and directories of the simulated disk, each with what changed since its last sync.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::Random;

/// The content of a file.
#[derive(Default)]
pub(super) struct Inode {
    /// As a process sees it.
    now: Vec<u8>,
    /// As it is sure to be after a loss of power.
    synced: Vec<u8>,
    /// What was done to it since.
    unsynced: Vec<Write>,
}

#[derive(Clone)]
enum Write {
    Bytes(usize, Vec<u8>),
    Size(usize),
}

impl Write {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Write::Bytes(offset, bytes) => {
                let end = offset + bytes.len();
                if content.len() < end {
                    content.resize(end, 0);
                }
                content[*offset..end].copy_from_slice(bytes);
            }
            Write::Size(size) => content.resize(*size, 0),
        }
    }

    /// What of it may reach the disk when nobody waits for it.
    fn torn(self, random: &mut Random) -> Write {
        let Write::Bytes(offset, mut bytes) = self else {
            return self;
        };
        let mut cut = || random.below(bytes.len() as u64 + 1) as usize;
        let (a, b) = (cut(), cut());
        let (start, end) = (a.min(b), a.max(b));
        match random.below(4) {
            0 => Write::Bytes(offset, bytes[..end].to_vec()),
            1 => Write::Bytes(offset + start, bytes[start..].to_vec()),
            2 => {
                bytes[start..end].fill(0);
                Write::Bytes(offset, bytes)
            }
            _ => {
                bytes[start..end].iter_mut().for_each(|byte| *byte = random.next() as u8);
                Write::Bytes(offset, bytes)
            }
        }
    }
}

impl Inode {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.now
    }

    pub(super) fn write(&mut self, offset: usize, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.change(Write::Bytes(offset, bytes.to_vec()));
        }
    }

    pub(super) fn truncate(&mut self, size: usize) {
        self.change(Write::Size(size));
    }

    fn change(&mut self, write: Write) {
        write.apply(&mut self.now);
        self.unsynced.push(write);
    }

    pub(super) fn sync(&mut self) {
        let Inode { synced, unsynced, .. } = self;
        unsynced.drain(..).for_each(|write| write.apply(synced));
    }

    /// Some of the unsynced writes will never be synced, though a process goes on seeing them.
    pub(super) fn forget_writes(&mut self, random: &mut Random) {
        self.unsynced.retain(|_| random.below(2) == 0);
    }

    pub(super) fn lose_power(&mut self, random: &mut Random) {
        for (write, fate) in survivors(std::mem::take(&mut self.unsynced), random) {
            match fate {
                Fate::Whole => write.apply(&mut self.synced),
                Fate::Torn => write.torn(random).apply(&mut self.synced),
            }
        }
        self.now.clone_from(&self.synced);
    }
}

/// What a name in a directory stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    File(usize),
    Directory,
}

/// The names in a directory.
#[derive(Default)]
pub(super) struct Directory {
    now: Names,
    synced: Names,
    unsynced: Vec<Naming>,
}

type Names = BTreeMap<OsString, Entry>;

enum Naming {
    Link(OsString, Entry),
    Unlink(OsString),
    Rename(OsString, OsString, Entry),
}

impl Naming {
    fn apply(&self, names: &mut Names) {
        match self {
            Naming::Link(name, entry) => drop(names.insert(name.clone(), *entry)),
            Naming::Unlink(name) => drop(names.remove(name)),
            Naming::Rename(from, to, entry) => {
                names.remove(from);
                names.insert(to.clone(), *entry);
            }
        }
    }
}

impl Directory {
    pub(super) fn get(&self, name: &OsStr) -> Option<Entry> {
        self.now.get(name).copied()
    }

    pub(super) fn names(&self) -> Vec<OsString> {
        self.now.keys().cloned().collect()
    }

    pub(super) fn link(&mut self, name: &OsStr, entry: Entry) {
        self.change(Naming::Link(name.to_owned(), entry));
    }

    pub(super) fn unlink(&mut self, name: &OsStr) {
        self.change(Naming::Unlink(name.to_owned()));
    }

    pub(super) fn rename(&mut self, from: &OsStr, to: &OsStr, entry: Entry) {
        self.change(Naming::Rename(from.to_owned(), to.to_owned(), entry));
    }

    fn change(&mut self, naming: Naming) {
        naming.apply(&mut self.now);
        self.unsynced.push(naming);
    }

    pub(super) fn sync(&mut self) {
        let Directory { synced, unsynced, .. } = self;
        unsynced.drain(..).for_each(|naming| naming.apply(synced));
    }

    pub(super) fn lose_power(&mut self, random: &mut Random) {
        // A change of names is never half done: file systems keep a journal of them.
        let survivors = survivors(std::mem::take(&mut self.unsynced), random);
        survivors.for_each(|(naming, _)| naming.apply(&mut self.synced));
        self.now.clone_from(&self.synced);
    }
}

/// How an unsynced change gets over a loss of power, if it does.
enum Fate {
    Whole,
    Torn,
}

/// The changes of which something is left: none, all, the first ones, or any.
fn survivors<T>(changes: Vec<T>, random: &mut Random) -> impl Iterator<Item = (T, Fate)> + use<T> {
    let count = changes.len() as u64;
    let any = random.below(2) == 0;
    let first = match random.below(4) {
        0 => 0,
        1 => count,
        _ => random.below(count + 1),
    };
    let fates: Vec<Option<Fate>> = (0..count)
        .map(|number| match random.below(5) {
            0 | 1 if any => Some(Fate::Whole),
            2 if any => Some(Fate::Torn),
            _ if any => None,
            0 if number == first => Some(Fate::Torn),
            _ => (number < first).then_some(Fate::Whole),
        })
        .collect();
    changes.into_iter().zip(fates).filter_map(|(change, fate)| Some((change, fate?)))
}
