//! Values out of the arrays that are bound: `TAOS_BIND` has one value, `TAOS_MULTI_BIND` a column of them.
//!
//! Both may lack parts: no `is_null` is "none is NULL", no `length` is right for numbers, and the upper half
//! of `buffer_length` may be rubbish. The value that stands for NULL in results is NULL here too.

#![expect(clippy::host_endian_bytes, reason = "C writes its own machine's numbers")]

use std::ffi::c_int;

use super::block::null_cell;
use super::{TAOS_BIND, TAOS_MULTI_BIND, TSDB_DATA_TYPE_NULL};
use crate::client::BoundValue;
use crate::error::{Error, Result};
use crate::types::{Bitmap, Bytes, Column, DataType, Value, Values};

/// The most rows that a column may have.
const MOST_ROWS: c_int = 32767;

fn mismatch() -> Error {
    Error::invalid_operation("bind column type mismatch or invalid")
}

fn is_null_array() -> Error {
    Error::invalid_operation("bind param is NULL")
}

fn data_type(code: c_int) -> Result<DataType> {
    u8::try_from(code).ok().and_then(DataType::from_code).ok_or_else(mismatch)
}

/// Reads an array of values.
///
/// # Errors
/// `0x80000200` for NULL, an unknown type, and a string without a length.
///
/// # Safety
/// `binds` is NULL or leads to `count` elements, whose pointers are NULL or lead to what their type says.
pub(super) unsafe fn values(binds: *const TAOS_BIND, count: usize) -> Result<Vec<BoundValue>> {
    if binds.is_null() && count > 0 {
        return Err(is_null_array());
    }
    // SAFETY: so many elements are there, as the caller promises.
    (0..count).map(|index| unsafe { value(&binds.add(index).read_unaligned()) }).collect()
}

/// # Safety
/// The pointers are NULL or lead to what the type says.
unsafe fn value(bind: &TAOS_BIND) -> Result<BoundValue> {
    // SAFETY: NULL or a number, as the caller promises.
    let is_null = !bind.is_null.is_null() && unsafe { bind.is_null.read_unaligned() } != 0;
    if is_null || bind.buffer_type == TSDB_DATA_TYPE_NULL {
        return Ok(BoundValue { data_type: None, value: Value::Null });
    }
    let data_type = data_type(bind.buffer_type)?;
    if bind.buffer.is_null() {
        return Err(mismatch());
    }
    let length = match data_type.fixed_size() {
        Some(size) => size,
        None if bind.length.is_null() => return Err(mismatch()),
        // SAFETY: a number is there, as the caller promises.
        None => unsafe { bind.length.read_unaligned() },
    };
    if i32::try_from(length).is_err() {
        return Err(mismatch());
    }
    // SAFETY: so many bytes are there, as the caller promises.
    let cell = unsafe { std::slice::from_raw_parts(bind.buffer.cast::<u8>(), length) };
    Ok(BoundValue { data_type: Some(data_type), value: cell_value(data_type, cell) })
}

/// The value of a cell, which has as many bytes as its type.
fn cell_value(data_type: DataType, cell: &[u8]) -> Value {
    fn number<const N: usize>(cell: &[u8]) -> [u8; N] {
        cell.first_chunk().copied().unwrap_or([0; N])
    }
    if !data_type.is_var_len() && cell == null_cell(data_type) {
        return Value::Null;
    }
    match data_type {
        DataType::Bool => Value::Bool(cell != [0]),
        DataType::TinyInt => Value::Int(i8::from_ne_bytes(number(cell)).into()),
        DataType::SmallInt => Value::Int(i16::from_ne_bytes(number(cell)).into()),
        DataType::Int => Value::Int(i32::from_ne_bytes(number(cell)).into()),
        DataType::BigInt | DataType::Timestamp => Value::Int(i64::from_ne_bytes(number(cell))),
        DataType::UTinyInt => Value::UInt(u8::from_ne_bytes(number(cell)).into()),
        DataType::USmallInt => Value::UInt(u16::from_ne_bytes(number(cell)).into()),
        DataType::UInt => Value::UInt(u32::from_ne_bytes(number(cell)).into()),
        DataType::UBigInt => Value::UInt(u64::from_ne_bytes(number(cell))),
        DataType::Float => Value::Float(f32::from_ne_bytes(number(cell)).into()),
        DataType::Double => Value::Float(f64::from_ne_bytes(number(cell))),
        DataType::Binary | DataType::NChar | DataType::Json => Value::text(cell),
    }
}

/// Reads an array of columns for `?` of these types.
///
/// # Errors
/// As [`column()`]; `0x80000200` for NULL.
///
/// # Safety
/// `binds` is NULL or leads to an element for each type, each as [`column()`] wants it.
pub(super) unsafe fn columns(
    binds: *const TAOS_MULTI_BIND,
    types: impl Iterator<Item = DataType>,
) -> Result<Vec<Column>> {
    if binds.is_null() {
        return Err(is_null_array());
    }
    // SAFETY: so many elements are there, as the caller promises.
    types.enumerate().map(|(index, expected)| unsafe { column(binds.add(index), expected) }).collect()
}

/// Reads a column for a `?` of that type; a column without a type is NULL in every row.
///
/// # Errors
/// `0x80000200` for NULL, for a number of rows that is not 1 to 32767, for another type, and for strings
/// without lengths.
///
/// # Safety
/// `bind` is NULL or leads to an element whose pointers are NULL or lead to `num` values, lengths or flags.
pub(super) unsafe fn column(bind: *const TAOS_MULTI_BIND, expected: DataType) -> Result<Column> {
    if bind.is_null() {
        return Err(is_null_array());
    }
    // SAFETY: an element is there, as the caller promises.
    let bind = unsafe { bind.read_unaligned() };
    if !(1..=MOST_ROWS).contains(&bind.num) {
        return Err(Error::invalid_operation("invalid bind param"));
    }
    let rows = bind.num as usize;
    let flags = (!bind.is_null.is_null())
        // SAFETY: a flag for each row is there, as the caller promises; `c_char` and `u8` are alike.
        .then(|| unsafe { std::slice::from_raw_parts(bind.is_null.cast::<u8>(), rows) })
        .filter(|flags| flags.iter().any(|&flag| flag != 0));
    let all_null = flags.is_some_and(|flags| !flags.contains(&0));
    if bind.buffer_type != TSDB_DATA_TYPE_NULL && data_type(bind.buffer_type)? != expected {
        return Err(mismatch());
    }
    if bind.buffer_type == TSDB_DATA_TYPE_NULL || all_null {
        let mut nulls = Column::new(expected);
        nulls.push_nulls(rows);
        return Ok(nulls);
    }
    if bind.buffer.is_null() {
        return Err(mismatch());
    }
    // SAFETY: a value for each row is there, as the caller promises.
    unsafe { read(&bind, expected, flags) }
}

/// # Safety
/// The buffer has a value for each row, and the lengths are NULL or one for each row.
unsafe fn read(bind: &TAOS_MULTI_BIND, data_type: DataType, flags: Option<&[u8]>) -> Result<Column> {
    const FLOAT: u32 = 0x7ff0_0000;
    const DOUBLE: u64 = 0x7fff_ff00_0000_0000;
    /// The vector of a fixed type, and which of its values are NULL.
    macro_rules! numbers {
        ($kind:ident, $is_null:expr) => {{
            // SAFETY: the same contract.
            let mut values = unsafe { fixed(bind) };
            let validity = take_nulls(&mut values, flags, $is_null);
            (Values::$kind(values), validity)
        }};
    }
    let (values, validity) = match data_type {
        DataType::Bool => {
            // SAFETY: the same contract.
            let mut values: Vec<u8> = unsafe { fixed(bind) };
            let validity = take_nulls(&mut values, flags, |value| value == 2);
            (Values::Bool(values.iter().map(|&value| value != 0).collect()), validity)
        }
        DataType::TinyInt => numbers!(I8, |value| value == i8::MIN),
        DataType::SmallInt => numbers!(I16, |value| value == i16::MIN),
        DataType::Int => numbers!(I32, |value| value == i32::MIN),
        DataType::BigInt | DataType::Timestamp => numbers!(I64, |value| value == i64::MIN),
        DataType::UTinyInt => numbers!(U8, |value| value == u8::MAX),
        DataType::USmallInt => numbers!(U16, |value| value == u16::MAX),
        DataType::UInt => numbers!(U32, |value| value == u32::MAX),
        DataType::UBigInt => numbers!(U64, |value| value == u64::MAX),
        DataType::Float => numbers!(F32, |value: f32| value.to_bits() == FLOAT),
        DataType::Double => numbers!(F64, |value: f64| value.to_bits() == DOUBLE),
        DataType::Binary | DataType::NChar | DataType::Json => {
            // SAFETY: the same contract.
            let texts = unsafe { strings(bind, flags) }?;
            (Values::Bytes(texts), flags.map(|flags| flags.iter().map(|&flag| flag == 0).collect()))
        }
    };
    Column::from_values(data_type, values, validity).ok_or_else(mismatch)
}

/// Bytes from one value to the next.
fn stride(bind: &TAOS_MULTI_BIND) -> usize {
    bind.buffer_length as u32 as usize
}

/// The values of a fixed type, whatever stands where NULL is.
///
/// # Safety
/// The buffer has a value for each row.
unsafe fn fixed<T: Copy>(bind: &TAOS_MULTI_BIND) -> Vec<T> {
    let (rows, stride) = (bind.num as usize, stride(bind));
    let start = bind.buffer.cast::<u8>().cast_const();
    let mut values: Vec<T> = Vec::with_capacity(rows);
    if stride == size_of::<T>() {
        // SAFETY: `rows` values stand there end to end, and there is room for them; copied as bytes, they
        // need no alignment. Any bytes are a value of the number types that this is called with.
        unsafe {
            std::ptr::copy_nonoverlapping(start, values.as_mut_ptr().cast::<u8>(), rows * stride);
            values.set_len(rows);
        }
    } else {
        // SAFETY: the value of each row is there, as the caller promises.
        values.extend((0..rows).map(|row| unsafe { start.add(row * stride).cast::<T>().read_unaligned() }));
    }
    values
}

/// The bitmap of values that are there, None when all are; those that are not become zero.
fn take_nulls<T: Copy + Default>(
    values: &mut [T],
    flags: Option<&[u8]>,
    is_null: impl Fn(T) -> bool,
) -> Option<Bitmap> {
    if flags.is_none() && !values.iter().any(|&value| is_null(value)) {
        return None;
    }
    let flagged = |row: usize| flags.is_some_and(|flags| flags[row] != 0);
    let rows = values.iter_mut().enumerate();
    let bits = rows.map(|(row, value)| {
        let absent = flagged(row) || is_null(*value);
        if absent {
            *value = T::default();
        }
        !absent
    });
    Some(bits.collect())
}

/// # Safety
/// The buffer has as many bytes for each row as its length says, and the lengths are NULL or one for each
/// row.
unsafe fn strings(bind: &TAOS_MULTI_BIND, flags: Option<&[u8]>) -> Result<Bytes> {
    if bind.length.is_null() {
        return Err(mismatch());
    }
    let (rows, stride) = (bind.num as usize, stride(bind));
    let start = bind.buffer.cast::<u8>().cast_const();
    let mut offsets = Vec::with_capacity(rows + 1);
    offsets.push(0);
    let mut data = Vec::new();
    for row in 0..rows {
        if flags.is_none_or(|flags| flags[row] == 0) {
            // SAFETY: a length for each row is there, as the caller promises.
            let length = unsafe { bind.length.add(row).read_unaligned() };
            let length = usize::try_from(length).map_err(|_| mismatch())?;
            // SAFETY: so many bytes are there, as the caller promises.
            data.extend_from_slice(unsafe { std::slice::from_raw_parts(start.add(row * stride), length) });
        }
        offsets.push(i32::try_from(data.len()).map_err(|_| mismatch())?);
    }
    Bytes::from_parts(offsets, data).ok_or_else(mismatch)
}

#[cfg(test)]
mod tests {
    use std::ptr::null_mut;

    use super::*;

    fn multi<T>(data_type: DataType, values: &mut [T], stride: usize, num: c_int) -> TAOS_MULTI_BIND {
        TAOS_MULTI_BIND {
            buffer_type: data_type.code().into(),
            buffer: values.as_mut_ptr().cast(),
            buffer_length: stride,
            length: null_mut(),
            is_null: null_mut(),
            num,
        }
    }

    fn read_column(bind: &TAOS_MULTI_BIND, expected: DataType) -> Result<Column> {
        // SAFETY: the tests keep what the pointers lead to.
        unsafe { column(bind, expected) }
    }

    #[test]
    fn numbers_with_flags_and_values_for_null() {
        let mut numbers = [1_i32, 2, i32::MIN, 4];
        let mut flags = [0, 1, 0, 0];
        let mut bind = multi(DataType::Int, &mut numbers, 4, 4);
        bind.is_null = flags.as_mut_ptr();
        let column = read_column(&bind, DataType::Int).unwrap();
        let values: Vec<Value> = (0..4).map(|row| column.value(row)).collect();
        assert_eq!(values, [Value::Int(1), Value::Null, Value::Null, Value::Int(4)]);
        assert_eq!(column.values(), &Values::I32(vec![1, 0, 0, 4]));
        bind.buffer_type = 0;
        assert_eq!(read_column(&bind, DataType::Int).unwrap().null_count(), 4);
        let mut floats = [1.5_f32, f32::from_bits(0x7ff0_0000), f32::NAN];
        let bind = multi(DataType::Float, &mut floats, 4, 3);
        assert_eq!(read_column(&bind, DataType::Float).unwrap().null_count(), 1);
    }

    #[test]
    fn the_stride_is_the_distance_of_any_values() {
        let mut bytes: Vec<u8> = (0..33).collect();
        let mut bind = multi(DataType::USmallInt, &mut bytes, 8, 4);
        bind.buffer = bind.buffer.wrapping_byte_add(1);
        #[cfg(target_pointer_width = "64")]
        {
            bind.buffer_length |= 0xdead << 32;
        }
        let expected = [1_u8, 9, 17, 25].map(|low| u16::from_ne_bytes([low, low + 1]));
        let column = read_column(&bind, DataType::USmallInt).unwrap();
        assert_eq!(column.values(), &Values::U16(expected.to_vec()));
        bind.buffer_length = 0;
        let same = read_column(&bind, DataType::USmallInt).unwrap();
        assert_eq!(same.values(), &Values::U16(vec![expected[0]; 4]));
    }

    #[test]
    fn strings_have_lengths() {
        let mut texts = *b"ab  cde     ";
        let mut lengths = [2, 3, -1];
        let mut bind = multi(DataType::Binary, &mut texts, 4, 2);
        assert!(read_column(&bind, DataType::Binary).is_err());
        bind.length = lengths.as_mut_ptr();
        let column = read_column(&bind, DataType::Binary).unwrap();
        assert_eq!((column.value(0), column.value(1)), (Value::text("ab"), Value::text("cde")));
        assert!(read_column(&bind, DataType::NChar).is_err());
        bind.num = 3;
        assert!(read_column(&bind, DataType::Binary).is_err());
        let mut flags = [0, 0, 1];
        bind.is_null = flags.as_mut_ptr();
        assert_eq!(read_column(&bind, DataType::Binary).unwrap().value(2), Value::Null);
    }

    #[test]
    fn what_is_missing_or_impossible_is_an_error() {
        let mut numbers = [1_i64];
        for num in [-1, 0, MOST_ROWS + 1] {
            assert!(read_column(&multi(DataType::BigInt, &mut numbers, 8, num), DataType::BigInt).is_err());
        }
        let mut bind = multi(DataType::BigInt, &mut numbers, 8, 1);
        assert!(read_column(&bind, DataType::Timestamp).is_err());
        bind.buffer_type = 99;
        assert!(read_column(&bind, DataType::BigInt).is_err());
        bind.buffer_type = -1;
        assert!(read_column(&bind, DataType::BigInt).is_err());
        bind.buffer_type = DataType::BigInt.code().into();
        bind.buffer = null_mut();
        assert!(read_column(&bind, DataType::BigInt).is_err());
        // SAFETY: NULL is allowed.
        unsafe {
            assert!(column(std::ptr::null(), DataType::Int).is_err());
            assert!(values(std::ptr::null(), 1).is_err());
            assert_eq!(values(std::ptr::null(), 0), Ok(Vec::new()));
        }
    }
}
