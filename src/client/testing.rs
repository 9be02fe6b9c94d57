//! A driver for tests of the rooms above it, with data that it makes up. Its statements:
//!
//! * `numbers N B` — N rows of `ts`, `n` (INT, NULL in every third row) and `s` (BINARY(8)), B to a block;
//!   `numbers N B broken` fails after the first block, `numbers N B slow` waits in it until it is stopped
//! * `insert N` — writes N rows
//! * `panic` — panics
//!
//! Everything else is a syntax error. There is one database, `db`.

use std::sync::Arc;

use super::{ConnectRequest, Connection};
use crate::driver::{Driver, Login, Session};
use crate::error::{Error, Result, codes};
use crate::types::{
    Answer, Block, BlockStream, Column, ColumnType, Context, DataType, Executed, Field, InsertTarget,
    Precision, Rows, StopFlag, Value,
};

struct FakeDriver;
struct FakeSession;

/// The driver.
pub(crate) fn driver() -> Arc<dyn Driver> {
    Arc::new(FakeDriver)
}

/// A connection to it.
pub(crate) fn connection() -> Connection {
    driver_and_connection().1
}

/// Both, for tests that watch how long the driver is held.
pub(crate) fn driver_and_connection() -> (Arc<dyn Driver>, Connection) {
    let driver = driver();
    let connection = Connection::on(Arc::clone(&driver), &ConnectRequest::default());
    (driver, connection.expect("the default login is right"))
}

impl Driver for FakeDriver {
    fn connect(&self, login: &Login) -> Result<Box<dyn Session>> {
        if login.password != "taosdata" {
            return Err(codes::RPC_AUTH_FAILURE.into());
        }
        let session = FakeSession;
        login.database.as_deref().map_or(Ok(()), |name| session.use_database(name))?;
        Ok(Box::new(session))
    }
}

impl Session for FakeSession {
    fn execute(&self, sql: &[u8], context: &Context) -> Executed {
        let sql = String::from_utf8_lossy(sql);
        let words: Vec<&str> = sql.split_whitespace().collect();
        let is_update = words.first() == Some(&"insert");
        Executed { is_update, answer: answer(&words, context) }
    }

    fn validate(&self, sql: &[u8], context: &Context) -> Result<()> {
        self.execute(sql, context).answer.map(drop)
    }

    fn prepare_insert(&self, sql: &[u8], _: &Context) -> Result<InsertTarget> {
        Err(Error::syntax(String::from_utf8_lossy(sql)))
    }

    fn insert_columns(&self, _: Vec<(Arc<InsertTarget>, Vec<Column>)>, _: &Context) -> Result<u64> {
        Err(codes::TDB_INVALID_TABLE_ID.into())
    }

    fn use_database(&self, name: &str) -> Result<()> {
        if name == "db" { Ok(()) } else { Err(codes::MND_INVALID_DB.into()) }
    }

    fn reset_database(&self) {}

    fn server_version(&self) -> String {
        "2.6.0.65".to_owned()
    }
}

fn answer(words: &[&str], context: &Context) -> Result<Answer> {
    let number = |word: &str| word.parse().map_err(|_| Error::syntax(word));
    match words {
        ["insert", rows] => Ok(Answer::written(number(rows)?)),
        ["panic"] => panic!("asked for"),
        ["numbers", rows, per_block, rest @ ..] => {
            let (rows, per_block) = (number(rows)?, number(per_block)?);
            let how = rest.first().map(|word| (*word).to_owned()).unwrap_or_default();
            let blocks = Numbers { next: 0, rows, per_block, how, stop: context.stop.clone() };
            let fields = vec![
                Field::new("ts", ColumnType::TIMESTAMP),
                Field::new("n", ColumnType::fixed(DataType::Int)),
                Field::new("s", ColumnType::text(DataType::Binary, 8)),
            ];
            let rows = Rows { fields, precision: Precision::Micro, blocks: Box::new(blocks) };
            Ok(Answer { affected_rows: 0, rows: Some(rows) })
        }
        words => Err(Error::syntax(words.join(" "))),
    }
}

struct Numbers {
    next: u64,
    rows: u64,
    per_block: u64,
    how: String,
    stop: StopFlag,
}

impl BlockStream for Numbers {
    fn next_block(&mut self) -> Result<Option<Block>> {
        if self.how == "slow" {
            while !self.stop.is_stopped() {
                std::thread::yield_now();
            }
            self.stop.check()?;
        }
        if self.how == "broken" && self.next > 0 {
            return Err(codes::TDB_FILE_CORRUPTED.into());
        }
        let rows = self.next..self.rows.min(self.next + self.per_block);
        self.next = rows.end;
        let mut columns = [DataType::Timestamp, DataType::Int, DataType::Binary].map(Column::new);
        for row in rows {
            columns[0].push(&Value::Int(row as i64));
            columns[1].push(&if row % 3 == 2 { Value::Null } else { Value::Int(row as i64) });
            columns[2].push_bytes(format!("row {row}").as_bytes());
        }
        let block = Block::from_columns(columns.into());
        Ok((block.rows() > 0).then_some(block))
    }
}
