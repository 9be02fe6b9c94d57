//! Columns as bytes: plain, as the write-ahead log has them, and in chunks of a segment file.
//!
//! ```text
//! chunk    = presence u8, [bytes: the bitmap], codec u8, values
//! presence = 0: no value is NULL; 1: the bitmap follows, as in a plain column
//! codec    = 0: the values of a plain column
//!            1: the same as bytes (BOOL: the bitmap)
//!            2: integers; of FLOAT and DOUBLE their bits, those of negative values but the sign flipped
//!            3: decimals, for FLOAT and DOUBLE
//!            4: strings
//!            5: dictionary, for strings
//! ```
//!
//! `bytes`, `strings` and `dictionary` are in `strings`, `integers` and `decimals` in files of their own. Values
//! are those that are not NULL, without gaps. How many rows there are is known from outside; a damaged
//! chunk is never decoded to more.
//!
//! Which codec a chunk has is found out by trying: those of its type first, then LZ4 of the plain values
//! when they save less than half. Why not `pco`: see docs/format.md, and `benches/codec.rs` for the measurement.

mod decimals;
mod integers;
mod plain;
mod strings;

pub(super) use plain::{decode, encode};

use self::decimals::Real;
use super::codec::{ByteReader, Malformed};
use crate::types::{Bitmap, Bytes, Column, DataType, Values};

const ALL_PRESENT: u8 = 0;
const SOME_NULL: u8 = 1;

const PLAIN: u8 = 0;
const COMPRESSED: u8 = 1;
const INTEGERS: u8 = 2;
const DECIMALS: u8 = 3;
const STRINGS: u8 = 4;
const DICTIONARY: u8 = 5;

/// Appends a column as a chunk to `out`.
pub fn encode_chunk(column: &Column, out: &mut Vec<u8>) {
    match column.validity() {
        None => {
            out.push(ALL_PRESENT);
            encode_values(column.values(), out);
        }
        Some(bits) => {
            out.push(SOME_NULL);
            strings::encode_bytes(bits.as_bytes(), out);
            let present: Vec<usize> = (0..column.len()).filter(|&row| bits.get(row)).collect();
            encode_values(column.take(&present).values(), out);
        }
    }
}

fn encode_values(values: &Values, out: &mut Vec<u8>) {
    let start = out.len();
    encode_by_type(values, out);
    let plain_size = plain_size(values);
    let halved = (out.len() - start) * 2 <= plain_size;
    if halved || matches!(values, Values::Bool(_) | Values::Bytes(_)) {
        return;
    }
    let mut plain = Vec::with_capacity(plain_size);
    plain::encode_values(values, &mut plain);
    let mut other = vec![COMPRESSED];
    strings::encode_bytes(&plain, &mut other);
    if plain.len() < other.len() {
        other.clear();
        other.push(PLAIN);
        other.append(&mut plain);
    }
    if other.len() < out.len() - start {
        out.truncate(start);
        out.append(&mut other);
    }
}

/// Bytes of numbers in their width.
fn plain_size(values: &Values) -> usize {
    let width = match values {
        Values::Bool(_) | Values::Bytes(_) => 0,
        Values::I8(_) | Values::U8(_) => 1,
        Values::I16(_) | Values::U16(_) => 2,
        Values::I32(_) | Values::U32(_) | Values::F32(_) => 4,
        Values::I64(_) | Values::U64(_) | Values::F64(_) => 8,
    };
    values.len() * width
}

fn encode_by_type(values: &Values, out: &mut Vec<u8>) {
    macro_rules! integers {
        ($vector:expr) => {{
            let values: Vec<i64> = $vector.iter().map(|&value| value as i64).collect();
            out.push(INTEGERS);
            integers::encode(&values, out);
        }};
    }
    match values {
        Values::Bool(v) => {
            out.push(COMPRESSED);
            strings::encode_bytes(v.as_bytes(), out);
        }
        Values::I8(v) => integers!(v),
        Values::I16(v) => integers!(v),
        Values::I32(v) => integers!(v),
        Values::I64(v) => {
            out.push(INTEGERS);
            integers::encode(v, out);
        }
        Values::U8(v) => integers!(v),
        Values::U16(v) => integers!(v),
        Values::U32(v) => integers!(v),
        Values::U64(v) => integers!(v),
        Values::F32(v) => encode_reals(v, out),
        Values::F64(v) => encode_reals(v, out),
        Values::Bytes(v) => encode_strings(v, out),
    }
}

fn encode_reals<T: Real>(values: &[T], out: &mut Vec<u8>) {
    let start = out.len();
    out.push(DECIMALS);
    if decimals::encode(values, out) && (out.len() - start) * 2 <= size_of_val(values) {
        return;
    }
    let as_decimals = out.split_off(start);
    out.push(INTEGERS);
    let ordered: Vec<i64> = values.iter().map(|value| value.to_ordered()).collect();
    integers::encode(&ordered, out);
    if as_decimals.len() > 1 && as_decimals.len() < out.len() - start {
        out.truncate(start);
        out.extend_from_slice(&as_decimals);
    }
}

fn encode_strings(values: &Bytes, out: &mut Vec<u8>) {
    let start = out.len();
    out.push(DICTIONARY);
    if !strings::encode_dictionary(values, out) {
        out.truncate(start);
        out.push(STRINGS);
        strings::encode(values, out);
    }
}

/// Reads a chunk, all of it, as a column of so many rows.
pub fn decode_chunk(data_type: DataType, rows: usize, chunk: &[u8]) -> Result<Column, Malformed> {
    let mut from = ByteReader::new(chunk);
    let validity = match from.u8()? {
        ALL_PRESENT => None,
        SOME_NULL => {
            let bytes = strings::decode_bytes(&mut from)?;
            Some(bitmap(&bytes, rows)?)
        }
        _ => return Err(Malformed("tells the NULLs of a column in an unknown way")),
    };
    let present = validity.as_ref().map_or(rows, Bitmap::count_ones);
    let values = decode_values(data_type, present, &mut from)?;
    from.finish()?;
    let values = match &validity {
        Some(bits) => spread(values, bits),
        None => values,
    };
    Column::from_values(data_type, values, validity)
        .ok_or(Malformed("has a column that does not fit its type"))
}

fn bitmap(bytes: &[u8], rows: usize) -> Result<Bitmap, Malformed> {
    const WRONG: Malformed = Malformed("has a bitmap that is not as long as its rows");
    if bytes.len() != rows.div_ceil(8) {
        return Err(WRONG);
    }
    Bitmap::from_bytes(bytes, rows).ok_or(WRONG)
}

fn decode_values(data_type: DataType, count: usize, from: &mut ByteReader<'_>) -> Result<Values, Malformed> {
    match from.u8()? {
        PLAIN => plain::decode_values(data_type, count, from),
        COMPRESSED => {
            let bytes = strings::decode_bytes(from)?;
            let mut inside = ByteReader::new(&bytes);
            let values = plain::decode_values(data_type, count, &mut inside)?;
            inside.finish()?;
            Ok(values)
        }
        INTEGERS => decode_integers(data_type, count, from),
        DECIMALS if data_type == DataType::Float => Ok(Values::F32(decimals::decode(count, from)?)),
        DECIMALS if data_type == DataType::Double => Ok(Values::F64(decimals::decode(count, from)?)),
        STRINGS if data_type.is_var_len() => Ok(Values::Bytes(strings::decode(count, from)?)),
        DICTIONARY if data_type.is_var_len() => Ok(Values::Bytes(strings::decode_dictionary(count, from)?)),
        DECIMALS | STRINGS | DICTIONARY => Err(Malformed("has a chunk of a codec that is not for its type")),
        _ => Err(Malformed("has a chunk of a codec that this library does not know")),
    }
}

fn decode_integers(
    data_type: DataType,
    count: usize,
    from: &mut ByteReader<'_>,
) -> Result<Values, Malformed> {
    macro_rules! integers {
        ($number:ty) => {
            integers::decode(count, from, |value| value as $number)?
        };
    }
    Ok(match data_type {
        DataType::TinyInt => Values::I8(integers!(i8)),
        DataType::SmallInt => Values::I16(integers!(i16)),
        DataType::Int => Values::I32(integers!(i32)),
        DataType::BigInt | DataType::Timestamp => Values::I64(integers!(i64)),
        DataType::UTinyInt => Values::U8(integers!(u8)),
        DataType::USmallInt => Values::U16(integers!(u16)),
        DataType::UInt => Values::U32(integers!(u32)),
        DataType::UBigInt => Values::U64(integers!(u64)),
        DataType::Float => Values::F32(integers::decode(count, from, f32::from_ordered)?),
        DataType::Double => Values::F64(integers::decode(count, from, f64::from_ordered)?),
        DataType::Bool | DataType::Binary | DataType::NChar | DataType::Json => {
            return Err(Malformed("has a chunk of a codec that is not for its type"));
        }
    })
}

/// Puts values where bits are set, with zeros and empty strings between them.
fn spread(values: Values, bits: &Bitmap) -> Values {
    macro_rules! spread {
        ($kind:path, $vector:expr) => {{
            let mut present = $vector.into_iter();
            $kind(
                bits.iter()
                    .map(|bit| if bit { present.next().unwrap_or_default() } else { Default::default() })
                    .collect(),
            )
        }};
    }
    match values {
        Values::Bool(v) => {
            let mut present = v.iter();
            Values::Bool(bits.iter().map(|bit| bit && present.next().unwrap_or_default()).collect())
        }
        Values::I8(v) => spread!(Values::I8, v),
        Values::I16(v) => spread!(Values::I16, v),
        Values::I32(v) => spread!(Values::I32, v),
        Values::I64(v) => spread!(Values::I64, v),
        Values::U8(v) => spread!(Values::U8, v),
        Values::U16(v) => spread!(Values::U16, v),
        Values::U32(v) => spread!(Values::U32, v),
        Values::U64(v) => spread!(Values::U64, v),
        Values::F32(v) => spread!(Values::F32, v),
        Values::F64(v) => spread!(Values::F64, v),
        Values::Bytes(v) => {
            let mut spread = Bytes::default();
            let mut present = v.iter();
            bits.iter()
                .for_each(|bit| spread.push(if bit { present.next().unwrap_or_default() } else { &[] }));
            Values::Bytes(spread)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::storage::testing::{Random, random_column};
    use crate::types::Value;

    fn chunk(column: &Column) -> Vec<u8> {
        let mut chunk = Vec::new();
        encode_chunk(column, &mut chunk);
        chunk
    }

    fn round_trip(column: &Column) {
        let chunk = chunk(column);
        assert_eq!(&decode_chunk(column.data_type(), column.len(), &chunk).unwrap(), column);
        assert!(decode_chunk(column.data_type(), column.len() + 64, &chunk).is_err());
    }

    #[test]
    fn columns_of_every_type_survive() {
        let mut random = Random::new(1);
        for data_type in DataType::ALL {
            for rows in [0, 1, 7, 8, 9, 1000] {
                for nulls in [0, 50, 97] {
                    round_trip(&random_column(&mut random, data_type, rows, nulls));
                }
            }
            round_trip(&Column::repeat(data_type, &Value::Null, 100));
        }
    }

    #[test]
    fn columns_get_as_small_as_what_they_say() {
        let size = |column: &Column| chunk(column).len();
        assert!(size(&Column::timestamps((0..4096).map(|row| row * 1000).collect())) < 40);
        assert!(size(&Column::repeat(DataType::Bool, &Value::Bool(true), 4096)) < 20);
        assert!(size(&Column::repeat(DataType::NChar, &Value::text("on"), 4096)) < 50);
        let mut random = Random::new(9);
        let mut sparse = Column::new(DataType::Int);
        (0..4096).for_each(|row| {
            if row % 64 == 0 {
                sparse.push(&Value::Int(random.below(256) as i64))
            } else {
                sparse.push_null()
            }
        });
        assert!(size(&sparse) < 130, "{}", size(&sparse));
        // Few values, none of them decimal, are found by LZ4.
        let few: Vec<f64> = (0..4096).map(|row| [1.0 / 3.0, 1e200, -7e-9, 0.1 + 0.2][row % 4]).collect();
        assert!(size(&Column::from_values(DataType::Double, Values::F64(few), None).unwrap()) < 400);
    }

    #[test]
    fn any_bytes_are_an_error_and_no_panic() {
        let mut random = Random::new(2);
        for data_type in DataType::ALL {
            let good = chunk(&random_column(&mut random, data_type, 100, 20));
            for _ in 0..2000 {
                let mut broken = good.clone();
                broken.truncate(random.below(good.len() as u64 + 1) as usize);
                for _ in 0..random.below(4) {
                    if let Some(at) = random.below(broken.len() as u64 + 1).checked_sub(1) {
                        broken[at as usize] = random.next() as u8;
                    }
                }
                let _ = decode_chunk(data_type, 100, &broken);
                // Every codec with these bytes, also those that this type never has.
                broken.splice(..broken.len().min(2), [ALL_PRESENT, random.below(7) as u8]);
                let _ = decode_chunk(data_type, 100, &broken);
            }
        }
    }
}
