//! The writer.

use super::workload::{batches, definitions, insert};
use crate::support::taos::{Connection, Outcome};
use std::io::Write;

/// Creates the database and its super table.
pub(super) fn create(connection: &Connection, promise: &str) -> Result<(), String> {
    for sql in definitions(promise) {
        connection.query(&sql).map_err(|failure| format!("{sql}: {failure}"))?;
    }
    Ok(())
}

/// Executes the statements from number `first` on and says so after each, until somebody kills this
/// process.
pub(super) fn write(connection: &Connection, seed: u64, first: u64) -> Result<(), String> {
    for number in first.. {
        let batches = batches(seed, number);
        let rows = batches.iter().map(|batch| batch.rows.len()).sum::<usize>();
        match connection.query(&insert(&batches)) {
            Ok(Outcome::Affected(affected)) if usize::try_from(affected) == Ok(rows) => {}
            Ok(outcome) => return Err(format!("statement {number}: {rows} rows, but {outcome:?}")),
            Err(failure) => return Err(format!("statement {number}: {failure}")),
        }
        let mut out = std::io::stdout().lock();
        // One write of one line: what the file holds when this process dies are whole acknowledgements.
        out.write_all(format!("said {number}\n").as_bytes()).map_err(|cause| cause.to_string())?;
        out.flush().map_err(|cause| cause.to_string())?;
    }
    Ok(())
}
