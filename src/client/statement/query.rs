//! A prepared statement that is no INSERT: its values become text.

use super::BoundValue;
use crate::client::{Connection, ResultSet};
use crate::error::{Error, Result};
use crate::sql::parameters::{literal, places, substitute};
use crate::types::Value;

/// The statement with its values.
pub(super) struct Query {
    sql: Vec<u8>,
    places: Vec<usize>,
    /// One for each place; NULL until bound.
    literals: Vec<Vec<u8>>,
    result: Option<ResultSet>,
}

impl Query {
    pub(super) fn new(sql: &[u8]) -> Query {
        let places = places(sql);
        let literals = places.iter().map(|_| b"null".to_vec()).collect();
        Query { sql: sql.to_vec(), places, literals, result: None }
    }

    pub(super) fn parameters(&self) -> usize {
        self.places.len()
    }

    pub(super) fn bind(&mut self, values: Vec<BoundValue>) -> Result<()> {
        if values.len() != self.places.len() {
            let counts = format_args!("{} values for {} parameters", values.len(), self.places.len());
            return Err(Error::invalid_operation(counts));
        }
        let literal = |bound: &BoundValue| match &bound.value {
            // A number where a number must stand: LIMIT, arithmetic.
            Value::Bool(value) => literal(&Value::Int((*value).into())),
            value => literal(value),
        };
        self.literals = values.iter().map(literal).collect::<Result<_>>()?;
        Ok(())
    }

    pub(super) fn execute(&mut self, connection: &Connection) -> Result<()> {
        let texts = self.literals.iter().map(Vec::as_slice);
        let sql = substitute(&self.sql, self.places.iter().copied().zip(texts));
        let mut result = connection.query(&sql);
        let error = result.error().cloned();
        self.result = Some(result);
        error.map_or(Ok(()), Err)
    }

    pub(super) fn take_result(&mut self) -> Option<ResultSet> {
        self.result.take()
    }
}
