//! Bits packed into bytes, least significant first, as Arrow packs them.

/// A growable sequence of bits.
///
/// Layout: bit `i` is bit `i % 8` of byte `i / 8`; the unused bits of the last byte are zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bitmap {
    bytes: Vec<u8>,
    len: usize,
}

impl Bitmap {
    /// No bits.
    pub fn new() -> Bitmap {
        Bitmap::default()
    }

    /// `len` bits of the same value.
    pub fn filled(len: usize, value: bool) -> Bitmap {
        let mut bitmap = Bitmap { bytes: vec![if value { 0xff } else { 0 }; len.div_ceil(8)], len };
        bitmap.clear_tail();
        bitmap
    }

    /// The first `len` bits of packed bytes; `None` when there are too few bytes.
    pub fn from_bytes(bytes: &[u8], len: usize) -> Option<Bitmap> {
        let mut bitmap = Bitmap { bytes: bytes.get(..len.div_ceil(8))?.to_vec(), len };
        bitmap.clear_tail();
        Some(bitmap)
    }

    fn clear_tail(&mut self) {
        if let (Some(last), used @ 1..) = (self.bytes.last_mut(), self.len % 8) {
            *last &= (1u8 << used) - 1;
        }
    }

    /// The packed bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many bits there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no bits.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bit `index`.
    ///
    /// # Panics
    /// When there is no such bit.
    #[inline]
    pub fn get(&self, index: usize) -> bool {
        assert!(index < self.len, "bit {index} of {}", self.len);
        self.bytes[index / 8] >> (index % 8) & 1 == 1
    }

    /// Changes bit `index`.
    ///
    /// # Panics
    /// When there is no such bit.
    pub fn set(&mut self, index: usize, value: bool) {
        assert!(index < self.len, "bit {index} of {}", self.len);
        let mask = 1 << (index % 8);
        if value {
            self.bytes[index / 8] |= mask;
        } else {
            self.bytes[index / 8] &= !mask;
        }
    }

    /// Appends a bit.
    #[inline]
    pub fn push(&mut self, value: bool) {
        if self.len.is_multiple_of(8) {
            self.bytes.push(0);
        }
        self.bytes[self.len / 8] |= u8::from(value) << (self.len % 8);
        self.len += 1;
    }

    /// Appends `count` bits of the same value.
    pub fn push_many(&mut self, count: usize, value: bool) {
        if !value {
            self.len += count;
            self.bytes.resize(self.len.div_ceil(8), 0);
            return;
        }
        let end = self.len + count;
        while self.len < end && !self.len.is_multiple_of(8) {
            self.push(true);
        }
        if self.len < end {
            self.len = end;
            self.bytes.resize(end.div_ceil(8), 0xff);
            self.clear_tail();
        }
    }

    /// Makes room for so many more bits.
    pub fn reserve(&mut self, additional: usize) {
        self.bytes.reserve(additional.div_ceil(8));
    }

    /// How many bits are one.
    pub fn count_ones(&self) -> usize {
        self.bytes.iter().map(|byte| byte.count_ones() as usize).sum()
    }

    /// The bits in order.
    pub fn iter(&self) -> impl Iterator<Item = bool> + '_ {
        (0..self.len).map(|index| self.bytes[index / 8] >> (index % 8) & 1 == 1)
    }
}

impl FromIterator<bool> for Bitmap {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Bitmap {
        let mut bitmap = Bitmap::new();
        bits.into_iter().for_each(|bit| bitmap.push(bit));
        bitmap
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_read_back_in_order() {
        let bits: Vec<bool> = (0..29).map(|i| i % 3 == 0).collect();
        let bitmap: Bitmap = bits.iter().copied().collect();
        assert_eq!(bitmap.iter().collect::<Vec<_>>(), bits);
        assert_eq!(bitmap.count_ones(), 10);
        assert_eq!(Bitmap::from_bytes(bitmap.as_bytes(), 29), Some(bitmap));
        assert_eq!(Bitmap::from_bytes(&[1], 9), None);
    }

    #[test]
    fn many_bits_equal_as_many_single_ones() {
        for start in 0..10 {
            for count in 0..20 {
                for value in [false, true] {
                    let mut one_by_one = Bitmap::filled(start, true);
                    let mut at_once = one_by_one.clone();
                    (0..count).for_each(|_| one_by_one.push(value));
                    at_once.push_many(count, value);
                    assert_eq!(one_by_one, at_once, "{start} {count} {value}");
                }
            }
        }
    }
}
