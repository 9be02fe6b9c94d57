//! The types and constants of `taos.h`: names, layouts and numbers are those of the original.

#![allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "the names of taos.h")]

use std::ffi::{c_char, c_int, c_uint, c_void};

/// A connection.
pub type TAOS = c_void;
/// A prepared statement.
pub type TAOS_STMT = c_void;
/// What a statement was answered with.
pub type TAOS_RES = c_void;
/// A subscription.
pub type TAOS_SUB = c_void;
/// A continuous query.
pub type TAOS_STREAM = c_void;
/// A row: a pointer to each value, NULL for SQL NULL. Or a block: a pointer to each column.
pub type TAOS_ROW = *mut *mut c_void;

/// An untyped NULL, accepted where a value is bound.
pub const TSDB_DATA_TYPE_NULL: c_int = 0;
/// 1 byte: 0, 1, or 2 for NULL
pub const TSDB_DATA_TYPE_BOOL: c_int = 1;
/// 1 byte
pub const TSDB_DATA_TYPE_TINYINT: c_int = 2;
/// 2 bytes
pub const TSDB_DATA_TYPE_SMALLINT: c_int = 3;
/// 4 bytes
pub const TSDB_DATA_TYPE_INT: c_int = 4;
/// 8 bytes
pub const TSDB_DATA_TYPE_BIGINT: c_int = 5;
/// 4 bytes
pub const TSDB_DATA_TYPE_FLOAT: c_int = 6;
/// 8 bytes
pub const TSDB_DATA_TYPE_DOUBLE: c_int = 7;
/// bytes without an encoding
pub const TSDB_DATA_TYPE_BINARY: c_int = 8;
/// 8 bytes, in the precision of the database
pub const TSDB_DATA_TYPE_TIMESTAMP: c_int = 9;
/// UTF-8
pub const TSDB_DATA_TYPE_NCHAR: c_int = 10;
/// 1 byte
pub const TSDB_DATA_TYPE_UTINYINT: c_int = 11;
/// 2 bytes
pub const TSDB_DATA_TYPE_USMALLINT: c_int = 12;
/// 4 bytes
pub const TSDB_DATA_TYPE_UINT: c_int = 13;
/// 8 bytes
pub const TSDB_DATA_TYPE_UBIGINT: c_int = 14;
/// the text of a document; tags only
pub const TSDB_DATA_TYPE_JSON: c_int = 15;

/// Three states of a flag; no function uses it.
#[repr(C)]
pub enum TBOOL {
    /// no
    BOOL_FALSE = 0,
    /// yes
    BOOL_TRUE = 1,
    /// it depends
    BOOL_ASYNC = 2,
}

/// What `taos_options` sets.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum TSDB_OPTION {
    /// for example `en_US.UTF-8`
    TSDB_OPTION_LOCALE = 0,
    /// for example `UTF-8`
    TSDB_OPTION_CHARSET = 1,
    /// for example `Asia/Shanghai` or `UTC-8`
    TSDB_OPTION_TIMEZONE = 2,
    /// the directory of `taos.cfg`; before the first connection only
    TSDB_OPTION_CONFIGDIR = 3,
    /// seconds
    TSDB_OPTION_SHELL_ACTIVITY_TIMER = 4,
    /// no option
    TSDB_MAX_OPTIONS = 5,
    /// statements
    TSDB_WRITE_BATCH_SIZE = 6,
    /// milliseconds
    TSDB_WRITE_BATCH_TIMEOUT = 7,
    /// 0 or 1
    TSDB_WRITE_BATCH_THREAD_LOCAL = 8,
}

/// The size of `retMsg`.
pub const RET_MSG_LENGTH: usize = 1024;

/// How `taos_set_config` went.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SET_CONF_RET_CODE {
    /// every setting was taken
    SET_CONF_RET_SUCC = 0,
    /// some were not; `retMsg` names them
    SET_CONF_RET_ERR_PART = -1,
    /// it failed inside
    SET_CONF_RET_ERR_INNER = -2,
    /// JSON, but not an object with members
    SET_CONF_RET_ERR_JSON_INVALID = -3,
    /// not JSON
    SET_CONF_RET_ERR_JSON_PARSE = -4,
    /// it worked before in this process
    SET_CONF_RET_ERR_ONLY_ONCE = -5,
    /// too much text
    SET_CONF_RET_ERR_TOO_LONG = -6,
}

/// What `taos_set_config` returns.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(non_snake_case, reason = "the names of taos.h")]
pub struct setConfRet {
    /// how it went
    pub retCode: SET_CONF_RET_CODE,
    /// why
    pub retMsg: [c_char; RET_MSG_LENGTH],
}

/// A column of a result.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct TAOS_FIELD {
    /// its name, zero-terminated
    pub name: [c_char; 65],
    /// one of `TSDB_DATA_TYPE_*`
    pub r#type: u8,
    /// the size of a fixed type; n of `BINARY(n)` and of `NCHAR(n)`
    pub bytes: u16,
}

/// The value in place of a buffer; the library does not read it.
#[repr(C)]
#[derive(Clone, Copy)]
pub union TAOS_BIND_VALUE {
    /// a timestamp
    pub ts: i64,
    /// a bool
    pub b: i8,
    /// a tinyint
    pub v1: i8,
    /// a smallint
    pub v2: i16,
    /// an int
    pub v4: i32,
    /// a bigint
    pub v8: i64,
    /// a float
    pub f4: f32,
    /// a double
    pub f8: f64,
    /// a binary
    pub bin: *mut u8,
    /// an nchar
    pub nchar: *mut c_char,
}

/// One value for a `?`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct TAOS_BIND {
    /// one of `TSDB_DATA_TYPE_*`
    pub buffer_type: c_int,
    /// the value
    pub buffer: *mut c_void,
    /// not used
    pub buffer_length: usize,
    /// bytes of a string
    pub length: *mut usize,
    /// NULL or a pointer to 0: there is a value
    pub is_null: *mut c_int,
    /// not used
    pub is_unsigned: c_int,
    /// not used
    pub error: *mut c_int,
    /// not used
    pub u: TAOS_BIND_VALUE,
    /// not used
    pub allocated: c_uint,
}

/// Many values for a `?`, one of each row.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct TAOS_MULTI_BIND {
    /// one of `TSDB_DATA_TYPE_*`
    pub buffer_type: c_int,
    /// the values, `buffer_length` bytes apart
    pub buffer: *mut c_void,
    /// bytes from one value to the next
    pub buffer_length: usize,
    /// bytes of each string
    pub length: *mut i32,
    /// NULL, or a byte for each value that is not 0 where there is none
    pub is_null: *mut c_char,
    /// how many values
    pub num: c_int,
}

/// The format of `taos_schemaless_insert`.
#[repr(C)]
pub enum TSDB_SML_PROTOCOL_TYPE {
    /// none
    TSDB_SML_UNKNOWN_PROTOCOL = 0,
    /// InfluxDB's line protocol
    TSDB_SML_LINE_PROTOCOL = 1,
    /// OpenTSDB's telnet protocol
    TSDB_SML_TELNET_PROTOCOL = 2,
    /// OpenTSDB's JSON
    TSDB_SML_JSON_PROTOCOL = 3,
}

/// The precision of the timestamps in `taos_schemaless_insert`.
#[repr(C)]
pub enum TSDB_SML_TIMESTAMP_TYPE {
    /// nanoseconds in line protocol, by the number of digits elsewhere
    TSDB_SML_TIMESTAMP_NOT_CONFIGURED = 0,
    /// hours
    TSDB_SML_TIMESTAMP_HOURS = 1,
    /// minutes
    TSDB_SML_TIMESTAMP_MINUTES = 2,
    /// seconds
    TSDB_SML_TIMESTAMP_SECONDS = 3,
    /// milliseconds
    TSDB_SML_TIMESTAMP_MILLI_SECONDS = 4,
    /// microseconds
    TSDB_SML_TIMESTAMP_MICRO_SECONDS = 5,
    /// nanoseconds
    TSDB_SML_TIMESTAMP_NANO_SECONDS = 6,
}

/// Takes the answer to `taos_query_a` or `taos_fetch_rows_a`: the caller's parameter, the result, and a
/// negative error code or (of a fetch) the number of rows.
pub type TAOS_ASYNC_CALLBACK =
    Option<unsafe extern "C" fn(param: *mut c_void, res: *mut TAOS_RES, code: c_int)>;

/// Takes what is new in a subscription; the result belongs to the subscription.
pub type TAOS_SUBSCRIBE_CALLBACK =
    Option<unsafe extern "C" fn(tsub: *mut TAOS_SUB, res: *mut TAOS_RES, param: *mut c_void, code: c_int)>;

/// Takes a row of a continuous query.
pub type TAOS_STREAM_CALLBACK =
    Option<unsafe extern "C" fn(param: *mut c_void, res: *mut TAOS_RES, row: TAOS_ROW)>;

const _: () = {
    use std::mem::{offset_of, size_of};
    assert!(size_of::<TAOS_FIELD>() == 68 && offset_of!(TAOS_FIELD, r#type) == 65);
    assert!(offset_of!(TAOS_FIELD, bytes) == 66);
    assert!(size_of::<setConfRet>() == 1028 && offset_of!(setConfRet, retMsg) == 4);
    assert!(usize::BITS != 64 || (size_of::<TAOS_BIND>() == 72 && size_of::<TAOS_MULTI_BIND>() == 48));
    assert!(usize::BITS != 64 || offset_of!(TAOS_BIND, u) == 56);
    assert!(usize::BITS != 32 || size_of::<TAOS_MULTI_BIND>() == 24);
    assert!(!cfg!(target_arch = "x86") || size_of::<TAOS_BIND>() == 40);
};
