//! Expressions and predicates over a block, column by column.

use std::sync::Arc;

use crate::engine::exec::tree::{Expr, Predicate};
use crate::engine::functions::kernels::{Operand, arithmetic, compare, not_null};
use crate::types::{Block, Column, Values};

/// The values of an expression for all rows of a block.
pub(super) fn evaluate(expression: &Expr, block: &Block) -> Arc<Column> {
    match expression {
        Expr::Column(place, _) => block.column(*place).clone(),
        Expr::Literal(value, column_type) => {
            Column::repeat(column_type.data_type, value, block.rows()).into()
        }
        Expr::Arithmetic(op, sides) => {
            let (left, right) = (Side::of(&sides.0, block), Side::of(&sides.1, block));
            arithmetic(*op, left.operand(), right.operand(), block.rows()).into()
        }
        Expr::Later(operand, ticks) => later(&evaluate(operand, block), *ticks).into(),
        Expr::Call { function, arguments, returns } => {
            let arguments: Vec<_> = arguments.iter().map(|argument| evaluate(argument, block)).collect();
            (function.run)(&arguments, *returns).into()
        }
    }
}

/// A side of arithmetic: a literal stays one number instead of becoming a column.
enum Side {
    Column(Arc<Column>),
    Constant(f64),
}

impl Side {
    fn of(expression: &Expr, block: &Block) -> Side {
        if let Expr::Literal(value, _) = expression
            && let Some(number) = value.as_f64()
        {
            return Side::Constant(number);
        }
        Side::Column(evaluate(expression, block))
    }

    fn operand(&self) -> Operand<'_> {
        match self {
            Side::Column(column) => Operand::Column(column),
            Side::Constant(number) => Operand::Constant(*number),
        }
    }
}

fn later(column: &Column, ticks: i64) -> Column {
    let times = column.i64s().unwrap_or_default();
    let moved = times.iter().map(|time| time.saturating_add(ticks)).collect();
    Column::from_values(column.data_type(), Values::I64(moved), column.validity().cloned())
        .expect("a timestamp stays a timestamp")
}

/// For each row of a block, whether the predicate holds.
pub(super) fn holds(predicate: &Predicate, block: &Block) -> Vec<bool> {
    match predicate {
        Predicate::All(parts) => combine(parts, block, true, |all, one| *all &= one),
        Predicate::Any(parts) => combine(parts, block, false, |any, one| *any |= one),
        Predicate::Compare(operand, comparison, constant) => {
            compare(&evaluate(operand, block), *comparison, constant)
        }
        Predicate::In(operand, set) => set.contains(&evaluate(operand, block)),
        Predicate::Like(operand, pattern) => {
            let column = evaluate(operand, block);
            let mut units = Vec::new();
            let matches = |row| column.bytes().is_some_and(|text| pattern.matches(text.get(row), &mut units));
            let valid = not_null(&column);
            (0..column.len())
                .zip(valid)
                .map({
                    let mut matches = matches;
                    move |(row, valid)| valid && matches(row)
                })
                .collect()
        }
        Predicate::IsNull { operand, negated } => {
            let valid = not_null(&evaluate(operand, block));
            valid.into_iter().map(|valid| valid == *negated).collect()
        }
    }
}

fn combine(parts: &[Predicate], block: &Block, start: bool, join: impl Fn(&mut bool, bool)) -> Vec<bool> {
    let mut mask = vec![start; block.rows()];
    for part in parts {
        mask.iter_mut().zip(holds(part, block)).for_each(|(all, one)| join(all, one));
    }
    mask
}
