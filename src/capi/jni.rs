//! The native methods of the JDBC driver. Not built yet: each returns the failure that the driver expects
//! of it, and `getErrMsgImp` says why.

#![allow(non_snake_case, non_camel_case_types, reason = "the names of JNI")]

use std::ffi::{CStr, c_char, c_void};

use super::border::{border, c_string, not_built, set_last_error};
use super::taos_errstr;

/// Java's `int`.
pub type jint = i32;
/// Java's `long`.
pub type jlong = i64;
/// Java's `boolean`.
pub type jboolean = u8;
/// A reference to a Java object.
pub type jobject = *mut c_void;

/// What native code calls the virtual machine by: a pointer to its table of functions.
pub type JNIEnv = *const *const c_void;

const NO_CONNECTION: jlong = 0;
const FAILED: jint = -1;

/// Places in the table of functions, from the JNI specification.
mod function {
    pub(super) const FIND_CLASS: usize = 6;
    pub(super) const THROW_NEW: usize = 14;
    pub(super) const NEW_STRING_UTF: usize = 167;
}

/// A function of the virtual machine.
///
/// # Safety
/// `env` is the pointer that the calling native method was given, and `F` is the type of that function.
unsafe fn function<F: Copy>(env: *mut JNIEnv, index: usize) -> F {
    const { assert!(size_of::<F>() == size_of::<*const c_void>()) };
    // SAFETY: the table has a pointer to that function there.
    unsafe { std::mem::transmute_copy(&*(*env).add(index)) }
}

/// A Java string; NULL when the virtual machine has no memory.
///
/// # Safety
/// `env` is the pointer that the calling native method was given.
unsafe fn java_string(env: *mut JNIEnv, text: &str) -> jobject {
    // Java writes characters beyond the first 65536 in a way of its own.
    let text: String =
        text.chars().map(|c| if c > '\u{ffff}' { char::REPLACEMENT_CHARACTER } else { c }).collect();
    let text = c_string(&text);
    // SAFETY: `NewStringUTF` is this, and the text ends with a zero.
    unsafe {
        let new_string: unsafe extern "system" fn(*mut JNIEnv, *const c_char) -> jobject =
            function(env, function::NEW_STRING_UTF);
        new_string(env, text.as_ptr())
    }
}

/// Throws `UnsupportedOperationException`.
///
/// # Safety
/// `env` is the pointer that the calling native method was given.
unsafe fn throw_unsupported(env: *mut JNIEnv, why: &str) {
    let why = c_string(why);
    // SAFETY: `FindClass` and `ThrowNew` are these; the texts end with a zero.
    unsafe {
        let find_class: unsafe extern "system" fn(*mut JNIEnv, *const c_char) -> jobject =
            function(env, function::FIND_CLASS);
        let throw_new: unsafe extern "system" fn(*mut JNIEnv, jobject, *const c_char) -> jint =
            function(env, function::THROW_NEW);
        let class = find_class(env, c"java/lang/UnsupportedOperationException".as_ptr());
        if !class.is_null() {
            throw_new(env, class, why.as_ptr());
        }
    }
}

fn fails<R>(failure: R) -> R {
    set_last_error(not_built("the interface of the JDBC driver"));
    failure
}

/// The text of a result's error, or of the thread's last one when the number is 0.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_com_taosdata_jdbc_TSDBJNIConnector_getErrMsgImp(
    env: *mut JNIEnv,
    _self: jobject,
    res: jlong,
) -> jobject {
    border(|| {
        let res = usize::try_from(res).unwrap_or(usize::MAX);
        // SAFETY: any number may be asked about; the text is the library's.
        let text = unsafe { CStr::from_ptr(taos_errstr(std::ptr::without_provenance_mut(res))) };
        // SAFETY: called by Java.
        Ok(unsafe { java_string(env, &text.to_string_lossy()) })
    })
}

/// The encoding of strings.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_com_taosdata_jdbc_TSDBJNIConnector_getTsCharset(
    env: *mut JNIEnv,
    _class: jobject,
) -> jobject {
    // SAFETY: called by Java.
    border(|| Ok(unsafe { java_string(env, "UTF-8") }))
}

/// Not built yet. The driver takes no NULL for an answer, so this throws.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_com_taosdata_jdbc_TSDBJNIConnector_setConfigImp(
    env: *mut JNIEnv,
    _class: jobject,
    _config: jobject,
) -> jobject {
    border(|| {
        let error = not_built("the interface of the JDBC driver");
        // SAFETY: called by Java.
        unsafe { throw_unsupported(env, &error.message) };
        Err(error)
    })
}

macro_rules! not_built_natives {
    ($($name:ident($($type:ty),*) $(-> $result:ty = $failure:expr)?;)*) => {
        $(
            #[doc = "Not built yet."]
            #[unsafe(no_mangle)]
            pub unsafe extern "system" fn $name(_: *mut JNIEnv, _: jobject, $(_: $type),*) $(-> $result)? {
                fails(($($failure)?))
            }
        )*
    };
}

not_built_natives! {
    Java_com_taosdata_jdbc_TSDBJNIConnector_initImp(jobject);
    Java_com_taosdata_jdbc_TSDBJNIConnector_setOptions(jint, jobject) -> jint = FAILED;
    Java_com_taosdata_jdbc_TSDBJNIConnector_connectImp(jobject, jint, jobject, jobject, jobject) -> jlong = NO_CONNECTION;
    Java_com_taosdata_jdbc_TSDBJNIConnector_closeConnectionImp(jlong) -> jint = FAILED;
    Java_com_taosdata_jdbc_TSDBJNIConnector_executeQueryImp(jobject, jlong) -> jlong = FAILED.into();
    Java_com_taosdata_jdbc_TSDBJNIConnector_getErrCodeImp(jlong, jlong) -> jint = FAILED;
    Java_com_taosdata_jdbc_TSDBJNIConnector_getResultSetImp(jlong, jlong) -> jlong = FAILED.into();
    Java_com_taosdata_jdbc_TSDBJNIConnector_isUpdateQueryImp(jlong, jlong) -> jlong = FAILED.into();
    Java_com_taosdata_jdbc_TSDBJNIConnector_freeResultSetImp(jlong, jlong) -> jint = FAILED;
    Java_com_taosdata_jdbc_TSDBJNIConnector_getAffectedRowsImp(jlong, jlong) -> jint = FAILED;
    Java_com_taosdata_jdbc_TSDBJNIConnector_getSchemaMetaDataImp(jlong, jlong, jobject) -> jint = FAILED;
    Java_com_taosdata_jdbc_TSDBJNIConnector_fetchRowImp(jlong, jlong, jobject) -> jint = FAILED;
    Java_com_taosdata_jdbc_TSDBJNIConnector_fetchBlockImp(jlong, jlong, jobject) -> jint = FAILED;
    Java_com_taosdata_jdbc_TSDBJNIConnector_getResultTimePrecisionImp(jlong, jlong) -> jint = FAILED;
    Java_com_taosdata_jdbc_TSDBJNIConnector_validateCreateTableSqlImp(jlong, jobject) -> jint = FAILED;
    Java_com_taosdata_jdbc_TSDBJNIConnector_subscribeImp(jlong, jboolean, jobject, jobject, jint) -> jlong = NO_CONNECTION;
    Java_com_taosdata_jdbc_TSDBJNIConnector_consumeImp(jlong) -> jlong = NO_CONNECTION;
    Java_com_taosdata_jdbc_TSDBJNIConnector_unsubscribeImp(jlong, jboolean);
    Java_com_taosdata_jdbc_TSDBJNIConnector_prepareStmtImp(jobject, jlong) -> jlong = FAILED.into();
    Java_com_taosdata_jdbc_TSDBJNIConnector_setBindTableNameImp(jlong, jobject, jlong) -> jint = FAILED;
    Java_com_taosdata_jdbc_TSDBJNIConnector_setTableNameTagsImp(jlong, jobject, jint, jobject, jobject, jobject, jobject, jlong) -> jint = FAILED;
    Java_com_taosdata_jdbc_TSDBJNIConnector_bindColDataImp(jlong, jobject, jobject, jobject, jint, jint, jint, jint, jlong) -> jint = FAILED;
    Java_com_taosdata_jdbc_TSDBJNIConnector_addBatchImp(jlong, jlong) -> jint = FAILED;
    Java_com_taosdata_jdbc_TSDBJNIConnector_executeBatchImp(jlong, jlong) -> jint = FAILED;
    Java_com_taosdata_jdbc_TSDBJNIConnector_closeStmt(jlong, jlong) -> jint = FAILED;
    Java_com_taosdata_jdbc_TSDBJNIConnector_insertLinesImp(jobject, jlong) -> jlong = FAILED.into();
    Java_com_taosdata_jdbc_TSDBJNIConnector_schemalessInsertImp(jobject, jlong, jint, jint) -> jlong = FAILED.into();
    Java_com_taosdata_jdbc_TSDBJNIConnector_setAllocModeImp(jint, jobject, jboolean);
    Java_com_taosdata_jdbc_TSDBJNIConnector_dumpMemoryLeakImp();
}

/// The text of the thread's last error: there is no statement that could have one.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_com_taosdata_jdbc_TSDBJNIConnector_stmtErrorMsgImp(
    env: *mut JNIEnv,
    self_: jobject,
    _stmt: jlong,
    _connection: jlong,
) -> jobject {
    // SAFETY: the same contract.
    unsafe { Java_com_taosdata_jdbc_TSDBJNIConnector_getErrMsgImp(env, self_, 0) }
}
