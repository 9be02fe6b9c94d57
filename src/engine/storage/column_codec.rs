//! Columns as bytes: plain, as the write-ahead log has them, and in chunks of a segment file.
//!
//! ```text
//! column   = presence u8, [bitmap], values
//! presence = 0: no value is NULL
//!            1: the bitmap follows, one bit a row, set where there is a value, least significant first
//! values   = BOOL: one bit a row as in the bitmap
//!            numbers and timestamps: each in its width
//!            strings: length u32 for each row, then all of them end to end
//! chunk    = codec u8, then
//!            0: the column
//!            1: length of the column in bytes u32, the column as an LZ4 block
//! ```
//!
//! A NULL has some value among the values too, zero or empty, so that a column never claims more rows than
//! its bytes bear out; columns that are NULL in every row are left out by those who write. All numbers are
//! little-endian.

use super::codec::{ByteReader, Malformed};
use crate::types::{Bitmap, Bytes, Column, DataType, Values};

const ALL_PRESENT: u8 = 0;
const SOME_NULL: u8 = 1;

const PLAIN: u8 = 0;
const LZ4: u8 = 1;

/// LZ4 can not make less than one byte of 255.
const LZ4_LARGEST_RATIO: usize = 255;

/// Appends a column to `out`.
pub(super) fn encode(column: &Column, out: &mut Vec<u8>) {
    match column.validity() {
        None => out.push(ALL_PRESENT),
        Some(bits) => {
            out.push(SOME_NULL);
            out.extend_from_slice(bits.as_bytes());
        }
    }
    encode_values(column.values(), out);
}

fn encode_values(values: &Values, out: &mut Vec<u8>) {
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
pub(super) fn decode(
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

fn decode_values(data_type: DataType, rows: usize, from: &mut ByteReader<'_>) -> Result<Values, Malformed> {
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

/// Appends a column as a chunk to `out`, compressed where that makes it smaller.
pub(super) fn encode_chunk(column: &Column, out: &mut Vec<u8>) {
    let start = out.len();
    out.push(PLAIN);
    encode(column, out);
    let plain = &out[start + 1..];
    let Ok(length) = u32::try_from(plain.len()) else {
        return;
    };
    let packed = lz4_flex::block::compress(plain);
    if packed.len() + size_of::<u32>() < plain.len() {
        out.truncate(start);
        out.push(LZ4);
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&packed);
    }
}

/// Reads a chunk, all of it, as a column of so many rows.
pub(super) fn decode_chunk(data_type: DataType, rows: usize, chunk: &[u8]) -> Result<Column, Malformed> {
    let mut from = ByteReader::new(chunk);
    match from.u8()? {
        PLAIN => decode_whole(data_type, rows, from.rest()),
        LZ4 => {
            let length = from.u32()? as usize;
            let packed = from.rest();
            if length / LZ4_LARGEST_RATIO > packed.len() {
                return Err(Malformed("has a chunk that says it is larger than it can be"));
            }
            let plain = lz4_flex::block::decompress(packed, length)
                .map_err(|_| Malformed("has a chunk that does not decompress"))?;
            decode_whole(data_type, rows, &plain)
        }
        _ => Err(Malformed("has a chunk of a codec that this library does not know")),
    }
}

fn decode_whole(data_type: DataType, rows: usize, bytes: &[u8]) -> Result<Column, Malformed> {
    let mut from = ByteReader::new(bytes);
    let column = decode(data_type, rows, &mut from)?;
    from.finish()?;
    Ok(column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::storage::testing::{Random, random_column};

    fn round_trip(column: &Column) {
        let mut chunk = Vec::new();
        encode_chunk(column, &mut chunk);
        assert_eq!(&decode_chunk(column.data_type(), column.len(), &chunk).unwrap(), column);
        assert!(decode_chunk(column.data_type(), column.len() + 64, &chunk).is_err());
    }

    #[test]
    fn columns_of_every_type_survive() {
        let mut random = Random::new(1);
        for data_type in DataType::ALL {
            for rows in [0, 1, 7, 8, 9, 1000] {
                for nulls in [0, 50] {
                    round_trip(&random_column(&mut random, data_type, rows, nulls));
                }
            }
        }
    }

    #[test]
    fn what_repeats_gets_smaller() {
        let mut chunk = Vec::new();
        encode_chunk(&Column::timestamps(vec![7; 1000]), &mut chunk);
        assert!(chunk.len() < 200, "{}", chunk.len());
    }

    #[test]
    fn any_bytes_are_an_error_and_no_panic() {
        let mut random = Random::new(2);
        for data_type in DataType::ALL {
            let mut chunk = Vec::new();
            encode_chunk(&random_column(&mut random, data_type, 100, 20), &mut chunk);
            for _ in 0..2000 {
                let mut broken = chunk.clone();
                broken.truncate(random.below(chunk.len() as u64 + 1) as usize);
                for _ in 0..random.below(4) {
                    if let Some(at) = random.below(broken.len() as u64 + 1).checked_sub(1) {
                        broken[at as usize] = random.next() as u8;
                    }
                }
                let _ = decode_chunk(data_type, 100, &broken);
            }
        }
    }
}
