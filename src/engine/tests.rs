//! The engine as a whole: whose directory it is, who may connect, what statements leave behind.

use std::path::PathBuf;

use super::*;
use crate::error::Code;
use crate::error::codes;
use crate::types::{Answer, Value};

/// A directory that goes with the test.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Scratch {
        let path = std::env::temp_dir().join(format!("taos-test-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Scratch(path)
    }

    pub(crate) fn location(&self) -> DataLocation {
        DataLocation::Directory(self.0.clone())
    }

    fn open(&self) -> Result<Arc<Engine>> {
        Engine::open(&Settings { location: self.location() })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn in_memory() -> Session {
    let engine = Engine::open(&Settings { location: DataLocation::Memory }).unwrap();
    engine.connect("root", "taosdata").unwrap()
}

pub(crate) fn run(session: &Session, sql: &str) -> Result<Answer> {
    session.execute(sql.as_bytes(), &context()).answer
}

fn context() -> Context {
    Context::new(TimeZone::UTC, StopFlag::default())
}

fn ok(session: &Session, statements: &[&str]) {
    for sql in statements {
        run(session, sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

fn code(session: &Session, sql: &str) -> Code {
    run(session, sql).err().map_or(codes::SUCCESS, |error| error.code)
}

/// The first column of a result.
fn names(session: &Session, sql: &str) -> Vec<String> {
    let mut rows = run(session, sql).unwrap().rows.unwrap();
    let mut names = Vec::new();
    while let Some(block) = rows.blocks.next_block().unwrap() {
        let name = |row| match block.column(0).value(row) {
            Value::Bytes(bytes) => String::from_utf8(bytes.into()).unwrap(),
            other => format!("{other:?}"),
        };
        names.extend((0..block.rows()).map(name));
    }
    names
}

#[test]
fn one_engine_at_a_time_has_a_directory() {
    let scratch = Scratch::new("lock");
    let first = scratch.open().unwrap();
    let error = scratch.open().err().unwrap();
    assert_eq!(error.code, codes::APP_NOT_READY);
    assert!(error.message.contains(&std::process::id().to_string()), "{error}");
    first.close().unwrap();
    let second = scratch.open().unwrap();
    // The first one is gone for good: that it is dropped must not open the lock of the second.
    drop(first);
    assert!(scratch.open().is_err());
    drop(second);
    scratch.open().unwrap();
}

#[test]
fn a_servers_directory_is_left_alone() {
    let scratch = Scratch::new("server");
    std::fs::create_dir_all(scratch.0.join("vnode")).unwrap();
    assert_eq!(scratch.open().err().unwrap().code, codes::TDB_INVALID_CONFIG);
    assert_eq!(std::fs::read_dir(&scratch.0).unwrap().count(), 1);
}

#[test]
fn logins() {
    let engine = Engine::open(&Settings { location: DataLocation::Memory }).unwrap();
    assert_eq!(engine.connect("root", "wrong").err().unwrap().code, codes::RPC_AUTH_FAILURE);
    assert_eq!(engine.connect("nobody", "taosdata").err().unwrap().code, codes::MND_INVALID_USER);
    let session = engine.connect("root", "taosdata").unwrap();
    assert_eq!(names(&session, "show users"), ["root"]);
    assert_eq!(names(&session, "show connections").len(), 1);
    drop(engine.connect("root", "taosdata").unwrap());
    assert_eq!(names(&session, "show connections").len(), 1);
}

#[test]
fn a_session_keeps_the_name_of_its_database() {
    let session = in_memory();
    assert_eq!(code(&session, "create table t (ts timestamp, v int)"), codes::TSC_DB_NOT_SELECTED);
    ok(&session, &["create database d", "use d", "create table t (ts timestamp, v int)", "drop database d"]);
    assert_eq!(code(&session, "create table t (ts timestamp, v int)"), codes::MND_DB_NOT_SELECTED);
    ok(&session, &["create database d"]);
    assert_eq!(names(&session, "show tables"), [""; 0]);
    ok(&session, &["create table t (ts timestamp, v int)"]);
    session.reset_database();
    assert_eq!(code(&session, "describe t"), codes::TSC_DB_NOT_SELECTED);
    session.use_database("D").unwrap();
    assert_eq!(names(&session, "describe t"), ["ts", "v"]);
    assert_eq!(session.use_database("`D`").unwrap_err().code, codes::MND_INVALID_DB);
}

#[test]
fn a_directory_keeps_what_was_defined() {
    let scratch = Scratch::new("keeps");
    let session = scratch.open().unwrap().connect("root", "taosdata").unwrap();
    ok(
        &session,
        &["create database d", "create database e", "create stable d.s (ts timestamp, v int) tags (g int)"],
    );
    ok(&session, &["create table d.c using d.s tags (1)", "drop database e"]);
    drop(session);
    let session = scratch.open().unwrap().connect("root", "taosdata").unwrap();
    assert_eq!(names(&session, "show databases"), ["d"]);
    assert_eq!(names(&session, "show d.stables"), ["s"]);
    assert_eq!(names(&session, "show d.tables like 'C%'"), ["c"]);
    let stores = std::fs::read_dir(scratch.0.join("data")).unwrap().count();
    assert_eq!(stores, 1, "the rows of a dropped database go with it");
}

#[test]
fn children_before_a_taken_name_are_made() {
    let session = in_memory();
    ok(&session, &["create database d", "use d", "create stable s (ts timestamp, v int) tags (g int)"]);
    let twice = "create table a using s tags (1) a using s tags (2) b using s tags (3)";
    assert_eq!(code(&session, twice), codes::MND_TABLE_ALREADY_EXIST);
    assert_eq!(names(&session, "show tables"), ["a"]);
    let bad = "create table c using s tags (1) d using s tags ('x')";
    assert_eq!(code(&session, bad), codes::TSC_INVALID_OPERATION);
    assert_eq!(names(&session, "show tables"), ["a"]);
}

#[test]
fn an_insert_is_whole_or_not_there_but_its_children_stay() {
    let session = in_memory();
    ok(&session, &["create database d", "use d", "create stable s (ts timestamp, v int) tags (g int)"]);
    ok(&session, &["create table plain (ts timestamp, v int)"]);
    let written =
        run(&session, "insert into a using s tags (1) values (now, 1) (now+1s, 2) plain values (now, 1)");
    assert_eq!(written.unwrap().affected_rows, 3);
    for (child, key) in [("b1", "now-3651d"), ("b2", "now+11d"), ("b3", "null")] {
        let sql = format!("insert into plain values (now, 1) {child} using s tags (2) values ({key}, 1)");
        assert_eq!(code(&session, &sql), codes::TDB_TIMESTAMP_OUT_OF_RANGE, "{sql}");
    }
    assert_eq!(
        code(&session, "insert into c using s tags (1) values (now, 'x')"),
        codes::TSC_SQL_SYNTAX_ERROR
    );
    assert_eq!(names(&session, "show tables"), ["plain", "a", "b1", "b2", "b3", "c"]);
    ok(&session, &["insert into plain using s tags (9) values (now, 5)"]);
    assert_eq!(
        code(&session, "insert into x using plain tags (1) values (now, 1)"),
        codes::TSC_INVALID_OPERATION
    );
    assert_eq!(code(&session, "insert into s values (now, 1)"), codes::TSC_INVALID_OPERATION);
    ok(&session, &["create database e"]);
    let abroad = "insert into e.c using d.s tags (1) values (now, 1)";
    assert_eq!(code(&session, abroad), codes::TDB_INVALID_CREATE_TB_MSG);
    session.validate(b"insert into v using s tags (1) values (now, 1)", &context()).unwrap();
    assert!(!names(&session, "show tables").contains(&"v".to_owned()));
}
