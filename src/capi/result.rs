//! Results: what a statement was answered with, row by row or block by block.

use std::cell::OnceCell;
use std::ffi::{CString, c_char, c_int, c_void};

use super::block::{CBlock, stride};
use super::border::{border, c_string, copy_text, disconnected, last_error_code, last_error_text, store};
use super::handle::{Kind, Resource, Table};
use super::{TAOS_FIELD, TAOS_RES, TAOS_ROW};
use crate::client::ResultSet;
use crate::error::{Error, codes};
use crate::types::{Block, Field};

static RESULTS: Table<CResult> = Table::new(Kind::Result);

/// A result set in the shapes of C.
struct CResult {
    set: ResultSet,
    fields: Box<[TAOS_FIELD]>,
    /// The block that is being handed out, and how many of its rows were laid out so far.
    source: Option<(Block, usize)>,
    block: CBlock,
    /// The array variable that `taos_result_block` shows.
    columns: TAOS_ROW,
    /// The next row of `block` that `taos_fetch_row` returns.
    next_row: usize,
    last_fetch: Fetch,
    row: Box<[*mut c_void]>,
    lengths: Box<[c_int]>,
    fetched_rows: u64,
    error_text: OnceCell<CString>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fetch {
    None,
    Row,
    Block,
}

// SAFETY: the raw pointers lead into this very value's own memory, or are handed to callers.
unsafe impl Send for CResult {}

impl Resource for CResult {
    fn poison(&mut self) {
        self.source = None;
        let bug = "a bug in libtaos ended this result, please report it";
        self.set.fail(Error::new(codes::TSC_APP_ERROR, bug));
    }
}

impl CResult {
    fn new(set: ResultSet) -> CResult {
        let mut block = CBlock::new(set.fields());
        CResult {
            fields: set.fields().iter().map(c_field).collect(),
            source: None,
            columns: block.columns(),
            block,
            next_row: 0,
            last_fetch: Fetch::None,
            row: set.fields().iter().map(|_| std::ptr::null_mut()).collect(),
            lengths: set.fields().iter().map(value_length).collect(),
            fetched_rows: 0,
            error_text: OnceCell::new(),
            set,
        }
    }

    /// Lays out the next rows, which may be the rest of a block that was handed out in part; false at the
    /// end and after an error.
    fn advance(&mut self) -> bool {
        self.next_row = 0;
        let (block, first) = match self.source.take() {
            Some((block, first)) if first < block.rows() => (block, first),
            _ => match self.set.next_block() {
                Some(block) => (block, 0),
                None => return self.end(),
            },
        };
        if let Err(error) = self.block.fill(&block, first) {
            self.set.fail(error);
            return self.end();
        }
        self.source = Some((block, first + self.block.rows()));
        true
    }

    fn end(&mut self) -> bool {
        self.block.clear();
        false
    }

    #[inline]
    fn fetch_row(&mut self) -> TAOS_ROW {
        if self.last_fetch != Fetch::Row {
            self.last_fetch = Fetch::Row;
            self.show_lengths(value_length);
        }
        if self.set.stop_flag().is_stopped() || (self.next_row >= self.block.rows() && !self.advance()) {
            return std::ptr::null_mut();
        }
        self.block.point_at(self.next_row, &mut self.row, &mut self.lengths);
        self.next_row += 1;
        self.fetched_rows += 1;
        self.row.as_mut_ptr()
    }

    /// Fetches a block. Rows of the current one that `taos_fetch_row` has not returned come first: none is
    /// lost or returned twice when a program uses both.
    fn fetch_block(&mut self) -> usize {
        if self.last_fetch != Fetch::Block {
            self.show_lengths(|field| c_int::try_from(stride(field.column_type)).unwrap_or(c_int::MAX));
        }
        if self.last_fetch == Fetch::Row
            && let Some((_, laid_out)) = &mut self.source
        {
            *laid_out -= self.block.rows() - self.next_row;
        }
        self.last_fetch = Fetch::Block;
        if self.set.stop_flag().is_stopped() || !self.advance() {
            return 0;
        }
        self.next_row = self.block.rows();
        self.block.rows()
    }

    /// Fetches a block whose rows `taos_fetch_row` is to return, or the program to read in place.
    fn fetch_rows(&mut self) -> Result<usize, Error> {
        if self.fields.is_empty() || self.set.error().is_some() {
            return Err(codes::TSC_INVALID_QHANDLE.into());
        }
        let rows = self.fetch_block();
        self.next_row = 0;
        match self.set.error() {
            Some(error) => Err(error.clone()),
            None => Ok(rows),
        }
    }

    fn show_lengths(&mut self, length: impl Fn(&Field) -> c_int) {
        self.lengths.iter_mut().zip(self.set.fields()).for_each(|(place, field)| *place = length(field));
    }

    /// Whether a value is NULL; the row counts from the block's start after `taos_fetch_block`, and from
    /// the row that comes next after `taos_fetch_row`.
    fn is_null(&self, row: i32, column: i32) -> bool {
        let start = if self.last_fetch == Fetch::Row { self.next_row } else { 0 };
        let row = usize::try_from(row).ok().and_then(|row| row.checked_add(start));
        match (row, usize::try_from(column)) {
            (Some(row), Ok(column)) => self.block.is_null(row, column),
            _ => true,
        }
    }

    fn affected_rows(&self) -> u64 {
        if self.fields.is_empty() { self.set.affected_rows() } else { self.fetched_rows }
    }

    fn error_text(&mut self) -> *const c_char {
        match self.set.error() {
            None => c"success".as_ptr(),
            Some(error) => self.error_text.get_or_init(|| c_string(&error.message)).as_ptr(),
        }
    }
}

fn c_field(field: &Field) -> TAOS_FIELD {
    let column_type = field.column_type;
    let mut c = TAOS_FIELD { name: [0; 65], r#type: column_type.data_type.code(), bytes: column_type.width };
    copy_text(&field.name, &mut c.name);
    c
}

/// What `taos_fetch_lengths` says of a value of that field before it says more of a string.
fn value_length(field: &Field) -> c_int {
    field.column_type.data_type.fixed_size().map_or(0, |size| size as c_int)
}

/// Makes a handle of a result set.
pub(super) fn new_result(set: ResultSet) -> Result<*mut TAOS_RES, Error> {
    let stop = set.stop_flag().clone();
    RESULTS.insert(CResult::new(set), Some(stop)).ok_or_else(|| codes::TSC_OUT_OF_MEMORY.into())
}

/// Fetches the next rows of a result for `taos_fetch_rows_a`: how many, 0 at the end.
pub(super) fn fetch_rows(res: *mut TAOS_RES) -> Result<usize, Error> {
    with(res, CResult::fetch_rows)?
}

/// Whether a result was not freed yet.
pub(super) fn is_open(res: *mut TAOS_RES) -> bool {
    RESULTS.with(res, |_| ()).is_some()
}

/// Frees a result; nothing when it was freed or is NULL.
pub(super) fn free_result(res: *mut TAOS_RES) {
    drop(RESULTS.remove(res));
}

/// Runs code with a result; an invalid handle is an error.
#[inline]
fn with<R>(res: *mut TAOS_RES, use_it: impl FnOnce(&mut CResult) -> R) -> Result<R, Error> {
    RESULTS.with(res, use_it).ok_or_else(disconnected)
}

/// The error code of a result, 0 when there is none; of NULL, the last error of the calling thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_errno(tres: *mut TAOS_RES) -> c_int {
    if tres.is_null() {
        return last_error_code();
    }
    border(|| {
        let code = RESULTS.with(tres, |result| result.set.error().map_or(0, |error| error.code.0));
        Ok(code.unwrap_or(codes::TSC_DISCONNECTED.0))
    })
}

/// The error text of a result, `success` when there is none; of NULL, the last error of the calling thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_errstr(tres: *mut TAOS_RES) -> *mut c_char {
    if tres.is_null() {
        return last_error_text().cast_mut();
    }
    let text = border(|| Ok(RESULTS.with(tres, CResult::error_text).unwrap_or(std::ptr::null())));
    if text.is_null() { c"Disconnected from service".as_ptr().cast_mut() } else { text.cast_mut() }
}

/// Frees a result. One that another thread reads is stopped and waited for; freeing twice does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_free_result(res: *mut TAOS_RES) {
    border(|| {
        free_result(res);
        Ok(())
    });
}

/// Ends a statement, also while another thread fetches from it: its error becomes `Query terminated`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stop_query(res: *mut TAOS_RES) {
    border(|| {
        RESULTS.stop(res);
        Ok(())
    });
}

/// How many columns a result has; 0 of a statement without rows.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_field_count(res: *mut TAOS_RES) -> c_int {
    border(|| with(res, |result| c_int::try_from(result.fields.len()).unwrap_or(c_int::MAX)))
}

/// The same as `taos_field_count`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_num_fields(res: *mut TAOS_RES) -> c_int {
    // SAFETY: the same contract.
    unsafe { taos_field_count(res) }
}

/// The columns of a result, as many as `taos_field_count` says; NULL when there are none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_fetch_fields(res: *mut TAOS_RES) -> *mut TAOS_FIELD {
    border(|| {
        with(res, |result| match &mut *result.fields {
            [] => std::ptr::null_mut(),
            fields => fields.as_mut_ptr(),
        })
    })
}

/// Rows that a statement wrote; of a query, the rows that `taos_fetch_row` has returned so far.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_affected_rows(res: *mut TAOS_RES) -> c_int {
    border(|| with(res, |result| c_int::try_from(result.affected_rows()).unwrap_or(c_int::MAX)))
}

/// Always 0, as in the original.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_affected_tables(res: *mut TAOS_RES) -> c_int {
    border(|| with(res, |_| 0))
}

/// Always 0, as in the original.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_num_rows(res: *mut TAOS_RES) -> c_int {
    border(|| with(res, |_| 0))
}

/// Whether the statement is one that changes something.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_is_update_query(res: *mut TAOS_RES) -> bool {
    border(|| with(res, |result| result.set.is_update()))
}

/// The precision of the timestamps: 0 milliseconds, 1 microseconds, 2 nanoseconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_result_precision(res: *mut TAOS_RES) -> c_int {
    border(|| with(res, |result| result.set.precision() as c_int))
}

/// The next row: a pointer to each value, NULL for SQL NULL. NULL at the end and after an error, which
/// `taos_errno` tells. Strings do not end with a zero; `taos_fetch_lengths` has their lengths.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_fetch_row(res: *mut TAOS_RES) -> TAOS_ROW {
    border(|| with(res, CResult::fetch_row))
}

/// The next block of rows: its columns go to `rows`, and how many rows it has is returned, 0 at the end and
/// after an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_fetch_block(res: *mut TAOS_RES, rows: *mut TAOS_ROW) -> c_int {
    border(|| {
        let (count, columns) = with(res, |result| (result.fetch_block(), result.columns))?;
        if count > 0 {
            // SAFETY: as the caller promises.
            unsafe { store(rows, columns) };
        }
        Ok(c_int::try_from(count).unwrap_or(c_int::MAX))
    })
}

/// After `taos_fetch_row` the length of each value of the row, after `taos_fetch_block` the bytes from
/// one value of a column to the next; NULL before the first fetch.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_fetch_lengths(res: *mut TAOS_RES) -> *mut c_int {
    border(|| {
        with(res, |result| match result.last_fetch {
            _ if result.lengths.is_empty() => std::ptr::null_mut(),
            Fetch::None => std::ptr::null_mut(),
            Fetch::Row | Fetch::Block => result.lengths.as_mut_ptr(),
        })
    })
}

/// Whether a value is NULL; also true where there is no such row or column.
///
/// `row` counts from 0 in the block that `taos_fetch_block` returned. After `taos_fetch_row` it counts
/// from the row that comes next.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_is_null(res: *mut TAOS_RES, row: i32, col: i32) -> bool {
    border(|| Ok(RESULTS.with(res, |result| result.is_null(row, col)).unwrap_or(true)))
}

/// Where the columns of the current block are kept: `*taos_result_block(res)` is what `taos_fetch_block`
/// stores. NULL for a result without columns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_result_block(res: *mut TAOS_RES) -> *mut TAOS_ROW {
    border(|| {
        with(res, |result| match result.fields.is_empty() {
            true => std::ptr::null_mut(),
            false => &raw mut result.columns,
        })
    })
}

#[cfg(test)]
mod tests;
