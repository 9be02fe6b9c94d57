//! The bytes that catalog records are made of: numbers of variable length, strings, tag values.
//!
//! An unsigned number is written seven bits a byte, low bits first, the high bit set on all bytes but
//! the last (LEB128). A signed one is folded first (zigzag), so that small negative numbers stay short.
//! The reader takes any bytes: whatever does not fit is an error.

use crate::error::{Error, Result, codes};
use crate::types::Value;

/// Appends to a record.
#[derive(Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(super) fn unsigned(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    pub(super) fn signed(&mut self, number: i64) {
        self.unsigned((number << 1 ^ number >> 63) as u64);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.unsigned(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub(super) fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.byte(0),
            Value::Bool(false) => self.byte(1),
            Value::Bool(true) => self.byte(2),
            Value::Int(number) => {
                self.byte(3);
                self.signed(*number);
            }
            Value::UInt(number) => {
                self.byte(4);
                self.unsigned(*number);
            }
            Value::Float(number) => {
                self.byte(5);
                self.bytes.extend_from_slice(&number.to_le_bytes());
            }
            Value::Bytes(bytes) => {
                self.byte(6);
                self.bytes(bytes);
            }
        }
    }
}

/// Reads a record from its beginning.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(record: &'a [u8]) -> Reader<'a> {
        Reader { rest: record }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(|| corrupt("it ends too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    pub(super) fn unsigned(&mut self) -> Result<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                break;
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(corrupt("a number has more than 64 bits"))
    }

    pub(super) fn signed(&mut self) -> Result<i64> {
        let folded = self.unsigned()?;
        Ok((folded >> 1) as i64 ^ -((folded & 1) as i64))
    }

    /// A number of a narrower type.
    pub(super) fn number<T: TryFrom<u64>>(&mut self) -> Result<T> {
        T::try_from(self.unsigned()?).map_err(|_| corrupt("a number is too large"))
    }

    /// How many items follow. Each takes at least one byte, which bounds what may be allocated for them.
    pub(super) fn count(&mut self) -> Result<usize> {
        let count = self.number::<usize>()?;
        if count > self.rest.len() {
            return Err(corrupt("it ends too early"));
        }
        Ok(count)
    }

    pub(super) fn bytes(&mut self) -> Result<&'a [u8]> {
        let count = self.count()?;
        self.take(count)
    }

    pub(super) fn text(&mut self) -> Result<&'a str> {
        std::str::from_utf8(self.bytes()?).map_err(|_| corrupt("a name is not UTF-8"))
    }

    pub(super) fn value(&mut self) -> Result<Value> {
        Ok(match self.byte()? {
            0 => Value::Null,
            1 => Value::Bool(false),
            2 => Value::Bool(true),
            3 => Value::Int(self.signed()?),
            4 => Value::UInt(self.unsigned()?),
            5 => {
                let mut bytes = [0; 8];
                bytes.copy_from_slice(self.take(8)?);
                Value::Float(f64::from_le_bytes(bytes))
            }
            6 => Value::Bytes(self.bytes()?.into()),
            kind => return Err(corrupt(format_args!("it has a value of the unknown kind {kind}"))),
        })
    }
}

/// What is read of the catalog makes no sense.
pub(super) fn corrupt(what: impl std::fmt::Display) -> Error {
    Error::new(codes::COM_FILE_CORRUPTED, format!("a record of the catalog is damaged: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_values_go_there_and_back() {
        let numbers = [0, 1, -1, 63, -64, 64, i64::MAX, i64::MIN];
        let values = [
            Value::Null,
            Value::Bool(false),
            Value::Bool(true),
            Value::Int(i64::MIN),
            Value::UInt(u64::MAX),
            Value::Float(-0.1),
            Value::text("字"),
        ];
        let mut writer = Writer::default();
        numbers.iter().for_each(|&number| writer.signed(number));
        values.iter().for_each(|value| writer.value(value));
        let record = writer.into_bytes();
        let mut reader = Reader::new(&record);
        for number in numbers {
            assert_eq!(reader.signed().unwrap(), number);
        }
        for value in values {
            assert_eq!(reader.value().unwrap(), value);
        }
        assert!(reader.is_at_end());
    }

    #[test]
    fn numbers_beyond_64_bits_and_lengths_beyond_the_end_are_errors() {
        assert!(Reader::new(&[0xff; 11]).unsigned().is_err());
        assert!(
            Reader::new(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]).unsigned().is_err()
        );
        assert!(Reader::new(&[200, 1, b'x']).bytes().is_err());
        assert!(Reader::new(&[0x80]).unsigned().is_err());
        assert!(Reader::new(&[1, 0xff]).text().is_err());
    }
}
