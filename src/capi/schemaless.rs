//! Points in InfluxDB's and OpenTSDB's formats. Not built yet: a result that holds the error.

use std::ffi::{c_char, c_int, c_void};

use super::border::{border, not_built, status, store};
use super::connection::connection;
use super::result::new_result;
use super::{TAOS, TAOS_RES};
use crate::client::ResultSet;
use crate::error::Error;

fn schemaless_insert(taos: *mut TAOS) -> Result<*mut TAOS_RES, Error> {
    connection(taos)?;
    new_result(ResultSet::failed(not_built("schemaless insert")))
}

fn old_insert(taos: *mut TAOS, affected_rows: *mut c_int) -> c_int {
    // SAFETY: a place for a number or NULL, as the caller promises.
    unsafe { store(affected_rows, 0) };
    status(|| {
        connection(taos)?;
        Err(not_built("schemaless insert"))
    })
}

/// Writes lines of points.
#[unsafe(no_mangle)]
#[allow(non_snake_case, reason = "the name in taos.h")]
pub unsafe extern "C" fn taos_schemaless_insert(
    taos: *mut TAOS,
    lines: *mut *mut c_char,
    numLines: c_int,
    protocol: c_int,
    precision: c_int,
) -> *mut TAOS_RES {
    let _ = (lines, numLines, protocol, precision);
    border(|| schemaless_insert(taos))
}

/// Writes points from one text; how many lines it has goes to `totalRows`.
#[unsafe(no_mangle)]
#[allow(non_snake_case, reason = "the name in taos.h")]
pub unsafe extern "C" fn taos_schemaless_insert_raw(
    taos: *mut TAOS,
    lines: *mut c_char,
    len: c_int,
    totalRows: *mut i32,
    protocol: c_int,
    precision: c_int,
) -> *mut TAOS_RES {
    let _ = (lines, len, protocol, precision);
    // SAFETY: a place for a number or NULL, as the caller promises.
    unsafe { store(totalRows, 0) };
    border(|| schemaless_insert(taos))
}

/// The line protocol of `taos_schemaless_insert` with a code as the answer.
#[unsafe(no_mangle)]
#[allow(non_snake_case, reason = "the names in the original")]
pub unsafe extern "C" fn taos_insert_lines(
    taos: *mut TAOS,
    data: *mut c_char,
    len: i32,
    lines: *mut *mut c_char,
    numLines: *mut c_int,
    protocol: c_int,
    tsType: c_int,
    affectedRows: *mut c_int,
) -> c_int {
    let _ = (data, len, lines, numLines, protocol, tsType);
    old_insert(taos, affectedRows)
}

/// The telnet protocol of `taos_schemaless_insert` with a code as the answer.
#[unsafe(no_mangle)]
#[allow(non_snake_case, reason = "the names in the original")]
pub unsafe extern "C" fn taos_insert_telnet_lines(
    taos: *mut TAOS,
    data: *mut c_char,
    len: i32,
    lines: *mut *mut c_char,
    numLines: *mut c_int,
    protocol: c_int,
    tsType: c_int,
    affectedRows: *mut c_int,
) -> c_int {
    let _ = (data, len, lines, numLines, protocol, tsType);
    old_insert(taos, affectedRows)
}

/// The JSON protocol of `taos_schemaless_insert` with a code as the answer.
#[unsafe(no_mangle)]
#[allow(non_snake_case, reason = "the names in the original")]
pub unsafe extern "C" fn taos_insert_json_payload(
    taos: *mut TAOS,
    payload: *mut c_char,
    protocol: c_int,
    totalRows: *mut i32,
    tsType: c_int,
    affectedRows: *mut c_int,
) -> c_int {
    let _ = (payload, protocol, tsType);
    // SAFETY: a place for a number or NULL, as the caller promises.
    unsafe { store(totalRows, 0) };
    old_insert(taos, affectedRows)
}

/// Writes points that are already in memory, whose structure `taos.h` does not tell.
#[unsafe(no_mangle)]
#[allow(non_snake_case, reason = "the names in the original")]
pub unsafe extern "C" fn taos_telnet_insert(taos: *mut TAOS, points: *mut c_void, numPoint: c_int) -> c_int {
    let _ = (points, numPoint);
    old_insert(taos, std::ptr::null_mut())
}
