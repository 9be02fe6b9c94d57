//! Results as a C program sees them, good and bad callers alike.

use std::ffi::{CStr, CString};
use std::ptr::{null, null_mut, without_provenance_mut};
use std::time::{Duration, Instant};

use super::super::connection::new_connection;
use super::super::{taos_close, taos_query};
use super::*;
use crate::client::testing;

/// A connection to the made-up data of [`testing`]; it is closed in the end.
struct Taos(*mut c_void);

impl Taos {
    fn new() -> Taos {
        Taos(new_connection(testing::connection()).unwrap())
    }

    fn query(&self, sql: &str) -> *mut TAOS_RES {
        let sql = CString::new(sql).unwrap();
        // SAFETY: a string.
        unsafe { taos_query(self.0, sql.as_ptr()) }
    }
}

impl Drop for Taos {
    fn drop(&mut self) {
        // SAFETY: any handle may be closed.
        unsafe { taos_close(self.0) }
    }
}

fn errno(res: *mut TAOS_RES) -> u32 {
    // SAFETY: any handle may be asked.
    unsafe { taos_errno(res) as u32 }
}

fn errstr(res: *mut TAOS_RES) -> String {
    // SAFETY: any handle may be asked; the text is the library's.
    unsafe { CStr::from_ptr(taos_errstr(res)) }.to_string_lossy().into_owned()
}

fn free(res: *mut TAOS_RES) {
    // SAFETY: any handle may be freed.
    unsafe { taos_free_result(res) }
}

/// The row's `n` and `s`.
unsafe fn values(res: *mut TAOS_RES, row: TAOS_ROW) -> (Option<i32>, String) {
    // SAFETY: the made-up rows have three columns, an INT and a BINARY in the second and third.
    unsafe {
        let n = (*row.add(1)).cast::<i32>();
        let length = *taos_fetch_lengths(res).add(2) as usize;
        let s = std::slice::from_raw_parts((*row.add(2)).cast::<u8>(), length);
        ((!n.is_null()).then(|| n.read_unaligned()), String::from_utf8_lossy(s).into_owned())
    }
}

#[test]
fn rows_come_one_by_one_over_blocks() {
    let taos = Taos::new();
    let res = taos.query("numbers 7 3");
    // SAFETY: a result with rows.
    unsafe {
        assert_eq!((errno(res), errstr(res).as_str()), (0, "success"));
        assert_eq!([taos_field_count(res), taos_num_fields(res), taos_result_precision(res)], [3, 3, 1]);
        assert!(!taos_is_update_query(res) && taos_fetch_lengths(res).is_null());
        let field = &*taos_fetch_fields(res).add(2);
        assert_eq!((field.r#type, field.bytes, field.name[0] as u8), (8, 8, b's'));
        let mut same_row = null_mut();
        for number in 0..7 {
            let row = taos_fetch_row(res);
            assert!(number == 0 || row == same_row);
            same_row = row;
            let n = (number % 3 != 2).then_some(number);
            assert_eq!(values(res, row), (n, format!("row {number}")));
            assert_eq!(taos_affected_rows(res), number + 1);
        }
        assert!(taos_fetch_row(res).is_null() && taos_fetch_row(res).is_null());
        assert_eq!((errno(res), taos_affected_rows(res)), (0, 7));
    }
    free(res);
}

#[test]
fn blocks_come_as_columns() {
    let taos = Taos::new();
    let res = taos.query("numbers 5 3");
    let mut columns: TAOS_ROW = null_mut();
    // SAFETY: a result with rows, and a place for the columns.
    unsafe {
        assert!(!taos_result_block(res).is_null());
        assert_eq!(taos_fetch_block(res, &mut columns), 3);
        assert_eq!(*taos_result_block(res), columns);
        assert_eq!(std::slice::from_raw_parts(taos_fetch_lengths(res), 3), [8, 4, 10]);
        assert_eq!((*columns.add(2)).addr() - (*columns).addr(), 3 * 12);
        let is_null = |row, column| taos_is_null(res, row, column);
        assert!(!is_null(0, 1) && is_null(2, 1) && is_null(3, 0) && is_null(-1, 0) && is_null(0, 3));
        assert_eq!(taos_fetch_block(res, &mut columns), 2);
        assert_eq!(taos_fetch_block(res, &mut columns), 0);
        assert_eq!((errno(res), taos_affected_rows(res)), (0, 0));
    }
    free(res);
}

#[test]
fn rows_and_blocks_together_lose_nothing() {
    let taos = Taos::new();
    let res = taos.query("numbers 9 4");
    let mut columns: TAOS_ROW = null_mut();
    // SAFETY: a result with rows, and a place for the columns.
    unsafe {
        taos_fetch_row(res);
        assert_eq!(taos_fetch_block(res, &mut columns), 3);
        assert_eq!((*columns.add(1)).cast::<i32>().read_unaligned(), 1);
        let row = taos_fetch_row(res);
        assert_eq!(values(res, row), (Some(4), "row 4".to_owned()));
        // The row that comes next is row 5, without an `n`.
        assert!(taos_is_null(res, 0, 1) && !taos_is_null(res, 1, 1) && taos_is_null(res, -1, 1));
        assert_eq!(taos_fetch_block(res, &mut columns), 3);
        assert_eq!(taos_fetch_block(res, &mut columns), 1);
        assert!(taos_fetch_row(res).is_null());
    }
    free(res);
}

#[test]
fn a_result_without_rows_and_one_with_an_error() {
    let taos = Taos::new();
    let written = taos.query("insert 5");
    let failed = taos.query("nonsense");
    // SAFETY: results.
    unsafe {
        assert_eq!((errno(written), taos_affected_rows(written)), (0, 5));
        assert!(taos_is_update_query(written));
        assert_eq!((errno(failed), taos_affected_rows(failed)), (0x8000_0216, 0));
        assert_eq!(errstr(failed), "syntax error near \"nonsense\"");
        for res in [written, failed] {
            assert!(taos_fetch_row(res).is_null() && taos_fetch_fields(res).is_null());
            assert!(taos_fetch_lengths(res).is_null() && taos_result_block(res).is_null());
            assert_eq!([taos_field_count(res), taos_fetch_block(res, null_mut())], [0, 0]);
            assert!(taos_is_null(res, 0, 0));
            free(res);
        }
    }
}

#[test]
fn an_error_in_the_middle_is_told() {
    let taos = Taos::new();
    let res = taos.query("numbers 9 4 broken");
    // SAFETY: a result with rows.
    unsafe {
        let rows = std::iter::from_fn(|| (!taos_fetch_row(res).is_null()).then_some(())).count();
        assert_eq!((rows, errno(res)), (4, 0x8000_0608));
    }
    free(res);
}

#[test]
fn what_is_no_result_gets_an_error() {
    let taos = Taos::new();
    let freed = taos.query("numbers 3 3");
    free(freed);
    let here = 0_u64;
    for bad in
        [null_mut(), freed, taos.0, without_provenance_mut(usize::MAX), (&raw const here).cast_mut().cast()]
    {
        // SAFETY: anything may be handed in.
        unsafe {
            assert!(taos_fetch_row(bad).is_null() && taos_fetch_fields(bad).is_null());
            assert_eq!(taos_fetch_block(bad, null_mut()), 0);
            assert!(taos_fetch_lengths(bad).is_null() && taos_result_block(bad).is_null());
            assert_eq!([taos_field_count(bad), taos_affected_rows(bad), taos_result_precision(bad)], [0; 3]);
            assert!(taos_is_null(bad, 0, 0) && !taos_is_update_query(bad));
            taos_stop_query(bad);
            free(bad);
        }
        assert_eq!((errno(bad), errstr(bad).as_str()), (0x8000_0213, "Disconnected from service"));
    }
    // SAFETY: anything may be handed in.
    unsafe {
        assert!(taos_query(freed, c"insert 1".as_ptr()).is_null());
        assert_eq!(errno(null_mut()), 0x8000_0213);
        let no_sql = taos_query(taos.0, null());
        assert_eq!((errno(no_sql), errstr(no_sql).as_str()), (0x8000_0200, "invalid operation: sql is NULL"));
        free(no_sql);
    }
}

#[test]
fn a_panic_is_the_error_of_its_statement() {
    let taos = Taos::new();
    let res = taos.query("panic");
    assert_eq!(errno(res), 0x8000_0211);
    assert!(errstr(res).ends_with("asked for"));
    free(res);
}

#[test]
fn rows_outlive_the_connection() {
    let taos = Taos::new();
    let res = taos.query("numbers 5 3");
    drop(taos);
    // SAFETY: a result with rows.
    let rows = std::iter::from_fn(|| unsafe { (!taos_fetch_row(res).is_null()).then_some(()) }).count();
    assert_eq!(rows, 5);
    free(res);
}

#[test]
fn stopping_ends_buffered_rows_and_waiting_threads() {
    let taos = Taos::new();
    let buffered = taos.query("numbers 5 5");
    let waiting = taos.query("numbers 5 5 slow");
    let handle = waiting.addr();
    // SAFETY: results with rows.
    unsafe {
        assert!(!taos_fetch_row(buffered).is_null());
        taos_stop_query(buffered);
        assert!(taos_fetch_row(buffered).is_null() && taos_fetch_block(buffered, null_mut()) == 0);
        assert_eq!((errno(buffered), errstr(buffered).as_str()), (0x8000_020f, "Query terminated"));
        std::thread::scope(|scope| {
            let fetch = scope.spawn(move || taos_fetch_row(without_provenance_mut(handle)).is_null());
            std::thread::sleep(Duration::from_millis(20));
            assert!(!fetch.is_finished());
            taos_stop_query(waiting);
            assert!(fetch.join().unwrap());
        });
        assert_eq!(errno(waiting), 0x8000_020f);
    }
    free(buffered);
    free(waiting);
}

#[test]
fn freeing_from_many_threads_while_one_fetches() {
    let taos = Taos::new();
    for _ in 0..50 {
        let handle = taos.query("numbers 5 5 slow").addr();
        std::thread::scope(|scope| {
            for _ in 0..2 {
                // SAFETY: anything may be handed in.
                scope.spawn(move || unsafe { taos_fetch_row(without_provenance_mut(handle)) }.is_null());
                scope.spawn(move || free(without_provenance_mut(handle)));
            }
        });
        assert_eq!(errno(without_provenance_mut(handle)), 0x8000_0213);
    }
}

/// Not a test of speed, which depends on the machine: `cargo test --release -- --ignored --nocapture fetch_row`
/// prints what a row costs.
#[test]
#[ignore = "prints a measurement"]
#[expect(clippy::print_stderr, reason = "prints a measurement")]
fn cost_of_fetch_row() {
    const ROWS: u32 = 4096;
    let taos = Taos::new();
    for _ in 0..5 {
        let res = taos.query("numbers 4096 4096");
        // SAFETY: a result with rows.
        unsafe {
            taos_fetch_row(res);
            let start = Instant::now();
            for _ in 1..ROWS {
                std::hint::black_box(taos_fetch_row(res));
            }
            let rows = start.elapsed();
            let start = Instant::now();
            for _ in 1..ROWS {
                std::hint::black_box(taos_field_count(res));
            }
            let checks = start.elapsed();
            eprintln!("fetch_row {:?}, check alone {:?}", rows / ROWS, checks / ROWS);
        }
        free(res);
    }
}
