//! Users. There is only `root` so far; others are refused with a sentence.

use super::not_built;
use crate::error::{Result, codes};
use crate::sql::ast::UserChange;
use crate::types::Answer;

/// The names that belong to the system.
const SYSTEM: [&str; 3] = ["root", "monitor", "_root"];

pub(super) fn create(name: &str) -> Result<Answer> {
    if SYSTEM.contains(&name) {
        return Err(codes::MND_USER_ALREADY_EXIST.into());
    }
    Err(not_built("CREATE USER"))
}

pub(super) fn alter(name: &str, change: &UserChange) -> Result<Answer> {
    match (name, change) {
        ("root", UserChange::Password(_)) => Err(not_built("another password for root")),
        _ => drop(name),
    }
}

pub(super) fn drop(name: &str) -> Result<Answer> {
    if SYSTEM.contains(&name) {
        return Err(codes::MND_NO_RIGHTS.into());
    }
    Err(codes::MND_INVALID_USER.into())
}
