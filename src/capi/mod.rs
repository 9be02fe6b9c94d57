//! The C border: the only room that knows C. It converts arguments, calls [`crate::client`], and converts
//! the answer; nothing is decided here.
//!
//! Rules that hold for every exported function, so that none has to repeat them:
//!
//! * **Handles** (`TAOS *`, `TAOS_RES *`, …) may be anything: NULL, closed, of another kind, garbage. A bad
//!   one gets the error that the original gives for NULL. See `handle`.
//! * **Other pointers** must be NULL or what the function's type says: strings end with a zero byte, arrays
//!   have the length that is passed beside them. NULL gets an error unless the function gives it a meaning.
//! * **Returned pointers** belong to the library. What comes from a result lives until that result is freed,
//!   rows and blocks until the next fetch from it; what comes from a connection lives until it is closed.
//! * **Errors**: `taos_errno(res)` and `taos_errstr(res)` of a result; of everything that returns no result,
//!   `taos_errno(NULL)` of the calling thread.
//! * **Threads**: every function may be called from every thread at any time. Calls on one result wait for
//!   each other, calls on one connection do not.
//! * **Panics** are caught and become errors.
//!
//! Start with `handle` and `border`; then there is a file for each family of functions.

#![allow(unsafe_code, reason = "C's pointers; each block says why it may")]
#![allow(clippy::missing_safety_doc, reason = "the rules above are the contract of all functions")]

mod abi;
mod asynchronous;
mod bind;
mod block;
mod border;
mod connection;
mod handle;
mod jni;
mod options;
mod query;
mod result;
mod schemaless;
mod stmt;
mod stream;
mod subscription;
mod text;

pub use abi::*;
pub use asynchronous::*;
pub use connection::*;
pub use jni::*;
pub use options::*;
pub use query::*;
pub use result::*;
pub use schemaless::*;
pub use stmt::*;
pub use stream::*;
pub use subscription::*;
pub use text::*;
