//! What a statement came to: rows that arrive block by block, a count of rows written, or an error.

use std::sync::Arc;

use crate::driver::Driver;
use crate::error::{Error, codes};
use crate::types::{Block, BlockStream, Executed, Field, Precision, Rows, StopFlag};

/// The result of one statement.
pub struct ResultSet {
    fields: Vec<Field>,
    precision: Precision,
    blocks: Option<Box<dyn BlockStream>>,
    affected_rows: u64,
    is_update: bool,
    error: Option<Error>,
    stop: StopFlag,
    /// Keeps the data open while rows are read, also after the end of the connection.
    driver: Option<Arc<dyn Driver>>,
}

impl ResultSet {
    /// What an execution came to. `stop` is the flag that the statement ran with.
    pub(super) fn of(executed: Executed, stop: StopFlag, driver: &Arc<dyn Driver>) -> ResultSet {
        let mut result = ResultSet { is_update: executed.is_update, stop, ..ResultSet::empty() };
        match executed.answer {
            Err(error) => result.error = Some(error),
            Ok(answer) => {
                result.affected_rows = answer.affected_rows;
                if let Some(Rows { fields, precision, blocks }) = answer.rows {
                    result.fields = fields;
                    result.precision = precision;
                    result.blocks = Some(blocks);
                    result.driver = Some(Arc::clone(driver));
                }
            }
        }
        result
    }

    /// The result of a statement that never reached the data.
    pub fn failed(error: Error) -> ResultSet {
        ResultSet { error: Some(error), ..ResultSet::empty() }
    }

    /// The result of rows that were written.
    pub(super) fn written(affected_rows: u64) -> ResultSet {
        ResultSet { affected_rows, is_update: true, ..ResultSet::empty() }
    }

    fn empty() -> ResultSet {
        ResultSet {
            fields: Vec::new(),
            precision: Precision::Milli,
            blocks: None,
            affected_rows: 0,
            is_update: false,
            error: None,
            stop: StopFlag::default(),
            driver: None,
        }
    }

    /// The columns; none for a statement that has no rows to show.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The precision of timestamps in the rows.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// Whether the statement is one that changes something.
    pub fn is_update(&self) -> bool {
        self.is_update
    }

    /// Rows written by the statement.
    pub fn affected_rows(&self) -> u64 {
        self.affected_rows
    }

    /// Ends the statement, from any thread.
    pub fn stop_flag(&self) -> &StopFlag {
        &self.stop
    }

    /// What went wrong, of the statement or while its rows were read; the first thing counts. A statement
    /// that was stopped has gone wrong, also when it had already finished.
    pub fn error(&mut self) -> Option<&Error> {
        if self.error.is_none() && self.stop.is_stopped() {
            self.fail(codes::TSC_QUERY_CANCELLED.into());
        }
        self.error.as_ref()
    }

    /// Ends the result with an error, unless it already has one.
    pub fn fail(&mut self, error: Error) {
        self.blocks = None;
        self.error.get_or_insert(error);
    }

    /// The next rows, at least one; None at the end and after an error, which [`ResultSet::error`] tells.
    pub fn next_block(&mut self) -> Option<Block> {
        if self.error().is_some() {
            return None;
        }
        match self.blocks.as_mut()?.next_block() {
            // A stop that came too late for the driver still ends the rows.
            Ok(Some(block)) => self.error().is_none().then_some(block),
            Ok(None) => {
                self.blocks = None;
                None
            }
            Err(error) => {
                self.fail(error);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::client::testing;
    use crate::error::codes;

    #[test]
    fn blocks_come_until_the_end() {
        let connection = testing::connection();
        let mut result = connection.query(b"numbers 10 4");
        let rows: Vec<usize> = std::iter::from_fn(|| result.next_block()).map(|block| block.rows()).collect();
        assert_eq!(rows, [4, 4, 2]);
        assert!(result.error().is_none() && result.next_block().is_none());
    }

    #[test]
    fn an_error_in_the_middle_ends_the_rows() {
        let connection = testing::connection();
        let mut result = connection.query(b"numbers 10 4 broken");
        assert!(result.next_block().is_some());
        assert!(result.next_block().is_none());
        assert_eq!(result.error().map(|e| e.code), Some(codes::TDB_FILE_CORRUPTED));
        assert!(result.next_block().is_none());
    }

    #[test]
    fn a_stopped_statement_has_failed_even_when_it_was_done() {
        let connection = testing::connection();
        let mut result = connection.query(b"insert 3");
        assert!(result.error().is_none());
        result.stop_flag().stop();
        assert_eq!(result.error().map(|e| e.code), Some(codes::TSC_QUERY_CANCELLED));

        let mut failed = connection.query(b"nonsense");
        failed.stop_flag().stop();
        assert_eq!(failed.error().map(|e| e.code), Some(codes::TSC_SQL_SYNTAX_ERROR));
    }

    #[test]
    fn rows_outlive_their_connection() {
        let (strong, connection) = testing::driver_and_connection();
        let driver = std::sync::Arc::downgrade(&strong);
        drop(strong);
        let mut result = connection.query(b"numbers 10 4");
        drop(connection);
        assert!(driver.upgrade().is_some());
        assert!(result.next_block().is_some());
        drop(result);
        assert!(driver.upgrade().is_none());
    }
}
