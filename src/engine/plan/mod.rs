//! From syntax tree to plan: names resolved, types checked, errors named.
//!
//! [`bind`] looks up everything a query names and decides how it is to run, without reading a row;
//! [`crate::engine::exec::run`] runs what it returns. Of a WHERE, the conditions on time become the range
//! of the scan, those on tags choose the tables, and only the rest looks at rows.

mod condition;
mod constant;
mod distinct;
mod fill;
mod filter;
mod group;
mod having;
mod join;
mod layout;
mod order;
mod project;
mod scalar;
mod select;
mod server;
mod source;
mod time;
mod window;

#[cfg(test)]
mod tests;

pub use crate::engine::exec::Plan;

use crate::engine::catalog::Scope;
use crate::engine::exec::{self, tree};
use crate::error::{Error, Result};
use crate::sql::ast::Query;
use crate::types::{ColumnType, Context, DataType, Field, Rows};

/// Answers a query.
pub fn select(scope: Scope<'_>, query: &Query, context: &Context) -> Result<Rows> {
    exec::run(bind(scope, query, context)?, context)
}

/// Plans a query: everything that can be wrong with it, but not with its data, is an error here.
pub fn bind(scope: Scope<'_>, query: &Query, context: &Context) -> Result<Plan> {
    if query.selects.len() > 1 && query.selects.iter().any(select::nests) {
        return Err(Error::invalid_operation("nested queries are not supported in union all"));
    }
    let mut plans = query.selects.iter().map(|part| select::bind(scope, part, context));
    let first = plans.next().ok_or_else(|| not_built("an empty query"))??;
    plans.try_fold(first, |all, part| append(all, part?))
}

/// The rows of one part of UNION ALL behind those before.
fn append(mut all: Plan, part: Plan) -> Result<Plan> {
    let same =
        |(a, b): (&Field, &Field)| a.name == b.name && a.column_type.data_type == b.column_type.data_type;
    let identical = all.fields.len() == part.fields.len()
        && all.precision == part.precision
        && all.fields.iter().zip(&part.fields).all(same);
    if !identical {
        return Err(Error::invalid_operation("columns in select clause not identical"));
    }
    for (field, other) in all.fields.iter_mut().zip(&part.fields) {
        field.column_type.width = field.column_type.width.max(other.column_type.width);
    }
    all.root = match all.root {
        tree::Node::Chain(mut parts) => {
            parts.push(part.root);
            tree::Node::Chain(parts)
        }
        first => tree::Node::Chain(vec![first, part.root]),
    };
    Ok(all)
}

/// What the dialect has and this version does not.
fn not_built(what: impl std::fmt::Display) -> Error {
    Error::invalid_operation(format_args!("{what} is not supported yet"))
}

/// The type of `tbname`: the longest name of a table and a byte.
const TABLE_NAME: ColumnType = ColumnType::text(DataType::Binary, 193);
