//! Continuous queries. Not built yet: there is none.

use std::ffi::{c_char, c_void};

use super::border::{border, not_built};
use super::connection::connection;
use super::{TAOS, TAOS_STREAM, TAOS_STREAM_CALLBACK};

/// Calls back with each window of a query as it ends. Not built yet: NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_open_stream(
    taos: *mut TAOS,
    sql: *const c_char,
    fp: TAOS_STREAM_CALLBACK,
    stime: i64,
    param: *mut c_void,
    callback: Option<unsafe extern "C" fn(*mut c_void)>,
) -> *mut TAOS_STREAM {
    let _ = (sql, fp, stime, param, callback);
    border(|| {
        connection(taos)?;
        Err(not_built("taos_open_stream"))
    })
}

/// As `taos_open_stream`, with a table that the windows are for.
#[unsafe(no_mangle)]
#[allow(non_snake_case, reason = "the names in the original")]
pub unsafe extern "C" fn taos_open_stream_withname(
    taos: *mut TAOS,
    dstTable: *const c_char,
    dstCols: i32,
    sql: *const c_char,
    fp: TAOS_STREAM_CALLBACK,
    stime: i64,
    param: *mut c_void,
    callback: Option<unsafe extern "C" fn(*mut c_void)>,
    cqhandle: *mut c_void,
) -> *mut TAOS_STREAM {
    let _ = (dstTable, dstCols, cqhandle);
    // SAFETY: the same contract.
    unsafe { taos_open_stream(taos, sql, fp, stime, param, callback) }
}

/// Ends a continuous query; nothing when there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_close_stream(stream: *mut TAOS_STREAM) {
    let _ = stream;
}
