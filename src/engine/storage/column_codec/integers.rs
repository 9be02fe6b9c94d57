//! Integers as straight lines and what lies above them.
//!
//! Values are cut into groups of 64 or of 1024. Each group has a line, and each value is stored as its
//! distance from the line, in as many bits as the largest distance of the group needs. Timestamps in equal
//! steps and counters lie on their line and need no bits; noise around a level or a trend needs the bits of the
//! noise. Unlike with differences from the value before, a value can be decoded without those before it,
//! and noise is not doubled. (The idea is in Liu, Zeng, Zhang: "LeCo", SIGMOD 2024.)
//!
//! ```text
//! integers = count varint, shape u8, group*
//! shape    = 0: groups of 64 values, slopes in 1/16; 1: groups of 1024 values, slopes in 1/1024;
//!            the last group may be shorter
//! group    = slope signed varint, less the slope of the group before (0 before the first)
//!            base signed varint, less where the line of the group before comes to (0 before the first)
//!            width u8, 0 to 64
//!            distances, width bits each, least significant first, then zero bits up to a whole byte
//! value    = base + floor(slope * place in the group) + distance
//! ```
//!
//! A line comes to `base + floor(slope * size of a group)`. All arithmetic is that of 64 bits, without regard to
//! overflow, so any slope is right and only some are small.

use crate::engine::storage::codec::{ByteReader, Malformed, put_signed_varint, put_varint};

/// How values are cut into groups.
#[derive(Clone, Copy)]
struct Shape {
    code: u8,
    size: usize,
    /// Bits of a slope behind the point.
    fraction: u32,
}

const SHAPES: [Shape; 2] =
    [Shape { code: 0, size: 64, fraction: 4 }, Shape { code: 1, size: 1024, fraction: 10 }];

/// A slope beyond this is none: nothing that rises so fast is worth a line.
const STEEPEST: f64 = (1_u64 << 52) as f64;

/// What the values of a group have in common.
#[derive(Clone, Copy, Default)]
struct Line {
    base: i64,
    slope: i64,
    width: u32,
}

impl Line {
    /// How far the line has risen at that place.
    #[inline]
    fn rise(&self, place: usize, shape: Shape) -> i64 {
        self.slope.wrapping_mul(place as i64) >> shape.fraction
    }

    fn end(&self, shape: Shape) -> i64 {
        self.base.wrapping_add(self.rise(shape.size, shape))
    }

    /// The line of that slope under all values.
    fn under(values: &[i64], slope: i64, shape: Shape) -> Line {
        let line = Line { slope, ..Line::default() };
        let (mut min, mut max) = (i64::MAX, i64::MIN);
        for (place, value) in values.iter().enumerate() {
            let rest = value.wrapping_sub(line.rise(place, shape));
            min = min.min(rest);
            max = max.max(rest);
        }
        let width = u64::BITS - (max.wrapping_sub(min) as u64).leading_zeros();
        Line { base: min, width, ..line }
    }

    /// The level line, or the one of least squares where it saves bits.
    fn fit(values: &[i64], shape: Shape) -> Line {
        let level = Line::under(values, 0, shape);
        match slope(values, shape) {
            0 => level,
            slope => {
                let tilted = Line::under(values, slope, shape);
                if tilted.width < level.width { tilted } else { level }
            }
        }
    }
}

/// The slope of least squares.
fn slope(values: &[i64], shape: Shape) -> i64 {
    let (Some(first), n) = (values.first(), values.len() as f64) else {
        return 0;
    };
    let mut sum = 0.0;
    let mut place = 1.0 - n;
    for value in values {
        sum += place * value.wrapping_sub(*first) as f64;
        place += 2.0;
    }
    let slope = 6.0 * sum / (n * (n * n - 1.0)) * (1_u32 << shape.fraction) as f64;
    // Also false for a single value, whose slope is not a number.
    if slope.abs() < STEEPEST { slope.round() as i64 } else { 0 }
}

/// Appends values to `out`.
pub(super) fn encode(values: &[i64], out: &mut Vec<u8>) {
    let fit = |shape: Shape| -> Vec<Line> {
        values.chunks(shape.size).map(|group| Line::fit(group, shape)).collect()
    };
    let candidates = SHAPES.map(|shape| (shape, fit(shape)));
    let [short, long] = candidates.map(|(shape, lines)| (size(&lines, shape), shape, lines));
    let (_, shape, lines) = if short.0 < long.0 { short } else { long };
    put_varint(values.len() as u64, out);
    out.push(shape.code);
    let mut before = Line::default();
    for (group, line) in values.chunks(shape.size).zip(lines) {
        put_header(&before, &line, shape, out);
        let distance = |(place, value): (usize, &i64)| {
            value.wrapping_sub(line.rise(place, shape)).wrapping_sub(line.base) as u64
        };
        pack(group.iter().enumerate().map(distance), line.width, out);
        before = line;
    }
}

/// Bytes that groups take, as if all were whole.
fn size(lines: &[Line], shape: Shape) -> usize {
    let mut header = Vec::new();
    let mut before = Line::default();
    let mut size = 0;
    for line in lines {
        header.clear();
        put_header(&before, line, shape, &mut header);
        size += header.len() + line.width as usize * shape.size / 8;
        before = *line;
    }
    size
}

fn put_header(before: &Line, line: &Line, shape: Shape, out: &mut Vec<u8>) {
    put_signed_varint(line.slope.wrapping_sub(before.slope), out);
    put_signed_varint(line.base.wrapping_sub(before.end(shape)), out);
    out.push(line.width as u8);
}

fn pack(values: impl Iterator<Item = u64>, width: u32, out: &mut Vec<u8>) {
    if width == 0 {
        return;
    }
    let (mut waiting, mut bits) = (0_u128, 0);
    for value in values {
        waiting |= u128::from(value) << bits;
        bits += width;
        if bits >= u64::BITS {
            out.extend_from_slice(&(waiting as u64).to_le_bytes());
            waiting >>= u64::BITS;
            bits -= u64::BITS;
        }
    }
    out.extend_from_slice(&waiting.to_le_bytes()[..bits.div_ceil(8) as usize]);
}

/// Reads so many integers and makes a value of each.
pub(super) fn decode<T>(
    count: usize,
    from: &mut ByteReader<'_>,
    value: impl Fn(i64) -> T,
) -> Result<Vec<T>, Malformed> {
    if from.varint()? != count as u64 {
        return Err(Malformed("has more or fewer values than rows"));
    }
    let code = from.u8()?;
    let shape = SHAPES.iter().find(|shape| shape.code == code);
    let shape = *shape.ok_or(Malformed("has groups of an unknown size"))?;
    let mut values = Vec::with_capacity(count);
    let mut before = Line::default();
    while values.len() < count {
        let slope = before.slope.wrapping_add(from.signed_varint()?);
        let base = before.end(shape).wrapping_add(from.signed_varint()?);
        let line = Line { base, slope, width: from.u8()?.into() };
        decode_group(&line, shape, shape.size.min(count - values.len()), from, &value, &mut values)?;
        before = line;
    }
    Ok(values)
}

fn decode_group<T>(
    line: &Line,
    shape: Shape,
    count: usize,
    from: &mut ByteReader<'_>,
    value: impl Fn(i64) -> T,
    out: &mut Vec<T>,
) -> Result<(), Malformed> {
    let width = line.width as usize;
    if width > 64 {
        return Err(Malformed("has values of more than 64 bits"));
    }
    let rise = |place: usize| line.base.wrapping_add(line.rise(place, shape));
    let packed_size = (count * width).div_ceil(8);
    let ahead = from.peek();
    let packed = from.take(packed_size)?;
    if width == 0 {
        out.extend((0..count).map(|place| value(rise(place))));
        return Ok(());
    }
    // What unpacks reads whole words, behind the last value too; near the end of the bytes these are zeros.
    let padded;
    let bytes = if ahead.len() >= packed_size + BEHIND {
        ahead
    } else {
        padded = [packed, &[0; BEHIND]].concat();
        &padded
    };
    let mut distances = [0; LARGEST_GROUP];
    unpack_any(bytes, width, &mut distances[..count.next_multiple_of(8)]);
    let distances = &distances[..count];
    if line.slope == 0 {
        out.extend(distances.iter().map(|&distance| value(line.base.wrapping_add(distance))));
    } else {
        let at = distances.iter().enumerate();
        out.extend(at.map(|(place, &distance)| value(rise(place).wrapping_add(distance))));
    }
    Ok(())
}

/// Values of a group at most; a multiple of eight.
const LARGEST_GROUP: usize = 1024;
/// Bytes that are read behind the last number, at most: the other seven of eight numbers and one word.
const BEHIND: usize = 64 + 16;

/// Reads numbers of `width` bits, 1 to 64, as many as `out` has room for, a multiple of eight.
fn unpack_any(bytes: &[u8], width: usize, out: &mut [i64]) {
    match UNPACK.get(width) {
        Some(unpack) => unpack(bytes, out),
        None => out.iter_mut().enumerate().for_each(|(at, number)| *number = wide(bytes, at, width)),
    }
}

/// Fills a vector with numbers of a certain width.
type Unpack = fn(&[u8], &mut [i64]);

/// [`unpack`] for each width from 0 to 57; of so many bits, any number lies in the 8 bytes from the byte on that
/// has its first bit. A function for each width makes all shifts constants, which doubles the speed.
const UNPACK: [Unpack; 58] = {
    macro_rules! of_widths {
        ($($width:literal)*) => { [$(unpack::<$width>),*] };
    }
    of_widths!(
        0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28
        29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57
    )
};

/// Eight numbers begin at a byte again after `WIDTH` bytes.
fn unpack<const WIDTH: usize>(bytes: &[u8], out: &mut [i64]) {
    for (nth, eight) in out.chunks_exact_mut(8).enumerate() {
        let bytes = &bytes[nth * WIDTH..][..WIDTH + 8];
        for (at, number) in eight.iter_mut().enumerate() {
            let bit = at * WIDTH;
            let word = bytes[bit / 8..].first_chunk().map_or(0, |word| u64::from_le_bytes(*word));
            *number = (word >> (bit % 8) & ((1 << WIDTH) - 1)) as i64;
        }
    }
}

/// Number `at` of numbers of up to 64 bits.
fn wide(bytes: &[u8], at: usize, width: usize) -> i64 {
    let bit = at * width;
    let word = bytes[bit / 8..].first_chunk().map_or(0, |word| u128::from_le_bytes(*word));
    ((word >> (bit % 8)) as u64 & (u64::MAX >> (64 - width))) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::storage::testing::Random;

    fn round_trip(values: &[i64]) -> usize {
        let mut bytes = Vec::new();
        encode(values, &mut bytes);
        let mut from = ByteReader::new(&bytes);
        assert_eq!(decode(values.len(), &mut from, |value| value).unwrap(), values);
        assert_eq!(from.finish(), Ok(()));
        for cut in 0..bytes.len().min(100) {
            assert!(decode(values.len(), &mut ByteReader::new(&bytes[..cut]), |value| value).is_err());
        }
        bytes.len()
    }

    #[test]
    fn values_of_every_width_survive() {
        let mut random = Random::new(4);
        for width in 0..=64 {
            for rows in [0, 1, 2, 63, 64, 65, 1000, 2100] {
                let values: Vec<i64> =
                    (0..rows).map(|_| random.next().checked_shr(64 - width).unwrap_or(0) as i64).collect();
                round_trip(&values);
            }
        }
        round_trip(&[i64::MIN, i64::MAX, 0, -1, i64::MAX, i64::MIN]);
    }

    #[test]
    fn a_line_costs_nothing_and_noise_what_it_is() {
        let steps: Vec<i64> = (0..4096).map(|row| 1_700_000_000_000_000_000 + row * 1_000_000_000).collect();
        assert!(round_trip(&steps) < 40);
        let thirds: Vec<i64> = (0..4096).map(|row| row / 3).collect();
        assert!(round_trip(&thirds) < 4096 * 2 / 8);
        let mut random = Random::new(5);
        let noisy: Vec<i64> = (0..4096).map(|row| row * 1000 + random.below(100) as i64).collect();
        assert!(round_trip(&noisy) < 4096 * 7 / 8 + 100);
    }
}
