//! A file system in memory: a map from paths to bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};

use super::files::{File, Files};

#[derive(Default)]
pub(super) struct Memory(Mutex<Tree>);

#[derive(Default)]
struct Tree {
    files: BTreeMap<PathBuf, Arc<MemoryFile>>,
    directories: BTreeSet<PathBuf>,
}

impl Tree {
    /// The names directly inside a directory.
    fn names<'a>(&'a self, directory: &'a Path) -> impl Iterator<Item = &'a Path> {
        let all = self.files.keys().chain(&self.directories);
        all.map(PathBuf::as_path).filter(move |path| path.parent() == Some(directory))
    }
}

impl Files for Memory {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        let tree = self.0.lock();
        Ok(tree.files.get(path).ok_or(ErrorKind::NotFound)?.clone())
    }

    fn open_or_create(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        Ok(self.0.lock().files.entry(path.to_owned()).or_default().clone())
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        let file = Arc::new(MemoryFile::default());
        self.0.lock().files.insert(path.to_owned(), file.clone());
        Ok(file)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut tree = self.0.lock();
        let file = tree.files.remove(from).ok_or(ErrorKind::NotFound)?;
        tree.files.insert(to.to_owned(), file);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.lock().files.remove(path).ok_or(ErrorKind::NotFound)?;
        Ok(())
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<OsString>> {
        let tree = self.0.lock();
        if !tree.directories.contains(directory) {
            return Err(ErrorKind::NotFound.into());
        }
        Ok(tree.names(directory).filter_map(|path| Some(path.file_name()?.to_owned())).collect())
    }

    fn create_dir(&self, directory: &Path) -> io::Result<()> {
        let mut tree = self.0.lock();
        tree.directories.extend(directory.ancestors().map(Path::to_owned));
        Ok(())
    }

    fn remove_dir(&self, directory: &Path) -> io::Result<()> {
        let mut tree = self.0.lock();
        if tree.names(directory).next().is_some() {
            return Err(ErrorKind::DirectoryNotEmpty.into());
        }
        if !tree.directories.remove(directory) {
            return Err(ErrorKind::NotFound.into());
        }
        Ok(())
    }

    fn sync_dir(&self, _directory: &Path) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Default)]
struct MemoryFile(RwLock<Vec<u8>>);

impl File for MemoryFile {
    fn size(&self) -> io::Result<u64> {
        Ok(self.0.read().len() as u64)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let bytes = self.0.read();
        let start = usize::try_from(offset).map_err(|_| ErrorKind::UnexpectedEof)?;
        let rest = bytes.get(start..).ok_or(ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(rest.get(..buffer.len()).ok_or(ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let start = usize::try_from(offset).map_err(|_| ErrorKind::FileTooLarge)?;
        let end = start.checked_add(bytes.len()).ok_or(ErrorKind::FileTooLarge)?;
        let mut content = self.0.write();
        if content.len() < end {
            content.resize(end, 0);
        }
        content[start..end].copy_from_slice(bytes);
        Ok(())
    }

    fn truncate(&self, size: u64) -> io::Result<()> {
        let size = usize::try_from(size).map_err(|_| ErrorKind::FileTooLarge)?;
        self.0.write().resize(size, 0);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}
