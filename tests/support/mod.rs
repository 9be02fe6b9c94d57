//! What the tests that drive the built library share: the library through its C ABI, scratch
//! directories, and waiting for child processes.

pub(crate) mod child;
mod ffi;
pub(crate) mod parameters;
pub(crate) mod random;
pub(crate) mod scratch;
pub(crate) mod taos;
