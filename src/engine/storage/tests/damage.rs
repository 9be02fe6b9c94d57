//! Files that are cut or damaged.

use std::path::Path;
use std::sync::Arc;

use super::{ints, open, options, scan_ints};
use crate::engine::storage::files::{self, Files, memory};
use crate::engine::storage::testing::Random;
use crate::engine::storage::{Order, ScanColumn, StoreOptions, TableId, TimeRange, UpdateMode};
use crate::error::{Result, codes};

const WAL: &str = "/store/wal/0000000000.wal";
const SEGMENT: &str = "/store/seg/0000000000.seg";
const MANIFEST: &str = "/store/manifest";

fn store_options() -> StoreOptions {
    StoreOptions { block_rows: 4, ..options(UpdateMode::KeepFirst) }
}

/// The files of a store with one flushed and one logged statement.
fn sample() -> Vec<(&'static str, Vec<u8>)> {
    let files = memory();
    let store = open(&files, &store_options()).unwrap();
    store.write(vec![ints(1, &[(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]), ints(2, &[(1, 1)])]).unwrap();
    store.flush().unwrap();
    let mut content: Vec<_> = [SEGMENT, MANIFEST].map(|path| (path, read(&files, path))).into();
    store.write(vec![ints(1, &[(6, 6)]), ints(2, &[(2, 2)])]).unwrap();
    store.write(vec![ints(1, &[(7, 7)]), ints(2, &[(3, 3)])]).unwrap();
    // The log is the second generation.
    content.push(("/store/wal/0000000001.wal", read(&files, "/store/wal/0000000001.wal")));
    content
}

fn read(files: &Arc<dyn Files>, path: &str) -> Vec<u8> {
    files::read(&**files, Path::new(path)).unwrap().unwrap()
}

fn disk(content: &[(&str, Vec<u8>)]) -> Arc<dyn Files> {
    let files = memory();
    for directory in ["/store/wal", "/store/seg"] {
        files.create_dir(Path::new(directory)).unwrap();
    }
    for (path, bytes) in content {
        files.create(Path::new(path)).unwrap().write_at(0, bytes).unwrap();
    }
    files
}

/// How many rows each of the two tables has.
fn count_rows(files: &Arc<dyn Files>) -> Result<(usize, usize)> {
    let store = open(files, &store_options())?;
    let count = |table| -> Result<usize> {
        let columns = [ScanColumn::TIMESTAMP, super::int_column()];
        let mut blocks = store.scan(TableId(table), &columns, TimeRange::ALL, Order::Ascending)?;
        let mut rows = 0;
        while let Some(block) = blocks.next_block()? {
            rows += block.rows();
        }
        Ok(rows)
    };
    Ok((count(1)?, count(2)?))
}

#[test]
fn a_log_cut_anywhere_has_whole_statements() {
    let content = sample();
    for cut in 0..content[2].1.len() {
        let mut content = content.clone();
        content[2].1.truncate(cut);
        let rows = count_rows(&disk(&content)).unwrap();
        assert!([(5, 1), (6, 2)].contains(&rows), "{rows:?} when cut at {cut}");
    }
    assert_eq!(count_rows(&disk(&content)).unwrap(), (7, 3));
}

#[test]
fn a_flipped_bit_is_an_error_that_names_the_file() {
    let content = sample();
    for file in 0..content.len() {
        let mut errors = 0;
        for bit in 0..content[file].1.len() * 8 {
            let mut content = content.clone();
            content[file].1[bit / 8] ^= 1 << (bit % 8);
            match count_rows(&disk(&content)) {
                Ok(rows) => {
                    // Only in the last record of the log, which is taken for a torn one.
                    assert_eq!((file, rows), (2, (6, 2)), "bit {bit} of {}", content[file].0);
                }
                Err(error) => {
                    errors += 1;
                    assert!(error.message.contains(content[file].0), "{error}");
                }
            }
        }
        assert!(errors > 0);
    }
}

#[test]
fn damage_in_a_table_leaves_the_others_readable() {
    let mut content = sample();
    content[0].1[20] ^= 1; // a chunk of the first table
    let store = open(&disk(&content), &store_options()).unwrap();
    let columns = [ScanColumn::TIMESTAMP, super::int_column()];
    let mut blocks = store.scan(TableId(1), &columns, TimeRange::ALL, Order::Ascending).unwrap();
    assert_eq!(blocks.next_block().unwrap_err().code, codes::TDB_FILE_CORRUPTED);
    assert_eq!(scan_ints(&store, 2, TimeRange::ALL, Order::Ascending).len(), 3);
}

#[test]
fn files_that_are_missing_are_missed() {
    let content = sample();
    let error = count_rows(&disk(&content[1..])).unwrap_err();
    assert!(error.message.contains(SEGMENT), "{error}");
    let error = count_rows(&disk(&[content[0].clone(), content[2].clone()])).unwrap_err();
    assert!(error.message.contains(MANIFEST), "{error}");
    let mut later_log = content.clone();
    later_log[2].0 = "/store/wal/0000000002.wal";
    assert!(count_rows(&disk(&later_log)).unwrap_err().message.contains("is missing"));
    // One from before the flush has no meaning.
    let mut older_log = content.clone();
    older_log.push((WAL, b"anything".to_vec()));
    assert_eq!(count_rows(&disk(&older_log)).unwrap(), (7, 3));
}

#[test]
fn newer_versions_are_refused_by_number() {
    for file in 0..3 {
        let mut content = sample();
        content[file].1[8] = 9;
        let error = count_rows(&disk(&content)).unwrap_err();
        assert_eq!(error.code, codes::VND_INVALID_VRESION_FILE);
        assert!(error.message.contains("version 9") && error.message.contains(content[file].0), "{error}");
    }
}

/// Bytes whose checksums are right reach the decoders behind them.
#[test]
fn any_content_of_a_log_record_is_an_error_and_no_panic() {
    let mut payload = Vec::new();
    let rows = [ints(1, &[(6, 6), (7, 7)]), ints(2, &[(2, 2)])];
    crate::engine::storage::wal::encode(&rows, &mut payload);
    let mut random = Random::new(9);
    for _ in 0..5000 {
        let mut broken = payload.clone();
        broken.truncate(1 + random.below(payload.len() as u64) as usize);
        for _ in 0..1 + random.below(3) {
            let at = random.below(broken.len() as u64) as usize;
            broken[at] = random.next() as u8;
        }
        let _ = crate::engine::storage::wal::replay_record(&broken, &mut |_| Ok(()));
    }
}
