//! Conditions on the primary timestamp, which must come down to one range.

use super::constant::{Constant, Environment, coerce, fold};
use super::filter::comparison;
use super::source::{Place, Source};
use crate::engine::exec::tree;
use crate::engine::functions::kernels::Comparison;
use crate::engine::storage::TimeRange;
use crate::error::{Error, Result, codes};
use crate::sql::ast::{BinaryOp, Expr};
use crate::types::{ColumnType, DataType, Value};

/// The range in which all of these conditions hold; its start is after its end when there is none.
/// `0x80000200` when it has a hole, or a condition is not one on time.
pub(super) fn range(
    source: &Source,
    conditions: &[&Expr],
    environment: Environment<'_>,
) -> Result<TimeRange> {
    let mut all = vec![TimeRange::ALL];
    for condition in conditions {
        all = intersect(&all, &ranges(source, condition, environment)?);
    }
    match all.as_slice() {
        [] => Ok(TimeRange { start: i64::MAX, end: i64::MIN }),
        [one] => Ok(*one),
        _ => Err(Error::invalid_operation("One valid time range condition expected")),
    }
}

/// The ranges in which a condition holds: ascending, with gaps between them.
fn ranges(source: &Source, condition: &Expr, environment: Environment<'_>) -> Result<Vec<TimeRange>> {
    let invalid = || Error::invalid_operation("invalid timestamp or operator for timestamp");
    let bound = |expr: &Expr| time_constant(expr, environment);
    match condition {
        Expr::Binary { op: BinaryOp::And, left, right } => {
            Ok(intersect(&ranges(source, left, environment)?, &ranges(source, right, environment)?))
        }
        Expr::Binary { op: BinaryOp::Or, left, right } => {
            let mut all = ranges(source, left, environment)?;
            all.extend(ranges(source, right, environment)?);
            Ok(normalize(all))
        }
        Expr::Binary { op, left, right } => {
            let comparison = comparison(*op).ok_or_else(invalid)?;
            match (is_time(source, left), is_time(source, right)) {
                (true, false) => Ok(compared(comparison, bound(right)?)),
                (false, true) => Ok(compared(comparison.flipped(), bound(left)?)),
                _ => Err(codes::TSC_INVALID_OPERATION.into()),
            }
        }
        Expr::Between { operand, low, high } if is_time(source, operand) => {
            let (start, end) = (bound(low)?, bound(high)?);
            Ok(normalize(vec![TimeRange { start, end }]))
        }
        Expr::IsNull { operand, negated } if is_time(source, operand) => {
            Ok(if *negated { vec![TimeRange::ALL] } else { Vec::new() })
        }
        _ => Err(invalid()),
    }
}

/// `_qstart`, `_qstop` and `_qduration`: the bounds of the range, NULL where it has none. None for any other
/// name.
pub(super) fn pseudo_column(name: &str, range: TimeRange) -> Option<tree::Expr> {
    let start = (range.start > i64::MIN).then_some(range.start);
    let stop = (range.end < i64::MAX).then_some(range.end);
    let (ticks, column_type) = match name {
        "_qstart" => (start, ColumnType::TIMESTAMP),
        "_qstop" => (stop, ColumnType::TIMESTAMP),
        "_qduration" => {
            let duration = start.zip(stop).map(|(start, stop)| stop.saturating_sub(start));
            (duration, ColumnType::fixed(DataType::BigInt))
        }
        _ => return None,
    };
    Some(tree::Expr::Literal(ticks.map_or(Value::Null, Value::Int), column_type))
}

fn is_time(source: &Source, expr: &Expr) -> bool {
    matches!(expr, Expr::Column(column) if source.find(column) == Some(Place::TIME))
}

fn time_constant(expr: &Expr, environment: Environment<'_>) -> Result<i64> {
    let constant: Constant = fold(expr, environment)?;
    match coerce(constant, ColumnType::TIMESTAMP, environment)? {
        Value::Int(ticks) => Ok(ticks),
        _ => Err(codes::TSC_INVALID_OPERATION.into()),
    }
}

fn compared(comparison: Comparison, ticks: i64) -> Vec<TimeRange> {
    let until = |end| TimeRange { start: i64::MIN, end };
    let from = |start| TimeRange { start, end: i64::MAX };
    let before = ticks.checked_sub(1).map(until);
    let after = ticks.checked_add(1).map(from);
    match comparison {
        Comparison::Eq => vec![TimeRange { start: ticks, end: ticks }],
        Comparison::Ne => before.into_iter().chain(after).collect(),
        Comparison::Lt => before.into_iter().collect(),
        Comparison::Le => vec![until(ticks)],
        Comparison::Gt => after.into_iter().collect(),
        Comparison::Ge => vec![from(ticks)],
    }
}

fn intersect(left: &[TimeRange], right: &[TimeRange]) -> Vec<TimeRange> {
    let both =
        |a: &TimeRange, b: &TimeRange| TimeRange { start: a.start.max(b.start), end: a.end.min(b.end) };
    normalize(left.iter().flat_map(|a| right.iter().map(move |b| both(a, b))).collect())
}

/// Drops empty ranges, sorts, and joins what overlaps or touches.
fn normalize(mut ranges: Vec<TimeRange>) -> Vec<TimeRange> {
    ranges.retain(|range| range.start <= range.end);
    ranges.sort_by_key(|range| range.start);
    let mut joined: Vec<TimeRange> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end.saturating_add(1) => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_join_and_intersect() {
        let range = |start, end| TimeRange { start, end };
        assert_eq!(normalize(vec![range(5, 9), range(1, 4), range(9, 8)]), [range(1, 9)]);
        assert_eq!(normalize(vec![range(6, 9), range(1, 4)]), [range(1, 4), range(6, 9)]);
        assert_eq!(intersect(&[range(1, 4), range(6, 9)], &[range(3, 7)]), [range(3, 4), range(6, 7)]);
        assert_eq!(intersect(&[range(1, 4)], &[range(5, 7)]), []);
        assert_eq!(compared(Comparison::Lt, i64::MIN), []);
        assert_eq!(compared(Comparison::Ne, 0).len(), 2);
    }
}
