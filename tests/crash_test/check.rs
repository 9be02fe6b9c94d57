//! The checker.

use super::workload::{COLUMNS, batches};
use crate::support::taos::{Cell, Connection, Outcome, Table};
use std::collections::BTreeMap;

/// Rows by table and timestamp.
type Rows = BTreeMap<(String, i64), Vec<Cell>>;

/// Looks for the first `acknowledged` statements and gives how many are there: as many, or one more.
pub(super) fn check(connection: &Connection, seed: u64, acknowledged: u64) -> Result<u64, String> {
    let mut found = read(connection)?;
    counts_agree(connection, found.len())?;
    for number in 0..acknowledged {
        for (key, row) in rows_of(seed, number) {
            match found.remove(&key) {
                Some(got) if got == row => {}
                Some(got) => return Err(format!("statement {number}: {key:?} is {got:?}, was {row:?}")),
                None => return Err(format!("statement {number} of {acknowledged}: {key:?} is lost")),
            }
        }
    }
    if found.is_empty() {
        return Ok(acknowledged);
    }
    if found == rows_of(seed, acknowledged) {
        return Ok(acknowledged + 1);
    }
    let example = found.first_key_value();
    Err(format!("{} rows of a torn or unknown statement, for instance {example:?}", found.len()))
}

fn rows_of(seed: u64, number: u64) -> Rows {
    let batches = batches(seed, number).into_iter();
    batches.flat_map(|batch| batch.rows.into_iter().map(move |row| entry(batch.table.clone(), row))).collect()
}

fn entry(table: String, row: Vec<Cell>) -> ((String, i64), Vec<Cell>) {
    let timestamp = match row.first() {
        Some(Cell::Int(timestamp)) => *timestamp,
        _ => i64::MIN,
    };
    ((table, timestamp), row)
}

/// Reads all rows; a row that comes twice is an error.
fn read(connection: &Connection) -> Result<Rows, String> {
    let mut rows = Rows::new();
    for mut row in table(connection, &format!("select {COLUMNS}, tbname from crash.st"))?.rows {
        let Some(Cell::Bytes(name)) = row.pop() else { return Err("a row without tbname".to_owned()) };
        let (key, row) = entry(String::from_utf8_lossy(&name).into_owned(), row);
        if let Some(other) = rows.insert(key.clone(), row) {
            return Err(format!("{key:?} is there twice, also as {other:?}"));
        }
    }
    Ok(rows)
}

/// What counting says must agree with what reading finds: the two take different ways in the library.
fn counts_agree(connection: &Connection, found: usize) -> Result<(), String> {
    let counted = table(connection, "select count(*) from crash.st")?;
    let count = match counted.rows.first().and_then(|row| row.first()) {
        Some(Cell::Int(count)) => usize::try_from(*count).unwrap_or(usize::MAX),
        _ => 0,
    };
    if count == found { Ok(()) } else { Err(format!("count(*) is {count}, but there are {found} rows")) }
}

fn table(connection: &Connection, sql: &str) -> Result<Table, String> {
    match connection.query(sql) {
        Ok(Outcome::Table(table)) => Ok(table),
        Ok(Outcome::Affected(_)) => Err(format!("{sql}: no result set")),
        Err(failure) => Err(format!("{sql}: {failure}")),
    }
}
