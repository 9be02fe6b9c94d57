//! A directory for one test, with the configuration of an embedded database; removed at the end.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The directory; dropping it removes it.
pub(crate) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// Makes the directory `data` and a `taos.cfg` that names it, with further lines of the caller's.
    pub(crate) fn new(name: &str, config: &[String]) -> std::io::Result<Scratch> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("libtaos-{name}-{}-{number}", std::process::id()));
        std::fs::create_dir_all(path.join("data"))?;
        let scratch = Scratch { path };
        let mut text = format!("dataDir {}\n", scratch.path.join("data").display());
        for line in config {
            text.push_str(line);
            text.push('\n');
        }
        std::fs::write(scratch.path.join("taos.cfg"), text)?;
        Ok(scratch)
    }

    /// The directory that holds `taos.cfg` and `data`.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves the directory where it is, for a person to look at.
    pub(crate) fn keep(self) -> PathBuf {
        let path = self.path.clone();
        std::mem::forget(self);
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed stays in the temporary directory; that is no reason to fail a test.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
