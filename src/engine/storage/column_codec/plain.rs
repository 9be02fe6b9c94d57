//! Columns as plain bytes, as the write-ahead log has them.
//!
//! ```text
//! column   = presence u8, [bitmap], values
//! presence = 0: no value is NULL
//!            1: the bitmap follows, one bit a row, set where there is a value, least significant first
//! values   = BOOL: one bit a row as in the bitmap
//!            numbers and timestamps: each in its width
//!            strings: length u32 for each row, then all of them end to end
//! ```
//!
//! A NULL has some value among the values too, zero or empty, so that a column never claims more rows than
//! its bytes bear out; columns that are NULL in every row are left out by those who write. All numbers are
//! little-endian.

use crate::engine::storage::codec::{ByteReader, Malformed};
use crate::types::{Bitmap, Bytes, Column, DataType, Values};

const ALL_PRESENT: u8 = 0;
const SOME_NULL: u8 = 1;

/// Appends a column to `out`.
pub(in super::super) fn encode(column: &Column, out: &mut Vec<u8>) {
    match column.validity() {
        None => out.push(ALL_PRESENT),
        Some(bits) => {
            out.push(SOME_NULL);
            out.extend_from_slice(bits.as_bytes());
        }
    }
    encode_values(column.values(), out);
}

/// Appends the values of a column, those under NULL too.
pub(super) fn encode_values(values: &Values, out: &mut Vec<u8>) {
    macro_rules! numbers {
        ($vector:expr, $number:ty) => {{
            const WIDTH: usize = size_of::<$number>();
            let start = out.len();
            out.resize(start + $vector.len() * WIDTH, 0);
            let places = out[start..].chunks_exact_mut(WIDTH);
            places.zip($vector).for_each(|(place, value)| place.copy_from_slice(&value.to_le_bytes()));
        }};
    }
    match values {
        Values::Bool(v) => out.extend_from_slice(v.as_bytes()),
        Values::I8(v) => numbers!(v, i8),
        Values::I16(v) => numbers!(v, i16),
        Values::I32(v) => numbers!(v, i32),
        Values::I64(v) => numbers!(v, i64),
        Values::U8(v) => numbers!(v, u8),
        Values::U16(v) => numbers!(v, u16),
        Values::U32(v) => numbers!(v, u32),
        Values::U64(v) => numbers!(v, u64),
        Values::F32(v) => numbers!(v, f32),
        Values::F64(v) => numbers!(v, f64),
        Values::Bytes(v) => {
            v.offsets().windows(2).for_each(|pair| out.extend_from_slice(&(pair[1] - pair[0]).to_le_bytes()));
            out.extend_from_slice(v.data());
        }
    }
}

/// Reads a column of so many rows.
pub(in super::super) fn decode(
    data_type: DataType,
    rows: usize,
    from: &mut ByteReader<'_>,
) -> Result<Column, Malformed> {
    let validity = match from.u8()? {
        ALL_PRESENT => None,
        SOME_NULL => Some(decode_bits(rows, from)?),
        _ => return Err(Malformed("tells the NULLs of a column in an unknown way")),
    };
    let values = decode_values(data_type, rows, from)?;
    Column::from_values(data_type, values, validity)
        .ok_or(Malformed("has a column that does not fit its type"))
}

fn decode_bits(rows: usize, from: &mut ByteReader<'_>) -> Result<Bitmap, Malformed> {
    Bitmap::from_bytes(from.take(rows.div_ceil(8))?, rows).ok_or(Malformed("ends too early"))
}

/// Reads so many values.
pub(super) fn decode_values(
    data_type: DataType,
    rows: usize,
    from: &mut ByteReader<'_>,
) -> Result<Values, Malformed> {
    macro_rules! numbers {
        ($number:ty) => {{
            let width = size_of::<$number>();
            let bytes = from.take(rows.checked_mul(width).ok_or(Malformed("counts more than follows"))?)?;
            let each = bytes.chunks_exact(width);
            each.map(|bytes| <$number>::from_le_bytes(bytes.try_into().unwrap_or_default())).collect()
        }};
    }
    Ok(match data_type {
        DataType::Bool => Values::Bool(decode_bits(rows, from)?),
        DataType::TinyInt => Values::I8(numbers!(i8)),
        DataType::SmallInt => Values::I16(numbers!(i16)),
        DataType::Int => Values::I32(numbers!(i32)),
        DataType::BigInt | DataType::Timestamp => Values::I64(numbers!(i64)),
        DataType::UTinyInt => Values::U8(numbers!(u8)),
        DataType::USmallInt => Values::U16(numbers!(u16)),
        DataType::UInt => Values::U32(numbers!(u32)),
        DataType::UBigInt => Values::U64(numbers!(u64)),
        DataType::Float => Values::F32(numbers!(f32)),
        DataType::Double => Values::F64(numbers!(f64)),
        DataType::Binary | DataType::NChar | DataType::Json => {
            let lengths: Vec<u32> = numbers!(u32);
            Values::Bytes(decode_strings(&lengths, from)?)
        }
    })
}

fn decode_strings(lengths: &[u32], from: &mut ByteReader<'_>) -> Result<Bytes, Malformed> {
    const TOO_LONG: Malformed = Malformed("has strings of more than 2 GiB in one column");
    let mut offsets = Vec::with_capacity(lengths.len() + 1);
    let mut end = 0_i32;
    offsets.push(end);
    for &length in lengths {
        end = end.checked_add_unsigned(length).ok_or(TOO_LONG)?;
        offsets.push(end);
    }
    let data = from.take(usize::try_from(end).map_err(|_| TOO_LONG)?)?;
    Bytes::from_parts(offsets, data.to_vec()).ok_or(TOO_LONG)
}
