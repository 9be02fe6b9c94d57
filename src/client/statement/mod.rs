//! Prepared statements: values apart from the text.
//!
//! ```text
//! INSERT         prepare [set_table] (bind add_batch)… execute, and again from set_table or bind on
//! anything else  prepare [bind] execute, and again from bind or execute on
//! ```
//!
//! The values of an INSERT stay columns all the way to the store. Those of other statements become literals
//! in the text, which is then a statement like any other.

mod insert;
mod query;

use std::sync::Arc;

use self::insert::Insert;
use self::query::Query;
use super::{Connection, ResultSet};
use crate::error::{Error, Result, codes};
use crate::sql::insert::is_insert;
use crate::types::{Column, ColumnType, DataType, InsertTarget, Value};

/// A prepared statement. It keeps its connection open.
pub struct Statement {
    connection: Arc<Connection>,
    prepared: bool,
    kind: Kind,
}

enum Kind {
    Insert(Insert),
    Other(Query),
}

/// A value for a `?`, with the type that the program says it has; NULL may come without one.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundValue {
    /// The type.
    pub data_type: Option<DataType>,
    /// The value.
    pub value: Value,
}

/// Which call of a wrong order it was: `0x80000200`.
fn wrong_order(call: &str) -> Error {
    Error::invalid_operation(format_args!("{call} status error"))
}

fn not_supported() -> Error {
    codes::COM_OPS_NOT_SUPPORT.into()
}

impl Statement {
    /// A statement without text.
    pub fn new(connection: Arc<Connection>) -> Statement {
        Statement { connection, prepared: false, kind: Kind::Other(Query::new(b"")) }
    }

    /// Gives it its text. The table of an INSERT is looked up, and made when USING says so, unless it is
    /// a `?`; of other statements nothing is checked.
    ///
    /// # Errors
    /// `0x80000200` the second time, also when the first one failed; those of the INSERT.
    pub fn prepare(&mut self, sql: &[u8]) -> Result<()> {
        if std::mem::replace(&mut self.prepared, true) {
            return Err(wrong_order("prepare"));
        }
        self.kind = match is_insert(sql) {
            true => Kind::Insert(Insert::prepare(&self.connection, sql)?),
            false => Kind::Other(Query::new(sql)),
        };
        Ok(())
    }

    /// Whether it is an INSERT.
    pub fn is_insert(&self) -> bool {
        matches!(self.kind, Kind::Insert(_))
    }

    /// How many `?` wait for values; none of an INSERT whose table is not known.
    pub fn parameters(&self) -> usize {
        match &self.kind {
            Kind::Insert(insert) => insert.target().map_or(0, |target| target.columns.len()),
            Kind::Other(query) => query.parameters(),
        }
    }

    /// The type that the value of a `?` of an INSERT must have.
    ///
    /// # Errors
    /// `0x80000200` when there is no such `?`, `0x80000100` for other statements.
    pub fn parameter(&self, index: usize) -> Result<ColumnType> {
        let Kind::Insert(insert) = &self.kind else { return Err(not_supported()) };
        let column = insert.target().and_then(|target| target.columns.get(index));
        let none = || Error::invalid_operation(format_args!("no parameter has index {index}"));
        column.map(|column| column.column_type).ok_or_else(none)
    }

    /// How many tags [`Statement::set_table`] needs.
    pub fn tags(&self) -> usize {
        match &self.kind {
            Kind::Insert(insert) => insert.tags(),
            Kind::Other(_) => 0,
        }
    }

    /// Says which table the `?` after INTO is, and which tags it is made with if it is not there. Tags are
    /// ignored where the statement has no `?` for them.
    ///
    /// # Errors
    /// `0x80000200` when there is no such `?`, for a name that is none, without tags where they are needed,
    /// between bind and add_batch; those of an INSERT.
    pub fn set_table(&mut self, name: &[u8], tags: Option<&[Value]>) -> Result<()> {
        match &mut self.kind {
            Kind::Insert(insert) => insert.set_table(&self.connection, name, tags),
            Kind::Other(_) => Err(insert::not_many_tables()),
        }
    }

    /// Binds a value to each `?`.
    ///
    /// # Errors
    /// `0x80000200` in the wrong order, and for a value that is not exactly of its column's type or too
    /// long for it; then nothing is bound.
    pub fn bind(&mut self, values: Vec<BoundValue>) -> Result<()> {
        match &mut self.kind {
            Kind::Insert(insert) => insert.bind_row(values),
            Kind::Other(query) => query.bind(values),
        }
    }

    /// The table that columns may be bound for now.
    ///
    /// # Errors
    /// `0x80000200` when it is not the time to bind columns.
    pub fn columns_to_bind(&self) -> Result<&InsertTarget> {
        self.insert()?.columns_to_bind()
    }

    /// Binds a column of values to each `?`. Errors as [`Statement::bind`].
    pub fn bind_columns(&mut self, columns: Vec<Column>) -> Result<()> {
        self.insert_mut()?.bind_columns(columns)
    }

    /// The table that a single column may be bound for now, as [`Statement::columns_to_bind`].
    pub fn column_to_bind(&self) -> Result<&InsertTarget> {
        self.insert()?.column_to_bind()
    }

    /// Binds a column of values to one `?`; add_batch wants all of them. Errors as [`Statement::bind`].
    pub fn bind_column(&mut self, index: usize, column: Column) -> Result<()> {
        self.insert_mut()?.bind_column(index, column)
    }

    fn insert(&self) -> Result<&Insert> {
        match &self.kind {
            Kind::Insert(insert) => Ok(insert),
            Kind::Other(_) => Err(insert::not_batch_insert()),
        }
    }

    fn insert_mut(&mut self) -> Result<&mut Insert> {
        match &mut self.kind {
            Kind::Insert(insert) => Ok(insert),
            Kind::Other(_) => Err(insert::not_batch_insert()),
        }
    }

    /// Adds what is bound to the rows to be written.
    ///
    /// # Errors
    /// `0x80000200` when nothing is bound or not every column, `0x80000100` for what is no INSERT.
    pub fn add_batch(&mut self) -> Result<()> {
        match &mut self.kind {
            Kind::Insert(insert) => insert.add_batch(),
            Kind::Other(_) => Err(not_supported()),
        }
    }

    /// Executes it. An INSERT writes all rows that were added, of whatever tables, or none; then, or after
    /// an error, it has no rows any more.
    pub fn execute(&mut self) -> Result<()> {
        match &mut self.kind {
            Kind::Insert(insert) => insert.execute(&self.connection),
            Kind::Other(_) if !self.prepared => {
                let text = "syntax error near 'Incomplete SQL statement'";
                Err(Error::new(codes::TSC_SQL_SYNTAX_ERROR, text))
            }
            Kind::Other(query) => query.execute(&self.connection),
        }
    }

    /// Rows that all executions of an INSERT wrote.
    pub fn affected_rows(&self) -> u64 {
        match &self.kind {
            Kind::Insert(insert) => insert.affected_rows(),
            Kind::Other(_) => 0,
        }
    }

    /// The result of the last execution; None when there was none or it was taken.
    pub fn take_result(&mut self) -> Option<ResultSet> {
        match &mut self.kind {
            Kind::Insert(insert) => insert.take_result(),
            Kind::Other(query) => query.take_result(),
        }
    }
}

#[cfg(test)]
mod tests;
