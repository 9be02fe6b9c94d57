//! Lengths of time as the dialect writes them: `10s`, `1d`, `3n`.

use super::Precision;

/// A unit of time and the letter that stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// `b`
    Nanosecond,
    /// `u`
    Microsecond,
    /// `a`
    Millisecond,
    /// `s`
    Second,
    /// `m`
    Minute,
    /// `h`
    Hour,
    /// `d`
    Day,
    /// `w`
    Week,
    /// `n`, of the calendar
    Month,
    /// `y`, of the calendar
    Year,
}

impl Unit {
    /// The unit of this letter, in either case.
    pub const fn from_letter(letter: u8) -> Option<Unit> {
        Some(match letter.to_ascii_lowercase() {
            b'b' => Unit::Nanosecond,
            b'u' => Unit::Microsecond,
            b'a' => Unit::Millisecond,
            b's' => Unit::Second,
            b'm' => Unit::Minute,
            b'h' => Unit::Hour,
            b'd' => Unit::Day,
            b'w' => Unit::Week,
            b'n' => Unit::Month,
            b'y' => Unit::Year,
            _ => return None,
        })
    }

    /// Nanoseconds in one unit; none for months and years, which the calendar measures.
    pub const fn nanoseconds(self) -> Option<i64> {
        Some(match self {
            Unit::Nanosecond => 1,
            Unit::Microsecond => 1_000,
            Unit::Millisecond => 1_000_000,
            Unit::Second => 1_000_000_000,
            Unit::Minute => 60_000_000_000,
            Unit::Hour => 3_600_000_000_000,
            Unit::Day => 86_400_000_000_000,
            Unit::Week => 604_800_000_000_000,
            Unit::Month | Unit::Year => return None,
        })
    }
}

/// A number of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Duration {
    /// How many.
    pub count: i64,
    /// Of what.
    pub unit: Unit,
}

impl Duration {
    /// The length in ticks of that precision, finer units cut off; none when it is of the calendar or
    /// does not fit.
    pub fn ticks(self, precision: Precision) -> Option<i64> {
        let nanoseconds = i128::from(self.unit.nanoseconds()?) * i128::from(self.count);
        i64::try_from(nanoseconds / i128::from(precision.nanoseconds())).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_cut_finer_units() {
        let micro = Duration { count: 1999, unit: Unit::Microsecond };
        assert_eq!(micro.ticks(Precision::Milli), Some(1));
        assert_eq!(micro.ticks(Precision::Nano), Some(1_999_000));
        assert_eq!(Duration { count: 1, unit: Unit::Month }.ticks(Precision::Milli), None);
        assert_eq!(Duration { count: i64::MAX, unit: Unit::Week }.ticks(Precision::Nano), None);
    }
}
