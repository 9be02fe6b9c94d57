//! The one seam under which all files are read and written, so that tests can supply a disk that lies.
//!
//! [`native`] is the file system of the machine, [`memory`] one that ends with the process. Both keep the
//! promise that an open [`File`] stays readable after its name is gone.

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;

use super::memory::Memory;
use super::native::Native;
use crate::error::{Error, Result, codes};

/// A file system.
pub trait Files: Send + Sync {
    /// Opens a file that exists, for reading.
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>>;

    /// Opens a file for reading and writing, making an empty one when there is none.
    fn open_or_create(&self, path: &Path) -> io::Result<Arc<dyn File>>;

    /// Makes an empty file for reading and writing, in the place of any that was there.
    fn create(&self, path: &Path) -> io::Result<Arc<dyn File>>;

    /// Gives a file another name in the same directory, in the place of any that has it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// The names in a directory, in no order.
    fn list(&self, directory: &Path) -> io::Result<Vec<OsString>>;

    /// Makes a directory and those above it; it may exist.
    fn create_dir(&self, directory: &Path) -> io::Result<()>;

    /// Removes an empty directory.
    fn remove_dir(&self, directory: &Path) -> io::Result<()>;

    /// Puts the names in a directory on the disk: files made, renamed and removed.
    fn sync_dir(&self, directory: &Path) -> io::Result<()>;
}

/// An open file. Several threads may use it at once.
pub trait File: Send + Sync {
    /// Its length in bytes.
    fn size(&self) -> io::Result<u64>;

    /// Fills the whole buffer from `offset` on; an error when the file ends before.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;

    /// Writes all bytes at `offset`; after an error some of them may be there.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Cuts the file to that length.
    fn truncate(&self, size: u64) -> io::Result<()>;

    /// Puts what was written on the disk.
    fn sync(&self) -> io::Result<()>;
}

/// The file system of the machine.
pub fn native() -> Arc<dyn Files> {
    Arc::new(Native)
}

/// A file system in memory, for `:memory:`.
pub fn memory() -> Arc<dyn Files> {
    Arc::new(Memory::default())
}

/// The whole content of a file; None when there is no such file.
pub fn read(files: &dyn Files, path: &Path) -> Result<Option<Vec<u8>>> {
    let file = match files.open(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(failed("open", path, &cause)),
    };
    let size = file.size().map_err(|cause| failed("read", path, &cause))?;
    let size = usize::try_from(size).map_err(|_| damaged(path, "is too large to be read at once"))?;
    let mut bytes = vec![0; size];
    file.read_at(0, &mut bytes).map_err(|cause| failed("read", path, &cause))?;
    Ok(Some(bytes))
}

/// Gives a file new content in one step: after a crash it has the old content or the new, never a mix.
///
/// It is on the disk when this returns. The new content is written under the file's name with `.tmp` behind
/// it first; such a file that is left over from a crash has no meaning.
pub fn replace(files: &dyn Files, path: &Path, bytes: &[u8]) -> Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".tmp");
    let temporary = Path::new(&temporary);
    let file = files.create(temporary).map_err(|cause| failed("create", temporary, &cause))?;
    file.write_at(0, bytes).map_err(|cause| failed("write", temporary, &cause))?;
    file.sync().map_err(|cause| failed("sync", temporary, &cause))?;
    drop(file);
    files.rename(temporary, path).map_err(|cause| failed("replace", path, &cause))?;
    sync_parent(files, path)
}

/// Puts the name of a file on the disk.
pub fn sync_parent(files: &dyn Files, path: &Path) -> Result<()> {
    match path.parent() {
        Some(directory) => {
            files.sync_dir(directory).map_err(|cause| failed("sync the directory of", path, &cause))
        }
        None => Ok(()),
    }
}

/// The numbers of the files in a directory whose names are a number and this extension, in order; none when
/// there is no such directory.
pub(super) fn numbered(files: &dyn Files, directory: &Path, extension: &str) -> Result<Vec<u64>> {
    let names = match files.list(directory) {
        Ok(names) => names,
        Err(cause) if cause.kind() == ErrorKind::NotFound => Vec::new(),
        Err(cause) => return Err(failed("list", directory, &cause)),
    };
    let number = |name: &OsString| {
        let path = Path::new(name);
        path.extension().filter(|found| *found == extension)?;
        path.file_stem()?.to_str()?.parse().ok()
    };
    let mut numbers: Vec<u64> = names.iter().filter_map(number).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

/// An operation on a file that the operating system refused.
pub fn failed(doing: &str, path: &Path, cause: &io::Error) -> Error {
    let doing = format!("cannot {doing} {}", path.display());
    if is_full(cause) {
        return Error::new(codes::VND_NO_DISKSPACE, format!("{doing}: {cause}"));
    }
    Error::io(doing, cause)
}

/// Whether an operation failed for want of room, so that it may succeed later.
pub fn is_full(cause: &io::Error) -> bool {
    matches!(cause.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

/// A file whose content is not what was written.
pub fn damaged(path: &Path, how: impl std::fmt::Display) -> Error {
    Error::new(codes::TDB_FILE_CORRUPTED, format!("{} {how}", path.display()))
}

/// A file that a later version of this library wrote.
pub fn too_new(path: &Path, version: u32, known: u32) -> Error {
    let text = format!(
        "{} has version {version} of its format, and this library knows it up to version {known}",
        path.display()
    );
    Error::new(codes::VND_INVALID_VRESION_FILE, text)
}
