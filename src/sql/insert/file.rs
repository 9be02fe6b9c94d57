//! `INSERT INTO t FILE 'path'`: rows from a file of comma-separated values.
//!
//! Each line is what would stand between the parentheses of VALUES: strings and timestamps in quotes,
//! numbers bare. There is no line of headings; blank lines are passed over.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use super::cursor::Token;
use super::refusal::{invalid, syntax};
use super::statement::Rows;
use super::text::unquote;
use super::value::ValueReader;
use crate::error::{Error, Result, codes};
use crate::sql::lexer::Kind;
use crate::types::{Context, Precision};

/// The most bytes of a file. All rows of a statement are in memory at once, so there must be a bound.
const MOST_BYTES: u64 = 256 << 20;

/// Appends the rows of the file whose path is that token.
///
/// # Errors
/// The error of the operating system, as `0x80ff0002`, for a file that cannot be read; `0x8000021A` for
/// one without rows; as for VALUES for what stands in it, the line's number told.
pub(super) fn read(path: &Token<'_>, precision: Precision, context: &Context, rows: &mut Rows) -> Result<()> {
    if path.kind != Kind::String {
        return Err(syntax(path.text, "file path is required following keyword FILE"));
    }
    let mut scratch = Vec::new();
    let path = String::from_utf8_lossy(unquote(path.text, &mut scratch));
    let failed = |cause| Error::io(format_args!("cannot read {path}"), &cause);
    let file = File::open(&*path).map_err(failed)?;

    let mut input = BufReader::new(file.take(MOST_BYTES + 1));
    let (mut line, mut number, mut bytes) = (Vec::new(), 0, 0);
    loop {
        context.stop.check()?;
        line.clear();
        number += 1;
        match input.read_until(b'\n', &mut line).map_err(failed)? {
            0 => break,
            length => bytes += length as u64,
        }
        if bytes > MOST_BYTES {
            let why = "file of more than 256 MiB, split it";
            return Err(invalid(codes::TSC_INVALID_OPERATION, path.as_bytes(), why));
        }
        read_line(&line, precision, context, rows)
            .map_err(|error| Error::new(error.code, format!("{path}, line {number}: {error}")))?;
    }
    if rows.count() == 0 { Err(Error::from(codes::TSC_FILE_EMPTY)) } else { Ok(()) }
}

fn read_line(line: &[u8], precision: Precision, context: &Context, rows: &mut Rows) -> Result<()> {
    let line = line.trim_ascii();
    if line.is_empty() {
        return Ok(());
    }
    let mut reader = ValueReader::new(line, context);
    reader.precision = precision;
    rows.read(&mut reader)?;
    match reader.cursor.rest().trim_ascii() {
        [] => Ok(()),
        more => Err(syntax(more, "end of line expected")),
    }
}
