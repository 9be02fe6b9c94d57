//! Prepared statements.
//!
//! Every function returns 0 or an error code, whose text `taos_stmt_errstr` tells until the next call on the
//! statement.

use std::ffi::{CString, c_char, c_int, c_ulong};

use super::bind;
use super::block::stride;
use super::border::{border, bytes, bytes_up_to, c_string, disconnected, status, store};
use super::connection::connection;
use super::handle::{Kind, Resource, Table};
use super::result::{free_result, is_open, new_result};
use super::{TAOS, TAOS_BIND, TAOS_MULTI_BIND, TAOS_RES, TAOS_STMT};
use crate::client::{ResultSet, Statement};
use crate::error::{Error, Result, codes};
use crate::types::{DataType, Value};

static STATEMENTS: Table<CStatement> = Table::new(Kind::Statement);

struct CStatement {
    /// None after a panic.
    statement: Option<Statement>,
    /// The handle that `taos_stmt_use_result` gave out last, NULL before.
    result: *mut TAOS_RES,
    /// The text of the last call's error.
    error: Option<CString>,
}

// SAFETY: `result` is a handle, which no code follows as a pointer.
unsafe impl Send for CStatement {}

impl Resource for CStatement {
    fn poison(&mut self) {
        self.statement = None;
        self.error = Some(c_string(&bug().message));
    }
}

fn bug() -> Error {
    Error::new(codes::TSC_APP_ERROR, "a bug in libtaos ended this statement, please report it")
}

impl CStatement {
    fn run<R>(&mut self, body: impl FnOnce(&mut Statement) -> Result<R>) -> Result<R> {
        let result = self.statement.as_mut().ok_or_else(bug).and_then(body);
        self.error = result.as_ref().err().map(|error| c_string(&error.message));
        result
    }

    /// The handle of the last execution's result, the same one until the next execution.
    fn use_result(&mut self) -> Result<*mut TAOS_RES> {
        let set = self.statement.as_mut().ok_or_else(bug)?.take_result();
        let set = match set {
            None if !self.result.is_null() => {
                return if is_open(self.result) { Ok(self.result) } else { Err(disconnected()) };
            }
            None => ResultSet::failed(Error::invalid_operation("exec status error")),
            Some(set) => set,
        };
        free_result(self.result);
        self.result = new_result(set)?;
        Ok(self.result)
    }
}

/// The body of a function that does something with a statement.
fn with(stmt: *mut TAOS_STMT, body: impl FnOnce(&mut Statement) -> Result<()>) -> c_int {
    status(|| STATEMENTS.with(stmt, |c| c.run(body)).ok_or_else(disconnected)?)
}

/// Stores the only thing that a function has to tell; an error when it is not wanted.
///
/// # Safety
/// The pointer is NULL or may be written to.
unsafe fn tell(place: *mut c_int, number: c_int) -> Result<()> {
    if place.is_null() {
        return Err(Error::invalid_operation("no place for the number"));
    }
    // SAFETY: as the caller promises.
    unsafe { store(place, number) };
    Ok(())
}

/// A count as C has it.
fn count(number: usize) -> c_int {
    c_int::try_from(number).unwrap_or(c_int::MAX)
}

/// Makes a statement; NULL when there is no such connection. The connection stays open for it, also after
/// `taos_close`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_init(taos: *mut TAOS) -> *mut TAOS_STMT {
    border(|| {
        let statement = Some(Statement::new(connection(taos)?));
        let c = CStatement { statement, result: std::ptr::null_mut(), error: None };
        STATEMENTS.insert(c, None).ok_or_else(|| codes::TSC_OUT_OF_MEMORY.into())
    })
}

/// Gives a statement its text, once; `length` 0 is up to the zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_prepare(
    stmt: *mut TAOS_STMT,
    sql: *const c_char,
    length: c_ulong,
) -> c_int {
    with(stmt, |statement| {
        // SAFETY: NULL, or a string that ends at its zero or after `length` bytes, as the caller promises.
        let sql = unsafe {
            match length as usize {
                0 => bytes(sql),
                length => bytes_up_to(sql, length),
            }
        };
        statement.prepare(sql.ok_or_else(|| Error::invalid_operation("sql is NULL"))?)
    })
}

/// Names the table of `INSERT INTO ? …`.
///
/// # Safety
/// `name` is NULL or a string, `tags` NULL or an array with an element for each `?` among the tags.
unsafe fn set_table(stmt: *mut TAOS_STMT, name: *const c_char, tags: *const TAOS_BIND) -> c_int {
    with(stmt, |statement| {
        // SAFETY: as the caller promises.
        let name = unsafe { bytes(name) }.unwrap_or_default();
        if tags.is_null() {
            return statement.set_table(name, None);
        }
        // SAFETY: as the caller promises.
        let tags = unsafe { bind::values(tags, statement.tags()) }?;
        let tags: Vec<Value> = tags.into_iter().map(|tag| tag.value).collect();
        statement.set_table(name, Some(&tags))
    })
}

/// Names the table of `INSERT INTO ? …` and the tags to make it with, a value for each `?` after TAGS.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_set_tbname_tags(
    stmt: *mut TAOS_STMT,
    name: *const c_char,
    tags: *mut TAOS_BIND,
) -> c_int {
    // SAFETY: the same contract.
    unsafe { set_table(stmt, name, tags) }
}

/// Names the table of `INSERT INTO ? …`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_set_tbname(stmt: *mut TAOS_STMT, name: *const c_char) -> c_int {
    // SAFETY: the same contract.
    unsafe { set_table(stmt, name, std::ptr::null()) }
}

/// As `taos_stmt_set_tbname`, of a table of a super table.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_set_sub_tbname(stmt: *mut TAOS_STMT, name: *const c_char) -> c_int {
    // SAFETY: the same contract.
    unsafe { set_table(stmt, name, std::ptr::null()) }
}

/// Tells in `insert` whether the statement is an INSERT: 1 or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_is_insert(stmt: *mut TAOS_STMT, insert: *mut c_int) -> c_int {
    with(stmt, |statement| {
        // SAFETY: a place for a number or NULL, as the caller promises.
        unsafe { tell(insert, statement.is_insert().into()) }
    })
}

/// Tells in `nums` how many `?` wait for values: those of VALUES in an INSERT, 0 until its table is known.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_num_params(stmt: *mut TAOS_STMT, nums: *mut c_int) -> c_int {
    with(stmt, |statement| {
        // SAFETY: a place for a number or NULL, as the caller promises.
        unsafe { tell(nums, count(statement.parameters())) }
    })
}

/// Tells the type of a `?` of an INSERT, and the bytes that a value takes in storage: of strings two more
/// than their width, with four bytes for each character of an NCHAR.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_get_param(
    stmt: *mut TAOS_STMT,
    idx: c_int,
    r#type: *mut c_int,
    bytes: *mut c_int,
) -> c_int {
    with(stmt, |statement| {
        let column_type = statement.parameter(usize::try_from(idx).unwrap_or(usize::MAX))?;
        // SAFETY: places for numbers or NULL, as the caller promises.
        unsafe {
            store(r#type, column_type.data_type.code().into());
            store(bytes, count(stride(column_type)));
        }
        Ok(())
    })
}

/// Binds a value to each `?`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_bind_param(stmt: *mut TAOS_STMT, bind: *mut TAOS_BIND) -> c_int {
    with(stmt, |statement| {
        // SAFETY: NULL or an array with an element for each `?`, as the caller promises.
        let values = unsafe { bind::values(bind, statement.parameters()) }?;
        statement.bind(values)
    })
}

/// Binds the values of up to 32767 rows to each `?` of an INSERT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_bind_param_batch(
    stmt: *mut TAOS_STMT,
    bind: *mut TAOS_MULTI_BIND,
) -> c_int {
    with(stmt, |statement| {
        let target = statement.columns_to_bind()?.columns.iter();
        let types = target.map(|column| column.column_type.data_type);
        // SAFETY: NULL or an array with an element for each `?`, as the caller promises.
        let columns = unsafe { bind::columns(bind, types) }?;
        statement.bind_columns(columns)
    })
}

/// Binds the values of up to 32767 rows to one `?` of an INSERT; all of them want theirs before
/// `taos_stmt_add_batch`.
#[unsafe(no_mangle)]
#[allow(non_snake_case, reason = "the name in taos.h")]
pub unsafe extern "C" fn taos_stmt_bind_single_param_batch(
    stmt: *mut TAOS_STMT,
    bind: *mut TAOS_MULTI_BIND,
    colIdx: c_int,
) -> c_int {
    with(stmt, |statement| {
        let negative = || {
            let what = format_args!("invalid parameter: column index:{colIdx} less than 0");
            Error::invalid_operation(what)
        };
        let columns = &statement.column_to_bind()?.columns;
        let index = usize::try_from(colIdx).map_err(|_| negative())?;
        // An index that is too large is told by `bind_column`, whatever the type.
        let expected = columns.get(index).map_or(DataType::Timestamp, |column| column.column_type.data_type);
        // SAFETY: NULL or an element, as the caller promises.
        let column = unsafe { bind::column(bind, expected) }?;
        statement.bind_column(index, column)
    })
}

/// Adds what is bound to the rows to be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_add_batch(stmt: *mut TAOS_STMT) -> c_int {
    with(stmt, Statement::add_batch)
}

/// Executes the statement: an INSERT writes all rows that were added, or none. Then it can be bound again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_execute(stmt: *mut TAOS_STMT) -> c_int {
    with(stmt, Statement::execute)
}

/// Does nothing and returns 0, as in the original: a statement gets its text once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_reset(stmt: *mut TAOS_STMT) -> c_int {
    with(stmt, |_| Ok(()))
}

/// Rows written by all executions; 0 when there is no such statement.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_affected_rows(stmt: *mut TAOS_STMT) -> c_int {
    border(|| {
        let rows = STATEMENTS.with(stmt, |c| c.statement.as_ref().map_or(0, Statement::affected_rows));
        Ok(c_int::try_from(rows.unwrap_or(0)).unwrap_or(c_int::MAX))
    })
}

/// The result of the last execution, to be freed; it ends with the next one and with the statement. NULL
/// when there is no such statement and once the result was freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_use_result(stmt: *mut TAOS_STMT) -> *mut TAOS_RES {
    border(|| STATEMENTS.with(stmt, CStatement::use_result).ok_or_else(disconnected)?)
}

/// Closes a statement and its result, if that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_close(stmt: *mut TAOS_STMT) -> c_int {
    status(|| {
        let closed = STATEMENTS.remove(stmt).ok_or_else(disconnected)?;
        free_result(closed.result);
        Ok(())
    })
}

/// The error text of the last call on a statement, `success` when that went well or there is no such
/// statement. It lives until the next call on the statement.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_errstr(stmt: *mut TAOS_STMT) -> *mut c_char {
    let text = border(|| {
        let text = STATEMENTS.with(stmt, |c| c.error.as_ref().map(|text| text.as_ptr()));
        Ok(text.flatten().unwrap_or(c"success".as_ptr()))
    });
    text.cast_mut()
}
