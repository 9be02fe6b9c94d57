//! Numbers out of text, and which of them a type can hold.

use crate::types::DataType;

/// The powers of ten that a double holds exactly.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// A whole decimal number with an optional sign; none when the text has anything else or needs more than
/// 128 bits.
pub(super) fn integer(text: &[u8]) -> Option<i128> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    radix(digits, 10).map(|number| if negative { -number } else { number })
}

/// `0x1F` with an optional sign; none when it is no such text or needs more than 128 bits.
pub(super) fn hexadecimal(text: &[u8]) -> Option<i128> {
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let digits = rest.strip_prefix(b"0x").or_else(|| rest.strip_prefix(b"0X"))?;
    radix(digits, 16).map(|number| if negative { -number } else { number })
}

fn radix(digits: &[u8], radix: u32) -> Option<i128> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_i128, |number, &byte| {
        let digit = char::from(byte).to_digit(radix)?;
        number.checked_mul(radix.into())?.checked_add(digit.into())
    })
}

/// A decimal number, with or without point and exponent, rounded to the nearest double. None for other
/// text, words such as `nan` and `inf` among it, and for what is beyond the largest double.
pub(super) fn double(text: &[u8]) -> Option<f64> {
    let in_form = text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    let text = std::str::from_utf8(text).ok().filter(|_| in_form)?;
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// An integer of up to 18 digits at the front of a text, with its length. None unless a comma, a closing
/// parenthesis or the end follows at once: the common case, which needs no token.
#[inline]
pub(super) fn short_integer(text: &[u8]) -> Option<(i64, usize)> {
    let (sign, start) = sign(text);
    let mut number = 0_i64;
    let mut at = start;
    while let Some(digit) = digit_at(text, at) {
        if at - start == 18 {
            return None;
        }
        number = number * 10 + i64::from(digit);
        at += 1;
    }
    (at > start && ends(text, at)).then_some((if sign { -number } else { number }, at))
}

/// A decimal number without exponent at the front of a text, as [`short_integer`]. None also when the
/// double nearest to it takes more than one exactly rounded division to find. A FLOAT can hold it too.
#[inline]
pub(super) fn short_decimal(text: &[u8]) -> Option<(f64, usize)> {
    let (sign, start) = sign(text);
    let mut digits = 0_u64;
    let mut at = start;
    let mut point = None;
    loop {
        if let Some(digit) = digit_at(text, at) {
            // 19 digits stay below 2^64.
            if at - start >= 19 {
                return None;
            }
            digits = digits * 10 + u64::from(digit);
        } else if point.is_none() && text.get(at) == Some(&b'.') && at > start {
            point = Some(at);
        } else {
            break;
        }
        at += 1;
    }
    let decimals = point.map_or(0, |point| at - point - 1);
    let ends_in_digit = at > start && point != Some(at - 1);
    // Both the digits and the power of ten are exact as doubles, so their quotient is rounded once.
    if !ends_in_digit || !ends(text, at) || digits > 1 << 53 {
        return None;
    }
    let number = digits as f64 / EXACT_POWERS.get(decimals)?;
    Some((if sign { -number } else { number }, at))
}

/// Whether a minus stands in front, and where the digits begin.
#[inline]
fn sign(text: &[u8]) -> (bool, usize) {
    match text.first() {
        Some(b'-') => (true, 1),
        Some(b'+') => (false, 1),
        _ => (false, 0),
    }
}

#[inline]
fn digit_at(text: &[u8], at: usize) -> Option<u8> {
    let digit = text.get(at)?.wrapping_sub(b'0');
    (digit < 10).then_some(digit)
}

#[inline]
fn ends(text: &[u8], at: usize) -> bool {
    matches!(text.get(at), None | Some(b',' | b')'))
}

/// The lowest and highest number of an integer type. The lowest bits of a signed type and the highest of
/// an unsigned one are not among them: they mean NULL at the C border.
#[inline]
pub(super) fn limits(data_type: DataType) -> (i128, i128) {
    let bits = data_type.fixed_size().unwrap_or(0) as u32 * 8;
    if data_type.is_unsigned_integer() {
        (0, (1 << bits) - 2)
    } else {
        let half = (1 << bits) / 2;
        (1 - half, half - 1)
    }
}

/// Whether a FLOAT or DOUBLE can hold this number.
#[inline]
pub(super) fn fits_float(number: f64, data_type: DataType) -> bool {
    number.is_finite() && (data_type == DataType::Double || number.abs() <= f64::from(f32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::insert::tests::Random;

    #[test]
    fn limits_leave_out_what_stands_for_null() {
        assert_eq!(limits(DataType::TinyInt), (-127, 127));
        assert_eq!(limits(DataType::BigInt), (1 - (1 << 63), (1 << 63) - 1));
        assert_eq!(limits(DataType::USmallInt), (0, 65534));
        assert_eq!(limits(DataType::UBigInt), (0, (1 << 64) - 2));
    }

    #[test]
    fn integers_of_any_length() {
        assert_eq!(integer(b"-0012"), Some(-12));
        assert_eq!(integer(b"+18446744073709551616"), Some(1 << 64));
        assert_eq!(hexadecimal(b"-0xfF"), Some(-255));
        for wrong in ["", "-", "+-1", "1 ", "1.", "0x1"] {
            assert_eq!(integer(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(integer(&[b'9'; 100]), None);
        assert_eq!(hexadecimal(b"0x"), None);
    }

    #[test]
    fn doubles_in_plain_digits_only() {
        assert_eq!(double(b"-1.5e3"), Some(-1500.0));
        assert_eq!(double(b".5"), Some(0.5));
        for wrong in ["", "nan", "inf", "-infinity", "1e400", "1.5.5", "e5", "0x10", "1_0"] {
            assert_eq!(double(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn short_forms_stop_where_a_value_ends() {
        assert_eq!(short_integer(b"-12,"), Some((-12, 3)));
        assert_eq!(short_integer(b"12"), Some((12, 2)));
        assert_eq!(short_decimal(b"1.25)"), Some((1.25, 4)));
        for other in ["", "-", "12 ", "12+1s", "1.", "1.5.5,", ".5", "-.5", "1e3,", "0x10,", "x"] {
            assert_eq!(short_integer(other.as_bytes()), None, "{other}");
            assert_eq!(short_decimal(other.as_bytes()), None, "{other}");
        }
        assert_eq!(short_integer(b"1234567890123456789"), None);
    }

    /// The fast paths against the standard library, over a million numbers of every length.
    #[test]
    fn short_forms_equal_std() {
        let mut random = Random::new(1);
        let mut taken = 0;
        for _ in 0..1_000_000 {
            let digits = random.next() >> random.below(60);
            let mut text = digits.to_string();
            let decimals = random.below(25) as usize;
            if decimals > 0 {
                text = format!("{digits:0width$}", width = decimals + 1);
                text.insert(text.len() - decimals, '.');
            }
            if random.below(3) == 0 {
                text.insert(0, '-');
            }
            if let Some((number, length)) = short_decimal(text.as_bytes()) {
                let std: f64 = text.parse().unwrap();
                assert_eq!((number.to_bits(), length), (std.to_bits(), text.len()), "{text}");
                taken += 1;
            }
            if let Some((number, length)) = short_integer(text.as_bytes()) {
                assert_eq!((Ok(number), length), (text.parse::<i64>(), text.len()), "{text}");
            }
        }
        assert!(taken > 300_000, "the fast path took {taken}");
    }
}
