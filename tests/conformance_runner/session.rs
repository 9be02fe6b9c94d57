//! One connection's life: carries out records on the library.

use super::records::{Action, Record};
use crate::support::parameters::Parameters;
use crate::support::taos::{Cell, Connection, Failure, Outcome, TYPE_NAMES, Taos};
use serde_json::Value;

/// The connection, and what must be repeated on the next one.
pub(super) struct Session {
    taos: &'static Taos,
    connection: Connection,
    last_use: Option<String>,
}

impl Session {
    /// Connects as root; `last_use` is the last USE of the process before, which is repeated.
    pub(super) fn open(taos: &'static Taos, last_use: Option<String>) -> Result<Session, Failure> {
        let connection = taos.connect("root", "taosdata")?;
        let session = Session { taos, connection, last_use };
        session.repeat_use();
        Ok(session)
    }

    /// The last USE that succeeded.
    pub(super) fn last_use(&self) -> Option<&str> {
        self.last_use.as_deref()
    }

    /// Carries out a record, except a restart, which is the caller's.
    pub(super) fn run(&mut self, record: &Record) -> Result<Outcome, Failure> {
        match &record.action {
            Action::Sql => self.query(&record.input),
            Action::Schemaless { protocol, precision } => {
                let lines: Vec<&str> = record.input.split('\n').collect();
                self.connection.schemaless(&lines, *protocol, *precision)
            }
            Action::Prepared => self.prepared(&record.input),
            Action::Login { user, password } => self.login(user, password),
            Action::Reconnect | Action::Restart => self.login("root", "taosdata"),
        }
    }

    fn query(&mut self, sql: &str) -> Result<Outcome, Failure> {
        let outcome = self.connection.query(sql)?;
        let mut words = sql.split_whitespace();
        if words.next().is_some_and(|word| word.eq_ignore_ascii_case("use")) && words.next().is_some() {
            self.last_use = Some(sql.to_owned());
        }
        Ok(outcome)
    }

    fn login(&mut self, user: &str, password: &str) -> Result<Outcome, Failure> {
        self.connection = self.taos.connect(user, password)?;
        self.repeat_use();
        Ok(Outcome::Affected(0))
    }

    fn repeat_use(&self) {
        if let Some(sql) = &self.last_use {
            // The database may be gone by now, or not be this user's; the records that follow show it.
            let _ = self.connection.query(sql);
        }
    }

    fn prepared(&self, input: &str) -> Result<Outcome, Failure> {
        let mut lines = input.split('\n');
        let sql = lines.next().unwrap_or_default();
        let is_select = sql.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("select"));
        // What is bound must live until the statement is executed.
        let mut bound = Vec::new();
        let statement = self.connection.prepare(sql)?;
        for line in lines {
            if let Some(table) = line.strip_prefix("tbname ") {
                match table.split_once(' ') {
                    Some((name, tags)) => {
                        let tags = parameters(tags);
                        statement.set_table_and_tags(name, &tags)?;
                        bound.push(tags);
                    }
                    None => statement.set_table(table)?,
                }
                continue;
            }
            let values = parameters(line);
            statement.bind(&values)?;
            bound.push(values);
            if !is_select {
                statement.add_batch()?;
            }
        }
        statement.execute()?;
        if is_select { statement.result() } else { Ok(Outcome::Affected(statement.affected_rows())) }
    }
}

/// Reads `[[type, value], ...]`.
fn parameters(json: &str) -> Parameters {
    let values: Vec<(String, Value)> =
        serde_json::from_str(json).unwrap_or_else(|problem| panic!("values to bind: {json}: {problem}"));
    Parameters::new(&values.iter().map(|(name, value)| parameter(name, value)).collect::<Vec<_>>())
}

fn parameter(type_name: &str, value: &Value) -> (u8, Cell) {
    let position = TYPE_NAMES.iter().position(|name| name.eq_ignore_ascii_case(type_name));
    let data_type = position.unwrap_or_else(|| panic!("no type: {type_name}"));
    let cell = match (value, TYPE_NAMES[data_type]) {
        (Value::Null, _) => Cell::Null,
        (Value::Bool(value), _) => Cell::Bool(*value),
        (Value::String(text), _) => Cell::Bytes(text.clone().into_bytes()),
        (Value::Number(number), "FLOAT") => Cell::Float(number.as_f64().unwrap_or(f64::NAN) as f32),
        (Value::Number(number), "DOUBLE") => Cell::Double(number.as_f64().unwrap_or(f64::NAN)),
        (Value::Number(number), _) => match (number.as_i64(), number.as_u64()) {
            (Some(value), _) => Cell::Int(value),
            (None, Some(value)) => Cell::Unsigned(value),
            (None, None) => panic!("no integer: {number}"),
        },
        (Value::Array(_) | Value::Object(_), _) => panic!("no value to bind: {value}"),
    };
    (u8::try_from(data_type).unwrap_or(0), cell)
}
