//! Floating point values that are decimal numbers of few digits, as sensors send them.
//!
//! ```text
//! decimals   = exponent u8, integers: each value times ten to that power
//!              integers: places of the values that are no such numbers, rising; none when there are none
//!              these values themselves, each in its width
//! value      = the integer divided by the power of ten, in binary64, then rounded to the type
//! ```
//!
//! Both the integer and the power are exact in binary64, so the division gives the number that a parser of
//! decimal text gives; a value that does not come out bit by bit (negative zero, infinity, what is not a
//! number, more digits) is stored apart, and its integer is the one before. (After Afroozeh, Kuffo, Boncz:
//! "ALP", SIGMOD 2024.)

use super::integers;
use crate::engine::storage::codec::{ByteReader, Malformed};

/// Powers of ten that a double has exactly.
const POWERS: [f64; 16] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
/// Integers from here on are not tried; below, [`round`] and [`to_f64`] work.
const LARGEST: f64 = (1_u64 << 51) as f64;
/// How many values decide on the exponent.
const SAMPLE: usize = 32;

/// FLOAT or DOUBLE.
pub(super) trait Real: Copy + Into<f64> {
    /// Bytes of a value.
    type Bytes: AsRef<[u8]>;
    /// The value nearest to a double.
    fn from_f64(value: f64) -> Self;
    /// Whether all bits are the same.
    fn is_same(self, other: Self) -> bool;
    /// The value in little-endian bytes.
    fn bytes(self) -> Self::Bytes;
    /// Reads a value.
    fn read(from: &mut ByteReader<'_>) -> Result<Self, Malformed>;
    /// The bits as an integer that orders as the values do.
    fn to_ordered(self) -> i64;
    /// The value of what [`Real::to_ordered`] gave.
    fn from_ordered(ordered: i64) -> Self;
}

macro_rules! real {
    ($float:ty, $signed:ty, $bits:ty, $width:literal) => {
        impl Real for $float {
            type Bytes = [u8; $width];
            #[inline]
            fn from_f64(value: f64) -> $float {
                value as $float
            }
            #[inline]
            fn is_same(self, other: $float) -> bool {
                self.to_bits() == other.to_bits()
            }
            fn bytes(self) -> [u8; $width] {
                self.to_le_bytes()
            }
            fn read(from: &mut ByteReader<'_>) -> Result<$float, Malformed> {
                Ok(<$float>::from_le_bytes(from.array()?))
            }
            #[inline]
            fn to_ordered(self) -> i64 {
                let bits = self.to_bits() as $signed;
                (bits ^ ((bits >> ($width * 8 - 1)) & <$signed>::MAX)).into()
            }
            #[inline]
            fn from_ordered(ordered: i64) -> $float {
                let bits = ordered as $signed;
                <$float>::from_bits((bits ^ ((bits >> ($width * 8 - 1)) & <$signed>::MAX)) as $bits)
            }
        }
    };
}
real!(f32, i32, u32, 4);
real!(f64, i64, u64, 8);

/// Appends values to `out` and tells true; false, and nothing is appended, when many are no such numbers.
pub(super) fn encode<T: Real>(values: &[T], out: &mut Vec<u8>) -> bool {
    let Some(exponent) = exponent(values) else {
        return false;
    };
    let power = POWERS[exponent];
    let mut integers = Vec::with_capacity(values.len());
    let (mut places, mut others) = (Vec::new(), Vec::new());
    let mut before = 0;
    for (place, &value) in values.iter().enumerate() {
        match integer(value, power) {
            Some(integer) => before = integer,
            None => {
                places.push(place as i64);
                others.push(value);
            }
        }
        integers.push(before);
    }
    out.push(exponent as u8);
    integers::encode(&integers, out);
    integers::encode(&places, out);
    others.iter().for_each(|value| out.extend_from_slice(value.bytes().as_ref()));
    true
}

/// The smallest power of ten that makes most of a sample integers; None when all leave more than a quarter.
fn exponent<T: Real>(values: &[T]) -> Option<usize> {
    let step = values.len().div_ceil(SAMPLE).max(1);
    let sample = || values.iter().step_by(step);
    let most_others = sample().count() / 4;
    let others = |exponent: usize| sample().filter(|v| integer(**v, POWERS[exponent]).is_none()).count();
    let best = (0..POWERS.len()).map(|exponent| (others(exponent), exponent)).min()?;
    (best.0 <= most_others).then_some(best.1)
}

/// The value as an integer of tens to the minus power; None unless it comes back as it was.
#[inline]
fn integer<T: Real>(value: T, power: f64) -> Option<i64> {
    let scaled = value.into() * power;
    if scaled.is_nan() || scaled.abs() >= LARGEST {
        return None;
    }
    let integer = round(scaled);
    T::from_f64(integer / power).is_same(value).then_some(integer as i64)
}

/// A number so large that the bits of its fraction count ones, up to 2^51 in both directions.
const ONES: f64 = 1.5 * (1_u64 << 52) as f64;

/// The nearest integer of a number below 2^51: two additions, where `f64::round` may be a call.
#[inline]
fn round(value: f64) -> f64 {
    value + ONES - ONES
}

/// An integer below 2^51 as a double: an addition each of integers and of doubles, where many machines have
/// no conversion of several at once. Larger ones, which nothing well encodes, come out as some number.
#[inline]
fn to_f64(integer: i64) -> f64 {
    f64::from_bits(ONES.to_bits().wrapping_add_signed(integer)) - ONES
}

/// Reads so many values.
pub(super) fn decode<T: Real>(count: usize, from: &mut ByteReader<'_>) -> Result<Vec<T>, Malformed> {
    let power = POWERS.get(usize::from(from.u8()?));
    let &power = power.ok_or(Malformed("has a power of ten that is too large"))?;
    let mut values = integers::decode(count, from, |integer| T::from_f64(to_f64(integer) / power))?;
    let others = from.clone().varint()?;
    if others > count as u64 {
        return Err(Malformed("has more exceptions than values"));
    }
    for place in integers::decode(others as usize, from, |place| place)? {
        let place = usize::try_from(place).ok().and_then(|place| values.get_mut(place));
        *place.ok_or(Malformed("has an exception outside of its values"))? = T::read(from)?;
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::storage::testing::Random;

    fn round_trip<T: Real>(values: &[T]) -> Option<usize> {
        let mut bytes = Vec::new();
        if !encode(values, &mut bytes) {
            return None;
        }
        let mut from = ByteReader::new(&bytes);
        let decoded: Vec<T> = decode(values.len(), &mut from).unwrap();
        assert_eq!(from.finish(), Ok(()));
        assert!(decoded.iter().zip(values).all(|(a, b)| a.is_same(*b)));
        Some(bytes.len())
    }

    #[test]
    fn decimals_take_the_bits_of_their_digits() {
        let mut random = Random::new(6);
        let floats: Vec<f32> =
            (0..4096).map(|_| format!("0.{}", 300 + random.below(100)).parse().unwrap()).collect();
        assert!(round_trip(&floats).unwrap() < 4096 * 7 / 8 + 50);
        let doubles: Vec<f64> = (0..4096).map(|_| (random.below(1 << 20) as f64 - 5e5) / 1e6).collect();
        assert!(round_trip(&doubles).unwrap() < 4096 * 20 / 8 + 50);
    }

    #[test]
    fn what_is_no_decimal_survives_beside_them() {
        let mut values = vec![1.25; 300];
        values[3] = -0.0;
        values[4] = f64::NAN;
        values[5] = f64::NEG_INFINITY;
        values[200] = f64::from_bits(0x7ff8_dead_beef_0001);
        values[201] = 1.0 / 3.0;
        values[202] = 1e300;
        values[203] = f64::MIN_POSITIVE / 2.0;
        assert!(round_trip(&values).unwrap() < 150);
        let mut random = Random::new(7);
        let noise: Vec<f64> = (0..100).map(|_| random.next() as f64 / 7e20).collect();
        assert_eq!(round_trip(&noise), None);
        assert!(round_trip::<f32>(&[]).is_some());
    }

    #[test]
    fn ordered_bits_order() {
        let rising = [f64::NEG_INFINITY, -1.5, -0.0, 0.0, 1e-300, 2.5, f64::INFINITY, f64::NAN];
        let ordered = rising.map(Real::to_ordered);
        assert!(ordered.is_sorted());
        assert!(rising.iter().zip(ordered).all(|(value, bits)| f64::from_ordered(bits).is_same(*value)));
    }
}
