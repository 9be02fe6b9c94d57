//! Whether an answer is the recorded one.

use super::records::{Expect, Record};
use super::text;
use crate::support::taos::{Failure, Outcome, Table};

/// Says in what an answer differs from the recorded one, `None` when it does not.
pub(super) fn difference(record: &Record, got: &Result<Outcome, Failure>) -> Option<String> {
    match (&record.expect, got) {
        (Expect::Error(code), Err(failure)) if failure.code == *code => None,
        (Expect::Error(code), Err(failure)) => Some(format!("expected error 0x{code:08X}, got {failure}")),
        (Expect::Error(code), Ok(outcome)) => {
            Some(format!("expected error 0x{code:08X}, got {}", summary(outcome)))
        }
        (_, Err(failure)) => Some(format!("failed: {failure}")),
        (Expect::Success, Ok(_)) => None,
        (Expect::Affected(count), Ok(Outcome::Affected(got))) if got == count => None,
        (Expect::Affected(count), Ok(outcome)) => {
            Some(format!("expected {count} affected rows, got {}", summary(outcome)))
        }
        (Expect::Rows { .. }, Ok(Outcome::Affected(_))) => Some("expected a result set, got none".to_owned()),
        (Expect::Rows { columns, rows, any_order }, Ok(Outcome::Table(table))) => {
            table_difference(columns, rows, *any_order, table)
        }
    }
}

fn summary(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Affected(count) => format!("{count} affected rows"),
        Outcome::Table(table) => format!("{} rows", table.rows.len()),
    }
}

fn table_difference(columns: &str, rows: &[String], any_order: bool, got: &Table) -> Option<String> {
    let got_columns = text::columns(&got.columns);
    if got_columns != columns {
        return Some(format!("columns\n    want {columns}\n    got  {got_columns}"));
    }
    if got.rows.len() != rows.len() {
        return Some(format!("expected {} rows, got {}", rows.len(), got.rows.len()));
    }
    let mut want: Vec<&str> = rows.iter().map(String::as_str).collect();
    let mut have: Vec<String> = got.rows.iter().map(|row| text::row(row)).collect();
    if any_order {
        want.sort_unstable();
        have.sort_unstable();
    }
    let tolerances: Vec<Option<f64>> = columns.split('\t').map(tolerance).collect();
    let differs = |(want, have): (&&str, &String)| !same_row(want, have, &tolerances);
    let index = want.iter().zip(&have).position(differs)?;
    Some(format!("row {index}\n    want {}\n    got  {}", want[index], have[index]))
}

/// The relative difference that a column may show, `None` when its values must be equal. The original
/// adds up floating point numbers in an order of its own.
fn tolerance(column: &str) -> Option<f64> {
    match column.rsplit(':').nth(1) {
        Some("FLOAT") => Some(2e-6),
        Some("DOUBLE") => Some(1e-9),
        _ => None,
    }
}

fn same_row(want: &str, have: &str, tolerances: &[Option<f64>]) -> bool {
    let (want, have): (Vec<&str>, Vec<&str>) = (want.split('\t').collect(), have.split('\t').collect());
    want.len() == have.len()
        && want
            .iter()
            .zip(&have)
            .zip(tolerances)
            .all(|((want, have), tolerance)| same_value(want, have, *tolerance))
}

fn same_value(want: &str, have: &str, tolerance: Option<f64>) -> bool {
    if want == have {
        return true;
    }
    let (Some(relative), Ok(a), Ok(b)) = (tolerance, want.parse::<f64>(), have.parse::<f64>()) else {
        return false;
    };
    if a.is_infinite() || b.is_infinite() {
        return a == b;
    }
    (a.is_nan() && b.is_nan()) || (a - b).abs() <= (relative * a.abs().max(b.abs())).max(1e-12)
}
