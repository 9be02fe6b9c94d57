//! Open segment files, so many at once and no more: a store may have more segments than a process may
//! have open files.

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::engine::storage::files::{File, Files};

/// Files that one store keeps open.
const LIMIT: usize = 64;

/// The open files of the segments of one store.
pub(in super::super) struct FilePool {
    files: Arc<dyn Files>,
    open: Mutex<VecDeque<(u64, Arc<dyn File>)>>,
}

impl FilePool {
    /// An empty pool.
    pub(in super::super) fn new(files: Arc<dyn Files>) -> FilePool {
        FilePool { files, open: Mutex::default() }
    }

    /// The file of that segment, opened when it is not open.
    pub(super) fn get(&self, segment: u64, path: &Path) -> io::Result<Arc<dyn File>> {
        let mut open = self.open.lock();
        if let Some((_, file)) = open.iter().find(|(other, _)| *other == segment) {
            return Ok(file.clone());
        }
        let file = self.files.open(path)?;
        if open.len() == LIMIT {
            open.pop_front();
        }
        open.push_back((segment, file.clone()));
        Ok(file)
    }
}
