//! The functions and structures of the C ABI that the tests call, as a C program declares them.
//!
//! Written by hand and not taken from the crate, so that a mistake in the crate's declarations shows.

#![expect(unsafe_code, reason = "this is the border to the library under test")]

use std::ffi::{c_char, c_int, c_uint, c_ulong, c_void};

/// `TAOS_FIELD`.
#[repr(C)]
pub(super) struct Field {
    pub(super) name: [u8; 65],
    pub(super) data_type: u8,
    pub(super) bytes: u16,
}

/// `TAOS_BIND`: one value of a prepared statement.
#[repr(C)]
pub(super) struct Bind {
    pub(super) buffer_type: c_int,
    pub(super) buffer: *const c_void,
    pub(super) buffer_length: usize,
    pub(super) length: *const usize,
    pub(super) is_null: *const c_int,
    pub(super) is_unsigned: c_int,
    pub(super) error: *const c_int,
    pub(super) inline: u64,
    pub(super) allocated: c_uint,
}

macro_rules! functions {
    ($( $name:ident($($argument:ty),*) $(-> $answer:ty)?; )*) => {
        /// The functions under test, found by name.
        pub(super) struct Functions {
            $( pub(super) $name: unsafe extern "C" fn($($argument),*) $(-> $answer)?, )*
        }

        impl Functions {
            /// Looks all of them up; the error names the first that is missing.
            pub(super) fn find(library: &libloading::Library) -> Result<Functions, libloading::Error> {
                Ok(Functions {
                    // SAFETY: the signatures above are those of taos.h.
                    $( $name: *unsafe { library.get(concat!(stringify!($name), "\0").as_bytes()) }?, )*
                })
            }
        }
    };
}

functions! {
    taos_options(c_int, *const c_char) -> c_int;
    taos_connect(*const c_char, *const c_char, *const c_char, *const c_char, u16) -> *mut c_void;
    taos_close(*mut c_void);
    taos_query(*mut c_void, *const c_char) -> *mut c_void;
    taos_errno(*mut c_void) -> c_int;
    taos_errstr(*mut c_void) -> *const c_char;
    taos_free_result(*mut c_void);
    taos_field_count(*mut c_void) -> c_int;
    taos_fetch_fields(*mut c_void) -> *const Field;
    taos_fetch_row(*mut c_void) -> *const *const u8;
    taos_fetch_lengths(*mut c_void) -> *const c_int;
    taos_affected_rows(*mut c_void) -> c_int;
    taos_schemaless_insert(*mut c_void, *const *const c_char, c_int, c_int, c_int) -> *mut c_void;
    taos_stmt_init(*mut c_void) -> *mut c_void;
    taos_stmt_prepare(*mut c_void, *const c_char, c_ulong) -> c_int;
    taos_stmt_set_tbname(*mut c_void, *const c_char) -> c_int;
    taos_stmt_set_tbname_tags(*mut c_void, *const c_char, *const Bind) -> c_int;
    taos_stmt_bind_param(*mut c_void, *const Bind) -> c_int;
    taos_stmt_add_batch(*mut c_void) -> c_int;
    taos_stmt_execute(*mut c_void) -> c_int;
    taos_stmt_affected_rows(*mut c_void) -> c_int;
    taos_stmt_use_result(*mut c_void) -> *mut c_void;
    taos_stmt_errstr(*mut c_void) -> *const c_char;
    taos_stmt_close(*mut c_void) -> c_int;
}
