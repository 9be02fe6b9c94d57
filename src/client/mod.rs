//! What a connection and a result set are, no matter where the data lives; settings, and which data a
//! connection gets.
//!
//! The C API, the shell and every other front end stand on this room. Start with [`Connection`].

mod config;
mod connection;
pub mod log;
pub mod options;
pub mod pool;
mod result_set;
mod settings;
mod statement;
mod target;
#[cfg(test)]
pub(crate) mod testing;

pub use config::{ConfigOutcome, set_config};
pub use connection::{ConnectRequest, Connection};
pub use result_set::ResultSet;
pub use settings::{Refusal, Settings};
pub use statement::{BoundValue, Statement};

/// What the library calls itself; several connectors choose the ABI by its first number.
pub const VERSION: &std::ffi::CStr = c"2.6.0.65";
