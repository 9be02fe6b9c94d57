//! The library under test, safe to use: connections, results and prepared statements.

#![expect(unsafe_code, reason = "calls the library under test; each handle lives as long as its wrapper")]

use super::ffi::Functions;
use super::parameters::Parameters;
use std::ffi::{CStr, CString, c_char, c_int, c_ulong, c_void};
use std::path::{Path, PathBuf};
use std::ptr;

/// Types of `taos.h` by number, as the recorded answers spell them.
pub(crate) const TYPE_NAMES: [&str; 16] = [
    "NULL",
    "BOOL",
    "TINYINT",
    "SMALLINT",
    "INT",
    "BIGINT",
    "FLOAT",
    "DOUBLE",
    "BINARY",
    "TIMESTAMP",
    "NCHAR",
    "UTINYINT",
    "USMALLINT",
    "UINT",
    "UBIGINT",
    "JSON",
];

/// An error as `taos_errno` and `taos_errstr` tell it.
#[derive(Debug, PartialEq)]
pub(crate) struct Failure {
    /// The code, for instance `0x80000216`.
    pub(crate) code: u32,
    /// The sentence.
    pub(crate) message: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "0x{:08X} {}", self.code, self.message)
    }
}

/// What a statement that succeeded brings.
#[derive(Debug, PartialEq)]
pub(crate) enum Outcome {
    /// A number of affected rows, 0 for definitions.
    Affected(i32),
    /// A result set, read to its end.
    Table(Table),
}

/// A result set.
#[derive(Debug, PartialEq)]
pub(crate) struct Table {
    /// Its columns.
    pub(crate) columns: Vec<Column>,
    /// Its rows, each as long as `columns`.
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// A column of a result set.
#[derive(Debug, PartialEq)]
pub(crate) struct Column {
    /// Its name.
    pub(crate) name: String,
    /// Its type, an index into [`TYPE_NAMES`].
    pub(crate) data_type: u8,
    /// Its declared width.
    pub(crate) bytes: u16,
}

/// A value of a result set, or one to bind.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// SQL NULL.
    Null,
    /// BOOL.
    Bool(bool),
    /// A signed integer of any width, or a timestamp.
    Int(i64),
    /// An unsigned integer of any width.
    Unsigned(u64),
    /// FLOAT.
    Float(f32),
    /// DOUBLE.
    Double(f64),
    /// BINARY, NCHAR or JSON.
    Bytes(Vec<u8>),
}

/// The loaded library.
pub(crate) struct Taos {
    functions: Functions,
}

impl Taos {
    /// Loads the library named by `TAOS_LIB`, else the one that cargo built beside this test program.
    /// It stays loaded until the process ends.
    pub(crate) fn load() -> Result<&'static Taos, String> {
        let path = library_path()?;
        let failed = |cause: libloading::Error| format!("{}: {cause}", path.display());
        // SAFETY: loading runs the initialisers of the library under test, which is what we are here for.
        let library = unsafe { libloading::Library::new(&path) }.map_err(failed)?;
        let functions = Functions::find(&library).map_err(failed)?;
        std::mem::forget(library);
        Ok(Box::leak(Box::new(Taos { functions })))
    }

    /// `taos_options(TSDB_OPTION_CONFIGDIR, ...)`.
    pub(crate) fn set_config_dir(&self, path: &Path) {
        self.set_option(3, &path.to_string_lossy());
    }

    /// `taos_options(TSDB_OPTION_TIMEZONE, ...)`.
    pub(crate) fn set_timezone(&self, zone: &str) {
        self.set_option(2, zone);
    }

    fn set_option(&self, option: c_int, value: &str) {
        let value = c_string(value);
        // SAFETY: the string lives longer than the call.
        unsafe { (self.functions.taos_options)(option, value.as_ptr()) };
    }

    /// Connects without a host and without a database.
    pub(crate) fn connect(&'static self, user: &str, password: &str) -> Result<Connection, Failure> {
        let (user, password) = (c_string(user), c_string(password));
        // SAFETY: the strings live longer than the call; NULL stands for the default.
        let handle = unsafe {
            (self.functions.taos_connect)(ptr::null(), user.as_ptr(), password.as_ptr(), ptr::null(), 0)
        };
        if handle.is_null() {
            Err(self.failure(ptr::null_mut()))
        } else {
            Ok(Connection { taos: self, handle })
        }
    }

    fn failure(&self, result: *mut c_void) -> Failure {
        // SAFETY: NULL or a live result; the text is copied at once.
        let message = unsafe { text_of((self.functions.taos_errstr)(result)) };
        Failure { code: self.errno(result).cast_unsigned(), message }
    }

    fn errno(&self, result: *mut c_void) -> c_int {
        // SAFETY: NULL or a live result.
        unsafe { (self.functions.taos_errno)(result) }
    }

    /// Reads a result to its end and frees it.
    fn take_result(&self, result: *mut c_void) -> Result<Outcome, Failure> {
        let outcome = self.read_result(result);
        if !result.is_null() {
            // SAFETY: the result came from the library and nobody uses it after this.
            unsafe { (self.functions.taos_free_result)(result) };
        }
        outcome
    }

    fn read_result(&self, result: *mut c_void) -> Result<Outcome, Failure> {
        if self.errno(result) != 0 {
            return Err(self.failure(result));
        }
        // SAFETY: NULL or a live result.
        let count = unsafe { (self.functions.taos_field_count)(result) };
        let Ok(count @ 1..) = usize::try_from(count) else {
            // SAFETY: the same.
            return Ok(Outcome::Affected(unsafe { (self.functions.taos_affected_rows)(result) }));
        };
        let columns = self.read_columns(result, count);
        let rows = self.read_rows(result, &columns);
        // A query that fails half way ends the rows and leaves its error behind.
        if self.errno(result) == 0 {
            Ok(Outcome::Table(Table { columns, rows }))
        } else {
            Err(self.failure(result))
        }
    }

    fn read_columns(&self, result: *mut c_void, count: usize) -> Vec<Column> {
        // SAFETY: a result with `count` fields has an array of as many descriptors.
        let fields = unsafe { std::slice::from_raw_parts((self.functions.taos_fetch_fields)(result), count) };
        fields
            .iter()
            .map(|field| Column {
                name: String::from_utf8_lossy(until_nul(&field.name)).into_owned(),
                data_type: field.data_type,
                bytes: field.bytes,
            })
            .collect()
    }

    fn read_rows(&self, result: *mut c_void, columns: &[Column]) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        while let Some((values, lengths)) = self.next_row(result, columns.len()) {
            let cells = values.iter().zip(lengths).zip(columns);
            rows.push(
                cells.map(|((&value, &length), column)| read_cell(value, length, column.data_type)).collect(),
            );
        }
        rows
    }

    /// The pointers and lengths of the next row; valid until the row after it is fetched.
    fn next_row(&self, result: *mut c_void, count: usize) -> Option<(&[*const u8], &[c_int])> {
        // SAFETY: the result is live; a row and its lengths have one entry for each field.
        unsafe {
            let row = (self.functions.taos_fetch_row)(result);
            if row.is_null() {
                return None;
            }
            let lengths = (self.functions.taos_fetch_lengths)(result);
            assert!(!lengths.is_null(), "taos_fetch_lengths gives NULL for a row");
            Some((std::slice::from_raw_parts(row, count), std::slice::from_raw_parts(lengths, count)))
        }
    }
}

/// Reads the value behind a pointer of a row.
fn read_cell(value: *const u8, length: c_int, data_type: u8) -> Cell {
    if value.is_null() {
        return Cell::Null;
    }
    let length = usize::try_from(length).unwrap_or(0);
    // SAFETY: the library promises a value of the column's type, or `length` bytes of text.
    unsafe {
        match data_type {
            1 => Cell::Bool(*value != 0),
            2 => Cell::Int((*value).cast_signed().into()),
            3 => Cell::Int(value.cast::<i16>().read_unaligned().into()),
            4 => Cell::Int(value.cast::<i32>().read_unaligned().into()),
            5 | 9 => Cell::Int(value.cast::<i64>().read_unaligned()),
            6 => Cell::Float(value.cast::<f32>().read_unaligned()),
            7 => Cell::Double(value.cast::<f64>().read_unaligned()),
            11 => Cell::Unsigned((*value).into()),
            12 => Cell::Unsigned(value.cast::<u16>().read_unaligned().into()),
            13 => Cell::Unsigned(value.cast::<u32>().read_unaligned().into()),
            14 => Cell::Unsigned(value.cast::<u64>().read_unaligned()),
            _ => Cell::Bytes(std::slice::from_raw_parts(value, length).to_vec()),
        }
    }
}

/// An open connection; closed when dropped.
pub(crate) struct Connection {
    taos: &'static Taos,
    handle: *mut c_void,
}

impl Connection {
    /// `taos_query`, and reading what it answers.
    pub(crate) fn query(&self, sql: &str) -> Result<Outcome, Failure> {
        let sql = c_string(sql);
        // SAFETY: the connection is open, the string lives longer than the call.
        let result = unsafe { (self.taos.functions.taos_query)(self.handle, sql.as_ptr()) };
        self.taos.take_result(result)
    }

    /// `taos_schemaless_insert`; `protocol` and `precision` are the numbers of taos.h.
    pub(crate) fn schemaless(
        &self,
        lines: &[&str],
        protocol: c_int,
        precision: c_int,
    ) -> Result<Outcome, Failure> {
        let lines: Vec<CString> = lines.iter().map(|line| c_string(line)).collect();
        let pointers: Vec<*const c_char> = lines.iter().map(|line| line.as_ptr()).collect();
        let count = c_int::try_from(pointers.len()).unwrap_or(c_int::MAX);
        // SAFETY: the connection is open, the array and its strings live longer than the call.
        let result = unsafe {
            (self.taos.functions.taos_schemaless_insert)(
                self.handle,
                pointers.as_ptr(),
                count,
                protocol,
                precision,
            )
        };
        self.taos.take_result(result)
    }

    /// `taos_stmt_init` and `taos_stmt_prepare`.
    pub(crate) fn prepare(&self, sql: &str) -> Result<Statement<'_>, Failure> {
        let functions = &self.taos.functions;
        // SAFETY: the connection is open; prepare gets the length of what it reads.
        unsafe {
            let statement = Statement { connection: self, handle: (functions.taos_stmt_init)(self.handle) };
            let code =
                (functions.taos_stmt_prepare)(statement.handle, sql.as_ptr().cast(), sql.len() as c_ulong);
            statement.check(code)?;
            Ok(statement)
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // SAFETY: the handle is ours and used no more.
        unsafe { (self.taos.functions.taos_close)(self.handle) }
    }
}

/// A prepared statement; closed when dropped.
pub(crate) struct Statement<'a> {
    connection: &'a Connection,
    handle: *mut c_void,
}

impl Statement<'_> {
    /// `taos_stmt_set_tbname`.
    pub(crate) fn set_table(&self, name: &str) -> Result<(), Failure> {
        let name = c_string(name);
        // SAFETY: the statement is live, the name outlives the call.
        self.check(unsafe { (self.functions().taos_stmt_set_tbname)(self.handle, name.as_ptr()) })
    }

    /// `taos_stmt_set_tbname_tags`.
    pub(crate) fn set_table_and_tags(&self, name: &str, tags: &Parameters) -> Result<(), Failure> {
        let name = c_string(name);
        let binds = tags.binds();
        // SAFETY: the statement is live; name, array and what the array points to outlive the call.
        self.check(unsafe {
            (self.functions().taos_stmt_set_tbname_tags)(self.handle, name.as_ptr(), binds.as_ptr())
        })
    }

    /// `taos_stmt_bind_param`. The values must live until the statement is executed.
    pub(crate) fn bind(&self, values: &Parameters) -> Result<(), Failure> {
        let binds = values.binds();
        // SAFETY: the statement is live; the array and what it points to outlive the call.
        self.check(unsafe { (self.functions().taos_stmt_bind_param)(self.handle, binds.as_ptr()) })
    }

    /// `taos_stmt_add_batch`.
    pub(crate) fn add_batch(&self) -> Result<(), Failure> {
        // SAFETY: the statement is live.
        self.check(unsafe { (self.functions().taos_stmt_add_batch)(self.handle) })
    }

    /// `taos_stmt_execute`.
    pub(crate) fn execute(&self) -> Result<(), Failure> {
        // SAFETY: the statement is live.
        self.check(unsafe { (self.functions().taos_stmt_execute)(self.handle) })
    }

    /// `taos_stmt_affected_rows`.
    pub(crate) fn affected_rows(&self) -> i32 {
        // SAFETY: the statement is live.
        unsafe { (self.functions().taos_stmt_affected_rows)(self.handle) }
    }

    /// `taos_stmt_use_result`, and reading it.
    pub(crate) fn result(&self) -> Result<Outcome, Failure> {
        // SAFETY: the statement is live; the result is the caller's to free.
        let result = unsafe { (self.functions().taos_stmt_use_result)(self.handle) };
        self.connection.taos.take_result(result)
    }

    fn functions(&self) -> &Functions {
        &self.connection.taos.functions
    }

    fn check(&self, code: c_int) -> Result<(), Failure> {
        if code == 0 {
            return Ok(());
        }
        // SAFETY: the statement is live; the text is copied at once.
        let message = unsafe { text_of((self.functions().taos_stmt_errstr)(self.handle)) };
        Err(Failure { code: code.cast_unsigned(), message })
    }
}

impl Drop for Statement<'_> {
    fn drop(&mut self) {
        // SAFETY: the handle is ours and used no more.
        unsafe { (self.functions().taos_stmt_close)(self.handle) };
    }
}

fn library_path() -> Result<PathBuf, String> {
    if let Some(path) = std::env::var_os("TAOS_LIB") {
        return Ok(path.into());
    }
    let program = std::env::current_exe().map_err(|cause| format!("where am I? {cause}"))?;
    let name = format!("{}taos{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    Ok(program.with_file_name(name))
}

fn c_string(text: &str) -> CString {
    CString::new(text).expect("what the tests say to the library holds no NUL")
}

fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// Copies a text that the library handed out.
///
/// # Safety
/// NULL, or a string that ends with NUL.
unsafe fn text_of(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: see above.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}
