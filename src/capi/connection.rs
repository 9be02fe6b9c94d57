//! Connections.

use std::ffi::{CString, c_char, c_int, c_void};
use std::sync::Arc;

use super::border::{
    border, bytes, bytes_up_to, c_string, clear_last_error, disconnected, not_built, status, string,
};
use super::handle::{Kind, Resource, Table};
use super::{TAOS, TAOS_ASYNC_CALLBACK};
use crate::client::{ConnectRequest, Connection, VERSION, options};
use crate::error::{Error, codes};

static CONNECTIONS: Table<CConnection> = Table::new(Kind::Connection);

struct CConnection {
    /// Statements run on clones of this, outside of the table, so that they do not wait for each other.
    connection: Arc<Connection>,
    server_version: CString,
}

impl Resource for CConnection {
    /// Nothing of a connection changes inside the table.
    fn poison(&mut self) {}
}

/// The connection behind a handle.
pub(super) fn connection(taos: *const TAOS) -> Result<Arc<Connection>, Error> {
    CONNECTIONS.with(taos, |c| Arc::clone(&c.connection)).ok_or_else(disconnected)
}

/// Makes a handle of a connection.
pub(super) fn new_connection(connection: Connection) -> Result<*mut TAOS, Error> {
    let server_version = c_string(&connection.server_version());
    let c = CConnection { connection: Arc::new(connection), server_version };
    CONNECTIONS.insert(c, None).ok_or_else(|| codes::TSC_OUT_OF_MEMORY.into())
}

fn connect(request: &ConnectRequest) -> Result<*mut TAOS, Error> {
    let taos = new_connection(Connection::open(request)?)?;
    clear_last_error();
    Ok(taos)
}

/// Prepares the library, which needs no preparation: 0.
#[unsafe(no_mangle)]
pub extern "C" fn taos_init() -> c_int {
    0
}

/// The same as `taos_init`.
#[unsafe(no_mangle)]
pub extern "C" fn taos_init_imp() {}

/// Nothing has to be cleaned up: what is open is closed by closing it.
#[unsafe(no_mangle)]
pub extern "C" fn taos_cleanup() {}

/// Connects to a database of this process or to a server; NULL when that fails.
///
/// With `ip` NULL and port 0 the configuration says where; `user` NULL is `root`, `pass` NULL is
/// `taosdata`; `db` NULL or empty is no database.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_connect(
    ip: *const c_char,
    user: *const c_char,
    pass: *const c_char,
    db: *const c_char,
    port: u16,
) -> *mut TAOS {
    border(|| {
        // SAFETY: strings or NULL, as the caller promises.
        let request = unsafe {
            ConnectRequest {
                host: string(ip),
                port,
                user: string(user),
                password: string(pass),
                database: string(db),
            }
        };
        connect(&request)
    })
}

/// As `taos_connect`, with strings that have a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_connect_c(
    ip: *const c_char,
    ip_len: u8,
    user: *const c_char,
    user_len: u8,
    pass: *const c_char,
    pass_len: u8,
    db: *const c_char,
    db_len: u8,
    port: u16,
) -> *mut TAOS {
    border(|| {
        // SAFETY: NULL or as many bytes as their length says, as the caller promises.
        let text = |text, length| unsafe { bytes_up_to(text, usize::from(length)) };
        let text = |at, length| text(at, length).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        connect(&ConnectRequest {
            host: text(ip, ip_len),
            port,
            user: text(user, user_len),
            password: text(pass, pass_len),
            database: text(db, db_len),
        })
    })
}

/// As `taos_connect` with an encrypted password. Not built yet: NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_connect_auth(
    ip: *const c_char,
    user: *const c_char,
    auth: *const c_char,
    db: *const c_char,
    port: u16,
) -> *mut TAOS {
    let _ = (ip, user, auth, db, port);
    border(|| Err(not_built("taos_connect_auth")))
}

/// `taos_connect` when there is a password, else `taos_connect_auth`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_connect_internal(
    ip: *const c_char,
    user: *const c_char,
    pass: *const c_char,
    auth: *const c_char,
    db: *const c_char,
    port: u16,
) -> *mut TAOS {
    if pass.is_null() && !auth.is_null() {
        // SAFETY: the same contract.
        return unsafe { taos_connect_auth(ip, user, auth, db, port) };
    }
    // SAFETY: the same contract.
    unsafe { taos_connect(ip, user, pass, db, port) }
}

/// As `taos_connect`, with the answer given to a callback. Not built yet: NULL, and no callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_connect_a(
    ip: *mut c_char,
    user: *mut c_char,
    pass: *mut c_char,
    db: *mut c_char,
    port: u16,
    fp: TAOS_ASYNC_CALLBACK,
    param: *mut c_void,
    taos: *mut *mut TAOS,
) -> *mut TAOS {
    let _ = (ip, user, pass, db, port, fp, param, taos);
    border(|| Err(not_built("taos_connect_a")))
}

/// Closes a connection. Its results stay readable until they are freed; closing twice does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_close(taos: *mut TAOS) {
    border(|| {
        drop(CONNECTIONS.remove(taos));
        Ok(())
    });
}

/// Makes a database the current one, for all threads that use the connection. 0 or an error code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_select_db(taos: *mut TAOS, db: *const c_char) -> c_int {
    status(|| {
        let connection = connection(taos)?;
        // SAFETY: a string or NULL, as the caller promises.
        connection.use_database(&unsafe { string(db) }.unwrap_or_default())
    })
}

/// Leaves the current database.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_reset_current_db(taos: *mut TAOS) {
    border(|| {
        connection(taos)?.reset_database();
        Ok(())
    });
}

/// Reads the description of tables ahead of their use, which has no effect here. 0 or an error code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_load_table_info(taos: *mut TAOS, table_name_list: *const c_char) -> c_int {
    status(|| {
        connection(taos)?;
        // SAFETY: a string or NULL, as the caller promises.
        match unsafe { bytes(table_name_list) } {
            Some(_) => Ok(()),
            None => Err(Error::invalid_operation("the list of tables is NULL")),
        }
    })
}

/// The version of the server, `2.6.0.65` for an embedded database. It lives until the connection is closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_get_server_info(taos: *mut TAOS) -> *mut c_char {
    border(|| {
        let text = CONNECTIONS.with(taos, |connection| connection.server_version.as_ptr());
        text.map(<*const c_char>::cast_mut).ok_or_else(disconnected)
    })
}

/// The version of this library's ABI; it needs no connection.
#[unsafe(no_mangle)]
pub extern "C" fn taos_get_client_info() -> *mut c_char {
    VERSION.as_ptr().cast_mut()
}

/// Not built yet: an error code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_unused_session(taos: *mut TAOS) -> i32 {
    status(|| {
        connection(taos)?;
        Err(not_built("taos_unused_session"))
    })
}

/// Sets the log level and the directory of the log, as `debugFlag` and `logDir` in taos.cfg do.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_config(debug: c_int, log_path: *mut c_char) {
    border(|| {
        options::set(options::ProgramOption::Key("debugFlag"), &debug.to_string());
        // SAFETY: a string or NULL, as the caller promises.
        if let Some(directory) = unsafe { string(log_path) } {
            options::set(options::ProgramOption::Key("logDir"), &format!("\"{directory}\""));
        }
        Ok(())
    });
}
