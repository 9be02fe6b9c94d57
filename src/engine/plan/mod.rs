//! From syntax tree to plan: names resolved, types checked, errors named.

use crate::engine::catalog::Scope;
use crate::error::{Result, codes};
use crate::sql::ast::Query;
use crate::types::{Context, Rows};

/// Answers a query.
pub fn select(scope: Scope<'_>, query: &Query, context: &Context) -> Result<Rows> {
    let _ = (scope, query, context);
    Err(codes::COM_OPS_NOT_SUPPORT.into())
}
