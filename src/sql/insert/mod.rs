//! The fast reader of INSERT: text straight into columns.
//!
//! It has rules of its own (no comments, loose commas, literals read by the column's type) and never
//! makes a syntax tree of values. What it must know of tables it asks through [`Tables`].

mod cursor;
mod file;
mod json;
mod names;
mod number;
mod refusal;
mod statement;
mod tag_literal;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod value;

pub use tag_literal::tag_value;
pub use template::{Prepared, Template, read_prepared};
pub use text::fits;

use std::sync::Arc;

use super::ast::TableName;
use crate::error::{Error, Result, codes};
use crate::types::{Column, ColumnType, Context, Precision, Value};

/// The tables an INSERT may write to, as the reader sees them.
pub trait Tables {
    /// The super table of a USING clause, for the values after TAGS.
    fn super_table(&mut self, name: &TableName) -> Result<SuperTarget>;

    /// A table to write to. With `using`, one that is missing is made.
    fn open(&mut self, table: &TableName, using: Option<&Using>) -> Result<Target>;
}

/// A super table that tables are made from.
#[derive(Clone, Debug)]
pub struct SuperTarget {
    /// Its tags.
    pub tags: Arc<[TargetColumn]>,
    /// The precision of tags that are timestamps.
    pub precision: Precision,
}

/// A column or tag of a table that is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetColumn {
    /// Its name.
    pub name: String,
    /// Its type and width.
    pub column_type: ColumnType,
}

/// A table that is written to.
#[derive(Clone, Debug)]
pub struct Target {
    /// What [`Tables`] knows it by.
    pub handle: usize,
    /// Its columns, the primary timestamp first.
    pub columns: Arc<[TargetColumn]>,
    /// The precision of its timestamps.
    pub precision: Precision,
}

/// The USING clause of one table, its values read.
#[derive(Clone, Debug, PartialEq)]
pub struct Using {
    /// The super table.
    pub super_table: TableName,
    /// One value for each tag of the super table, NULL where none was given.
    pub values: Vec<Value>,
}

/// Rows for one table.
#[derive(Clone, Debug)]
pub struct Batch {
    /// [`Target::handle`]
    pub target: usize,
    /// Which of the target's columns are given; the primary timestamp (0) is among them.
    pub columns: Vec<usize>,
    /// Their values, in the order of `columns`.
    pub values: Vec<Column>,
}

/// Whether this text is an INSERT or IMPORT, and so belongs to [`read`] instead of [`super::parse`].
pub fn is_insert(sql: &[u8]) -> bool {
    let word = sql.trim_ascii_start();
    let is = |keyword: &[u8]| {
        word.get(..keyword.len()).is_some_and(|w| w.eq_ignore_ascii_case(keyword))
            && word.get(keyword.len()).is_none_or(|&next| !next.is_ascii_alphanumeric() && next != b'_')
    };
    is(b"insert") || is(b"import")
}

/// Reads a whole INSERT; nothing is stored by this, but tables named with USING may have been made.
///
/// A timestamp that is NULL is passed on as NULL; that it must not be is for the writer of the rows to say.
pub fn read(sql: &[u8], context: &Context, tables: &mut dyn Tables) -> Result<Vec<Batch>> {
    // A column of strings counts its bytes in 31 bits.
    if i32::try_from(sql.len()).is_err() {
        return Err(Error::from(codes::TSC_EXCEED_SQL_LIMIT));
    }
    statement::Statement::new(sql, context, tables).read()
}
