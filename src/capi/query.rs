//! Statements that are executed at once.

use std::ffi::{c_char, c_int};

use super::border::{border, bytes, bytes_up_to, catch, status, store};
use super::connection::connection;
use super::result::new_result;
use super::{TAOS, TAOS_RES};
use crate::client::ResultSet;
use crate::error::Error;

/// Executes a statement. Whatever comes of it is told by the result, which is to be freed; NULL only when
/// there is no such connection.
fn query(taos: *mut TAOS, sql: Option<&[u8]>) -> Result<*mut TAOS_RES, Error> {
    let connection = connection(taos)?;
    let executed = sql
        .ok_or_else(|| Error::invalid_operation("sql is NULL"))
        .and_then(|sql| catch(|| connection.query(sql)));
    new_result(executed.unwrap_or_else(ResultSet::failed))
}

/// Executes one statement and returns its result, also when it failed: see `taos_errno`. NULL when there is
/// no such connection.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_query(taos: *mut TAOS, sql: *const c_char) -> *mut TAOS_RES {
    // SAFETY: a string or NULL, as the caller promises.
    border(|| query(taos, unsafe { bytes(sql) }))
}

/// As `taos_query`; a number that identifies the result goes to `res`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_query_h(taos: *mut TAOS, sql: *const c_char, res: *mut i64) -> *mut TAOS_RES {
    // SAFETY: the same contract.
    let result = unsafe { taos_query(taos, sql) };
    // SAFETY: a place for a number or NULL, as the caller promises.
    unsafe { store(res, result.addr() as i64) };
    result
}

/// As `taos_query_h`, of a string that has a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_query_c(
    taos: *mut TAOS,
    sql: *const c_char,
    sql_len: u32,
    res: *mut i64,
) -> *mut TAOS_RES {
    // SAFETY: NULL or so many bytes, as the caller promises.
    let result = border(|| query(taos, unsafe { bytes_up_to(sql, sql_len as usize) }));
    // SAFETY: a place for a number or NULL, as the caller promises.
    unsafe { store(res, result.addr() as i64) };
    result
}

/// Checks a statement without executing it: 0 or an error code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_validate_sql(taos: *mut TAOS, sql: *const c_char) -> c_int {
    status(|| {
        // SAFETY: a string or NULL, as the caller promises.
        let sql = unsafe { bytes(sql) };
        connection(taos)?.validate(sql.ok_or_else(|| Error::invalid_operation("sql is NULL"))?)
    })
}
