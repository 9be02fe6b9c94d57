//! Tests of the store as a whole, against a model that is slow and obvious.

mod damage;
mod faults;
mod model;
mod power;
mod simulation;

use std::path::Path;
use std::sync::Arc;

use self::model::{Model, random_statement};
use super::files::{Files, memory};
use super::testing::Random;
use super::*;
use crate::error::{Result, codes};
use crate::types::{Value, Values};

const MODES: [UpdateMode; 3] = [UpdateMode::KeepFirst, UpdateMode::ReplaceRow, UpdateMode::MergeColumns];

fn options(update: UpdateMode) -> StoreOptions {
    StoreOptions { update, wal_level: 1, fsync_ms: 0, memory: 1 << 20, block_rows: 100 }
}

fn open(files: &Arc<dyn Files>, options: &StoreOptions) -> Result<Store> {
    Store::open(files.clone(), Path::new("/store"), options.clone())
}

fn ints(table: u64, rows: &[(i64, i32)]) -> TableRows {
    let times = Column::timestamps(rows.iter().map(|(time, _)| *time).collect());
    let values = Values::I32(rows.iter().map(|(_, value)| *value).collect());
    let values = Column::from_values(DataType::Int, values, None).unwrap();
    TableRows {
        table: TableId(table),
        columns: vec![(ColumnId::TIMESTAMP, Arc::new(times)), (ColumnId(1), Arc::new(values))],
    }
}

fn int_column() -> ScanColumn {
    ScanColumn { id: ColumnId(1), data_type: DataType::Int }
}

fn scan_ints(store: &Store, table: u64, range: TimeRange, order: Order) -> Vec<(i64, i32)> {
    let mut blocks =
        store.scan(TableId(table), &[ScanColumn::TIMESTAMP, int_column()], range, order).unwrap();
    let mut rows = Vec::new();
    while let Some(block) = blocks.next_block().unwrap() {
        assert!(block.rows() > 0 && block.rows() <= 4096);
        let times = block.column(0).i64s().unwrap();
        rows.extend(times.iter().enumerate().map(|(row, time)| {
            let Value::Int(value) = block.column(1).value(row) else { panic!("NULL at {time}") };
            (*time, value as i32)
        }));
    }
    rows
}

#[test]
fn random_statements_read_as_in_the_model() {
    for seed in 0..60 {
        let mut random = Random::new(seed);
        let options = StoreOptions {
            memory: 1 << (10 + random.below(12)),
            block_rows: 1 + random.below(300) as usize,
            ..options(MODES[seed as usize % 3])
        };
        let files = memory();
        let mut store = open(&files, &options).unwrap();
        let mut model = Model::new(options.update);
        for _ in 0..40 {
            match random.below(12) {
                0 => store.flush().unwrap(),
                1 => {
                    store.close().unwrap();
                    store = open(&files, &options).unwrap();
                }
                2 => store = open(&files, &options).unwrap(),
                _ => {
                    let statement = random_statement(&mut random);
                    store.write(statement.rows()).unwrap();
                    model.apply(&statement);
                }
            }
            if random.below(4) == 0 {
                model.check_some(&store, &mut random);
            }
        }
        model.check_all(&store);
    }
}

#[test]
fn rows_of_one_time_keep_their_order_of_arrival_wherever_they_lie() {
    // In a segment, in another one, in the log only, and in memory.
    for mode in MODES {
        let files = memory();
        let mut store = open(&files, &options(mode)).unwrap();
        store.write(vec![ints(1, &[(10, 1), (20, 1)])]).unwrap();
        store.flush().unwrap();
        store.write(vec![ints(1, &[(20, 2), (30, 2)]), ints(1, &[(30, 3)])]).unwrap();
        store.close().unwrap();
        store = open(&files, &options(mode)).unwrap();
        store.write(vec![ints(1, &[(30, 4), (40, 4), (40, 5)])]).unwrap();
        store = open(&files, &options(mode)).unwrap();
        store.write(vec![ints(1, &[(40, 6)])]).unwrap();
        let expected = match mode {
            UpdateMode::KeepFirst => [(10, 1), (20, 1), (30, 2), (40, 4)],
            UpdateMode::ReplaceRow | UpdateMode::MergeColumns => [(10, 1), (20, 2), (30, 4), (40, 6)],
        };
        assert_eq!(scan_ints(&store, 1, TimeRange::ALL, Order::Ascending), expected, "{mode:?}");
        let count = store.statistics(TableId(1), ScanColumn::TIMESTAMP, TimeRange::ALL).unwrap().count;
        assert_eq!(count, 4);
    }
}

#[test]
fn the_ends_of_time_are_times_too() {
    let rows = [(i64::MIN, 1), (-1, 2), (0, 3), (i64::MAX, 4)];
    let store = open(&memory(), &options(UpdateMode::KeepFirst)).unwrap();
    for table in 1..=2 {
        store.write(vec![ints(table, &rows)]).unwrap();
        assert_eq!(scan_ints(&store, table, TimeRange::ALL, Order::Ascending), rows);
        let backward = scan_ints(&store, table, TimeRange::ALL, Order::Descending);
        assert_eq!(backward.into_iter().rev().collect::<Vec<_>>(), rows);
        let end = TimeRange { start: i64::MAX, end: i64::MAX };
        assert_eq!(scan_ints(&store, table, end, Order::Descending), rows[3..]);
        assert_eq!(scan_ints(&store, table, TimeRange { start: 1, end: -1 }, Order::Ascending), []);
        store.flush().unwrap();
    }
}

#[test]
fn a_scan_sees_the_moment_it_began() {
    let store = open(&memory(), &options(UpdateMode::ReplaceRow)).unwrap();
    let old: Vec<(i64, i32)> = (0..10_000).map(|time| (time, 1)).collect();
    store.write(vec![ints(1, &old[..5000])]).unwrap();
    store.flush().unwrap();
    old[5000..].chunks(100).for_each(|rows| store.write(vec![ints(1, rows)]).unwrap());
    let mut blocks = store
        .scan(TableId(1), &[ScanColumn::TIMESTAMP, int_column()], TimeRange::ALL, Order::Ascending)
        .unwrap();
    let new: Vec<(i64, i32)> = (0..10_000).map(|time| (time, 2)).collect();
    store.write(vec![ints(1, &new)]).unwrap();
    store.flush().unwrap();
    store.drop_table(TableId(1));
    let mut rows = 0;
    while let Some(block) = blocks.next_block().unwrap() {
        rows += block.rows();
        assert!((0..block.rows()).all(|row| block.column(1).value(row) == Value::Int(1)));
    }
    assert_eq!(rows, 10_000);
    assert_eq!(scan_ints(&store, 1, TimeRange::ALL, Order::Ascending), new);
}

#[test]
fn rows_that_do_not_overlap_are_not_copied() {
    let store = open(&memory(), &options(UpdateMode::KeepFirst)).unwrap();
    let rows = ints(1, &(0..4096).map(|time| (time, 0)).collect::<Vec<_>>());
    let given = rows.columns[1].1.clone();
    store.write(vec![rows]).unwrap();
    let mut blocks = store.scan(TableId(1), &[int_column()], TimeRange::ALL, Order::Ascending).unwrap();
    let block = blocks.next_block().unwrap().unwrap();
    assert!(Arc::ptr_eq(block.column(0), &given));
}

#[test]
fn a_closed_store_replays_nothing_and_takes_no_writes() {
    let files = memory();
    let store = open(&files, &options(UpdateMode::KeepFirst)).unwrap();
    store.write(vec![ints(1, &[(1, 1)])]).unwrap();
    store.close().unwrap();
    store.close().unwrap();
    let refused = store.write(vec![ints(1, &[(2, 2)])]).unwrap_err();
    assert_eq!(refused.code, codes::VND_IS_CLOSING);
    assert_eq!(scan_ints(&store, 1, TimeRange::ALL, Order::Ascending), [(1, 1)]);
    assert!(files.list(Path::new("/store/wal")).unwrap().is_empty());

    Store::remove(&*files, Path::new("/store")).unwrap();
    Store::remove(&*files, Path::new("/store")).unwrap();
    assert!(files.list(Path::new("/store")).is_err());
    let store = open(&files, &options(UpdateMode::KeepFirst)).unwrap();
    assert_eq!(scan_ints(&store, 1, TimeRange::ALL, Order::Ascending), []);
}

#[test]
fn more_segments_than_open_files_are_read() {
    let files = memory();
    let store = open(&files, &options(UpdateMode::KeepFirst)).unwrap();
    let rows: Vec<(i64, i32)> = (0..100).map(|time| (time, time as i32)).collect();
    for row in &rows {
        store.write(vec![ints(1, &[*row])]).unwrap();
        store.flush().unwrap();
    }
    assert_eq!(files.list(Path::new("/store/seg")).unwrap().len(), 100);
    let store = open(&files, &options(UpdateMode::KeepFirst)).unwrap();
    assert_eq!(scan_ints(&store, 1, TimeRange::ALL, Order::Ascending), rows);
}

#[test]
fn rows_that_make_no_sense_are_refused() {
    let store = open(&memory(), &options(UpdateMode::KeepFirst)).unwrap();
    let good = || ints(1, &[(1, 1)]);
    let text: Arc<Column> = Arc::new(Column::repeat(DataType::Binary, &Value::text("x"), 1));
    let mut other_type = good();
    other_type.columns[1].1 = text.clone();
    let wrong = [
        TableRows { table: TableId(1), columns: vec![] },
        TableRows { table: TableId(1), columns: vec![good().columns[1].clone()] },
        TableRows { table: TableId(1), columns: vec![(ColumnId::TIMESTAMP, text)] },
        TableRows {
            columns: vec![(
                ColumnId::TIMESTAMP,
                Arc::new(Column::repeat(DataType::Timestamp, &Value::Null, 1)),
            )],
            ..good()
        },
        TableRows { columns: [good().columns, good().columns].concat(), ..good() },
        TableRows { columns: [good().columns, ints(1, &[(1, 1), (2, 2)]).columns].concat(), ..good() },
    ];
    for rows in wrong {
        assert_eq!(store.write(vec![good(), rows]).unwrap_err().code, codes::TDB_SUBMIT_MSG_MSSED_UP);
    }
    assert!(store.write(vec![good(), other_type]).is_err(), "two types in one statement");
    assert_eq!(scan_ints(&store, 1, TimeRange::ALL, Order::Ascending), []);
    store.write(vec![]).unwrap();
    store.write(vec![ints(1, &[])]).unwrap();
    store.write(vec![good()]).unwrap();
    store.flush().unwrap();
    let other = ScanColumn { id: ColumnId(1), data_type: DataType::Double };
    let mut blocks = store.scan(TableId(1), &[other], TimeRange::ALL, Order::Ascending).unwrap();
    assert_eq!(blocks.next_block().unwrap_err().code, codes::TDB_FILE_CORRUPTED);
}

#[test]
fn writers_and_readers_do_not_see_half_a_statement() {
    let options = StoreOptions { memory: 40_000, ..options(UpdateMode::ReplaceRow) };
    let store = open(&memory(), &options).unwrap();
    let rows = |value| (0..50).map(|time| (time, value)).collect::<Vec<_>>();
    std::thread::scope(|scope| {
        for table in [1, 2] {
            let store = &store;
            scope.spawn(move || {
                (1..=200).for_each(|value| store.write(vec![ints(table, &rows(value))]).unwrap());
            });
        }
        scope.spawn(|| {
            for _ in 0..200 {
                for table in [1, 2] {
                    let seen = scan_ints(&store, table, TimeRange::ALL, Order::Ascending);
                    assert!(seen.len() == 50 || seen.is_empty());
                    assert!(seen.windows(2).all(|pair| pair[0].1 == pair[1].1), "{seen:?}");
                }
            }
        });
    });
    for table in [1, 2] {
        assert_eq!(scan_ints(&store, table, TimeRange::ALL, Order::Ascending), rows(200));
    }
}
