//! Statements whose answer is given to a callback.
//!
//! The functions return at once; the work and the callback happen on a thread of [`POOL`], never inside the
//! function: callers hold locks that their callbacks take.

use std::ffi::{c_char, c_int, c_void};

use super::border::{border, bytes, catch, disconnected};
use super::connection::connection;
use super::result::{fetch_rows, new_result};
use super::{TAOS, TAOS_ASYNC_CALLBACK, TAOS_RES};
use crate::client::ResultSet;
use crate::client::pool::{Callback, POOL};
use crate::error::{Error, codes};

/// The callback of a program and what it is to be given.
struct Answer {
    callback: unsafe extern "C" fn(*mut c_void, *mut TAOS_RES, c_int),
    param: *mut c_void,
}

// SAFETY: `param` is the caller's, who hands it in to get it back on another thread.
unsafe impl Send for Answer {}

/// A handle of a result on its way to another thread.
struct Handle(*mut TAOS_RES);

// SAFETY: a handle is a number that is checked wherever it is used; nothing is reached through it here.
unsafe impl Send for Handle {}

impl Answer {
    fn new(fp: TAOS_ASYNC_CALLBACK, param: *mut c_void) -> Result<Answer, Error> {
        let callback = fp.ok_or_else(|| Error::invalid_operation("the callback is NULL"))?;
        Ok(Answer { callback, param })
    }

    fn give(self, res: *mut TAOS_RES, code: c_int) {
        // SAFETY: the function that the caller gave for this purpose, with its own parameter.
        unsafe { (self.callback)(self.param, res, code) };
    }

    /// Does the work on another thread and gives its answer there.
    fn give_later(self, work: impl FnOnce() -> (Handle, c_int) + Send + 'static) -> Result<(), Error> {
        POOL.submit(Box::new(move || -> Callback {
            let (Handle(res), code) = work();
            Box::new(move || self.give(res, code))
        }))
    }
}

/// A result and what a callback is told of it: an error code, the rows of an insert, or 0.
fn answer(mut set: ResultSet) -> (Handle, c_int) {
    let code = match set.error() {
        Some(error) if error.code == codes::TSC_EXCEED_SQL_LIMIT => {
            return (Handle(std::ptr::null_mut()), error.code.0);
        }
        Some(error) => error.code.0,
        None => c_int::try_from(set.affected_rows()).unwrap_or(c_int::MAX),
    };
    match new_result(set) {
        Ok(res) => (Handle(res), code),
        Err(error) => (Handle(std::ptr::null_mut()), error.code.0),
    }
}

/// Executes a statement on another thread and calls back there with its result, which the program frees, and
/// a code: of an insert how many rows it wrote, of other statements 0, negative for an error. The text may
/// go away when this returns. Waits while thousands of statements wait, unless it is called in a callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_query_a(
    taos: *mut TAOS,
    sql: *const c_char,
    fp: TAOS_ASYNC_CALLBACK,
    param: *mut c_void,
) {
    border(|| {
        let to = Answer::new(fp, param)?;
        let connection = match connection(taos) {
            Ok(connection) => connection,
            Err(error) => return to.give_later(move || (Handle(std::ptr::null_mut()), error.code.0)),
        };
        // SAFETY: a string or NULL, as the caller promises.
        let sql = unsafe { bytes(sql) }.map(<[u8]>::to_vec);
        to.give_later(move || {
            let executed = sql
                .ok_or_else(|| Error::invalid_operation("sql is NULL"))
                .and_then(|sql| catch(|| connection.query(&sql)));
            answer(executed.unwrap_or_else(ResultSet::failed))
        })
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

/// Fetches rows on another thread and calls back there with their number: 0 at the end, negative for an
/// error. So many rows `taos_fetch_row` returns then; or they are read in place, see `taos_result_block`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_fetch_rows_a(res: *mut TAOS_RES, fp: TAOS_ASYNC_CALLBACK, param: *mut c_void) {
    border(|| {
        let to = Answer::new(fp, param)?;
        let handle = Handle(res);
        to.give_later(move || {
            let Handle(res) = { handle };
            match catch(|| fetch_rows(res)).flatten() {
                Ok(rows) => (Handle(res), c_int::try_from(rows).unwrap_or(c_int::MAX)),
                Err(error) if error == disconnected() => (Handle(std::ptr::null_mut()), error.code.0),
                Err(error) => (Handle(res), error.code.0),
            }
        })
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
        // SAFETY: each call is given a sender of its own.
        let sender = unsafe { Box::from_raw(param.cast::<Sender<Seen>>()) };
        // SAFETY: any handle may be asked and freed.
        let errno = unsafe {
            let errno = taos_errno(res);
            taos_free_result(res);
            errno
        };
        let _ = sender.send((std::thread::current().id(), code, errno));
    }

    #[test]
    fn a_callback_comes_on_another_thread_and_tells_the_rows_of_an_insert() {
        let taos = new_connection(testing::connection()).unwrap();
        let (sender, seen) = channel::<Seen>();
        let param = || Box::into_raw(Box::new(sender.clone())).cast::<c_void>();
        // SAFETY: valid arguments, a handle that was closed, and NULL.
        unsafe {
            taos_query_a(taos, c"insert 1".as_ptr(), Some(tell), param());
            let (thread, code, errno) = seen.recv().unwrap();
            assert_ne!(thread, std::thread::current().id());
            assert_eq!([code, errno], [1, 0]);
            taos_query_a(taos, c"nonsense".as_ptr(), Some(tell), param());
            let (_, code, errno) = seen.recv().unwrap();
            assert_eq!([code, errno], [codes::TSC_SQL_SYNTAX_ERROR.0; 2]);
            taos_query_a(taos, std::ptr::null(), Some(tell), param());
            assert_eq!(seen.recv().unwrap().1, codes::TSC_INVALID_OPERATION.0);
            taos_close(taos);
            taos_query_a(taos, c"insert 1".as_ptr(), Some(tell), param());
            assert_eq!(seen.recv().unwrap().1, codes::TSC_DISCONNECTED.0);
            taos_fetch_rows_a(std::ptr::null_mut(), Some(tell), param());
            assert_eq!(seen.recv().unwrap().1, codes::TSC_DISCONNECTED.0);
            taos_query_a(taos, std::ptr::null(), None, std::ptr::null_mut());
        }
    }
}
