//! HAVING: conditions on the aggregates of a group.

use super::constant::{Environment, coerce, fold};
use super::filter::comparison;
use super::scalar::{self, Columns};
use crate::engine::exec::tree::Predicate;
use crate::engine::functions::kernels::Comparison;
use crate::error::{Error, Result};
use crate::sql::ast::{BinaryOp, Expr};
use crate::types::DataType;

/// Plans it; aggregates that it names are added to `columns`.
pub(super) fn bind(
    having: &Expr,
    columns: &mut dyn Columns,
    environment: Environment<'_>,
) -> Result<Predicate> {
    match having {
        Expr::Binary { op: op @ (BinaryOp::And | BinaryOp::Or), left, right } => {
            let parts = vec![bind(left, columns, environment)?, bind(right, columns, environment)?];
            Ok(if *op == BinaryOp::And { Predicate::All(parts) } else { Predicate::Any(parts) })
        }
        Expr::Between { operand, low, high } => Ok(Predicate::All(vec![
            compare(Comparison::Ge, operand, low, columns, environment)?,
            compare(Comparison::Le, operand, high, columns, environment)?,
        ])),
        Expr::Binary { op, left, right } => {
            let comparison = comparison(*op).ok_or_else(invalid)?;
            match (left.as_ref(), right.as_ref()) {
                (Expr::Call { .. }, constant) => compare(comparison, left, constant, columns, environment),
                (constant, Expr::Call { .. }) => {
                    compare(comparison.flipped(), right, constant, columns, environment)
                }
                _ => Err(invalid()),
            }
        }
        _ => Err(invalid()),
    }
}

fn compare(
    comparison: Comparison,
    aggregate: &Expr,
    constant: &Expr,
    columns: &mut dyn Columns,
    environment: Environment<'_>,
) -> Result<Predicate> {
    let Expr::Call { .. } = aggregate else { return Err(invalid()) };
    let operand = scalar::bind(aggregate, columns, environment)?;
    if operand.column_type().data_type == DataType::Bool {
        return Err(invalid());
    }
    let constant = coerce(fold(constant, environment)?, operand.column_type(), environment)?;
    Ok(Predicate::Compare(operand, comparison, constant))
}

fn invalid() -> Error {
    Error::invalid_operation("invalid having clause")
}
