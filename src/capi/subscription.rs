//! Subscriptions: a query that returns what is new. Not built yet: there is none.

use std::ffi::{c_char, c_int, c_void};

use super::border::{border, disconnected, not_built};
use super::connection::connection;
use super::{TAOS, TAOS_RES, TAOS_SUB, TAOS_SUBSCRIBE_CALLBACK};

/// Subscribes to what a query returns. Not built yet: NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_subscribe(
    taos: *mut TAOS,
    restart: c_int,
    topic: *const c_char,
    sql: *const c_char,
    fp: TAOS_SUBSCRIBE_CALLBACK,
    param: *mut c_void,
    interval: c_int,
) -> *mut TAOS_SUB {
    let _ = (restart, topic, sql, fp, param, interval);
    border(|| {
        connection(taos)?;
        Err(not_built("taos_subscribe"))
    })
}

/// What is new since the last call; the result belongs to the subscription. NULL when there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_consume(tsub: *mut TAOS_SUB) -> *mut TAOS_RES {
    let _ = tsub;
    border(|| Err(disconnected()))
}

/// Ends a subscription; nothing when there is none.
#[unsafe(no_mangle)]
#[allow(non_snake_case, reason = "the name in taos.h")]
pub unsafe extern "C" fn taos_unsubscribe(tsub: *mut TAOS_SUB, keepProgress: c_int) {
    let _ = (tsub, keepProgress);
}
