//! Statements and what becomes of them.

use super::{is_update, parse};
use crate::error::{Code, codes};
use crate::sql::ast::*;
use crate::types::{Duration, Unit, Value};

/// Statements that parse; also the seeds that [`no_text_makes_it_panic`] mutates.
const GOOD: &[&str] = &[
    "create database if not exists d keep 10 days 2 precision 'us' comp 0 update 2 wal 1 fsync 0",
    "create database `Mixed.Case`",
    "alter database d keep 20 blocks 6 cachelast 1",
    "alter database d",
    "drop database if exists 'd'",
    "use \"d\"",
    "create table d.t (ts timestamp, a int unsigned, `b c` binary(-1)); drop table x",
    "create table if not exists t (ts timestamp, v int) tags (g json)",
    "create stable s (ts timestamp, v nchar(8)) tags (time int, status bool)",
    "create table a using s tags (1, -2.5, +3, 'x', null, TRUE, now) if not exists b using d.s (g) tags (2)",
    "create table o as select avg(v) from t interval(1m) sliding(30s)",
    "alter table t add column c bigint",
    "alter stable s modify tag g binary(9)",
    "alter stable s change tag g h",
    "alter table c set tag g = 'x'",
    "drop stable if exists d.s",
    "describe `t`",
    "desc d.t",
    "show create table d.t",
    "show d.tables like 'a%'",
    "show vgroups",
    "show databases",
    "create user u pass 'p'",
    "alter user 'U' privilege read",
    "alter user u tags 'x'",
    "drop user u",
    "create aggregate function f as '/x.so' outputtype binary(20) bufsize 16",
    "drop function f",
    "reset query cache",
    "kill connection 7",
    "kill query 7:12",
    "compact vnodes in (2, 3)",
    "create topic t partitions 4 keep 10",
    "create account a pass 'p' tseries 10 state r",
    "alter dnode 1 debugFlag 131",
    "alter local debugFlag 131",
    "delete from t where ts < now - 1d",
    "explain select * from t",
    "select 1",
    "select server_status() ;",
    "select distinct a, b from t /* open",
    "select a.*, b.x y, c as 'Z z', d `W` from t1 a, d.t2 b where a.ts = b.ts and a.k == b.k",
    "select t->'k', t.j->'m' from t where j contains 'k' and j->'n' is not null group by j->'k'",
    "select cast(x as bigint unsigned), cast(y as binary(10)), count(*), first(t.*), now(), f() from t",
    "select -1, i - -2, i % 3 * (4 + .5) / 1e3, i & 1 | 2 ^ 3 << 4 >> 5 from t",
    "select * from t where a between 1 and 2 and b in (1, 2) or c like 'x%' and d match 'y' or e nmatch 'z'",
    "select * from t where ts >= '2024-01-01' - 1h and i <> 1 and k != 2 and i <= 3 and 1 < i < 5",
    "select interp(v) from t range('2024-01-01', now) every(1s) fill(value, 1, 'x', -2, null, true)",
    "select count(*) from t where ts > 0 interval(1n, 1d) fill(prev, 1) group by g having count(*) > 1 \
     order by ts desc, g asc slimit 1 soffset 2 limit 3 offset 4",
    "select count(*) from t session(ts, 10s) limit 2, 3",
    "select count(*) from t state_window(b) limit -1",
    "select * from (select a from t union all (select b from u)) s, (select c from v) where s.ts = t.ts",
    "(select a from t) union all select b from u limit 5",
    "select last, first from count time",
];

/// Texts and the error each of them is.
const BAD: &[(&str, Code, &str)] = &[
    ("", SYNTAX, "syntax error near 'Incomplete SQL statement'"),
    ("-- nothing", SYNTAX, "syntax error near 'Incomplete SQL statement'"),
    ("; select 1", SYNTAX, "syntax error near \"; select 1\""),
    ("SELEC `A`", SYNTAX, "syntax error near \"selec `A`\""),
    ("()", SYNTAX, "syntax error near \")\""),
    ("'select'", SYNTAX, "syntax error near \"'select'\""),
    ("select", SYNTAX, "syntax error near 'Incomplete SQL statement'"),
    ("select , a from t", SYNTAX, "syntax error near \", a from t\""),
    ("select a, from t", SYNTAX, "syntax error near \"from t\""),
    ("select a from t where a = $x", SYNTAX, "syntax error near 'unrecognized token: \"$x\"'"),
    ("select a from t where b = 'x", SYNTAX, "syntax error near 'unrecognized token: \"'x\"'"),
    ("select 0x1F", SYNTAX, "syntax error near 'unsupported token: \"0x1f\"'"),
    ("select 数 from t", SYNTAX, "syntax error near 'unrecognized token: \"数 from t\"'"),
    ("select a from t where not a = 1", SYNTAX, "syntax error near \"not a = 1\""),
    ("select -a from t", SYNTAX, "syntax error near \"a from t\""),
    ("select (select 1) from t", SYNTAX, "syntax error near \"select 1) from t\""),
    ("select count(distinct a) from t", SYNTAX, "syntax error near \"distinct a) from t\""),
    ("select * as a from t", SYNTAX, "syntax error near \"as a from t\""),
    ("select * from t as a", SYNTAX, "syntax error near \"as a\""),
    ("select * from t order by count(*)", SYNTAX, "syntax error near \"(*)\""),
    ("select * from t limit 1 where a = 1", SYNTAX, "syntax error near \"where a = 1\""),
    ("select count(*) from t interval(10)", SYNTAX, "syntax error near \"10)\""),
    ("select count(*) from t soffset 1", SYNTAX, "syntax error near \"soffset 1\""),
    ("select 1 where 1 = 1", SYNTAX, "syntax error near \"where 1 = 1\""),
    ("select timetruncate(ts, 1n) from t", SYNTAX, "syntax error near '1n) from t'"),
    ("select t->s from t", SYNTAX, "syntax error near \"s from t\""),
    ("select a from t union select a from t", SYNTAX, "syntax error near \"select a from t\""),
    ("create database d keep 1.5", SYNTAX, "syntax error near \"1.5\""),
    ("create database 1abc", SYNTAX, "syntax error near \"abc\""),
    ("alter database d days 3", SYNTAX, "syntax error near \"days 3\""),
    ("create table order (ts timestamp)", SYNTAX, "syntax error near \"order (ts timestamp)\""),
    ("create table now (ts timestamp", SYNTAX, "syntax error near 'Incomplete SQL statement'"),
    ("create table t (ts timestamp, v int,)", SYNTAX, "syntax error near \")\""),
    ("create stable s (ts timestamp)", SYNTAX, "syntax error near 'Incomplete SQL statement'"),
    ("create table a using s tags (1 + 1)", SYNTAX, "syntax error near \"+ 1)\""),
    (
        "create user 1u pass 'x'",
        SYNTAX,
        "syntax error near character 13; the text is not shown, as it may hold a password",
    ),
    ("show nothing", SYNTAX, "syntax error near 'Incomplete SQL statement'"),
    ("show users like 'x'", SYNTAX, "syntax error near \"like 'x'\""),
    ("kill query '1:2'", SYNTAX, "syntax error near \"'1:2'\""),
    ("drop table a, b", SYNTAX, "syntax error near \", b\""),
    ("create table now (ts timestamp)", REFUSED, "invalid operation: invalid table name"),
    ("create table `` (ts timestamp)", REFUSED, "invalid operation: invalid table name"),
    ("create database 5", REFUSED, "invalid operation: invalid db name"),
    ("create table t (tbname int)", REFUSED, "invalid operation: invalid column name or length"),
    ("create table t (ts timestamp, v 'int')", REFUSED, "invalid operation: invalid data type"),
    ("create table t (ts timestamp, v `int`)", REFUSED, "invalid operation: invalid data type"),
    ("select * from 5", REFUSED, "invalid operation: invalid table name"),
    ("alter table t add column a int, b int", REFUSED, "invalid operation: only one column at a time"),
    ("create user `u` pass 'x'", REFUSED, "invalid operation: invalid user/account name"),
    ("create user u pass x", REFUSED, "invalid operation: password needs single quote marks enclosed"),
    ("show tables like ''", REFUSED, "invalid operation: pattern string is empty"),
    ("kill connection 0", REFUSED, "invalid operation: invalid connection ID"),
    ("create function f as 'x' outputtype text", REFUSED, "invalid operation: invalid outputtype"),
    ("select a, distinct b from t", REFUSED, "invalid operation: distinct can only stand behind select"),
    ("select a from t fill(some)", REFUSED, "invalid operation: invalid fill option"),
    ("select a from t fill(value)", REFUSED, "invalid operation: value is expected"),
    (
        "create database d keep 99999999999999999999",
        REFUSED,
        "invalid operation: the number 99999999999999999999 is out of range",
    ),
];

const SYNTAX: Code = codes::TSC_SQL_SYNTAX_ERROR;
const REFUSED: Code = codes::TSC_INVALID_OPERATION;

#[test]
fn good_statements_parse() {
    for sql in GOOD {
        assert!(parse(sql.as_bytes()).is_ok(), "{sql}: {:?}", parse(sql.as_bytes()));
    }
}

#[test]
fn bad_statements_say_where() {
    for (sql, code, message) in BAD {
        let error = parse(sql.as_bytes()).expect_err(sql);
        assert_eq!((error.code, error.message.as_ref()), (*code, *message), "{sql}");
    }
}

#[test]
fn other_editions_are_refused_by_their_codes() {
    for (sql, code) in [
        ("create topic if not exists t", codes::MND_MSG_NOT_PROCESSED),
        ("drop account a", codes::MND_MSG_NOT_PROCESSED),
        ("drop dnode 99", codes::MND_DNODE_NOT_EXIST),
        ("drop dnode 1", codes::COM_OPS_NOT_SUPPORT),
        ("compact vnodes in (2)", codes::COM_OPS_NOT_SUPPORT),
    ] {
        let Ok(Statement::Refused(error)) = parse(sql.as_bytes()) else { panic!("{sql}") };
        assert_eq!(error.code, code, "{sql}");
    }
}

#[test]
fn updates_are_told_by_the_first_words() {
    for sql in [
        "/* c */ INSERT into t values (1)",
        "create table x",
        "alter table x",
        "alter user x",
        "drop dnode 1",
        "use d",
        "reset query cache",
    ] {
        assert!(is_update(sql.as_bytes()), "{sql}");
    }
    for sql in ["select 1", "(select 1)", "show tables", "alter dnode 1", "alter local x", "compact", ""] {
        assert!(!is_update(sql.as_bytes()), "{sql}");
    }
}

fn select(sql: &str) -> Select {
    match parse(sql.as_bytes()) {
        Ok(Statement::Select(mut query)) => query.selects.remove(0),
        other => panic!("{sql}: {other:?}"),
    }
}

/// An expression with every operator in parentheses, so that grouping can be read.
fn grouped(expr: &Expr) -> String {
    match expr {
        Expr::Column(column) => column.name.text.clone(),
        Expr::Literal(Value::Int(number)) => number.to_string(),
        Expr::Negate(inner) => format!("-({})", grouped(inner)),
        Expr::Binary { op, left, right } => format!("({} {op:?} {})", grouped(left), grouped(right)),
        Expr::Between { operand, low, high } => {
            format!("({} between {}, {})", grouped(operand), grouped(low), grouped(high))
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn operators_group_by_precedence() {
    for (written, meant) in [
        ("a + b * c - d", "((a Add (b Mul c)) Sub d)"),
        ("a or b and c", "(a Or (b And c))"),
        ("a = 1 and b > 2 or c < 3", "(((a Eq 1) And (b Gt 2)) Or (c Lt 3))"),
        ("a & b + 1 = c", "((a BitAnd (b Add 1)) Eq c)"),
        ("a between 1 and 2 and b", "((a between 1, 2) And b)"),
        ("a and b and c and d", "((a And b) And (c And d))"),
        ("a - -1 - - 1", "((a Sub -1) Sub -(1))"),
        ("(a + b) * c", "((a Add b) Mul c)"),
    ] {
        let filter = select(&format!("select * from t where {written}")).filter;
        assert_eq!(filter.as_ref().map(grouped).as_deref(), Some(meant), "{written}");
    }
}

#[test]
fn items_are_called_as_written() {
    for (item, text, alias) in [
        ("MAX( `A b` ) + 1", "max( `A b` ) + 1", None),
        ("T.Col X", "col", Some("x")),
        ("((i)) as \"Two W\"", "i", Some("Two W")),
        ("`Col`", "Col", None),
        ("t.TBNAME", "t.tbname", None),
        ("'a\\'B'", "a'B", None),
        ("concat(x, 'A,b' ) /* c */", "concat(x, 'A,b' )", None),
        ("t.j->'K'", "t.j->'K'", None),
    ] {
        let found = select(&format!("select {item}, 1 from t")).items.remove(0);
        assert_eq!((found.text.as_str(), found.alias.as_deref()), (text, alias), "{item}");
    }
}

#[test]
fn literals_have_the_narrowest_value() {
    for (written, value) in [
        ("9223372036854775807", Value::Int(i64::MAX)),
        ("-9223372036854775808", Value::Int(i64::MIN)),
        ("9223372036854775808", Value::UInt(1 << 63)),
        ("18446744073709551616", Value::Float(18446744073709551616.0)),
        ("-.5e1", Value::Float(-5.0)),
        ("1.25.9", Value::Float(1.25)),
        ("TRUE", Value::Bool(true)),
        ("Null", Value::Null),
        ("\"it's\"", Value::text("it's")),
    ] {
        assert_eq!(select(&format!("select {written}")).items[0].expr, Expr::Literal(value), "{written}");
    }
}

#[test]
fn clauses_arrive_where_they_belong() {
    let found = select("select count(*) from t interval(1d, 2H) sliding(30s) order by ts desc limit 2, -3");
    assert_eq!(
        found.window,
        Some(Window::Interval {
            length: Duration { count: 1, unit: Unit::Day },
            offset: Some(Duration { count: 2, unit: Unit::Hour }),
        })
    );
    assert_eq!(found.sliding, Some(Duration { count: 30, unit: Unit::Second }));
    assert_eq!(found.limit, Some(Limit { limit: -3, offset: 2 }));
    assert!(found.order_by[0].descending);
    let fill = select("select a from t fill(value, 1, -2.5, null, 'x')").fill;
    let values = vec![Value::Int(1), Value::Float(-2.5), Value::Null, Value::text("x")];
    assert_eq!(fill, Some(Fill::Value(values)));
}

#[test]
fn tag_literals_keep_their_text() {
    let Ok(Statement::CreateSubTables(tables)) = parse(
        b"create table `A` using S tags (-1, +2.50, 'a\\nb', TRUE, NULL, now) b using s (`G`) tags (1)",
    ) else {
        panic!("two sub tables")
    };
    let found: Vec<_> = tables[0].values.iter().map(|tag| (tag.kind, tag.text.as_slice())).collect();
    assert_eq!(
        found,
        [
            (LiteralKind::Integer, &b"-1"[..]),
            (LiteralKind::Float, b"2.50"),
            (LiteralKind::String, b"a\nb"),
            (LiteralKind::Bool, b"true"),
            (LiteralKind::Null, b"null"),
            (LiteralKind::Word, b"now"),
        ]
    );
    assert_eq!(tables[0].table.table, Name { text: "A".to_owned(), quoted: true });
    assert_eq!(tables[0].using.table, Name::plain("s"));
    assert_eq!(tables[1].tag_names, Some(vec![Name { text: "G".to_owned(), quoted: true }]));
}

/// Runs on a stack as small as musl gives to a thread.
fn on_a_small_stack(work: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(128 << 10).spawn_scoped(scope, work);
        thread.expect("a thread").join().expect("no panic and no overflow");
    });
}

#[test]
fn depth_is_an_error_not_a_crash() {
    on_a_small_stack(|| {
        for (head, opening, inside, closing) in [
            ("select a from t where ", "(", "a", ")"),
            ("select a from t where ", "a or a and a = a < a & a + a * (", "a", ")"),
            ("select ", "f(", "a", ")"),
            ("select a from t where ", "a in (", "1", ")"),
            ("", "select * from (", "select a from t", ")"),
            ("", "(", "select a from t", ")"),
            ("select a", "+1", " from t", ""),
        ] {
            let deep = |times| format!("{head}{}{inside}{}", opening.repeat(times), closing.repeat(times));
            assert!(parse(deep(5).as_bytes()).is_ok(), "{opening}");
            let error = parse(deep(100_000).as_bytes()).expect_err(opening);
            assert_eq!(error.code, REFUSED, "{opening}");
        }
    });
}

#[test]
fn long_lists_and_chains_are_flat() {
    let many = 50_000;
    on_a_small_stack(|| {
        for sql in [
            format!("select a from t where a = 0{}", " or a = 1".repeat(many)),
            format!("select a from t where a in (0{})", ",1".repeat(many)),
            format!("select a{} from t", ",a".repeat(many)),
            format!("select a from t{}", " union all select a from t".repeat(many)),
        ] {
            assert!(parse(sql.as_bytes()).is_ok(), "{}", &sql[..40]);
        }
    });
}

/// Bytes that mean something to the lexer.
const SPECIAL: &[u8] = b"'\"`\\()*,.;->1e0x\xff\0 \n";

#[test]
fn no_text_makes_it_panic() {
    let mut state = 0x9e37_79b9_u32;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as usize % below
    };
    let seeds: Vec<&[u8]> =
        GOOD.iter().copied().chain(BAD.iter().map(|bad| bad.0)).map(str::as_bytes).collect();
    for _ in 0..40_000 {
        let mut sql = seeds[random(seeds.len())].to_vec();
        for _ in 0..=random(4) {
            let at = random(sql.len() + 1);
            match random(5) {
                0 => sql.truncate(at),
                1 => sql.insert(at, SPECIAL[random(SPECIAL.len())]),
                2 if at < sql.len() => drop(sql.remove(at)),
                3 if at < sql.len() => sql[at] = random(256) as u8,
                _ => {
                    let other = seeds[random(seeds.len())];
                    sql.extend_from_slice(&other[random(other.len() + 1)..]);
                }
            }
        }
        if let Err(error) = parse(&sql) {
            assert!(!error.message.is_empty());
        }
    }
}

#[test]
fn no_error_quotes_a_password() {
    for text in [
        "create user u password 'secret'",
        "create user u pass 'secret",
        "create user u pass 'x' \"secret\"",
        "alter user u pass 'secret' privilege read",
        "alter user u name \"secret\"",
        "create account a pass 'secret' pps",
        "alter account a pass 'secret' 'secret'",
        "create user u pass secret",
    ] {
        let error = parse(text.as_bytes()).unwrap_err();
        assert!(!error.message.contains("secret"), "{text}: {error}");
    }
}
