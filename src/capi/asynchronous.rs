//! Statements whose answer is given to a callback. Not built yet: the callback gets the error.

use std::ffi::{c_char, c_int, c_void};

use super::border::{border, not_built};
use super::connection::connection;
use super::result::{fail, new_result};
use super::{TAOS, TAOS_ASYNC_CALLBACK, TAOS_RES};
use crate::client::ResultSet;
use crate::error::{Error, codes};

/// What a callback is to be called with.
struct Call {
    callback: unsafe extern "C" fn(*mut c_void, *mut TAOS_RES, c_int),
    param: *mut c_void,
    res: *mut TAOS_RES,
    code: c_int,
}

// SAFETY: `param` is the caller's, who hands it in to get it back on another thread; `res` is a handle.
unsafe impl Send for Call {}

impl Call {
    fn make(self) {
        // SAFETY: the function that the caller gave for this purpose, with its own parameter.
        unsafe { (self.callback)(self.param, self.res, self.code) };
    }
}

/// Makes the call on a thread of its own: callers hold locks that their callbacks take, so it must not
/// happen inside the function that they call.
fn call_back(call: Call) -> Result<(), Error> {
    let thread = std::thread::Builder::new().name("taos-callback".to_owned());
    let spawned = thread.spawn(move || call.make());
    spawned.map(drop).map_err(|_| codes::TSC_OUT_OF_MEMORY.into())
}

fn no_callback() -> Error {
    Error::invalid_operation("the callback is NULL")
}

/// Executes a statement and calls back with its result. Not built yet: calls back with an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_query_a(
    taos: *mut TAOS,
    sql: *const c_char,
    fp: TAOS_ASYNC_CALLBACK,
    param: *mut c_void,
) {
    let _ = sql;
    border(|| {
        let callback = fp.ok_or_else(no_callback)?;
        let (res, error) = match connection(taos) {
            Ok(_) => {
                let error = not_built("taos_query_a");
                (new_result(ResultSet::failed(error.clone()))?, error)
            }
            Err(error) => (std::ptr::null_mut(), error),
        };
        call_back(Call { callback, param, res, code: error.code.0 })
    });
}

/// As `taos_query_a`.
#[unsafe(no_mangle)]
#[allow(non_snake_case, reason = "the name in the original")]
pub unsafe extern "C" fn taos_query_ra(
    taos: *mut TAOS,
    sql: *const c_char,
    fp: TAOS_ASYNC_CALLBACK,
    param: *mut c_void,
    enableBatch: bool,
) -> *mut TAOS_RES {
    let _ = enableBatch;
    // SAFETY: the same contract.
    unsafe { taos_query_a(taos, sql, fp, param) };
    std::ptr::null_mut()
}

/// Fetches rows and calls back with their number. Not built yet: ends the result with an error and calls
/// back with its code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_fetch_rows_a(res: *mut TAOS_RES, fp: TAOS_ASYNC_CALLBACK, param: *mut c_void) {
    border(|| {
        let callback = fp.ok_or_else(no_callback)?;
        let error = not_built("taos_fetch_rows_a");
        let (res, code) = match fail(res, error.clone()) {
            Ok(()) => (res, error.code),
            Err(invalid) => (std::ptr::null_mut(), invalid.code),
        };
        call_back(Call { callback, param, res, code: code.0 })
    });
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};
    use std::thread::ThreadId;

    use super::*;
    use crate::capi::connection::new_connection;
    use crate::capi::{taos_close, taos_errno, taos_free_result};
    use crate::client::testing;

    type Seen = (ThreadId, c_int, c_int);

    unsafe extern "C" fn tell(param: *mut c_void, res: *mut TAOS_RES, code: c_int) {
        // SAFETY: the test hands in the sender, and waits for what it gets.
        let sender = unsafe { &*param.cast::<Sender<Seen>>() };
        // SAFETY: any handle may be asked and freed.
        let errno = unsafe {
            let errno = taos_errno(res);
            taos_free_result(res);
            errno
        };
        let _ = sender.send((std::thread::current().id(), code, errno));
    }

    #[test]
    fn the_callback_gets_the_error_on_another_thread() {
        let taos = new_connection(testing::connection()).unwrap();
        let (mut sender, seen) = channel::<Seen>();
        let param: *mut c_void = (&raw mut sender).cast();
        // SAFETY: valid arguments, a handle that was closed, and NULL.
        unsafe {
            taos_query_a(taos, c"insert 1".as_ptr(), Some(tell), param);
            let (thread, code, errno) = seen.recv().unwrap();
            assert_ne!(thread, std::thread::current().id());
            assert_eq!([code, errno], [codes::COM_OPS_NOT_SUPPORT.0; 2]);
            taos_close(taos);
            taos_query_a(taos, c"insert 1".as_ptr(), Some(tell), param);
            assert_eq!(seen.recv().unwrap().1, codes::TSC_DISCONNECTED.0);
            taos_fetch_rows_a(std::ptr::null_mut(), Some(tell), param);
            assert_eq!(seen.recv().unwrap().1, codes::TSC_DISCONNECTED.0);
            taos_query_a(taos, std::ptr::null(), None, param);
        }
    }
}
