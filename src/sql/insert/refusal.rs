//! The sentences of a refused INSERT: what is wrong, and the text it is wrong at.

use super::text::excerpt;
use crate::error::{Code, Error, codes};

/// `0x80000216`, the statement does not go on as it must: `syntax error near '5)' (why)`. `near` is the
/// text from the place on; at the end of the statement the sentence goes without.
pub(super) fn syntax(near: &[u8], why: &str) -> Error {
    let sentence = match near.trim_ascii_start() {
        [] => format!("syntax error near '{why}'"),
        near => format!("syntax error near '{}' ({why})", excerpt(near)),
    };
    Error::new(codes::TSC_SQL_SYNTAX_ERROR, sentence)
}

/// A piece of the statement that parses and cannot be: `invalid operation: 'abc' (why)`.
pub(super) fn invalid(code: Code, near: &[u8], why: &str) -> Error {
    Error::new(code, format!("invalid operation: '{}' ({why})", excerpt(near)))
}
