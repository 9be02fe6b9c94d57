//! What is known of the values of a column without reading them.

use super::codec::{ByteReader, Malformed};
use crate::types::{Column, DataType, Value, Values};

/// Count, extremes and sum of some values of one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// How many are not NULL.
    pub count: u64,
    /// The least of them; NULL when there is none or it is not known: of BOOL, of strings, and of floating
    /// point values when one is not a number.
    pub min: Value,
    /// The greatest of them; NULL as `min`.
    pub max: Value,
    /// Their sum, of integers exact, of floating point values rounded in some order; NULL when there is none
    /// or it is not known: of BOOL, TIMESTAMP, of strings, and when a sum of integers passes 64 bits.
    pub sum: Value,
}

/// Bytes of statistics on disk.
pub(super) const ENCODED: usize = 1 + 4 + 3 * 8;

const HAS_EXTREMES: u8 = 1;
const HAS_SUM: u8 = 2;

impl Statistics {
    /// Of no values.
    pub fn none() -> Statistics {
        Statistics { count: 0, min: Value::Null, max: Value::Null, sum: Value::Null }
    }

    /// Of all values of a column.
    pub fn of(column: &Column) -> Statistics {
        let rows = || (0..column.len()).filter(|&row| !column.is_null(row));
        macro_rules! integers {
            ($vector:expr, $wide:ty, $value:path) => {
                Statistics {
                    count: rows().count() as u64,
                    min: rows().map(|row| $vector[row]).min().map_or(Value::Null, |v| $value(v.into())),
                    max: rows().map(|row| $vector[row]).max().map_or(Value::Null, |v| $value(v.into())),
                    sum: rows()
                        .try_fold(0, |sum: $wide, row| sum.checked_add($vector[row].into()))
                        .map_or(Value::Null, $value),
                }
            };
        }
        let mut statistics = match column.values() {
            Values::I8(v) => integers!(v, i64, Value::Int),
            Values::I16(v) => integers!(v, i64, Value::Int),
            Values::I32(v) => integers!(v, i64, Value::Int),
            Values::I64(v) => integers!(v, i64, Value::Int),
            Values::U8(v) => integers!(v, u64, Value::UInt),
            Values::U16(v) => integers!(v, u64, Value::UInt),
            Values::U32(v) => integers!(v, u64, Value::UInt),
            Values::U64(v) => integers!(v, u64, Value::UInt),
            Values::F32(v) => of_floats(rows().map(|row| v[row].into())),
            Values::F64(v) => of_floats(rows().map(|row| v[row])),
            Values::Bool(_) | Values::Bytes(_) => {
                Statistics { count: rows().count() as u64, ..Statistics::none() }
            }
        };
        if statistics.count == 0 || column.data_type() == DataType::Timestamp {
            statistics.sum = Value::Null;
        }
        statistics
    }

    /// Adds other values of the same column.
    pub fn add(&mut self, other: &Statistics) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = other.clone();
            return;
        }
        self.count += other.count;
        self.min = both(&self.min, &other.min, i64::min, u64::min, f64::min);
        self.max = both(&self.max, &other.max, i64::max, u64::max, f64::max);
        self.sum = match (&self.sum, &other.sum) {
            (Value::Int(a), Value::Int(b)) => a.checked_add(*b).map_or(Value::Null, Value::Int),
            (Value::UInt(a), Value::UInt(b)) => a.checked_add(*b).map_or(Value::Null, Value::UInt),
            (Value::Float(a), Value::Float(b)) => Value::Float(a + b),
            _ => Value::Null,
        };
    }

    /// Appends `flags u8, count u32, min, max, sum`; the last three 8 bytes each, zero where not known.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        let mut flags = 0;
        if !self.min.is_null() {
            flags |= HAS_EXTREMES;
        }
        if !self.sum.is_null() {
            flags |= HAS_SUM;
        }
        out.push(flags);
        out.extend_from_slice(&(self.count as u32).to_le_bytes());
        for value in [&self.min, &self.max, &self.sum] {
            out.extend_from_slice(&match value {
                Value::Int(v) => v.to_le_bytes(),
                Value::UInt(v) => v.to_le_bytes(),
                Value::Float(v) => v.to_le_bytes(),
                Value::Null | Value::Bool(_) | Value::Bytes(_) => [0; 8],
            });
        }
    }

    /// Reads what [`Statistics::encode`] wrote for a column of that type.
    pub(super) fn decode(data_type: DataType, from: &mut ByteReader<'_>) -> Result<Statistics, Malformed> {
        let flags = from.u8()?;
        let count = from.u32()?.into();
        let mut value = |known: u8| {
            let bytes = from.array()?;
            Ok(match data_type {
                _ if flags & known == 0 => Value::Null,
                DataType::Bool | DataType::Binary | DataType::NChar | DataType::Json => Value::Null,
                t if t.is_float() => Value::Float(f64::from_le_bytes(bytes)),
                t if t.is_unsigned_integer() => Value::UInt(u64::from_le_bytes(bytes)),
                _ => Value::Int(i64::from_le_bytes(bytes)),
            })
        };
        Ok(Statistics { count, min: value(HAS_EXTREMES)?, max: value(HAS_EXTREMES)?, sum: value(HAS_SUM)? })
    }
}

fn of_floats(values: impl Iterator<Item = f64>) -> Statistics {
    let (mut count, mut min, mut max, mut sum) = (0, f64::INFINITY, f64::NEG_INFINITY, 0.0);
    let mut comparable = true;
    for value in values {
        count += 1;
        min = min.min(value);
        max = max.max(value);
        sum += value;
        comparable &= !value.is_nan();
    }
    let known = |value, known: bool| if known { Value::Float(value) } else { Value::Null };
    let extremes = comparable && count > 0;
    Statistics { count, min: known(min, extremes), max: known(max, extremes), sum: known(sum, count > 0) }
}

fn both(
    a: &Value,
    b: &Value,
    int: fn(i64, i64) -> i64,
    uint: fn(u64, u64) -> u64,
    float: fn(f64, f64) -> f64,
) -> Value {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Value::Int(int(*a, *b)),
        (Value::UInt(a), Value::UInt(b)) => Value::UInt(uint(*a, *b)),
        (Value::Float(a), Value::Float(b)) => Value::Float(float(*a, *b)),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::storage::testing::{Random, random_column};

    #[test]
    fn two_halves_make_the_whole_and_survive_the_disk() {
        let mut random = Random::new(3);
        for data_type in DataType::ALL {
            let column = random_column(&mut random, data_type, 100, 30);
            let whole = Statistics::of(&column);
            let mut halves = Statistics::of(&column.slice(0, 40));
            halves.add(&Statistics::of(&column.slice(40, 60)));
            // Sums of floating point values depend on the order.
            if !data_type.is_float() {
                assert_eq!(halves, whole, "{data_type:?}");
            }
            assert_eq!((halves.count, &halves.min, &halves.max), (whole.count, &whole.min, &whole.max));

            let mut bytes = Vec::new();
            whole.encode(&mut bytes);
            assert_eq!(bytes.len(), ENCODED);
            assert_eq!(Statistics::decode(data_type, &mut ByteReader::new(&bytes)).unwrap(), whole);
        }
    }

    #[test]
    fn what_can_not_be_known_is_null() {
        let large = Column::from_values(DataType::BigInt, Values::I64(vec![i64::MAX, 1]), None).unwrap();
        let large = Statistics::of(&large);
        assert_eq!((large.sum, large.max), (Value::Null, Value::Int(i64::MAX)));
        let odd = Column::from_values(DataType::Double, Values::F64(vec![1.0, f64::NAN]), None).unwrap();
        assert_eq!(Statistics::of(&odd).min, Value::Null);
    }
}
