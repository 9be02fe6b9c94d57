//! The one seam under which all files are read and written, so that tests can supply a disk that lies.

use std::sync::Arc;

/// A file system.
pub trait Files: Send + Sync {}

struct Native;
impl Files for Native {}

/// The file system of the machine.
pub fn native() -> Arc<dyn Files> {
    Arc::new(Native)
}

/// A file system in memory, for `:memory:`.
pub fn memory() -> Arc<dyn Files> {
    Arc::new(Native)
}
