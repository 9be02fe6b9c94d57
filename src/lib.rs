//! libtaos: the C ABI of TDengine's client library 2.x over an embedded time-series database.
//!
//! C programs and connectors use this crate through `include/taos.h`. The map of the source is in
//! ARCHITECTURE.md; the rooms below depend on each other in one direction only:
//! `capi` → `client` → `driver` → `engine` → `sql` → `types`.

pub mod capi;
pub mod client;
pub mod driver;
pub mod engine;
pub mod error;
pub mod sql;
pub mod types;
