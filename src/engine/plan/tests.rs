//! Queries from their text to their rows, over a database in memory.

use crate::engine::{DataLocation, Engine, Session, Settings};
use crate::error::codes;
use crate::types::{Context, DataType, StopFlag, TimeZone, Value};

fn context() -> Context {
    Context::new(TimeZone::UTC, StopFlag::default())
}

struct Database {
    session: Session,
}

impl Database {
    /// A super table `s` with three children, whose natural order is c, a, b, and an ordinary table `t`.
    fn new() -> Database {
        let engine = Engine::open(&Settings { location: DataLocation::Memory }).unwrap();
        let database = Database { session: engine.connect("root", "taosdata").unwrap() };
        for sql in [
            "create database d keep 36500",
            "use d",
            "create table s (ts timestamp, i int, f float, x binary(8)) tags (g int, k nchar(4))",
            "create table a using s tags (1, 'n')",
            "create table b using s tags (2, 'm')",
            "create table c using s tags (null, 'n')",
            "insert into a values (1000, 1, 0.5, 'one') (2000, null, 1.5, null)",
            "insert into b values (1000, 5, null, 'Five') (3000, -5, 2.5, 'minus')",
            "insert into c values (1000, null, null, null)",
            "create table t (ts timestamp, n bigint, b bool)",
            "create table empty (ts timestamp, n bigint)",
            "insert into t values (1, 10, true) (2, 20, false) (3, 10, null) (4, null, true)",
        ] {
            database.execute(sql);
        }
        database
    }

    /// Names and types of a result, and its rows as text, values separated by blanks.
    fn query(&self, sql: &str) -> (Vec<(String, DataType)>, Vec<String>) {
        let answer = self.session.execute(sql.as_bytes(), &context()).answer;
        let mut result = answer.unwrap_or_else(|error| panic!("{sql}: {error}")).rows.unwrap();
        let mut rows = Vec::new();
        while let Some(block) = result.blocks.next_block().unwrap() {
            for row in 0..block.rows() {
                let values: Vec<String> =
                    block.columns().iter().map(|column| show(&column.value(row))).collect();
                rows.push(values.join(" "));
            }
        }
        (result.fields.into_iter().map(|field| (field.name, field.column_type.data_type)).collect(), rows)
    }

    fn execute(&self, sql: &str) {
        let executed = self.session.execute(sql.as_bytes(), &context());
        assert!(executed.answer.is_ok(), "{sql}: {:?}", executed.answer.err());
    }

    fn rows(&self, sql: &str) -> Vec<String> {
        self.query(sql).1
    }

    fn fields(&self, sql: &str) -> Vec<(String, DataType)> {
        self.query(sql).0
    }

    fn error(&self, sql: &str) -> crate::error::Error {
        match self.session.execute(sql.as_bytes(), &context()).answer {
            Ok(_) => panic!("{sql} succeeds"),
            Err(error) => error,
        }
    }
}

fn show(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(bit) => bit.to_string(),
        Value::Int(number) => number.to_string(),
        Value::UInt(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bytes(text) => String::from_utf8_lossy(text).into_owned(),
    }
}

#[test]
fn select_lists_have_the_names_and_types_of_the_dialect() {
    let database = Database::new();
    let fields = database.fields("select _c0, I as Q, i+1, 1, 'lit', ts + 1h, length(x) from a");
    let expected = [
        ("ts", DataType::Timestamp),
        ("q", DataType::Int),
        ("i+1", DataType::Double),
        ("1", DataType::BigInt),
        ("lit", DataType::Binary),
        ("ts + 1h", DataType::Timestamp),
        ("length(x)", DataType::Int),
    ];
    assert_eq!(fields, expected.map(|(name, data_type)| (name.to_owned(), data_type)));
    assert_eq!(database.fields("select * from s").len(), 6);
    assert_eq!(database.fields("select * from a").len(), 4);
    assert_eq!(database.rows("select i+1, ts-1s from a"), ["2 0", "NULL 1000"]);
}

#[test]
fn tags_alone_give_a_row_for_each_table() {
    let database = Database::new();
    assert_eq!(database.rows("select tbname, g, k from s"), ["c NULL n", "a 1 n", "b 2 m"]);
    assert_eq!(database.rows("select g from a"), ["1"]);
    assert_eq!(database.rows("select g, i from a"), ["1 1", "1 NULL"]);
    assert_eq!(database.rows("select count(tbname) from s where g > 0"), ["2"]);
}

#[test]
fn rows_come_by_table_or_merged_by_time() {
    let database = Database::new();
    assert_eq!(database.rows("select ts, tbname from s"), ["1000 c", "1000 a", "2000 a", "1000 b", "3000 b"]);
    let by_time = "select ts, tbname from s order by ts";
    assert_eq!(database.rows(by_time), ["1000 c", "1000 a", "1000 b", "2000 a", "3000 b"]);
    let backwards = "select ts, tbname from s order by ts desc limit 1, 3";
    assert_eq!(database.rows(backwards), ["2000 a", "1000 c", "1000 a"]);
}

#[test]
fn merges_of_many_blocks_stay_in_order() {
    let database = Database::new();
    for (table, shift) in [("a", 0), ("b", 1), ("c", 5)] {
        let mut sql = format!("insert into {table} values");
        (0..9000).for_each(|row| sql += &format!(" ({}, {row}, null, null)", 10_000 + row * 7 + shift));
        assert!(database.session.execute(sql.as_bytes(), &context()).answer.is_ok());
    }
    for (order, ascending) in [("asc", true), ("desc", false)] {
        let rows = database.rows(&format!("select ts from s where ts >= 10000 order by ts {order}"));
        let times: Vec<i64> = rows.iter().map(|row| row.parse().unwrap()).collect();
        assert_eq!(times.len(), 27_000);
        assert!(times.windows(2).all(|pair| pair[0] != pair[1] && (pair[0] < pair[1]) == ascending));
    }
}

#[test]
fn conditions_choose_times_tables_and_rows() {
    let database = Database::new();
    assert_eq!(
        database.rows("select n from t where ts > 1 and ts < '1970-01-01 00:00:00.004'"),
        ["20", "10"]
    );
    assert_eq!(database.rows("select n from t where ts > 3 and ts < 2"), [""; 0]);
    assert_eq!(database.rows("select n from t where ts < 2 or ts < 3"), ["10", "20"]);
    assert_eq!(database.rows("select i from s where tbname in ('b', 'zz') and i < 0"), ["-5"]);
    assert_eq!(database.rows("select i from s where k = 'n' and i is not null"), ["1"]);
    assert_eq!(database.rows("select x from s where x like '%I%'"), ["Five", "minus"]);
    assert_eq!(database.rows("select n from t where n <> 20 and b = true"), ["10"]);
    assert_eq!(database.rows("select n from t where 15 < n"), ["20"]);
    assert_eq!(database.rows("select n from t where n + 1 > 15 or n in (10, 11)"), ["10", "20", "10"]);
}

#[test]
fn conditions_that_are_refused() {
    let database = Database::new();
    for (sql, code) in [
        ("select n from t where ts <> 2", codes::TSC_INVALID_OPERATION),
        ("select n from t where ts > 3 or n = 1", codes::TSC_INVALID_OPERATION),
        ("select i from s where g = 1 or i = 1", codes::TSC_INVALID_OPERATION),
        ("select i from a where g = 1", codes::TSC_INVALID_OPERATION),
        ("select n from t where n = null", codes::TSC_INVALID_OPERATION),
        ("select n from t where n = 'ten'", codes::TSC_INVALID_OPERATION),
        ("select n from t where b > true", codes::TSC_INVALID_OPERATION),
        ("select n from t where n in (1, 2.5)", codes::TSC_INVALID_OPERATION),
        ("select n from t where n like '1%'", codes::TSC_INVALID_OPERATION),
        ("select n from t where nope = 1", codes::TSC_INVALID_OPERATION),
        ("select n from t where n = ts", codes::TSC_INVALID_OPERATION),
        ("select n from t where n = n", codes::QRY_APP_ERROR),
        ("select n from t where abs(n) = 1", codes::TSC_INVALID_OPERATION),
        ("select n from nope", codes::MND_INVALID_TABLE_NAME),
        ("select nvl(n) from t", codes::MND_INVALID_FUNC),
    ] {
        assert_eq!(database.error(sql).code, code, "{sql}");
    }
}

#[test]
fn aggregates_over_nothing_give_no_row() {
    let database = Database::new();
    assert_eq!(database.rows("select count(*), sum(n) from empty"), [""; 0]);
    assert_eq!(database.rows("select count(*) from t where ts > 100"), [""; 0]);
    assert_eq!(database.rows("select sum(i) from c"), [""; 0]);
    assert_eq!(database.rows("select sum(i), count(*), count(i) from c"), ["NULL 1 0"]);
    assert_eq!(database.rows("select last_row(i) from c"), ["NULL"]);
    assert_eq!(database.rows("select sum(n)/count(*), abs(min(n)) from t"), ["10 10"]);
}

#[test]
fn one_row_may_have_its_time_and_tags_beside_it() {
    let database = Database::new();
    assert_eq!(database.rows("select max(i), ts, tbname, k from s"), ["5 1000 b m"]);
    assert_eq!(database.rows("select last(i), ts from s"), ["-5 3000"]);
    assert_eq!(database.rows("select last_row(*) from s"), ["3000 -5 2.5 minus"]);
    assert_eq!(database.rows("select last(*) from a"), ["2000 1 1.5 one"]);
    for refused in [
        "select count(*), ts from s",
        "select max(i), x from s",
        "select avg(i), last_row(i) from a",
        "select max(b) from t",
    ] {
        assert_eq!(database.error(refused).code, codes::TSC_INVALID_OPERATION, "{refused}");
    }
}

#[test]
fn groups_are_sorted_and_tags_appended() {
    let database = Database::new();
    assert_eq!(database.rows("select count(*) from s group by g"), ["1 NULL", "2 1", "2 2"]);
    assert_eq!(database.rows("select sum(i) from s group by k order by k desc"), ["1 n", "0 m"]);
    assert_eq!(database.rows("select count(*) from s group by tbname limit 1 offset 1"), [""; 0]);
    assert_eq!(database.rows("select count(*) from s group by tbname slimit 1 soffset 1"), ["2 b"]);
    assert_eq!(database.rows("select n, count(*) from t group by n"), ["NULL 1", "10 2", "20 1"]);
    assert_eq!(database.rows("select b, sum(n) from t group by b"), ["false 20", "true 10", "NULL 10"]);
    assert_eq!(database.fields("select count(*), g from s group by g, tbname").len(), 4);
}

#[test]
fn distinct_and_union() {
    let database = Database::new();
    assert_eq!(database.rows("select distinct n from t"), ["10", "20", "NULL"]);
    assert_eq!(database.rows("select distinct k from s"), ["m", "n"]);
    let union = "select n from t limit 1 union all select n from t where b = false";
    assert_eq!(database.rows(union), ["10", "20"]);
    let unlike = "select n from t union all select b from t";
    assert_eq!(database.error(unlike).code, codes::TSC_INVALID_OPERATION);
}

#[test]
fn queries_without_a_table() {
    let database = Database::new();
    assert_eq!(database.rows("select server_version()"), ["2.6.0.65"]);
    assert_eq!(database.fields("select 1"), [("server_status()".to_owned(), DataType::Int)]);
    assert_eq!(database.rows("select database()"), ["d"]);
    assert_eq!(database.error("select 2").code, codes::TSC_INVALID_OPERATION);
}

#[test]
fn windows_of_each_kind() {
    let database = Database::new();
    let two_each = "select _wstop, count(*), sum(n) from t interval(2a)";
    assert_eq!(database.rows(two_each), ["0 1 1 10", "2 3 2 30", "4 5 1 NULL"]);
    let (fields, _) = database.query(two_each);
    assert_eq!((fields[0].0.as_str(), fields[0].1), ("ts", DataType::Timestamp));
    // Overlapping windows begin before the first row.
    let sliding = "select count(*) from t interval(20a) sliding(10a)";
    assert_eq!(database.rows(sliding), ["-10 4", "0 4"]);
    let by_group = "select count(*) from s interval(2s) group by g order by ts desc";
    assert_eq!(database.rows(by_group), ["0 1 NULL", "2000 1 1", "0 1 1", "2000 1 2", "0 1 2"]);
    let limited = "select count(*) from s interval(2s) group by g slimit 2 soffset 1 limit 1 offset 1";
    assert_eq!(database.rows(limited), ["2000 1 1", "2000 1 2"]);
    assert_eq!(
        database.rows("select count(*), n from t state_window(n)"),
        ["1 10", "1 20", "1 10", "1 NULL"]
    );
    assert_eq!(database.rows("select _wduration, count(*) from a session(ts, 1s)"), ["1000 1000 2"]);
    let filled = "select sum(n), count(*) from t where ts >= 2 and ts <= 6 interval(2a) fill(value, -1, -2)";
    assert_eq!(database.rows(filled), ["2 30 2", "4 -1 1", "6 -1 -2"]);
}

#[test]
fn windows_that_make_no_sense_are_refused() {
    let database = Database::new();
    for sql in [
        "select count(*) from t interval(0s)",
        "select count(*) from t interval(1u)",
        "select count(*) from t interval(1s) sliding(2s)",
        "select count(*) from t interval(1s) sliding(9a)",
        "select count(*) from t interval(1n) sliding(1d)",
        "select count(*) from t interval(1s, 1s)",
        "select count(*) from t interval(1d, 1n)",
        "select n from t interval(1s)",
        "select count(*) from s interval(1s) group by i",
        "select count(*) from s session(ts, 1s)",
        "select count(*) from t session(n, 1s)",
        "select count(*) from s state_window(i)",
        "select count(*) from a state_window(f)",
        "select count(*) from t interval(1s) fill(prev)",
        "select count(*) from t where ts > 0 and ts < 100000000000 interval(1a) fill(prev)",
        "select count(*) from t where ts > 0 and ts < 9 fill(prev)",
        "select max(n) from t where ts > 0 and ts < 9 interval(1a) fill(value, 'x')",
        "select _wstart from t",
        "select _qstart + 1 from t",
    ] {
        assert_eq!(database.error(sql).code, codes::TSC_INVALID_OPERATION, "{sql}");
    }
}

#[test]
fn nested_queries() {
    let database = Database::new();
    assert_eq!(database.rows("select max(m) from (select sum(n) m from t interval(2a))"), ["30"]);
    assert_eq!(
        database.rows("select * from (select n, ts from t) order by n desc limit 2"),
        ["20 2", "10 1"]
    );
    assert_eq!(database.rows("select c from (select ts, n c from t) where ts > 1 and c > 5"), ["20", "10"]);
    assert_eq!(database.rows("select count(*) from (select * from s) interval(2s)"), ["0 3", "2000 2"]);
    // Without a time all rows are of the same.
    assert_eq!(database.rows("select last(n) from (select n from t)"), ["10"]);
    for sql in [
        "select n from (select n from (select n from t))",
        "select ts from (select n from t)",
        "select count(*) from (select n from t) interval(1s)",
        "select n from (select distinct n from t)",
        "select stddev(n) from (select n from t)",
        "select tbname from (select n from t)",
    ] {
        assert_eq!(database.error(sql).code, codes::TSC_INVALID_OPERATION, "{sql}");
    }
}

#[test]
fn joins_by_time_and_tag() {
    let database = Database::new();
    assert_eq!(database.rows("select l.i, r.i from a l, b r where l.ts = r.ts"), ["1 5"]);
    let star = database.fields("select * from a, b where a.ts = b.ts and b.i > 0");
    assert_eq!(star.iter().map(|(name, _)| name.as_str()).collect::<String>(), "tsifxtsifx");
    let of_queries = "select l.m, r.m from (select max(i) m from a interval(1s)) l, \
                      (select min(i) m from b interval(1s)) r where l.ts = r.ts";
    assert_eq!(database.rows(of_queries), ["1 5"]);
    database.execute("create table z (ts timestamp, v int) tags (h int)");
    database.execute("insert into z1 using z tags (1) values (1000, 70) (2000, 71)");
    database.execute("insert into z2 using z tags (7) values (1000, 72)");
    let supers = "select s.i, z.v, s.tbname from s, z where s.ts = z.ts and z.h = s.g";
    assert_eq!(database.rows(supers), ["1 70 a", "NULL 71 a"]);
    for sql in [
        "select a.i from a, b",
        "select a.i from a, b where a.ts > b.ts",
        "select l.i from a l, a r where l.ts = r.ts",
        "select a.i + b.i from a, b where a.ts = b.ts",
        "select a.i from a, b where a.ts = b.ts and (a.i > 1 or b.i > 1)",
        "select a.i from a, s where a.ts = s.ts",
        "select s.i from s, z where s.ts = z.ts",
        "select count(*) from a, b where a.ts = b.ts group by a.i",
    ] {
        assert_eq!(database.error(sql).code, codes::TSC_INVALID_OPERATION, "{sql}");
    }
    database.execute("insert into z3 using z tags (1) values (1000, 73)");
    let result = database.session.execute(supers.as_bytes(), &context());
    assert_eq!(result.answer.err().map(|error| error.code), Some(codes::QRY_DUP_JOIN_KEY));
}

#[test]
fn having_looks_at_aggregates_that_are_not_shown() {
    let database = Database::new();
    let having = "select count(*) from s group by g having sum(i) < 1 or min(i) = 1";
    assert_eq!(database.rows(having), ["2 1", "2 2"]);
    // What stands beside max() is of its row, whatever HAVING looks at.
    let picked = "select max(i), ts from s group by g having min(i) < 0";
    assert_eq!(database.rows(picked), ["5 1000 2"]);
    for sql in [
        "select count(*) from s having count(*) > 1",
        "select count(*) c from s group by g having c > 1",
        "select count(*) from s group by g having sum(i) in (1, 2)",
        "select count(*) from s group by g having count(*)",
    ] {
        assert_eq!(database.error(sql).code, codes::TSC_INVALID_OPERATION, "{sql}");
    }
}

#[test]
fn what_is_not_built_says_so() {
    let database = Database::new();
    for sql in ["select top(n, 2) from t", "select n & 1 from t", "select x from a where x match 'o'"] {
        let error = database.error(sql);
        assert_eq!(error.code, codes::TSC_INVALID_OPERATION, "{sql}");
        assert!(error.message.ends_with("is not supported yet"), "{sql}: {error}");
    }
}

#[test]
fn a_stopped_statement_ends() {
    let database = Database::new();
    let context = context();
    let answer = database.session.execute(b"select * from t", &context).answer;
    let mut rows = answer.unwrap().rows.unwrap();
    context.stop.stop();
    assert_eq!(rows.blocks.next_block().unwrap_err().code, codes::TSC_QUERY_CANCELLED);
}
