//! The embedded database: a directory of files, opened in this process.
//!
//! It speaks SQL text and [`crate::types`]; it does not know that a C ABI exists.

pub mod catalog;
pub mod exec;
mod functions;
pub mod plan;
pub mod storage;
