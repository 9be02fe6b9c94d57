//! Values as text, and text as time.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::fmt::{self, Write};

use super::block::LENGTH_PREFIX;
use super::border::{border, bytes_up_to, store};
use super::{TAOS_FIELD, TAOS_ROW};
use crate::client::options;
use crate::types::{DataType, Precision, timestamp};

/// Text that is written where a caller wants it. There is no telling how much room is there: C's callers
/// give enough for the row's widths.
struct Out {
    at: *mut c_char,
    length: usize,
}

impl Out {
    fn new(at: *mut c_char) -> Out {
        Out { at, length: 0 }
    }

    fn push(&mut self, bytes: &[u8]) {
        // SAFETY: `at` has room for the text, as the caller of the exported function promises.
        unsafe {
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.at.cast::<u8>().add(self.length), bytes.len());
        }
        self.length += bytes.len();
    }

    /// A zero after the text, as C's `sprintf` leaves it; the next text goes over it.
    fn terminate(&mut self) {
        self.push(&[0]);
        self.length -= 1;
    }
}

impl Write for Out {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text.as_bytes());
        Ok(())
    }
}

/// Writes a value as the original does: numbers in decimal, timestamps as their number, floating point with
/// six digits, strings as they are and without a zero after them; of JSON nothing.
///
/// # Safety
/// `value` leads to a value of that type, of a string to its bytes after their length.
unsafe fn print(out: &mut Out, value: *const c_void, data_type: DataType, quote: &str) -> fmt::Result {
    macro_rules! number {
        ($type:ty) => {
            // SAFETY: a value of this type is there, as the caller promises; rows do not align.
            write!(out, "{}", unsafe { value.cast::<$type>().read_unaligned() })?
        };
    }
    match data_type {
        DataType::Bool | DataType::TinyInt => number!(i8),
        DataType::SmallInt => number!(i16),
        DataType::Int => number!(i32),
        DataType::BigInt | DataType::Timestamp => number!(i64),
        DataType::UTinyInt => number!(u8),
        DataType::USmallInt => number!(u16),
        DataType::UInt => number!(u32),
        DataType::UBigInt => number!(u64),
        // SAFETY: as above.
        DataType::Float => print_float(out, unsafe { value.cast::<f32>().read_unaligned() }.into())?,
        // SAFETY: as above.
        DataType::Double => print_float(out, unsafe { value.cast::<f64>().read_unaligned() })?,
        DataType::Binary | DataType::NChar => {
            // SAFETY: the length stands before the bytes of every string in a row.
            let length = unsafe { value.byte_sub(LENGTH_PREFIX).cast::<u16>().read_unaligned() };
            // SAFETY: so many bytes are there.
            let string = unsafe { std::slice::from_raw_parts(value.cast::<u8>(), length.into()) };
            out.push(quote.as_bytes());
            out.push(string);
            out.push(quote.as_bytes());
            return Ok(());
        }
        DataType::Json => return Ok(()),
    }
    out.terminate();
    Ok(())
}

/// As C's `%f`.
fn print_float(out: &mut Out, value: f64) -> fmt::Result {
    if value.is_nan() {
        return out.write_str(if value.is_sign_negative() { "-nan" } else { "nan" });
    }
    write!(out, "{value:.6}")
}

unsafe fn print_row(
    text: *mut c_char,
    row: TAOS_ROW,
    fields: *const TAOS_FIELD,
    count: c_int,
    split: u8,
    quote: &str,
) -> c_int {
    border(|| {
        if text.is_null() || row.is_null() || fields.is_null() {
            return Ok(0);
        }
        let mut out = Out::new(text);
        for index in 0..usize::try_from(count).unwrap_or(0) {
            if index > 0 {
                out.push(&[split]);
            }
            // SAFETY: the row and the fields have `count` entries, as the caller promises.
            let (value, field) = unsafe { (*row.add(index), *fields.add(index)) };
            if value.is_null() {
                out.push(b"NULL");
                out.terminate();
            } else if let Some(data_type) = DataType::from_code(field.r#type) {
                // SAFETY: the value is of its field's type, as the caller promises.
                let _ = unsafe { print(&mut out, value, data_type, quote) };
            }
        }
        Ok(c_int::try_from(out.length).unwrap_or(c_int::MAX))
    })
}

/// Writes a row as text, values separated by a blank; returns the length. A row that ends with a string gets
/// no zero at its end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_print_row(
    str: *mut c_char,
    row: TAOS_ROW,
    fields: *mut TAOS_FIELD,
    num_fields: c_int,
) -> c_int {
    // SAFETY: the same contract.
    unsafe { print_row(str, row, fields, num_fields, b' ', "") }
}

/// As `taos_print_row` with any separator, and with strings in single quotes if wanted.
#[unsafe(no_mangle)]
#[allow(non_snake_case, reason = "the name in taos.h")]
pub unsafe extern "C" fn taos_print_row_ex(
    str: *mut c_char,
    row: TAOS_ROW,
    fields: *mut TAOS_FIELD,
    num_fields: c_int,
    split: c_char,
    addQuota: bool,
) -> c_int {
    // SAFETY: the same contract.
    unsafe { print_row(str, row, fields, num_fields, split as u8, if addQuota { "'" } else { "" }) }
}

/// Writes one value as `taos_print_row` does and returns its length; of NULL nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_print_field(
    str: *mut c_char,
    value: *mut c_void,
    field: *mut TAOS_FIELD,
) -> c_int {
    if value.is_null() {
        return 0;
    }
    let mut row = [value];
    // SAFETY: the same contract, with a row of one value.
    unsafe { print_row(str, row.as_mut_ptr(), field, 1, 0, "") }
}

/// The name of a data type as `taos.h` has it; `UNKNOWN` for the newer ones, as in the original.
#[unsafe(no_mangle)]
pub extern "C" fn taos_data_type(r#type: c_int) -> *const c_char {
    const NAMES: [&CStr; 11] = [
        c"TSDB_DATA_TYPE_NULL",
        c"TSDB_DATA_TYPE_BOOL",
        c"TSDB_DATA_TYPE_TINYINT",
        c"TSDB_DATA_TYPE_SMALLINT",
        c"TSDB_DATA_TYPE_INT",
        c"TSDB_DATA_TYPE_BIGINT",
        c"TSDB_DATA_TYPE_FLOAT",
        c"TSDB_DATA_TYPE_DOUBLE",
        c"TSDB_DATA_TYPE_BINARY",
        c"TSDB_DATA_TYPE_TIMESTAMP",
        c"TSDB_DATA_TYPE_NCHAR",
    ];
    let name = usize::try_from(r#type).ok().and_then(|number| NAMES.get(number));
    name.copied().unwrap_or(c"UNKNOWN").as_ptr()
}

/// Reads a time as text, in the process's time zone where it names none, into `time` in a precision (0
/// milliseconds, 1 microseconds, 2 nanoseconds): 0, or -1 when it is none.
#[unsafe(no_mangle)]
#[allow(non_snake_case, reason = "the names in taos.h")]
pub unsafe extern "C" fn taos_parse_time(
    timestr: *mut c_char,
    time: *mut i64,
    len: i32,
    timePrec: i32,
    dayligth: i8,
) -> i32 {
    let _ = dayligth;
    border(|| {
        let length = usize::try_from(len).unwrap_or(0);
        // SAFETY: NULL or so many bytes, as the caller promises.
        let text = unsafe { bytes_up_to(timestr, length) };
        let precision = u8::try_from(timePrec).ok().and_then(Precision::from_code);
        let ticks = text
            .zip(precision)
            .and_then(|(text, precision)| timestamp::parse(text, precision, &options::settings().timezone));
        // SAFETY: a place for a number or NULL, as the caller promises.
        unsafe { store(time, ticks.unwrap_or(0)) };
        Ok(if ticks.is_some() { 0 } else { -1 })
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::host_endian_bytes, reason = "rows are in the machine's order")]

    use super::*;

    fn printed(data_type: DataType, value: &[u8]) -> String {
        let mut field = TAOS_FIELD { name: [0; 65], r#type: data_type.code(), bytes: 0 };
        let mut text = [0 as c_char; 400];
        // Strings have their length before them; here everything has.
        let mut cell = (value.len() as u16).to_ne_bytes().to_vec();
        cell.extend_from_slice(value);
        // SAFETY: a value of that type, and room for it.
        let length = unsafe {
            let value = cell.as_mut_ptr().add(LENGTH_PREFIX).cast();
            taos_print_field(text.as_mut_ptr(), value, &mut field)
        };
        text[..length as usize].iter().map(|&c| c as u8 as char).collect()
    }

    #[test]
    fn values_are_printed_as_the_original_prints_them() {
        assert_eq!(printed(DataType::Bool, &[1]), "1");
        assert_eq!(printed(DataType::TinyInt, &[0xff]), "-1");
        assert_eq!(printed(DataType::UTinyInt, &[0xff]), "255");
        assert_eq!(printed(DataType::Timestamp, &1_626_861_392_589_i64.to_ne_bytes()), "1626861392589");
        assert_eq!(printed(DataType::Double, &1e-10_f64.to_ne_bytes()), "0.000000");
        let large = printed(DataType::Float, &3.402e38_f32.to_ne_bytes());
        assert_eq!(large, "340200000055538034029782957644295700480.000000");
        assert_eq!(printed(DataType::Double, &f64::MIN.to_ne_bytes()).len(), 1 + 309 + 7);
        assert_eq!(printed(DataType::Double, &f64::INFINITY.to_ne_bytes()), "inf");
        assert_eq!(printed(DataType::NChar, b"it's"), "it's");
        assert_eq!(printed(DataType::Json, b"{}"), "");
    }

    #[test]
    fn nothing_is_printed_of_nothing() {
        use std::ptr::null_mut;
        // SAFETY: NULL is allowed.
        unsafe {
            assert_eq!(taos_print_row(null_mut(), null_mut(), null_mut(), 3), 0);
            assert_eq!(taos_print_field(null_mut(), null_mut(), null_mut()), 0);
        }
    }

    #[test]
    fn names_of_types() {
        // SAFETY: strings of the library.
        let name = |number| unsafe { CStr::from_ptr(taos_data_type(number)) }.to_str().unwrap();
        assert_eq!(name(10), "TSDB_DATA_TYPE_NCHAR");
        assert_eq!([name(11), name(-1)], ["UNKNOWN", "UNKNOWN"]);
    }
}
