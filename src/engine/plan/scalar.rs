//! Expressions of select lists and conditions: literals, arithmetic, scalar functions.

use super::constant::{Environment, compute, moment};
use super::not_built;
use crate::engine::exec::tree::Expr;
use crate::engine::functions::aggregate::Aggregate;
use crate::engine::functions::kernels::Arithmetic;
use crate::engine::functions::scalar::Scalar;
use crate::engine::functions::{self, Function};
use crate::error::{Error, Result, codes};
use crate::sql::ast::{self, BinaryOp, ColumnRef};
use crate::types::{ColumnType, DataType, Duration, Value};

/// What columns and aggregates mean where an expression stands. `nested` tells that they are part of a
/// larger expression.
pub(super) trait Columns {
    /// A column.
    fn column(&mut self, column: &ColumnRef, nested: bool) -> Result<Expr>;

    /// An aggregate of these arguments.
    fn aggregate(
        &mut self,
        function: &'static Aggregate,
        arguments: &[ast::Expr],
        nested: bool,
    ) -> Result<Expr>;
}

/// Plans an expression.
pub(super) fn bind(
    expr: &ast::Expr,
    columns: &mut dyn Columns,
    environment: Environment<'_>,
) -> Result<Expr> {
    Binder { columns, environment }.bind(expr, false)
}

struct Binder<'a> {
    columns: &'a mut dyn Columns,
    environment: Environment<'a>,
}

impl Binder<'_> {
    fn bind(&mut self, expr: &ast::Expr, nested: bool) -> Result<Expr> {
        if let (ast::Expr::Call { .. }, Some(ticks)) = (expr, moment(expr, self.environment)) {
            return Ok(Expr::Literal(Value::Int(ticks), ColumnType::TIMESTAMP));
        }
        match expr {
            ast::Expr::Column(column) => self.columns.column(column, nested),
            ast::Expr::Literal(value) => literal(value),
            ast::Expr::Binary { op, left, right } => match (arithmetic(*op), left.as_ref(), right.as_ref()) {
                (Some(Arithmetic::Add | Arithmetic::Sub), left, ast::Expr::Duration(length)) => {
                    self.later(*op, left, *length)
                }
                (Some(Arithmetic::Add), ast::Expr::Duration(length), right) => {
                    self.later(*op, right, *length)
                }
                (Some(arithmetic), left, right) => self.arithmetic(*op, arithmetic, left, right),
                (None, ..) => Err(refused_operator(*op)),
            },
            ast::Expr::Call { name, arguments, .. } => match functions::find(name)? {
                Function::Aggregate(function) => self.columns.aggregate(function, arguments, nested),
                Function::Scalar(function) => self.call(function, arguments),
            },
            _ => Err(Error::invalid_operation("invalid expression in select clause")),
        }
    }

    fn arithmetic(
        &mut self,
        op: BinaryOp,
        arithmetic: Arithmetic,
        left: &ast::Expr,
        right: &ast::Expr,
    ) -> Result<Expr> {
        let (left, right) = (self.bind(left, true)?, self.bind(right, true)?);
        if ![&left, &right].iter().all(|side| side.column_type().data_type.is_numeric()) {
            return Err(Error::invalid_operation("invalid arithmetic expression in select clause"));
        }
        // Of integer literals alone the result is an integer; everything else is DOUBLE.
        if let (Expr::Literal(a @ Value::Int(_), _), Expr::Literal(b @ Value::Int(_), _)) = (&left, &right)
            && let whole @ Value::Int(_) = compute(op, a, b)?
        {
            return literal(&whole);
        }
        Ok(Expr::Arithmetic(arithmetic, Box::new((left, right))))
    }

    /// `ts + 1h`
    fn later(&mut self, op: BinaryOp, operand: &ast::Expr, length: Duration) -> Result<Expr> {
        let operand = self.bind(operand, true)?;
        let invalid = || Error::invalid_operation("invalid arithmetic expression in select clause");
        if operand.column_type().data_type != DataType::Timestamp {
            return Err(invalid());
        }
        let ticks = length.ticks(self.environment.precision).ok_or_else(invalid)?;
        Ok(Expr::Later(Box::new(operand), if op == BinaryOp::Sub { ticks.saturating_neg() } else { ticks }))
    }

    fn call(&mut self, function: &'static Scalar, arguments: &[ast::Expr]) -> Result<Expr> {
        if !function.arguments.contains(&arguments.len()) {
            return Err(Error::invalid_operation(format_args!("invalid parameters of {}()", function.name)));
        }
        let arguments =
            arguments.iter().map(|argument| self.bind(argument, true)).collect::<Result<Vec<_>>>()?;
        let types: Vec<ColumnType> = arguments.iter().map(Expr::column_type).collect();
        let returns = (function.returns)(&types)?;
        Ok(Expr::Call { function, arguments, returns })
    }
}

fn arithmetic(op: BinaryOp) -> Option<Arithmetic> {
    Some(match op {
        BinaryOp::Add => Arithmetic::Add,
        BinaryOp::Sub => Arithmetic::Sub,
        BinaryOp::Mul => Arithmetic::Mul,
        BinaryOp::Div => Arithmetic::Div,
        BinaryOp::Rem => Arithmetic::Rem,
        _ => return None,
    })
}

fn refused_operator(op: BinaryOp) -> Error {
    match op {
        BinaryOp::BitAnd
        | BinaryOp::BitOr
        | BinaryOp::BitXor
        | BinaryOp::ShiftLeft
        | BinaryOp::ShiftRight => not_built("an operator on bits"),
        BinaryOp::Arrow => not_built("a member of a JSON tag"),
        _ => Error::invalid_operation(
            "comparison/logical expression involving function result is not supported",
        ),
    }
}

fn literal(value: &Value) -> Result<Expr> {
    let column_type = match value {
        Value::Null => return Err(codes::TSC_INVALID_OPERATION.into()),
        Value::Bool(_) => ColumnType::fixed(DataType::Bool),
        Value::Int(_) => ColumnType::fixed(DataType::BigInt),
        Value::UInt(_) => ColumnType::fixed(DataType::UBigInt),
        Value::Float(_) => ColumnType::fixed(DataType::Double),
        Value::Bytes(text) => {
            let width = u16::try_from(text.len())
                .map_err(|_| Error::invalid_operation("a literal has more than 65535 bytes"))?;
            ColumnType::text(DataType::Binary, width)
        }
    };
    Ok(Expr::Literal(value.clone(), column_type))
}
