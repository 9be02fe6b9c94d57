//! What a store should answer: rows in a map, changed row by row.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::storage::testing::{Random, random_value};
use crate::engine::storage::{
    ColumnId, Order, ScanColumn, Statistics, Store, TableId, TableRows, TimeRange, UpdateMode,
};
use crate::error::Result;
use crate::types::{Column, DataType, Value};

const TABLES: u64 = 3;
const COLUMNS: [DataType; 5] =
    [DataType::Int, DataType::Binary, DataType::Double, DataType::Bool, DataType::UBigInt];

fn column(index: usize) -> ScanColumn {
    ScanColumn { id: ColumnId(index as u32 + 1), data_type: COLUMNS[index] }
}

/// Some rows for some tables, each with some of the columns.
#[derive(Clone)]
pub(super) struct Statement(Vec<Part>);

#[derive(Clone)]
struct Part {
    table: TableId,
    given: Vec<usize>,
    rows: Vec<(i64, Vec<Value>)>,
}

pub(super) fn random_statement(random: &mut Random) -> Statement {
    let parts = 1 + random.below(3);
    Statement((0..parts).map(|_| random_part(random)).collect())
}

fn random_part(random: &mut Random) -> Part {
    let mut given: Vec<usize> = (0..COLUMNS.len()).filter(|_| random.below(3) > 0).collect();
    if random.below(4) == 0 {
        given.reverse();
    }
    let count = match random.below(10) {
        0 => 1000 + random.below(200), // around the size from which a batch is a run of its own
        1..4 => random.below(100),
        _ => 1 + random.below(3),
    };
    let start = random.below(500) as i64;
    let times_rise = random.below(3) > 0;
    let row = |step: u64, random: &mut Random| {
        let time = if times_rise { start + step as i64 } else { random.below(500) as i64 };
        let value = |&index: &usize, random: &mut Random| match random.below(4) {
            0 => Value::Null,
            _ => random_value(random, COLUMNS[index]),
        };
        (time, given.iter().map(|index| value(index, random)).collect())
    };
    let rows = (0..count).map(|step| row(step, random)).collect();
    Part { table: TableId(random.below(TABLES)), given, rows }
}

impl Statement {
    pub(super) fn rows(&self) -> Vec<TableRows> {
        self.0.iter().map(Part::rows).collect()
    }
}

impl Part {
    fn rows(&self) -> TableRows {
        let times = Column::timestamps(self.rows.iter().map(|(time, _)| *time).collect());
        let mut columns = vec![(ColumnId::TIMESTAMP, Arc::new(times))];
        for (place, &index) in self.given.iter().enumerate() {
            let mut values = Column::new(COLUMNS[index]);
            self.rows.iter().for_each(|(_, row)| values.push(&row[place]));
            columns.push((column(index).id, Arc::new(values)));
        }
        TableRows { table: self.table, columns }
    }
}

/// The rows of one table by timestamp.
type Rows = BTreeMap<i64, Vec<Value>>;

/// The rows of all tables.
#[derive(Clone)]
pub(super) struct Model {
    update: UpdateMode,
    tables: BTreeMap<TableId, Rows>,
}

impl Model {
    pub(super) fn new(update: UpdateMode) -> Model {
        Model { update, tables: BTreeMap::new() }
    }

    pub(super) fn apply(&mut self, statement: &Statement) {
        for part in &statement.0 {
            let table = self.tables.entry(part.table).or_default();
            for (time, values) in &part.rows {
                let mut row = vec![Value::Null; COLUMNS.len()];
                for (place, &index) in part.given.iter().enumerate() {
                    row[index] = values[place].clone();
                }
                match (self.update, table.get_mut(time)) {
                    (UpdateMode::KeepFirst, Some(_)) => {}
                    (UpdateMode::MergeColumns, Some(old)) => {
                        let both = old.iter_mut().zip(row);
                        both.filter(|(_, new)| !new.is_null()).for_each(|(old, new)| *old = new);
                    }
                    _ => {
                        table.insert(*time, row);
                    }
                }
            }
        }
    }

    /// Whether the store has exactly these rows.
    pub(super) fn matches(&self, store: &Store) -> bool {
        self.is(&Found::in_store(store).unwrap())
    }

    /// Whether these are exactly the rows that were found.
    pub(super) fn is(&self, found: &Found) -> bool {
        found.0.iter().zip((0..TABLES).map(TableId)).all(|(rows, table)| match self.tables.get(&table) {
            Some(expected) => rows.iter().map(|(time, row)| (time, row)).eq(expected),
            None => rows.is_empty(),
        })
    }

    pub(super) fn check_all(&self, store: &Store) {
        assert!(self.matches(store));
        for table in (0..TABLES).map(TableId) {
            self.check_statistics(store, table, TimeRange::ALL);
        }
    }

    /// Compares some rows and columns of some table.
    pub(super) fn check_some(&self, store: &Store, random: &mut Random) {
        let table = TableId(random.below(TABLES));
        let asked: Vec<usize> = (0..COLUMNS.len()).filter(|_| random.below(2) == 0).collect();
        let start = random.below(700) as i64 - 100;
        let range = TimeRange { start, end: start + random.below(700) as i64 };
        let mut expected = self.expected(table, &asked, range);
        assert_eq!(scan(store, table, &asked, range, Order::Ascending), expected);
        expected.reverse();
        assert_eq!(scan(store, table, &asked, range, Order::Descending), expected);
        self.check_statistics(store, table, range);
    }

    fn check_statistics(&self, store: &Store, table: TableId, range: TimeRange) {
        for (index, &data_type) in COLUMNS.iter().enumerate() {
            let mut values = Column::new(data_type);
            self.expected(table, &[index], range).iter().for_each(|(_, row)| values.push(&row[0]));
            let (found, expected) =
                (store.statistics(table, column(index), range).unwrap(), Statistics::of(&values));
            assert_eq!((found.count, &found.min, &found.max), (expected.count, &expected.min, &expected.max));
            match (found.sum, expected.sum) {
                (Value::Float(a), Value::Float(b)) => assert!((a - b).abs() <= b.abs() * 1e-9, "{a} {b}"),
                (a, b) => assert_eq!(a, b),
            }
        }
        let rows = self.expected(table, &[], range).len() as u64;
        assert_eq!(store.statistics(table, ScanColumn::TIMESTAMP, range).unwrap().count, rows);
        let mut blocks = store.scan(table, &[], range, Order::Ascending).unwrap();
        let counted = std::iter::from_fn(|| blocks.next_block().unwrap()).map(|block| block.rows() as u64);
        assert_eq!(counted.sum::<u64>(), rows);
    }

    fn expected(&self, table: TableId, asked: &[usize], range: TimeRange) -> Vec<(i64, Vec<Value>)> {
        let cut = |row: &Vec<Value>| asked.iter().map(|&index| row[index].clone()).collect();
        let rows = self.tables.get(&table).into_iter().flatten();
        rows.filter(|(time, _)| (range.start..=range.end).contains(*time))
            .map(|(time, row)| (*time, cut(row)))
            .collect()
    }
}

/// All rows of a store, table by table.
pub(super) struct Found(Vec<Vec<(i64, Vec<Value>)>>);

impl Found {
    pub(super) fn in_store(store: &Store) -> Result<Found> {
        let all: Vec<usize> = (0..COLUMNS.len()).collect();
        let tables = (0..TABLES).map(TableId);
        tables
            .map(|table| try_scan(store, table, &all, TimeRange::ALL, Order::Ascending))
            .collect::<Result<_>>()
            .map(Found)
    }
}

fn scan(
    store: &Store,
    table: TableId,
    asked: &[usize],
    range: TimeRange,
    order: Order,
) -> Vec<(i64, Vec<Value>)> {
    try_scan(store, table, asked, range, order).unwrap()
}

fn try_scan(
    store: &Store,
    table: TableId,
    asked: &[usize],
    range: TimeRange,
    order: Order,
) -> Result<Vec<(i64, Vec<Value>)>> {
    let mut columns = vec![ScanColumn::TIMESTAMP];
    columns.extend(asked.iter().map(|&index| column(index)));
    let mut blocks = store.scan(table, &columns, range, order)?;
    let mut rows = Vec::new();
    while let Some(block) = blocks.next_block()? {
        let times = block.column(0).i64s().unwrap();
        for (row, time) in times.iter().enumerate() {
            rows.push((*time, block.columns()[1..].iter().map(|column| column.value(row)).collect()));
        }
    }
    Ok(rows)
}
