//! Conditions on columns or tags, as predicates over blocks.

use super::constant::{Constant, Environment, coerce, fold, unsupported};
use super::filter::{comparison, unknown_column};
use super::layout::Layout;
use super::not_built;
use super::scalar::{self, Columns};
use super::source::Source;
use crate::engine::exec::tree::{self, Predicate};
use crate::engine::functions;
use crate::engine::functions::aggregate::Aggregate;
use crate::engine::functions::kernels::{Comparison, Pattern, ValueSet};
use crate::error::{Error, Result, codes};
use crate::sql::ast::{BinaryOp, ColumnRef, Expr};
use crate::types::{ColumnType, DataType, Value};

/// The predicate that all of these conditions hold; none for no conditions.
pub(super) fn bind_all(
    source: &Source,
    conditions: &[&Expr],
    layout: &mut Layout,
    environment: Environment<'_>,
) -> Result<Option<Predicate>> {
    let mut binder = Binder { source, layout, environment };
    let mut parts = conditions.iter().map(|part| binder.predicate(part)).collect::<Result<Vec<_>>>()?;
    Ok(match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(Predicate::All(parts)),
    })
}

struct Binder<'a, 'b> {
    source: &'a Source,
    layout: &'b mut Layout,
    environment: Environment<'a>,
}

impl Binder<'_, '_> {
    fn predicate(&mut self, expr: &Expr) -> Result<Predicate> {
        match expr {
            Expr::Binary { op: op @ (BinaryOp::And | BinaryOp::Or), .. } => {
                let mut parts = Vec::new();
                self.chain(*op, expr, &mut parts)?;
                Ok(if *op == BinaryOp::And { Predicate::All(parts) } else { Predicate::Any(parts) })
            }
            Expr::Binary { op, left, right } => self.binary(*op, left, right),
            Expr::Between { operand, low, high } => Ok(Predicate::All(vec![
                self.compare(Comparison::Ge, operand, low)?,
                self.compare(Comparison::Le, operand, high)?,
            ])),
            Expr::In { operand, list } => self.in_list(operand, list),
            Expr::IsNull { operand, negated } => {
                Ok(Predicate::IsNull { operand: self.operand(operand)?, negated: *negated })
            }
            _ => Err(Error::invalid_operation("invalid expression")),
        }
    }

    /// `a AND b AND c` as one list of parts instead of a tree.
    fn chain(&mut self, op: BinaryOp, expr: &Expr, parts: &mut Vec<Predicate>) -> Result<()> {
        match expr {
            Expr::Binary { op: same, left, right } if *same == op => {
                self.chain(op, left, parts)?;
                self.chain(op, right, parts)
            }
            other => {
                parts.push(self.predicate(other)?);
                Ok(())
            }
        }
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr) -> Result<Predicate> {
        let (left_varies, right_varies) = (varies(left)?, varies(right)?);
        if left_varies && right_varies {
            return Err(Error::new(
                codes::QRY_APP_ERROR,
                "Unexpected generic error in query: a condition compares a column with a constant only",
            ));
        }
        match (op, comparison(op)) {
            (BinaryOp::Like, _) if left_varies => self.like(left, right),
            (BinaryOp::Like, _) => self.like(right, left),
            (BinaryOp::Match | BinaryOp::NMatch, _) => self.regular_expression(left, right),
            (BinaryOp::Arrow | BinaryOp::Contains, _) => Err(not_built("a condition on a JSON tag")),
            (_, Some(comparison)) if left_varies => self.compare(comparison, left, right),
            (_, Some(comparison)) => self.compare(comparison.flipped(), right, left),
            _ => Err(unsupported()),
        }
    }

    fn compare(&mut self, comparison: Comparison, operand: &Expr, constant: &Expr) -> Result<Predicate> {
        let operand = self.operand(operand)?;
        let constant = fold(constant, self.environment)?;
        let is_order = !matches!(comparison, Comparison::Eq | Comparison::Ne);
        if operand.column_type().data_type == DataType::Bool && is_order {
            return self.order_of_bool(operand, comparison, constant);
        }
        let constant = coerce(constant, operand.column_type(), self.environment)?;
        Ok(Predicate::Compare(operand, comparison, constant))
    }

    /// BOOL has no order, but a tag that is one may be compared with a number, as 0 and 1.
    fn order_of_bool(
        &mut self,
        operand: tree::Expr,
        comparison: Comparison,
        constant: Constant,
    ) -> Result<Predicate> {
        match (&self.layout, &constant) {
            (_, Constant::Value(Value::Null)) => {
                coerce(constant, operand.column_type(), self.environment)?;
            }
            (Layout::Tags(_), Constant::Value(Value::Int(_) | Value::UInt(_) | Value::Float(_))) => {
                let number = coerce(constant, ColumnType::fixed(DataType::Double), self.environment)?;
                return Ok(Predicate::Compare(operand, comparison, number));
            }
            _ => {}
        }
        Err(Error::invalid_operation("bool column not support this operator"))
    }

    /// The constants of a list must be of one kind, and numbers must be what the operand is.
    fn in_list(&mut self, operand: &Expr, list: &[Expr]) -> Result<Predicate> {
        let operand = self.operand(operand)?;
        let column_type = operand.column_type();
        let constants: Vec<Constant> =
            list.iter().map(|item| fold(item, self.environment)).collect::<Result<_>>()?;
        let kinds = constants.windows(2).all(|pair| kind(&pair[0]) == kind(&pair[1]));
        let fits = constants.iter().all(|constant| may_list(constant, column_type.data_type));
        if !kinds || !fits {
            return Err(unsupported());
        }
        let values = constants
            .into_iter()
            .map(|constant| coerce(constant, column_type, self.environment).map_err(|_| unsupported()))
            .collect::<Result<_>>()?;
        Ok(Predicate::In(operand, ValueSet::new(values)))
    }

    fn like(&mut self, operand: &Expr, pattern: &Expr) -> Result<Predicate> {
        let operand = self.operand(operand)?;
        let data_type = operand.column_type().data_type;
        if !matches!(data_type, DataType::Binary | DataType::NChar) {
            return Err(Error::invalid_operation("illegal column type for like"));
        }
        let Value::Bytes(pattern) =
            coerce(fold(pattern, self.environment)?, operand.column_type(), self.environment)?
        else {
            return Err(unsupported());
        };
        if pattern.len() > Pattern::MAX_BYTES {
            return Err(Error::invalid_operation("wildcard string should be less than 100 characters"));
        }
        Ok(Predicate::Like(operand, Pattern::new(&pattern, data_type == DataType::NChar)))
    }

    fn regular_expression(&mut self, operand: &Expr, pattern: &Expr) -> Result<Predicate> {
        let operand = self.operand(operand)?;
        if !matches!(operand.column_type().data_type, DataType::Binary | DataType::NChar) {
            return Err(Error::invalid_operation("non binary column not support like/match operator"));
        }
        coerce(fold(pattern, self.environment)?, operand.column_type(), self.environment)?;
        Err(not_built("MATCH"))
    }

    /// What is compared: a column, or arithmetic of columns.
    fn operand(&mut self, expr: &Expr) -> Result<tree::Expr> {
        varies(expr)?;
        let environment = self.environment;
        scalar::bind(expr, self, environment)
    }
}

impl Columns for Binder<'_, '_> {
    fn column(&mut self, column: &ColumnRef, _nested: bool) -> Result<tree::Expr> {
        let unknown = || unknown_column(&column.name.text);
        let place = self.source.find(column).ok_or_else(unknown)?;
        self.layout.column(self.source, place).ok_or_else(unknown)
    }

    fn aggregate(&mut self, _: &'static Aggregate, _: &[Expr], _: bool) -> Result<tree::Expr> {
        Err(codes::TSC_INVALID_OPERATION.into())
    }
}

/// Whether an expression has a column in it. Functions other than `now` and `today` are refused.
fn varies(expr: &Expr) -> Result<bool> {
    match expr {
        Expr::Column(_) => Ok(true),
        Expr::Binary { left, right, .. } => Ok(varies(left)? | varies(right)?),
        Expr::Negate(operand) => varies(operand),
        Expr::Call { name, arguments, .. } => {
            if arguments.is_empty() && matches!(name.as_str(), "now" | "today") {
                return Ok(false);
            }
            functions::find(name)?;
            Err(codes::TSC_INVALID_OPERATION.into())
        }
        _ => Ok(false),
    }
}

fn kind(constant: &Constant) -> std::mem::Discriminant<Value> {
    std::mem::discriminant(match constant {
        Constant::Value(value) => value,
        Constant::Time(_) => &Value::Int(0),
    })
}

/// Whether a list for a column of that type may have such a constant.
fn may_list(constant: &Constant, data_type: DataType) -> bool {
    match constant {
        Constant::Time(_) => data_type == DataType::Timestamp,
        Constant::Value(Value::Null) => false,
        Constant::Value(Value::Bool(_)) => data_type == DataType::Bool || data_type.is_integer(),
        Constant::Value(Value::Int(_) | Value::UInt(_)) => {
            data_type.is_numeric() || data_type == DataType::Timestamp
        }
        Constant::Value(Value::Float(_)) => data_type.is_float(),
        Constant::Value(Value::Bytes(_)) => {
            matches!(data_type, DataType::Binary | DataType::NChar | DataType::Timestamp)
        }
    }
}
