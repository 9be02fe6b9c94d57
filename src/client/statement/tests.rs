use std::sync::Arc;

use super::*;
use crate::client::ConnectRequest;
use crate::driver::embedded::{self, DataLocation};
use crate::types::Values;

const START: i64 = 1_700_000_000_000;

struct Fixture {
    connection: Arc<Connection>,
}

impl Fixture {
    /// A database of that name with a table `t`, a super table `st` and its child `c`.
    fn new(name: &str) -> Fixture {
        let driver = embedded::open(&DataLocation::Memory).unwrap();
        let connection = Connection::on(driver, &ConnectRequest::default()).unwrap();
        let fixture = Fixture { connection: Arc::new(connection) };
        fixture.run(&format!("create database {name}"));
        fixture.run(&format!("use {name}"));
        for sql in [
            "create table t (ts timestamp, v int, s binary(4))",
            "create stable st (ts timestamp, v int) tags (g int, w binary(4))",
            "create table c using st tags (1, 'one')",
        ] {
            fixture.run(sql);
        }
        fixture
    }

    fn run(&self, sql: &str) {
        assert_eq!(self.connection.query(sql.as_bytes()).error(), None, "{sql}");
    }

    fn prepared(&self, sql: &str) -> Statement {
        let mut statement = Statement::new(self.connection.clone());
        statement.prepare(sql.as_bytes()).unwrap();
        statement
    }

    fn rows(&self, sql: &str) -> Vec<Vec<Value>> {
        rows(self.connection.query(sql.as_bytes()))
    }
}

fn rows(mut result: ResultSet) -> Vec<Vec<Value>> {
    let blocks: Vec<_> = std::iter::from_fn(|| result.next_block()).collect();
    assert_eq!(result.error(), None);
    let row = |block: &crate::types::Block, row| block.columns().iter().map(|c| c.value(row)).collect();
    blocks.iter().flat_map(|block| (0..block.rows()).map(|r| row(block, r)).collect::<Vec<_>>()).collect()
}

fn bound(data_type: DataType, value: Value) -> BoundValue {
    BoundValue { data_type: Some(data_type), value }
}

fn row(ts: i64, v: i64, s: &str) -> Vec<BoundValue> {
    vec![
        bound(DataType::Timestamp, Value::Int(ts)),
        bound(DataType::Int, Value::Int(v)),
        bound(DataType::Binary, Value::text(s)),
    ]
}

fn ints(values: &[i32]) -> Column {
    Column::from_values(DataType::Int, Values::I32(values.to_vec()), None).unwrap()
}

fn message(result: Result<()>) -> String {
    result.unwrap_err().to_string()
}

fn wrong(result: Result<()>, step: &str) {
    assert_eq!(message(result), format!("invalid operation: {step} status error"));
}

#[test]
fn rows_are_written_when_executed() {
    let fixture = Fixture::new("stmt_rows");
    let mut statement = fixture.prepared("insert into t values (?, ?, ?)");
    assert!(statement.is_insert() && statement.parameters() == 3);
    assert_eq!(statement.parameter(2).unwrap(), ColumnType::text(DataType::Binary, 4));
    assert!(statement.parameter(3).is_err());
    for (ts, v, s) in [(START + 1, 2, "b"), (START, 1, "it's")] {
        statement.bind(row(ts, v, s)).unwrap();
        statement.add_batch().unwrap();
    }
    assert_eq!(fixture.rows("select v from t").len(), 0);
    statement.execute().unwrap();
    statement.bind(row(START + 2, 3, "c")).unwrap();
    statement.add_batch().unwrap();
    statement.execute().unwrap();
    assert_eq!(statement.affected_rows(), 3);
    let expected = [(1, "it's"), (2, "b"), (3, "c")].map(|(v, s)| vec![Value::Int(v), Value::text(s)]);
    assert_eq!(fixture.rows("select v, s from t"), expected);
}

#[test]
fn calls_in_the_wrong_order_name_the_step() {
    let fixture = Fixture::new("stmt_order");
    let mut statement = fixture.prepared("insert into t values (?, ?, ?)");
    wrong(statement.execute(), "exec");
    wrong(statement.add_batch(), "add batch");
    wrong(statement.prepare(b"select 1"), "prepare");
    statement.bind(row(START, 1, "a")).unwrap();
    wrong(statement.bind(row(START, 2, "b")), "bind param");
    wrong(statement.execute(), "exec");
    statement.add_batch().unwrap();
    wrong(statement.add_batch(), "add batch");
    statement.execute().unwrap();
    wrong(statement.execute(), "exec");

    let mut statement = fixture.prepared("insert into ? values (?, ?, ?)");
    assert_eq!(statement.parameters(), 0);
    wrong(statement.bind(row(START, 1, "a")), "bind param");
    statement.set_table(b"t", None).unwrap();
    statement.bind(row(START + 1, 1, "a")).unwrap();
    wrong(statement.set_table(b"t", None), "set tbname");
    statement.add_batch().unwrap();
    statement.execute().unwrap();
    wrong(statement.bind(row(START, 1, "a")), "bind param");

    let mut empty = Statement::new(fixture.connection.clone());
    assert!(message(empty.execute()).contains("Incomplete SQL statement"));
    assert!(message(empty.set_table(b"t", None)).contains("not multiple table insert"));
    assert!(message(empty.bind_columns(Vec::new())).contains("not or invalid batch insert"));
    assert_eq!(empty.add_batch().unwrap_err().code, codes::COM_OPS_NOT_SUPPORT);
}

#[test]
fn what_does_not_fit_is_not_bound() {
    let fixture = Fixture::new("stmt_types");
    let mut statement = fixture.prepared("insert into t values (?, ?, ?)");
    let mut wide = row(START, 1, "a");
    wide[1].data_type = Some(DataType::BigInt);
    for wrong in [wide, row(START, 1, "abcde"), row(START, 1, "a")[..2].to_vec()] {
        assert!(message(statement.bind(wrong)).contains("type mismatch"));
    }
    wrong(statement.add_batch(), "add batch");
    let short = vec![Column::timestamps(vec![START]), ints(&[1, 2]), Column::new(DataType::Binary)];
    assert!(message(statement.bind_columns(short)).contains("row num mismatch"));
    statement.bind(row(5, 1, "a")).unwrap();
    statement.add_batch().unwrap();
    assert_eq!(statement.execute().unwrap_err().code, codes::TDB_TIMESTAMP_OUT_OF_RANGE);
    statement.bind(row(START, 1, "a")).unwrap();
    statement.add_batch().unwrap();
    statement.execute().unwrap();
    assert_eq!((statement.affected_rows(), fixture.rows("select v from t").len()), (1, 1));
}

#[test]
fn columns_go_to_many_tables_at_once() {
    let fixture = Fixture::new("stmt_tables");
    let mut statement = fixture.prepared("insert into ? using st tags (?, 'made') (v, ts) values (?, ?)");
    assert_eq!(statement.tags(), 1);
    assert!(message(statement.set_table(b"n", None)).contains("no tags set"));
    for (name, group) in [("c", 7), ("n1", 2), ("n2", 3)] {
        statement.set_table(name.as_bytes(), Some(&[Value::Int(group)])).unwrap();
        statement.bind_columns(vec![ints(&[1, 2]), Column::timestamps(vec![START, START + 1])]).unwrap();
        statement.add_batch().unwrap();
    }
    statement.execute().unwrap();
    assert_eq!(statement.affected_rows(), 6);
    let groups = fixture.rows("select sum(v) from st where w = 'made' group by g");
    assert_eq!(groups, [2, 3].map(|g| vec![Value::Int(3), Value::Int(g)]));
    assert_eq!(fixture.rows("select count(*) from st where g = 1"), [[Value::Int(2)]]);

    statement.set_table(b"n1", Some(&[Value::Null])).unwrap();
    statement.bind_column(1, Column::timestamps(vec![START + 9])).unwrap();
    wrong(statement.bind_column(1, Column::timestamps(vec![START])), "bind param");
    assert!(message(statement.bind_column(0, ints(&[1, 2]))).contains("row num mismatch"));
    assert!(message(statement.add_batch()).contains("column 0 is not bound"));
    statement.bind_column(0, ints(&[9])).unwrap();
    assert!(message(statement.bind_column(2, ints(&[9]))).contains("colIdx"));
    statement.add_batch().unwrap();
    fixture.run("drop table n1");
    assert_eq!(statement.execute().unwrap_err().code, codes::TDB_INVALID_TABLE_ID);
}

#[test]
fn values_of_a_query_are_literals() {
    let fixture = Fixture::new("stmt_query");
    fixture.run("insert into t values (1700000000000, -1, 'a''b') (1700000000001, 2, 'c')");
    let mut statement = fixture.prepared("select v from t where v > ? and s = ?");
    assert!(!statement.is_insert() && statement.parameters() == 2);
    assert_eq!(statement.execute().unwrap_err().code, codes::TSC_INVALID_OPERATION);
    for (s, found) in
        [("a'b", vec![vec![Value::Int(-1)]]), ("c", vec![vec![Value::Int(2)]]), ("' or 1=1", vec![])]
    {
        let values = vec![bound(DataType::Int, Value::Int(-2)), bound(DataType::Binary, Value::text(s))];
        statement.bind(values).unwrap();
        statement.execute().unwrap();
        assert_eq!(rows(statement.take_result().unwrap()), found);
        assert!(statement.take_result().is_none());
    }
    assert!(statement.bind(Vec::new()).is_err());
    let mut missing = fixture.prepared("select * from nowhere");
    assert_eq!(missing.execute().unwrap_err().code, codes::MND_INVALID_TABLE_NAME);
    assert!(missing.take_result().unwrap().error().is_some());
}
