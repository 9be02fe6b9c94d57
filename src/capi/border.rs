//! What every exported function shares: panics stop here, C strings come in, text goes out, and each thread
//! has a last error.

use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Code, Error, Result, codes};

/// What an exported function returns when it cannot do its work.
pub(super) trait Fallback {
    /// Nothing, none, NULL, false.
    const FALLBACK: Self;
}

impl Fallback for () {
    const FALLBACK: () = ();
}

impl Fallback for bool {
    const FALLBACK: bool = false;
}

/// A count; functions that return a code use [`status`].
impl Fallback for c_int {
    const FALLBACK: c_int = 0;
}

impl Fallback for i64 {
    const FALLBACK: i64 = 0;
}

impl<T> Fallback for *mut T {
    const FALLBACK: *mut T = std::ptr::null_mut();
}

impl<T> Fallback for *const T {
    const FALLBACK: *const T = std::ptr::null();
}

/// The body of an exported function that returns a value. An error or a panic becomes the fallback of the
/// type and the thread's last error.
#[inline]
pub(super) fn border<R: Fallback>(body: impl FnOnce() -> Result<R>) -> R {
    match catch(body) {
        Ok(Ok(value)) => value,
        Ok(Err(error)) | Err(error) => {
            set_last_error(error);
            R::FALLBACK
        }
    }
}

/// The body of an exported function that returns 0 or an error code.
pub(super) fn status(body: impl FnOnce() -> Result<()>) -> c_int {
    match catch(body) {
        Ok(Ok(())) => codes::SUCCESS.0,
        Ok(Err(error)) | Err(error) => {
            let code = error.code.0;
            set_last_error(error);
            code
        }
    }
}

/// Runs code that may panic, and makes an error of the panic.
#[inline]
pub(super) fn catch<R>(body: impl FnOnce() -> R) -> Result<R> {
    catch_unwind(AssertUnwindSafe(body)).map_err(|panic| panicked(panic.as_ref()))
}

#[cold]
fn panicked(panic: &(dyn std::any::Any + Send)) -> Error {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    Error::new(codes::TSC_APP_ERROR, format!("a bug in libtaos, please report it: {said}"))
}

/// The error for a handle that is NULL, closed, of another kind or garbage.
pub(super) fn disconnected() -> Error {
    codes::TSC_DISCONNECTED.into()
}

/// The error for what this version does not have.
pub(super) fn not_built(what: &str) -> Error {
    Error::new(codes::COM_OPS_NOT_SUPPORT, format!("{what} is not built yet in this version of libtaos"))
}

/// The bytes of a C string; None for NULL.
///
/// # Safety
/// The pointer is NULL or leads to a zero-terminated string that nobody changes during `'a`.
pub(super) unsafe fn bytes<'a>(text: *const c_char) -> Option<&'a [u8]> {
    // SAFETY: as the caller promises.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_bytes())
}

/// As [`bytes`], of a string that ends after `length` bytes if not before.
///
/// # Safety
/// The pointer is NULL or leads to `length` bytes, or fewer with a zero at the end.
pub(super) unsafe fn bytes_up_to<'a>(text: *const c_char, length: usize) -> Option<&'a [u8]> {
    if text.is_null() {
        return None;
    }
    // SAFETY: every byte up to the first zero or `length` is there, as the caller promises.
    let end = (0..length).find(|&at| unsafe { *text.add(at) } == 0).unwrap_or(length);
    // SAFETY: these bytes have just been looked at; `c_char` and `u8` have the same layout.
    Some(unsafe { std::slice::from_raw_parts(text.cast(), end) })
}

/// Text as a name, an address or a path; what is no UTF-8 is replaced, so that it will name nothing.
///
/// # Safety
/// As [`bytes`].
pub(super) unsafe fn string(text: *const c_char) -> Option<String> {
    // SAFETY: as the caller promises.
    unsafe { bytes(text) }.map(|bytes| String::from_utf8_lossy(bytes).into_owned())
}

/// Stores a value where the caller wants it; NULL is "nowhere".
///
/// # Safety
/// The pointer is NULL or may be written to.
pub(super) unsafe fn store<T>(place: *mut T, value: T) {
    if !place.is_null() {
        // SAFETY: as the caller promises; callers of old compilers do not always align.
        unsafe { place.write_unaligned(value) };
    }
}

/// Copies text into an array of C, cut at the end of a character, with a zero after it.
pub(super) fn copy_text(text: &str, array: &mut [c_char]) {
    let Some(room) = array.len().checked_sub(1) else { return };
    let ends = text.char_indices().map(|(start, c)| start + c.len_utf8());
    let fitting = &text.as_bytes()[..ends.take_while(|&end| end <= room).last().unwrap_or(0)];
    array.fill(0);
    array.iter_mut().zip(fitting).for_each(|(place, &byte)| *place = byte as c_char);
}

/// A C string of text from inside; it ends at a zero byte, should there be one.
pub(super) fn c_string(text: &str) -> CString {
    let end = text.bytes().position(|byte| byte == 0).unwrap_or(text.len());
    CString::new(&text[..end]).unwrap_or_default()
}

struct LastError {
    code: Code,
    text: CString,
}

thread_local! {
    static LAST_ERROR: RefCell<Option<LastError>> = const { RefCell::new(None) };
}

/// Remembers the error for `taos_errno(NULL)` in this thread.
#[cold]
pub(super) fn set_last_error(error: Error) {
    let last = LastError { code: error.code, text: c_string(&error.message) };
    // A thread that is ending has no last error any more.
    let _ = LAST_ERROR.try_with(|place| place.replace(Some(last)));
}

/// Forgets the thread's last error.
pub(super) fn clear_last_error() {
    let _ = LAST_ERROR.try_with(|place| place.take());
}

/// The code of the thread's last error.
pub(super) fn last_error_code() -> c_int {
    LAST_ERROR.try_with(|place| place.borrow().as_ref().map_or(0, |last| last.code.0)).unwrap_or(0)
}

/// The text of the thread's last error; it lives until the thread's next one.
pub(super) fn last_error_text() -> *const c_char {
    let text = LAST_ERROR.try_with(|place| place.borrow().as_ref().map(|last| last.text.as_ptr()));
    text.ok().flatten().unwrap_or(c"success".as_ptr())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_the_last_error() {
        let value: c_int = border(|| panic!("number {}", 5));
        assert_eq!(value, 0);
        assert_eq!(last_error_code(), codes::TSC_APP_ERROR.0);
        // SAFETY: a string of the library.
        let text = unsafe { string(last_error_text()) }.unwrap();
        assert!(text.ends_with("number 5"), "{text}");
        assert_eq!(status(|| panic!("again")), codes::TSC_APP_ERROR.0);
        clear_last_error();
        assert_eq!(last_error_code(), 0);
    }

    #[test]
    fn copies_end_where_a_character_ends() {
        let mut array = [1 as c_char; 6];
        copy_text("aäöü", &mut array);
        assert_eq!(array.map(|c| c as u8), *b"a\xc3\xa4\xc3\xb6\0");
        copy_text("", &mut array);
        assert_eq!(array, [0; 6]);
        copy_text("abcdef", &mut array);
        assert_eq!(array.map(|c| c as u8), *b"abcde\0");
        copy_text("x", &mut []);
    }

    #[test]
    fn strings_with_a_length_end_at_a_zero() {
        let text = c"abc".as_ptr();
        // SAFETY: four bytes are there.
        unsafe {
            assert_eq!(bytes_up_to(text, 2), Some(&b"ab"[..]));
            assert_eq!(bytes_up_to(text, 100), Some(&b"abc"[..]));
            assert_eq!(bytes_up_to(std::ptr::null(), 2), None);
        }
    }
}
