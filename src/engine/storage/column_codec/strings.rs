//! Strings: each distinct one once where they repeat, otherwise all of them through LZ4.
//!
//! ```text
//! strings    = integers: the length of each; bytes: all of them end to end
//! dictionary = count of entries varint, the entries as strings, integers: the entry of each value
//! bytes      = length varint, form u8, then
//!              0: the bytes
//!              1: length of what follows varint, the bytes as an LZ4 block (without a frame)
//! ```

use std::collections::HashMap;

use super::integers;
use crate::engine::storage::codec::{ByteReader, Malformed, put_varint};
use crate::types::Bytes;

const PLAIN: u8 = 0;
const LZ4: u8 = 1;
/// LZ4 can not make less than one byte of 255.
const LZ4_LARGEST_RATIO: usize = 255;

/// Bytes that a dictionary may stand for, so that a damaged one asks for no more.
const MOST_EXPANDED: usize = 64 << 20;

const TOO_LONG: Malformed = Malformed("has strings of more than 2 GiB in one column");

/// Appends bytes, compressed where that makes them smaller.
pub(super) fn encode_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    put_varint(bytes.len() as u64, out);
    let packed = lz4_flex::block::compress(bytes);
    if packed.len() < bytes.len() {
        out.push(LZ4);
        put_varint(packed.len() as u64, out);
        out.extend_from_slice(&packed);
    } else {
        out.push(PLAIN);
        out.extend_from_slice(bytes);
    }
}

/// Reads what [`encode_bytes`] wrote.
pub(super) fn decode_bytes(from: &mut ByteReader<'_>) -> Result<Vec<u8>, Malformed> {
    let length = from.length()?;
    match from.u8()? {
        PLAIN => Ok(from.take(length)?.to_vec()),
        LZ4 => {
            let packed = from.length()?;
            let packed = from.take(packed)?;
            if length / LZ4_LARGEST_RATIO > packed.len() {
                return Err(Malformed("says that it is larger than it can be"));
            }
            let bytes = lz4_flex::block::decompress(packed, length);
            let bytes = bytes.map_err(|_| Malformed("has bytes that do not decompress"))?;
            if bytes.len() == length {
                Ok(bytes)
            } else {
                Err(Malformed("decompresses to less than it says"))
            }
        }
        _ => Err(Malformed("has bytes that are compressed in an unknown way")),
    }
}

/// Appends strings.
pub(super) fn encode(strings: &Bytes, out: &mut Vec<u8>) {
    let lengths: Vec<i64> = strings.offsets().windows(2).map(|pair| (pair[1] - pair[0]).into()).collect();
    integers::encode(&lengths, out);
    encode_bytes(strings.data(), out);
}

/// Reads so many strings.
pub(super) fn decode(count: usize, from: &mut ByteReader<'_>) -> Result<Bytes, Malformed> {
    let lengths = integers::decode(count, from, |length| length)?;
    let mut offsets = Vec::with_capacity(count + 1);
    let mut end = 0_i32;
    offsets.push(end);
    for length in lengths {
        let length = u32::try_from(length).map_err(|_| TOO_LONG)?;
        end = end.checked_add_unsigned(length).ok_or(TOO_LONG)?;
        offsets.push(end);
    }
    let data = decode_bytes(from)?;
    Bytes::from_parts(offsets, data).ok_or(Malformed("has strings that are not as long as it says"))
}

/// Appends strings as a dictionary and tells true; false, and nothing is appended, when few repeat.
pub(super) fn encode_dictionary(strings: &Bytes, out: &mut Vec<u8>) -> bool {
    let most = strings.len() / 2;
    if strings.data().len() > MOST_EXPANDED {
        return false;
    }
    let (mut entries, mut known) = (Bytes::default(), HashMap::new());
    let mut places = Vec::with_capacity(strings.len());
    for string in strings.iter() {
        let next = known.len();
        let place = *known.entry(string).or_insert(next);
        if place == next {
            if next == most {
                return false;
            }
            entries.push(string);
        }
        places.push(place as i64);
    }
    put_varint(entries.len() as u64, out);
    encode(&entries, out);
    integers::encode(&places, out);
    true
}

/// Reads so many strings of a dictionary.
pub(super) fn decode_dictionary(count: usize, from: &mut ByteReader<'_>) -> Result<Bytes, Malformed> {
    let entries = from.length()?;
    if entries > count {
        return Err(Malformed("has a dictionary with more entries than values"));
    }
    let entries = decode(entries, from)?;
    let places = integers::decode(count, from, |place| usize::try_from(place).unwrap_or(usize::MAX))?;
    let mut offsets = Vec::with_capacity(count + 1);
    let mut end = 0;
    offsets.push(0);
    for &place in &places {
        if place >= entries.len() {
            return Err(Malformed("names an entry that its dictionary does not have"));
        }
        end += entries.get(place).len();
        if end > MOST_EXPANDED {
            return Err(Malformed("has a dictionary for more bytes than there may be"));
        }
        offsets.push(end as i32);
    }
    let mut data = Vec::with_capacity(end);
    places.iter().for_each(|&place| data.extend_from_slice(entries.get(place)));
    Bytes::from_parts(offsets, data).ok_or(TOO_LONG)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::storage::testing::Random;

    fn strings(count: usize, each: impl Fn(usize) -> String) -> Bytes {
        let mut strings = Bytes::default();
        (0..count).for_each(|row| strings.push(each(row).as_bytes()));
        strings
    }

    #[test]
    fn few_distinct_strings_take_a_few_bits_each() {
        let mut random = Random::new(8);
        let rows: Vec<u64> = (0..4096).map(|_| random.below(8)).collect();
        let some = strings(4096, |row| format!("state number {}", rows[row]));
        let mut bytes = Vec::new();
        assert!(encode_dictionary(&some, &mut bytes));
        assert!(bytes.len() < 4096 * 3 / 8 + 150, "{}", bytes.len());
        let mut from = ByteReader::new(&bytes);
        assert_eq!(decode_dictionary(4096, &mut from).unwrap(), some);
        assert_eq!(from.finish(), Ok(()));
    }

    #[test]
    fn other_strings_survive() {
        for some in
            [strings(0, |_| String::new()), strings(1, |_| "one".into()), strings(999, |row| row.to_string())]
        {
            let mut bytes = Vec::new();
            assert!(!encode_dictionary(&some, &mut bytes) && bytes.is_empty() || some.is_empty());
            bytes.clear();
            encode(&some, &mut bytes);
            let mut from = ByteReader::new(&bytes);
            assert_eq!(decode(some.len(), &mut from).unwrap(), some);
        }
    }

    #[test]
    fn a_dictionary_does_not_grow_without_bound() {
        let mut bytes = vec![1];
        encode(&strings(1, |_| "x".repeat(1 << 16)), &mut bytes);
        integers::encode(&[0; 1 << 16], &mut bytes);
        assert!(bytes.len() < 2000);
        assert!(decode_dictionary(1 << 16, &mut ByteReader::new(&bytes)).is_err());
    }
}
