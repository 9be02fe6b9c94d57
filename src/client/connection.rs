//! A connection: a session on the data, and what every statement of it needs.

use std::sync::Arc;

use super::target::{Environment, Target, choose};
use super::{ResultSet, log, options};
use crate::driver::{Driver, Login, Session, embedded, remote};
use crate::error::{Code, Error, Result, codes};
use crate::types::{Column, Context, InsertTarget, StopFlag};

/// Who wants to connect to what; None is what the configuration says.
#[derive(Clone, Default)]
pub struct ConnectRequest {
    /// The server, as `host` or `host:port`.
    pub host: Option<String>,
    /// Its port; 0 is what the host or the configuration says.
    pub port: u16,
    /// `root` by default.
    pub user: Option<String>,
    /// `taosdata` by default.
    pub password: Option<String>,
    /// The database to begin with.
    pub database: Option<String>,
}

/// A connection. Threads may share it; their statements run side by side.
pub struct Connection {
    session: Box<dyn Session>,
    driver: Arc<dyn Driver>,
}

impl Connection {
    /// Connects to the embedded database or a server.
    ///
    /// `TAOS_ENGINE`, else `engine` in `taos.cfg`, says which: `embedded`, `remote`, or `auto`, which takes
    /// the server when the request or `firstEp` names one.
    ///
    /// Errors: `0x80000206` to `0x80000209` for an argument of a wrong length, `0x80000003` and `0x80000351`
    /// for a wrong login, `0x80000383` for an unknown database, `0x8000000B` for no server.
    pub fn open(request: &ConnectRequest) -> Result<Connection> {
        check_lengths(request)?;
        let environment = Environment::of_process();
        let target = choose(request.host.as_deref(), request.port, &options::settings(), &environment)?;
        let driver = match target {
            Target::Embedded(location) => embedded::open(&location),
            Target::Remote(endpoints) => remote::open(&endpoints),
        };
        let connection = driver.and_then(|driver| Connection::on(driver, request));
        connection.inspect_err(|error| log::line(&format!("no connection: {error}")))
    }

    /// Connects by that driver.
    pub(super) fn on(driver: Arc<dyn Driver>, request: &ConnectRequest) -> Result<Connection> {
        let login = Login {
            user: request.user.clone().unwrap_or_else(|| "root".to_owned()),
            password: request.password.clone().unwrap_or_else(|| "taosdata".to_owned()),
            database: request.database.clone().filter(|name| !name.is_empty()),
        };
        let session = driver.connect(&login)?;
        Ok(Connection { session, driver })
    }

    /// Executes a statement. What goes wrong is told by the result.
    pub fn query(&self, sql: &[u8]) -> ResultSet {
        let settings = options::settings();
        if sql.len() > settings.max_sql_length {
            return ResultSet::failed(codes::TSC_EXCEED_SQL_LIMIT.into());
        }
        let stop = StopFlag::default();
        let context = Context::new(settings.timezone, stop.clone());
        let executed = self.session.execute(sql, &context);
        ResultSet::of(executed, stop, &self.driver)
    }

    /// Checks that a statement parses and that what it names exists, without executing it.
    pub fn validate(&self, sql: &[u8]) -> Result<()> {
        self.session.validate(sql, &new_context())
    }

    /// Reads an INSERT whose values are `?` and looks up its table; one that USING names is made now.
    pub(super) fn prepare_insert(&self, sql: &[u8]) -> Result<InsertTarget> {
        self.session.prepare_insert(sql, &new_context())
    }

    /// Writes columns to tables that were prepared: the rows of all tables, or none. Returns how many.
    pub(super) fn insert_columns(&self, batches: Vec<(Arc<InsertTarget>, Vec<Column>)>) -> Result<u64> {
        self.session.insert_columns(batches, &new_context())
    }

    /// Makes a database the current one, for all threads.
    ///
    /// Errors: `0x80000383` when there is none of that name, `0x80000216` when the name is empty.
    pub fn use_database(&self, name: &str) -> Result<()> {
        if name.is_empty() {
            return Err(codes::TSC_SQL_SYNTAX_ERROR.into());
        }
        self.session.use_database(name)
    }

    /// Leaves the current database.
    pub fn reset_database(&self) {
        self.session.reset_database();
    }

    /// The version of what answers, as `2.6.0.65`.
    pub fn server_version(&self) -> String {
        self.session.server_version()
    }
}

/// The context of what nobody can stop.
fn new_context() -> Context {
    Context::new(options::settings().timezone, StopFlag::default())
}

/// Lengths in bytes that the original accepts.
fn check_lengths(request: &ConnectRequest) -> Result<()> {
    let check = |text: &Option<String>, least: usize, most: usize, code: Code| match text {
        Some(text) if !(least..=most).contains(&text.len()) => Err(Error::from(code)),
        _ => Ok(()),
    };
    check(&request.host, 1, 133, codes::TSC_INVALID_FQDN)?;
    check(&request.user, 1, 23, codes::TSC_INVALID_USER_LENGTH)?;
    check(&request.password, 1, 15, codes::TSC_INVALID_PASS_LENGTH)?;
    check(&request.database, 0, 32, codes::TSC_INVALID_DB_LENGTH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::testing;

    #[test]
    fn arguments_of_a_wrong_length_are_refused_first() {
        let some = |length: usize| Some("x".repeat(length));
        let request = ConnectRequest::default;
        for (request, code) in [
            (ConnectRequest { host: some(0), ..request() }, codes::TSC_INVALID_FQDN),
            (ConnectRequest { host: some(134), ..request() }, codes::TSC_INVALID_FQDN),
            (ConnectRequest { user: some(0), ..request() }, codes::TSC_INVALID_USER_LENGTH),
            (ConnectRequest { user: some(24), ..request() }, codes::TSC_INVALID_USER_LENGTH),
            (ConnectRequest { password: some(0), ..request() }, codes::TSC_INVALID_PASS_LENGTH),
            (ConnectRequest { password: some(16), ..request() }, codes::TSC_INVALID_PASS_LENGTH),
            (ConnectRequest { database: some(33), ..request() }, codes::TSC_INVALID_DB_LENGTH),
        ] {
            assert_eq!(Connection::open(&request).err().map(|error| error.code), Some(code));
        }
        let longest = ConnectRequest {
            host: some(133),
            port: 0,
            user: some(23),
            password: some(15),
            database: some(32),
        };
        assert_eq!(check_lengths(&longest), Ok(()));
    }

    #[test]
    fn a_server_that_cannot_be_spoken_with_is_named() {
        let request = ConnectRequest { host: Some("meter.example:7041".into()), ..ConnectRequest::default() };
        let error = Connection::open(&request).err().unwrap();
        assert_eq!(error.code, codes::RPC_NETWORK_UNAVAIL);
        assert!(error.message.contains("meter.example:7041") && error.message.contains("TAOS_ENGINE"));
    }

    #[test]
    fn a_statement_may_be_as_long_as_the_limit() {
        let connection = testing::connection();
        let code = |length: usize| connection.query(&vec![b' '; length]).error().map(|error| error.code);
        assert_eq!(code(1_048_576), Some(codes::TSC_SQL_SYNTAX_ERROR));
        assert_eq!(code(1_048_577), Some(codes::TSC_EXCEED_SQL_LIMIT));
    }

    #[test]
    fn a_wrong_login_and_an_unknown_database() {
        let connect = |request| Connection::on(testing::driver(), &request).err().map(|error| error.code);
        let wrong = ConnectRequest { password: Some("guess".into()), ..ConnectRequest::default() };
        assert_eq!(connect(wrong), Some(codes::RPC_AUTH_FAILURE));
        let unknown = ConnectRequest { database: Some("nodb".into()), ..ConnectRequest::default() };
        assert_eq!(connect(unknown), Some(codes::MND_INVALID_DB));
        let none = ConnectRequest { database: Some(String::new()), ..ConnectRequest::default() };
        assert_eq!(connect(none), None);
    }
}
