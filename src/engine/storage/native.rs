//! The file system of the machine.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::files::{File, Files};

pub(super) struct Native;

impl Files for Native {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        Ok(Arc::new(NativeFile(fs::File::open(path)?)))
    }

    fn open_or_create(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        let file = fs::File::options().read(true).write(true).create(true).truncate(false).open(path)?;
        Ok(Arc::new(NativeFile(file)))
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        let file = fs::File::options().read(true).write(true).create(true).truncate(true).open(path)?;
        Ok(Arc::new(NativeFile(file)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<OsString>> {
        fs::read_dir(directory)?.map(|entry| Ok(entry?.file_name())).collect()
    }

    fn create_dir(&self, directory: &Path) -> io::Result<()> {
        fs::create_dir_all(directory)
    }

    fn remove_dir(&self, directory: &Path) -> io::Result<()> {
        fs::remove_dir(directory)
    }

    #[cfg(unix)]
    fn sync_dir(&self, directory: &Path) -> io::Result<()> {
        fs::File::open(directory)?.sync_all()
    }

    /// Elsewhere a directory is no file that could be synced; the file system keeps names safe itself.
    #[cfg(not(unix))]
    fn sync_dir(&self, _directory: &Path) -> io::Result<()> {
        Ok(())
    }
}

struct NativeFile(fs::File);

impl File for NativeFile {
    fn size(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    #[cfg(unix)]
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.0, buffer, offset)
    }

    #[cfg(unix)]
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::write_all_at(&self.0, bytes, offset)
    }

    #[cfg(windows)]
    fn read_at(&self, mut offset: u64, mut buffer: &mut [u8]) -> io::Result<()> {
        while !buffer.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(&self.0, buffer, offset) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => {
                    buffer = &mut buffer[count..];
                    offset += count as u64;
                }
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => return Err(cause),
            }
        }
        Ok(())
    }

    #[cfg(windows)]
    fn write_at(&self, mut offset: u64, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match std::os::windows::fs::FileExt::seek_write(&self.0, bytes, offset) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => {
                    bytes = &bytes[count..];
                    offset += count as u64;
                }
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => return Err(cause),
            }
        }
        Ok(())
    }

    fn truncate(&self, size: u64) -> io::Result<()> {
        self.0.set_len(size)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::storage::files::{read, replace};

    #[test]
    fn files_read_back_what_was_written() {
        let directory = std::env::temp_dir().join(format!("taos-native-{}", std::process::id()));
        let path = directory.join("a");
        Native.create_dir(&directory).unwrap();
        assert!(read(&Native, &path).unwrap().is_none());

        replace(&Native, &path, b"old").unwrap();
        replace(&Native, &path, b"newer").unwrap();
        let file = Native.open_or_create(&path).unwrap();
        file.write_at(5, b"est").unwrap();
        file.truncate(7).unwrap();
        assert_eq!(read(&Native, &path).unwrap().unwrap(), b"neweres");
        assert!(file.read_at(5, &mut [0; 3]).is_err(), "past the end");
        assert_eq!(Native.list(&directory).unwrap(), ["a"]);

        Native.remove(&path).unwrap();
        assert_eq!(file.size().unwrap(), 7, "an open file outlives its name");
        Native.sync_dir(&directory).unwrap();
        Native.remove_dir(&directory).unwrap();
    }
}
