//! The data directory: whose it is, and that one process at a time uses it.
//!
//! ```text
//! lock          held by the process that has the directory open; its pid in decimal
//! identity      what makes the directory ours: see `docs/format-catalog.md`
//! catalog/log   what exists
//! data/<id>/    the rows of a database
//! ```

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::storage::files::{self, Files, damaged, failed, too_new};
use crate::error::{Error, Result, codes};

/// Where a database lives.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DataLocation {
    /// A directory; made when it does not exist.
    Directory(PathBuf),
    /// The memory of the process; gone when the last connection is.
    Memory,
}

impl DataLocation {
    /// What in that directory shows that a TDengine server keeps its data there.
    pub fn sign_of_a_server(directory: &Path) -> Option<&'static str> {
        ["dnode", "mnode", "vnode", "vnode_bak", "tsdb"]
            .into_iter()
            .find(|name| directory.join(name).exists())
    }
}

/// An open data directory.
pub(super) struct DataDirectory {
    /// The file system that it is in.
    pub(super) files: Arc<dyn Files>,
    /// Where it is.
    pub(super) path: PathBuf,
    /// When it was made: milliseconds since 1970.
    pub(super) created: i64,
    /// Locked while it is there.
    lock: Mutex<Option<File>>,
}

impl DataDirectory {
    /// Opens the directory for this process alone, making it when there is none.
    ///
    /// # Errors
    /// `0x80000604` for a directory of a TDengine server, which is left untouched; `0x80000014` when
    /// another process has it; errors of the file system with what was tried.
    pub(super) fn open(location: &DataLocation, now: i64) -> Result<DataDirectory> {
        let (files, path, lock) = match location {
            DataLocation::Memory => (files::memory(), PathBuf::from("/memory"), None),
            DataLocation::Directory(path) => {
                refuse_that_of_a_server(path)?;
                std::fs::create_dir_all(path).map_err(|cause| failed("create directory", path, &cause))?;
                (files::native(), path.clone(), Some(lock(path)?))
            }
        };
        files.create_dir(&path).map_err(|cause| failed("create directory", &path, &cause))?;
        let created = identify(&*files, &path.join("identity"), now)?;
        Ok(DataDirectory { files, path, created, lock: Mutex::new(lock) })
    }

    /// Lets other processes have it.
    pub(super) fn unlock(&self) {
        *self.lock.lock() = None;
    }
}

fn refuse_that_of_a_server(path: &Path) -> Result<()> {
    let Some(found) = DataLocation::sign_of_a_server(path) else { return Ok(()) };
    let text = format!(
        "{} is the data directory of a TDengine server (it has \"{found}\"), which this library does not \
         read or change; choose another dataDir",
        path.display()
    );
    Err(Error::new(codes::TDB_INVALID_CONFIG, text))
}

fn lock(directory: &Path) -> Result<File> {
    let path = directory.join("lock");
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&path)
        .map_err(|cause| failed("open", &path, &cause))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(in_use(directory, &mut file)),
        Err(TryLockError::Error(cause)) => return Err(failed("lock", &path, &cause)),
    }
    // The pid is for people who look for the other process; the lock does not depend on it.
    let _ = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
    Ok(file)
}

/// Keeps other processes from opening the directory for writing, without writing to it; None when it was never
/// open.
pub(super) fn lock_against_writers(directory: &Path) -> Result<Option<File>> {
    let path = directory.join("lock");
    let mut file = match File::open(&path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(failed("open", &path, &cause)),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(in_use(directory, &mut file)),
        Err(TryLockError::Error(cause)) => Err(failed("lock", &path, &cause)),
    }
}

fn in_use(directory: &Path, lock: &mut File) -> Error {
    let mut pid = String::new();
    // Where a lock also keeps others from reading, the pid stays unknown.
    let _ = lock.take(20).read_to_string(&mut pid);
    let process = if pid.is_empty() { "another process".into() } else { format!("process {pid}") };
    let text = format!("the data directory {} is in use by {process}", directory.display());
    Error::new(codes::APP_NOT_READY, text)
}

const MAGIC: [u8; 8] = *b"TAOSDATA";
const VERSION: u32 = 1;
const IDENTITY: usize = 24;

/// Checks what the directory says of itself, or makes it say so. Returns when it was made.
fn identify(files: &dyn Files, path: &Path, now: i64) -> Result<i64> {
    match files::read(files, path)? {
        Some(bytes) => read_identity(path, &bytes),
        None => {
            files::replace(files, path, &identity(now))?;
            Ok(now)
        }
    }
}

/// `magic (8 bytes), version u32, created i64, CRC-32 of all before u32`, little-endian.
fn identity(created: i64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(IDENTITY);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&created.to_le_bytes());
    let crc = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&crc.to_le_bytes());
    bytes
}

/// Checks the content of the file and reads when the directory was made.
pub(super) fn read_identity(path: &Path, bytes: &[u8]) -> Result<i64> {
    let not_ours = || damaged(path, "is not the identity of a data directory of this library");
    let (magic, rest) = bytes.split_first_chunk().ok_or_else(not_ours)?;
    let (version, rest) = rest.split_first_chunk().ok_or_else(not_ours)?;
    if *magic != MAGIC {
        return Err(not_ours());
    }
    let version = u32::from_le_bytes(*version);
    if version > VERSION {
        return Err(too_new(path, version, VERSION));
    }
    let (created, _) = rest.split_first_chunk().ok_or_else(not_ours)?;
    let created = i64::from_le_bytes(*created);
    if version != VERSION || identity(created) != bytes {
        return Err(damaged(path, "has another checksum than when it was written"));
    }
    Ok(created)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_whole_or_refused() {
        let path = Path::new("identity");
        let good = identity(1_700_000_000_000);
        assert_eq!(good.len(), IDENTITY);
        assert_eq!(read_identity(path, &good).unwrap(), 1_700_000_000_000);
        for end in 0..good.len() {
            assert!(read_identity(path, &good[..end]).is_err());
        }
        let mut newer = good.clone();
        newer[8] = 2;
        let error = read_identity(path, &newer).unwrap_err();
        assert_eq!(error.code, codes::VND_INVALID_VRESION_FILE);
        for place in 12..good.len() {
            let mut other = good.clone();
            other[place] ^= 1;
            assert_eq!(read_identity(path, &other).unwrap_err().code, codes::TDB_FILE_CORRUPTED);
        }
    }
}
