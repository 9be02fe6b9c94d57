//! The statements of the crash test. Each follows from the seed and its number alone, so that the checker
//! knows what the writer wrote.

use crate::support::random::Random;
use crate::support::taos::Cell;
use std::fmt::Write;

/// The columns of the super table, as the checker selects them.
pub(super) const COLUMNS: &str = "ts, n, v, s, w";

/// How many sub tables there are.
const TABLES: u64 = 6;
/// The timestamp of the first row, in milliseconds.
const EPOCH: u64 = 1_700_000_000_000;

/// The definitions that come before the first statement.
pub(super) fn definitions(promise: &str) -> [String; 2] {
    [
        // The smallest memory there is, so that the tables are written to files while the writer writes.
        format!("create database crash cache 1 blocks 3 {promise}"),
        "create stable crash.st (ts timestamp, n bigint, v double, s binary(24), w nchar(16)) tags (g int)"
            .to_owned(),
    ]
}

/// The rows of one statement for one table.
pub(super) struct Batch {
    /// The name of the sub table.
    pub(super) table: String,
    /// Its tag.
    tag: u64,
    /// The rows, as the checker reads them: timestamp first.
    pub(super) rows: Vec<Vec<Cell>>,
}

/// The batches of statement `number`: one to four tables, each with one to forty rows and now and then
/// with hundreds.
pub(super) fn batches(seed: u64, number: u64) -> Vec<Batch> {
    let mut random = Random::new(seed ^ number.wrapping_mul(0x2545_f491_4f6c_dd1d));
    let first = random.below(TABLES);
    let count = 1 + random.below(4);
    let long = random.below(16) == 0;
    (first..first + count)
        .map(|table| {
            let tag = table % TABLES;
            let rows = if long { 300 } else { 1 + random.below(40) };
            let rows = (0..rows).map(|index| row(number, index, &mut random)).collect();
            Batch { table: format!("t{tag}"), tag, rows }
        })
        .collect()
}

/// Two statements that follow each other change places in time, so that rows arrive out of order.
fn row(number: u64, index: u64, random: &mut Random) -> Vec<Cell> {
    let timestamp = EPOCH + (number ^ 1) * 1000 + index;
    let value = Cell::Double(random.below(1 << 20) as f64 / 16.0);
    let text = Cell::Bytes(format!("{number}-{index}").into_bytes());
    let wide = if random.below(5) == 0 {
        Cell::Null
    } else {
        Cell::Bytes("µ一".repeat(1 + index as usize % 4).into_bytes())
    };
    vec![Cell::Int(timestamp.cast_signed()), Cell::Int(number.cast_signed()), value, text, wide]
}

/// The text of a statement.
pub(super) fn insert(batches: &[Batch]) -> String {
    let mut sql = "insert into".to_owned();
    for batch in batches {
        let _ = write!(sql, " crash.{} using crash.st tags ({}) values", batch.table, batch.tag);
        for row in &batch.rows {
            let values: Vec<String> = row.iter().map(literal).collect();
            let _ = write!(sql, " ({})", values.join(", "));
        }
    }
    sql
}

fn literal(cell: &Cell) -> String {
    match cell {
        Cell::Null => "NULL".to_owned(),
        Cell::Bool(value) => value.to_string(),
        Cell::Int(value) => value.to_string(),
        Cell::Unsigned(value) => value.to_string(),
        Cell::Float(value) => value.to_string(),
        Cell::Double(value) => value.to_string(),
        Cell::Bytes(bytes) => format!("'{}'", String::from_utf8_lossy(bytes)),
    }
}
