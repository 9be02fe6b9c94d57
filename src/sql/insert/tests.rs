//! Whole statements against tables in memory.

use super::*;
use crate::types::{DataType, StopFlag, TimeZone};

/// A seeded generator (xorshift), so that a failure comes again.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// Tables `t`, `u` and `one`, and a super table `st`; what USING made is kept.
struct Memory {
    /// The type of the second column of `one`.
    one: ColumnType,
    made: Vec<(String, Vec<Value>)>,
}

fn columns(all: &[(&str, ColumnType)]) -> Arc<[TargetColumn]> {
    all.iter().map(|&(name, column_type)| TargetColumn { name: name.to_owned(), column_type }).collect()
}

impl Tables for Memory {
    fn super_table(&mut self, name: &TableName) -> Result<SuperTarget> {
        if name.table.text != "st" {
            return Err(Error::from(codes::MND_INVALID_TABLE_NAME));
        }
        let text = ColumnType::text(DataType::Binary, 4);
        let tags = columns(&[("g", INT), ("nm", text), ("b", ColumnType::fixed(DataType::Bool)), ("at", TS)]);
        Ok(SuperTarget { tags, precision: Precision::Milli })
    }

    fn open(&mut self, table: &TableName, using: Option<&Using>) -> Result<Target> {
        let (handle, columns) = match (table.table.text.as_str(), using) {
            ("t", _) => (0, columns(&[("ts", TS), ("a", INT), ("B", INT)])),
            ("u", _) => (1, columns(&[("ts", TS), ("x", INT)])),
            ("one", _) => (2, columns(&[("ts", TS), ("x", self.one)])),
            (child, Some(using)) => {
                self.made.push((child.to_owned(), using.values.clone()));
                (2 + self.made.len(), columns(&[("ts", TS), ("x", INT)]))
            }
            _ => return Err(Error::from(codes::MND_INVALID_TABLE_NAME)),
        };
        Ok(Target { handle, columns, precision: Precision::Milli })
    }
}

const TS: ColumnType = ColumnType::TIMESTAMP;
const INT: ColumnType = ColumnType::fixed(DataType::Int);
/// 2024-05-06 07:08:09.123 UTC, and half a millisecond.
const NOW: i64 = 1_714_979_289_123_500_000;

fn run(sql: &[u8], memory: &mut Memory) -> Result<Vec<Batch>> {
    let context = Context { now: NOW, zone: TimeZone::UTC, stop: StopFlag::default() };
    read(sql, &context, memory)
}

fn memory() -> Memory {
    Memory { one: INT, made: Vec::new() }
}

/// How many rows each batch has, or the code.
fn rows(sql: &str) -> Result<Vec<(usize, usize)>, u32> {
    match run(sql.as_bytes(), &mut memory()) {
        Ok(batches) => Ok(batches.iter().map(|batch| (batch.target, batch.values[0].len())).collect()),
        Err(error) => Err(error.code.0 as u32 & 0xffff),
    }
}

/// A literal in a column of one type.
fn value(literal: &str, column_type: ColumnType) -> Result<Value, String> {
    let sql = format!("insert into one values (1, {literal})");
    let batches = run(sql.as_bytes(), &mut Memory { one: column_type, ..memory() });
    batches.map(|batches| batches[0].values[1].value(0)).map_err(|error| error.to_string())
}

#[test]
fn forms_of_a_statement() {
    for (sql, expected) in [
        ("insert into t values (1, 2, 3)", vec![(0, 1)]),
        (" IMPORT\tInto T Values(1,2,3)(2,2,3) ,\n(3,2,3),", vec![(0, 3)]),
        ("insert into t values (1 2 3,) ; and what follows", vec![(0, 1)]),
        ("insert into `db`.'t' values (1, 2, 3)", vec![(0, 1)]),
        ("insert into t values (1,2,3) u values (1,2), t values (2,2,3)", vec![(0, 1), (1, 1), (0, 1)]),
        ("insert into t (ts) values (1) (2)", vec![(0, 2)]),
        ("insert into t(A, `B` \"ts\")values(1,2,3)", vec![(0, 1)]),
        ("insert into t using st tags(1,'x',true,5) values(1,2,3)", vec![(0, 1)]),
        ("insert into t using st tags(1,'x',true,5) (ts) values(1)", vec![(0, 1)]),
        ("insert into t (ts) using st (nm g) tags('x' 1) values(1)", vec![(0, 1)]),
    ] {
        assert_eq!(rows(sql), Ok(expected), "{sql}");
    }
}

#[test]
fn statements_that_are_refused() {
    for (sql, code) in [
        ("insert", 0x216),
        ("insert into", 0x200),
        ("insert t values (1,2,3)", 0x216),
        ("insert into t", 0x216),
        ("insert into t values", 0x216),
        ("insert into t values (", 0x216),
        ("insert into t values ()", 0x216),
        ("insert into t values (1,2,3", 0x216),
        ("insert into t values (1,2)", 0x216),
        ("insert into t values (1,2,3,4)", 0x216),
        ("insert into t values (1,,3)", 0x216),
        ("insert into t values (1,2,3) , ,(2,2,3)", 0x216),
        ("insert into t values 1,2,3", 0x216),
        ("insert into t select * from t", 0x216),
        ("insert into values (1,2,3)", 0x200),
        ("insert into t values (1,2,3) where a = 1", 0x200),
        ("insert into t values (1,2,3) -- comment", 0x200),
        ("insert into nope foo", 0x362),
        ("insert into db . t values (1,2,3)", 0x362),
        ("insert into t () values (1)", 0x216),
        ("insert into t (ts", 0x216),
        ("insert into t (ts,", 0x216),
        ("insert into t (ts, a, A) values (1,2,3)", 0x200),
        ("insert into t (ts, b) values (1,2)", 0x200),
        ("insert into t (ts, t.a) values (1,2)", 0x200),
        ("insert into t (ts, `A`) values (1,2)", 0x200),
        ("insert into t (a) values (1)", 0x200),
        ("insert into t using st tags (1,'x',true,5) values (1,word,3)", 0x216),
        ("insert into t (ts) using st tags (1,'x',true,5) (ts) values (1)", 0x216),
        ("insert into t file x", 0x216),
    ] {
        assert_eq!(rows(sql), Err(code), "{sql}");
    }
}

#[test]
fn columns_keep_the_order_of_the_list() {
    let batches = run(b"insert into t (b, ts) values (7, null)", &mut memory());
    assert!(batches.is_err(), "`B` kept its case");
    let batches = run(b"insert into t (`B`, ts) values (7, null)", &mut memory()).unwrap();
    assert_eq!(batches[0].columns, [2, 0]);
    assert_eq!(batches[0].values[0].value(0), Value::Int(7));
    assert_eq!(batches[0].values[1].value(0), Value::Null);
}

#[test]
fn tags_make_a_table_before_its_rows_are_read() {
    let mut memory = memory();
    let sql = "insert into a using st tags (1.5, word, 0.4, 1000+1s) values (1, 2) \
               b using st (nm) tags (12.5) values (1, 'bad')";
    assert!(run(sql.as_bytes(), &mut memory).is_err());
    let a = vec![Value::Int(2), Value::text("word"), Value::Bool(true), Value::Int(2000)];
    let b = vec![Value::Null, Value::text("12.5"), Value::Null, Value::Null];
    assert_eq!(memory.made, [("a".to_owned(), a), ("b".to_owned(), b)]);
}

#[test]
fn tags_that_are_refused_make_nothing() {
    for (tags, code) in [
        ("tags ()", 0x216),
        ("() tags (1)", 0x216),
        ("tags (1, 'x')", 0x216),
        ("tags (1, 'x', true, 5, 6)", 0x216),
        ("tags", 0x216),
        ("(g) tags ('x')", 0x200),
        ("(g) tags (true)", 0x200),
        ("(nm) tags ('12345')", 0x200),
        ("(b) tags ('1')", 0x216),
        ("(at) tags ('null')", 0x200),
        ("(zz) tags (1)", 0x200),
        ("(g, g) tags (1, 2)", 0x200),
        ("", 0x216),
    ] {
        let mut memory = memory();
        let sql = format!("insert into new using st {tags} values (1, 2)");
        let error = run(sql.as_bytes(), &mut memory).unwrap_err();
        assert_eq!(error.code.0 as u32 & 0xffff, code, "{sql}: {error}");
        assert!(memory.made.is_empty());
    }
    assert_eq!(rows("insert into new using nost tags (1) values (1, 2)"), Err(0x362));
    let mut memory = memory();
    assert!(run(b"insert into new using st (g) tags (1)", &mut memory).is_err());
    assert!(memory.made.is_empty());
}

#[test]
fn integers() {
    let int = |literal| value(literal, INT);
    for (literal, number) in [
        ("2147483647", 2147483647),
        ("-2147483647", -2147483647),
        ("1.5", 2),
        ("-1.5", -2),
        ("12e-1", 1),
        ("' 13'", 13),
        ("\"+5\"", 5),
        ("0x10", 16),
        ("012", 12),
        (".5", 1),
    ] {
        assert_eq!(int(literal), Ok(Value::Int(number)), "{literal}");
    }
    for null in ["null", "NULL", "'null'"] {
        assert_eq!(int(null), Ok(Value::Null));
    }
    for (literal, error) in [
        ("2147483648", "invalid operation: '2147483648)' (int data overflow)"),
        ("-2147483648", "invalid operation: '-2147483648)' (int data overflow)"),
        ("1e30", "invalid operation: '1e30)' (invalid int data)"),
        ("'13 '", "invalid operation: '13 ' (invalid int data)"),
        ("'1.6'", "invalid operation: '1.6' (invalid int data)"),
        ("'0x10'", "invalid operation: '0x10' (invalid int data)"),
        ("''", "invalid operation: '' (invalid numeric data)"),
        ("true", "invalid operation: 'true)' (invalid int data)"),
        ("now", "invalid operation: 'now)' (invalid int data)"),
        ("abc", "syntax error near 'abc)' (invalid data or symbol)"),
        ("- 5", "syntax error near '- 5)' (invalid data or symbol)"),
        ("1 2", "syntax error near '2)' () expected)"),
    ] {
        assert_eq!(int(literal), Err(error.to_owned()));
    }
}

#[test]
fn unsigned_integers() {
    let big = |literal| value(literal, ColumnType::fixed(DataType::UBigInt));
    assert_eq!(big("18446744073709551614"), Ok(Value::UInt(u64::MAX - 1)));
    assert_eq!(big("18446744073709551615.0"), Ok(Value::UInt(1 << 63)));
    for literal in ["18446744073709551615", "18446744073709551616", "-1", "-1.5", "'-1'", "1e30"] {
        assert!(big(literal).is_err(), "{literal}");
    }
    let tiny = |literal| value(literal, ColumnType::fixed(DataType::UTinyInt));
    assert_eq!(tiny("254"), Ok(Value::UInt(254)));
    assert!(tiny("255").is_err() && tiny("255.0").is_err());
}

#[test]
fn floating_point() {
    let double = |literal| value(literal, ColumnType::fixed(DataType::Double));
    for (literal, number) in [
        ("0.1", 0.1),
        ("9007199254740993", 9007199254740992.0),
        ("'1.'", 1.0),
        ("1e-46", 1e-46),
        ("'0x10'", 16.0),
        ("99999999999999999999", 1e20),
        ("1.7976931348623157e308", f64::MAX),
    ] {
        assert_eq!(double(literal), Ok(Value::Float(number)), "{literal}");
    }
    for literal in ["1.8e308", "'nan'", "'-inf'", "nan", "1.5.5", "'2.5x'", "1.", "-.5", "true", "1_0"] {
        assert!(double(literal).is_err(), "{literal}");
    }
    let float = |literal| value(literal, ColumnType::fixed(DataType::Float));
    assert_eq!(float("3.4028234663852886e38"), Ok(Value::Float(f32::MAX.into())));
    assert_eq!(float("1e-46"), Ok(Value::Float(0.0)));
    assert!(float("3.5e38").is_err() && float("-3.5e38").is_err());
}

#[test]
fn truth_values() {
    let truth = |literal| value(literal, ColumnType::fixed(DataType::Bool));
    for literal in ["true", "TRUE", "'true'", "'t'", "0.4", "-1", "100000000000"] {
        assert_eq!(truth(literal), Ok(Value::Bool(true)), "{literal}");
    }
    for literal in ["False", "'f'", "00", "0.0"] {
        assert_eq!(truth(literal), Ok(Value::Bool(false)), "{literal}");
    }
    for literal in ["'TRUE'", "'1'", "' true'", "''", "t", "0x1"] {
        assert!(truth(literal).is_err(), "{literal}");
    }
}

#[test]
fn strings() {
    let binary = |literal| value(literal, ColumnType::text(DataType::Binary, 6));
    for (literal, text) in [
        ("'it''s'", "it's"),
        ("'null'", "null"),
        ("-1.50", "-1.50"),
        ("1E5", "1e5"),
        ("FALSE", "false"),
        ("now", "now"),
        ("0x41", "0x41"),
        ("'a\\nb\\%'", "a\nb\\%"),
    ] {
        assert_eq!(binary(literal), Ok(Value::text(text)), "{literal}");
    }
    for literal in ["'1234567'", "1234567", "abc", "`abc`", "x'41'", "'a' 'b'", "'open"] {
        assert!(binary(literal).is_err(), "{literal}");
    }
    let nchar = ColumnType::text(DataType::NChar, 2);
    assert_eq!(value("'一二'", nchar), Ok(Value::text("一二")));
    assert!(value("'一二三'", nchar).is_err());
    let sql = b"insert into one values (1, '\xff')";
    assert_eq!(run(sql, &mut Memory { one: nchar, ..memory() }).unwrap_err().code.0 as u32, 0x8000_0216);
}

#[test]
fn timestamps() {
    let ticks = |literal| value(literal, TS);
    let now = NOW / 1_000_000;
    let midnight = 1_714_953_600_000;
    for (literal, expected) in [
        ("'2024-05-06'", midnight),
        ("now", now),
        ("NOW ( ) - 1h", now - 3_600_000),
        ("today()+1d", midnight + 86_400_000),
        ("1700000000000 + 2w", 1_701_209_600_000),
        ("-5-1S", -1005),
        ("7+1999u", 8),
        ("9223372036854775807", i64::MAX),
    ] {
        assert_eq!(ticks(literal), Ok(Value::Int(expected)), "{literal}");
    }
    for null in ["null", "-9223372036854775808"] {
        assert_eq!(ticks(null), Ok(Value::Null));
    }
    for (literal, error) in [
        ("now+1", "invalid operation: '+1)' (value expected in timestamp)"),
        ("now - 9 m", "invalid operation: '- 9 m)' (value expected in timestamp)"),
        ("5+1n", "invalid operation: '5+1n)' (invalid timestamp)"),
        ("5+1.5s", "invalid operation: '5+1.5s)' (invalid timestamp)"),
        ("5+1sx", "invalid operation: '5+1sx)' (invalid timestamp)"),
        ("now-4h+1s", "syntax error near '+1s)' () expected)"),
        ("'2024-05-06'+1s", "syntax error near '+1s)' () expected)"),
        ("9223372036854775808", "invalid operation: '9223372036854775808)' (timestamp is out of range)"),
        (
            "9223372036854775807+1a",
            "invalid operation: '9223372036854775807+1a)' (timestamp is out of range)",
        ),
        ("'now'", "invalid operation: 'now' (invalid timestamp format)"),
        ("'null'", "invalid operation: 'null' (invalid timestamp format)"),
        ("1.5", "invalid operation: '1.5)' (invalid timestamp format)"),
    ] {
        assert_eq!(ticks(literal), Err(error.to_owned()));
    }
}

#[test]
fn rows_have_a_bound() {
    let sql = |count: usize| format!("insert into u values {}", "(1,2)".repeat(count));
    assert_eq!(rows(&sql(32767)), Ok(vec![(1, 32767)]));
    assert_eq!(rows(&sql(32768)), Err(0x200));
}

#[test]
fn rows_from_a_file() {
    let path = std::env::temp_dir().join(format!("libtaos-insert-{}.csv", std::process::id()));
    let sql = format!("insert into u file '{}' t values (1,2,3)", path.display());
    let with = |content: &[u8]| {
        std::fs::write(&path, content).unwrap();
        let answer = run(sql.as_bytes(), &mut memory());
        std::fs::remove_file(&path).unwrap();
        answer
    };
    let batches = with(b"'2024-05-06 07:08:09', 1\r\n\n5,null\n6,7,").unwrap();
    assert_eq!(batches.len(), 2);
    assert_eq!(batches[0].values[0].i64s(), Some([1_714_979_289_000, 5, 6].as_slice()));
    assert_eq!(batches[0].values[1].null_count(), 1);

    let error = with(b"1,2\n3,4,5\n").unwrap_err();
    assert!(error.message.contains("line 2"), "{error}");
    assert_eq!(with(b"\n").unwrap_err().code, codes::TSC_FILE_EMPTY);
    #[cfg(unix)]
    assert_eq!(run(sql.as_bytes(), &mut memory()).unwrap_err().code.0 as u32, 0x80ff_0002);
}

#[test]
fn a_stopped_statement_ends() {
    let stop = StopFlag::default();
    stop.stop();
    let context = Context { now: NOW, zone: TimeZone::UTC, stop };
    let error = read(b"insert into u values (1,2)", &context, &mut memory()).unwrap_err();
    assert_eq!(error.code, codes::TSC_QUERY_CANCELLED);
}

/// Statements that were cut, doubled and garbled: whatever they say, the reader answers.
#[test]
fn no_text_makes_the_reader_panic() {
    let seeds: [&str; 6] = [
        "insert into t (ts, `B`) values (now-1h, 0x1F) (1700000000000+1s, -1.5e3), u values ('2024-01-01', 2)",
        "import into db.`t` values (today() + 1d, '7', \"a\\\"b\") ; rest",
        "insert into n using st (g, nm) tags (1, 'it''s') (ts, x) values ('2024-05-06T07:08:09.5+08:00', null)",
        "insert into one values (1, 'text \\\\ 一二 \\n') (2, 12345678901234567890.123) (3, .5) (4, true)",
        "insert into a using st tags (1.9, word, 't', now) values (1, 2) b using st tags (1,'x',0,0) values (1,1)",
        "insert into u file 'missing/\\'path' t values (1,2,3)",
    ];
    let types = DataType::ALL.map(|data_type| match data_type {
        DataType::Binary | DataType::NChar => ColumnType::text(data_type, 8),
        _ => ColumnType::fixed(data_type),
    });
    let mut random = Random::new(7);
    let mut read = 0;
    for round in 0..60_000 {
        let mut sql = seeds[random.below(6) as usize].as_bytes().to_vec();
        for _ in 0..random.below(4) {
            let at = random.below(sql.len() as u64 + 1) as usize;
            let other = seeds[random.below(6) as usize].as_bytes();
            let from = random.below(other.len() as u64) as usize;
            let to = (from + random.below(12) as usize).min(other.len());
            match random.below(4) {
                0 => sql.truncate(at),
                1 => sql.insert(at, random.next() as u8),
                2 => drop(sql.splice(at..(at + 3).min(sql.len()), other[from..to].iter().copied())),
                _ => drop(sql.splice(at..at, other[from..to].iter().copied())),
            }
        }
        let mut memory = Memory { one: types[round % types.len()], made: Vec::new() };
        if let Ok(batches) = run(&sql, &mut memory) {
            read += 1;
            for batch in batches {
                assert!(batch.columns.contains(&0));
                let length = batch.values[0].len();
                assert!(batch.values.iter().all(|column| column.len() == length));
            }
        }
    }
    assert!(read > 1_000, "only {read} statements were read: the seeds test too little");
}

#[test]
fn only_insert_and_import_are_read_here() {
    for sql in ["insert into t", "\n IMPORT", "Insert\tinto"] {
        assert!(is_insert(sql.as_bytes()), "{sql}");
    }
    for sql in ["", "inserted", "insert_1", "select 1", "/* x */ insert into t"] {
        assert!(!is_insert(sql.as_bytes()), "{sql}");
    }
}
