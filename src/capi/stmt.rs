//! Prepared statements. Not built yet: `taos_stmt_init` returns NULL, and as there is no statement, every
//! other function says what it says of a handle that is none.

use std::ffi::{c_char, c_int, c_ulong};

use super::border::{border, disconnected, not_built, status};
use super::connection::connection;
use super::{TAOS, TAOS_BIND, TAOS_MULTI_BIND, TAOS_RES, TAOS_STMT};

/// Makes a statement. Not built yet: NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_init(taos: *mut TAOS) -> *mut TAOS_STMT {
    border(|| {
        connection(taos)?;
        Err(not_built("the interface of prepared statements"))
    })
}

fn no_statement(_: *mut TAOS_STMT) -> c_int {
    status(|| Err(disconnected()))
}

/// Gives a statement its text; `length` 0 is up to the zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_prepare(
    stmt: *mut TAOS_STMT,
    sql: *const c_char,
    length: c_ulong,
) -> c_int {
    let _ = (sql, length);
    no_statement(stmt)
}

/// Names the table of `INSERT INTO ? …` and the tags to make it with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_set_tbname_tags(
    stmt: *mut TAOS_STMT,
    name: *const c_char,
    tags: *mut TAOS_BIND,
) -> c_int {
    let _ = (name, tags);
    no_statement(stmt)
}

/// Names the table of `INSERT INTO ? …`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_set_tbname(stmt: *mut TAOS_STMT, name: *const c_char) -> c_int {
    let _ = name;
    no_statement(stmt)
}

/// As `taos_stmt_set_tbname`, of a table of a super table.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_set_sub_tbname(stmt: *mut TAOS_STMT, name: *const c_char) -> c_int {
    let _ = name;
    no_statement(stmt)
}

/// Tells in `insert` whether the statement is an INSERT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_is_insert(stmt: *mut TAOS_STMT, insert: *mut c_int) -> c_int {
    let _ = insert;
    no_statement(stmt)
}

/// Tells in `nums` how many `?` there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_num_params(stmt: *mut TAOS_STMT, nums: *mut c_int) -> c_int {
    let _ = nums;
    no_statement(stmt)
}

/// Tells the type of a `?` and the bytes it takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_get_param(
    stmt: *mut TAOS_STMT,
    idx: c_int,
    r#type: *mut c_int,
    bytes: *mut c_int,
) -> c_int {
    let _ = (idx, r#type, bytes);
    no_statement(stmt)
}

/// Binds a value to each `?`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_bind_param(stmt: *mut TAOS_STMT, bind: *mut TAOS_BIND) -> c_int {
    let _ = bind;
    no_statement(stmt)
}

/// Binds the values of many rows to each `?`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_bind_param_batch(
    stmt: *mut TAOS_STMT,
    bind: *mut TAOS_MULTI_BIND,
) -> c_int {
    let _ = bind;
    no_statement(stmt)
}

/// Binds the values of many rows to one `?`.
#[unsafe(no_mangle)]
#[allow(non_snake_case, reason = "the name in taos.h")]
pub unsafe extern "C" fn taos_stmt_bind_single_param_batch(
    stmt: *mut TAOS_STMT,
    bind: *mut TAOS_MULTI_BIND,
    colIdx: c_int,
) -> c_int {
    let _ = (bind, colIdx);
    no_statement(stmt)
}

/// Adds what is bound to the rows to be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_add_batch(stmt: *mut TAOS_STMT) -> c_int {
    no_statement(stmt)
}

/// Executes the statement.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_execute(stmt: *mut TAOS_STMT) -> c_int {
    no_statement(stmt)
}

/// Makes the statement as new.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_reset(stmt: *mut TAOS_STMT) -> c_int {
    no_statement(stmt)
}

/// Rows written by all executions; 0 when there is no such statement.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_affected_rows(stmt: *mut TAOS_STMT) -> c_int {
    let _ = stmt;
    0
}

/// The result of the execution; NULL when there is no such statement.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_use_result(stmt: *mut TAOS_STMT) -> *mut TAOS_RES {
    let _ = stmt;
    border(|| Err(disconnected()))
}

/// Closes a statement.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_close(stmt: *mut TAOS_STMT) -> c_int {
    no_statement(stmt)
}

/// The error text of a statement; `success` of NULL. Why there is no statement, `taos_errstr(NULL)` tells.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_stmt_errstr(stmt: *mut TAOS_STMT) -> *mut c_char {
    let _ = stmt;
    c"success".as_ptr().cast_mut()
}
