//! A SELECT without a table: what the server and the connection are.

use super::select::{field_name, item_name};
use crate::engine::SERVER_VERSION;
use crate::engine::catalog::Scope;
use crate::engine::exec::tree::{Node, Plan};
use crate::error::{Error, Result};
use crate::sql::ast::{Expr, SelectItem};
use crate::types::{ColumnType, DataType, Field, Precision, Value};

/// Plans it: one function without arguments, or `1`.
pub(super) fn bind(scope: Scope<'_>, items: &[SelectItem]) -> Result<Plan> {
    let [item] = items else {
        return Err(Error::invalid_operation("only one expression allowed"));
    };
    let function = match &item.expr {
        // The original's clients ask this to see whether the server is alive.
        Expr::Literal(Value::Int(1)) => "server_status",
        Expr::Call { name, arguments, .. } if arguments.is_empty() => name,
        Expr::Call { .. } => return Err(Error::invalid_operation("invalid function")),
        _ => return Err(Error::invalid_operation("invalid expression in select clause")),
    };
    let (value, column_type) =
        call(scope, function).ok_or_else(|| Error::invalid_operation("invalid function"))?;
    let name = match &item.expr {
        Expr::Literal(_) => item.alias.as_deref().unwrap_or("server_status()"),
        _ => item_name(item),
    };
    let fields = vec![Field::new(field_name(name), column_type)];
    Ok(Plan { fields, precision: Precision::Milli, root: Node::Row(vec![(value, column_type)]) })
}

fn call(scope: Scope<'_>, function: &str) -> Option<(Value, ColumnType)> {
    let binary = |width| ColumnType::text(DataType::Binary, width);
    Some(match function {
        "server_version" | "client_version" => {
            (Value::text(SERVER_VERSION), binary(SERVER_VERSION.len() as u16))
        }
        "server_status" => (Value::Int(1), ColumnType::fixed(DataType::Int)),
        "database" => (scope.database.map_or(Value::Null, Value::text), binary(33)),
        "current_user" => (Value::text(scope.user), binary(30)),
        _ => return None,
    })
}
