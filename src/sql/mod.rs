//! SQL text to meaning: lexer, syntax tree, parser, and the fast reader of INSERT.
//!
//! This room knows no storage and no catalog. [`parse`] makes a syntax tree of every statement but
//! INSERT, whose values are read straight into columns by [`insert`], with the tables it names looked
//! up through a trait.

pub mod ast;
pub mod insert;
mod lexer;
pub mod parameters;
mod parser;

pub use parser::{is_update, parse};
