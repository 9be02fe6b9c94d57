//! Functions of the user's own. None can be made yet; what is wrong with a statement is told all the same.

use super::columns::{Role, column_type};
use super::not_built;
use crate::error::{Error, Result};
use crate::sql::ast::CreateFunction;
use crate::types::Answer;

pub(super) fn create(function: &CreateFunction) -> Result<Answer> {
    if column_type(&function.output, Role::Column).is_err() {
        return Err(Error::invalid_operation("invalid outputtype"));
    }
    match std::fs::metadata(&function.path) {
        Err(cause) => Err(Error::io(format_args!("cannot read \"{}\"", function.path), &cause)),
        Ok(_) => Err(not_built("CREATE FUNCTION")),
    }
}
