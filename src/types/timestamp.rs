//! Timestamps as text: reading them, printing them, and the day they belong to.
//!
//! A timestamp is a number of ticks since 1970-01-01 00:00:00 UTC. Dates are those of the Gregorian
//! calendar, reckoned backwards before its introduction.

use super::{Precision, TimeZone};

const SECONDS_PER_DAY: i64 = 86_400;
const DAYS_PER_400_YEARS: i64 = 146_097;
const DAYS_PER_100_YEARS: i64 = 36_524;
const DAYS_PER_4_YEARS: i64 = 1_461;
const DAYS_PER_YEAR: i64 = 365;
/// Days from 0001-01-01 to 1970-01-01.
const DAYS_TO_1970: i64 = 719_162;
/// Days of a common year before each month.
const DAYS_BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// Reads a timestamp as the dialect writes it, in ticks of that precision; digits beyond it are cut off.
///
/// ```text
/// year-month-day [ (T | blanks) hour [:minute [:second [.fraction]]] [offset] ]
/// ```
///
/// Every part may have fewer digits than usual. Without an offset (`Z`, `+8`, `+08`, `+0800`, `+08:00`)
/// it is local time of the zone, and whatever follows the last part that can be read is ignored, as
/// programs have come to rely on. With one, the time must be complete and nothing may follow. A day that
/// the month does not have counts on into the next one. None for anything else, also for a bare number,
/// and for a moment that 64 bits of that precision do not reach.
pub fn parse(text: &[u8], precision: Precision, zone: &TimeZone) -> Option<i64> {
    parse_unbounded(text, precision, zone).and_then(|ticks| i64::try_from(ticks).ok())
}

/// As [`parse`], for those who must tell a moment out of reach from text that is no timestamp.
pub fn parse_unbounded(text: &[u8], precision: Precision, zone: &TimeZone) -> Option<i128> {
    let mut rest = Parts(text);
    let day = rest.date()?;
    let has_offset = rest.0.iter().any(|byte| matches!(byte, b'Z' | b'z' | b'+' | b'-'));
    let time = rest.time()?;
    let local = day * SECONDS_PER_DAY + time.second_of_day;
    let seconds = match has_offset {
        true if !time.complete => return None,
        true => local - rest.offset()?,
        false => zone.to_utc(local),
    };
    let fraction = i128::from(time.nanoseconds / precision.nanoseconds());
    Some(i128::from(seconds) * i128::from(precision.per_second()) + fraction)
}

/// Prints a timestamp in a zone, with as many decimals as the precision has: `2024-05-06 07:08:09.123`.
pub fn format(ticks: i64, precision: Precision, zone: &TimeZone) -> String {
    let seconds = ticks.div_euclid(precision.per_second());
    let fraction = ticks.rem_euclid(precision.per_second());
    let local = seconds + zone.offset_at(seconds);
    let (year, month, day) = date_of(local.div_euclid(SECONDS_PER_DAY));
    let second = local.rem_euclid(SECONDS_PER_DAY);
    let digits = precision.per_second().ilog10() as usize;
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}.{fraction:0digits$}",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// The midnight with which a timestamp's day began in a zone: what `today()` is of `now`.
pub fn midnight(ticks: i64, precision: Precision, zone: &TimeZone) -> i64 {
    let seconds = ticks.div_euclid(precision.per_second());
    let local = seconds + zone.offset_at(seconds);
    zone.to_utc(local - local.rem_euclid(SECONDS_PER_DAY)).saturating_mul(precision.per_second())
}

/// What is left of a text, read part by part.
#[derive(Clone, Copy)]
struct Parts<'a>(&'a [u8]);

struct Time {
    /// Seconds since midnight; a leap second carries over.
    second_of_day: i64,
    /// The fraction of the second.
    nanoseconds: i64,
    /// Whether there are seconds.
    complete: bool,
}

impl Parts<'_> {
    /// `2024-05-06` as days since 1970.
    fn date(&mut self) -> Option<i64> {
        let year = self.number(4, 0, 9999)?;
        self.literal(b'-')?;
        let month = self.number(2, 1, 12)?;
        self.literal(b'-')?;
        let day = self.number(2, 1, 31)?;
        Some(days_since_1970(year, month) + day - 1)
    }

    /// As much of `T07:08:09.5` as there is; none when a point is followed by no digit.
    fn time(&mut self) -> Option<Time> {
        let mut time = Time { second_of_day: 0, nanoseconds: 0, complete: false };
        if self.literal(b'T').is_none() {
            self.blanks();
        }
        let Some(hour) = self.number(2, 0, 23) else { return Some(time) };
        time.second_of_day = hour * 3600;
        let Some(minute) = self.after_colon(59) else { return Some(time) };
        time.second_of_day += minute * 60;
        // 61, since C's library knows years with two leap seconds.
        let Some(second) = self.after_colon(61) else { return Some(time) };
        time.second_of_day += second;
        time.complete = true;
        if self.literal(b'.').is_some() {
            time.nanoseconds = self.fraction()?;
        }
        Some(time)
    }

    /// Digits after the point as nanoseconds; those after the ninth are dropped.
    fn fraction(&mut self) -> Option<i64> {
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        let digits = digits.get(..9).unwrap_or(digits);
        let number = digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
        (count > 0).then(|| number * 10_i64.pow(9 - digits.len() as u32))
    }

    /// `Z`, `+8`, `+08`, `+0800` or `+08:00` at the end of the text, in seconds east of Greenwich.
    fn offset(&self) -> Option<i64> {
        let text = self.0.trim_ascii_end();
        let (sign, rest) = match text.split_first()? {
            (b'Z' | b'z', []) => return Some(0),
            (b'+', rest) => (1, rest),
            (b'-', rest) => (-1, rest),
            _ => return None,
        };
        let (hours, minutes): (&[u8], &[u8]) = match rest.iter().position(|&byte| byte == b':') {
            Some(colon) => (&rest[..colon], &rest[colon + 1..]),
            None if rest.len() == 4 => rest.split_at(2),
            None => (rest, b"0"),
        };
        let minutes = two_digits(minutes).filter(|&minutes| minutes < 60)?;
        Some(sign * (two_digits(hours)? * 3600 + minutes * 60))
    }

    fn after_colon(&mut self, max: i64) -> Option<i64> {
        let mut ahead = *self;
        ahead.literal(b':')?;
        let number = ahead.number(2, 0, max)?;
        *self = ahead;
        Some(number)
    }

    /// A number of at most so many digits. A digit that would lead beyond `max` is not taken, so that `60`
    /// minutes read as 6.
    fn number(&mut self, digits: usize, min: i64, max: i64) -> Option<i64> {
        let mut ahead = *self;
        ahead.blanks();
        let mut number = ahead.digit()?;
        for _ in 1..digits {
            if number * 10 > max {
                break;
            }
            let Some(digit) = ahead.digit() else { break };
            number = number * 10 + digit;
        }
        *self = ahead;
        (min..=max).contains(&number).then_some(number)
    }

    fn digit(&mut self) -> Option<i64> {
        let (first, rest) = self.0.split_first().filter(|(first, _)| first.is_ascii_digit())?;
        self.0 = rest;
        Some(i64::from(first - b'0'))
    }

    fn literal(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    fn blanks(&mut self) {
        self.0 = self.0.trim_ascii_start();
    }
}

/// One or two digits and nothing else.
fn two_digits(text: &[u8]) -> Option<i64> {
    let plain = matches!(text.len(), 1 | 2) && text.iter().all(u8::is_ascii_digit);
    plain.then(|| text.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The first of a month (1 to 12) as days since 1970.
pub(crate) fn days_since_1970(year: i64, month: i64) -> i64 {
    let before = year - 1;
    let leap_days = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    let this_leap_day = i64::from(month > 2 && is_leap(year));
    before * DAYS_PER_YEAR + leap_days + DAYS_BEFORE_MONTH[month as usize - 1] + this_leap_day - DAYS_TO_1970
}

/// Year, month (1 to 12) and day (1 to 31) of a day since 1970.
pub(crate) fn date_of(day: i64) -> (i64, i64, i64) {
    let day = day + DAYS_TO_1970;
    let mut left = day.rem_euclid(DAYS_PER_400_YEARS);
    // The last century of four and the last year of four are a day longer, which the bound keeps in them.
    let century = (left / DAYS_PER_100_YEARS).min(3);
    left -= century * DAYS_PER_100_YEARS;
    let four = left / DAYS_PER_4_YEARS;
    left -= four * DAYS_PER_4_YEARS;
    let single = (left / DAYS_PER_YEAR).min(3);
    left -= single * DAYS_PER_YEAR;
    let year = day.div_euclid(DAYS_PER_400_YEARS) * 400 + century * 100 + four * 4 + single + 1;

    let starts = |month: i64| DAYS_BEFORE_MONTH[month as usize - 1] + i64::from(month > 2 && is_leap(year));
    let month = (1..=12).rev().find(|&month| starts(month) <= left).unwrap_or(1);
    (year, month, left - starts(month) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAY: i64 = 1_714_979_289; // 2024-05-06 07:08:09 UTC

    fn milli(text: &str) -> Option<i64> {
        parse(text.as_bytes(), Precision::Milli, &TimeZone::UTC)
    }

    #[test]
    fn forms_of_one_moment() {
        for text in [
            "2024-05-06 07:08:09",
            " 2024-5-6  7:8:9",
            "2024-05-06T07:08:09",
            "2024-05-06T07:08:09z",
            "2024-05-06 07:08:09 PM",
            "2024-05-06 07:08:09,5",
            "2024-05-06 15:08:09+8",
            "2024-05-06T15:08:09+08:00",
            "2024-05-06T03:38:09-0330",
            "2024-05-07T08:08:09+25:00",
        ] {
            assert_eq!(milli(text), Some(MAY * 1000), "{text}");
        }
    }

    #[test]
    fn parts_may_be_missing_or_run_over() {
        let midnight = MAY - 7 * 3600 - 8 * 60 - 9;
        for (text, seconds) in [
            ("2024-05-06 07:08", MAY - 9),
            ("2024-05-06 07", MAY - 9 - 8 * 60),
            ("2024-05-06", midnight),
            ("2024-05-06x07:08", midnight),
            ("2024-05-06 24:00:00", midnight),
            ("2024-05-06 00:60:00", midnight + 360),
            ("2024-05-06 00:00:61", midnight + 61),
            ("2023-02-29", 1_677_628_800),
            ("24-05-06 07:08:09", -61_398_924_711),
        ] {
            assert_eq!(milli(text), Some(seconds * 1000), "{text}");
        }
    }

    #[test]
    fn what_is_no_timestamp() {
        for text in [
            "",
            "now",
            "2024",
            "2024-05",
            "20240506",
            "1704067200000",
            "2024/05/06",
            "2024-13-01",
            "2024-00-01",
            "2024-01-00",
            "2024-01-32",
            "10000-01-01",
            "2024-05-06 07:08:09.",
            "2024-05-06t07:08:09Z",
            "2024-05-06 07:08:09 +08:00",
            "2024-05-06 07:08:09+08:60",
            "2024-05-06 07:08:09+080",
            "2024-05-06 07:08:09+08:00x",
            "2024-05-06 07:08Z",
        ] {
            assert_eq!(milli(text), None, "{text}");
        }
    }

    #[test]
    fn fractions_are_cut_to_the_precision() {
        let text = b"2024-05-06 07:08:09.9876543219";
        let zone = TimeZone::UTC;
        assert_eq!(parse(text, Precision::Milli, &zone), Some(MAY * 1_000 + 987));
        assert_eq!(parse(text, Precision::Micro, &zone), Some(MAY * 1_000_000 + 987_654));
        assert_eq!(parse(text, Precision::Nano, &zone), Some(MAY * 1_000_000_000 + 987_654_321));
        assert_eq!(milli("1969-12-31 23:59:59.999"), Some(-1));
    }

    #[test]
    fn a_moment_out_of_reach_is_none() {
        let zone = TimeZone::UTC;
        assert_eq!(parse(b"9999-12-31", Precision::Nano, &zone), None);
        assert_eq!(parse(b"9999-12-31", Precision::Micro, &zone), Some(253_402_214_400_000_000));
        let last = parse(b"2262-04-11 23:47:16.854775807", Precision::Nano, &zone);
        let first = parse(b"1677-09-21 00:12:43.145224192", Precision::Nano, &zone);
        assert_eq!((first, last), (Some(i64::MIN), Some(i64::MAX)));
    }

    #[test]
    fn local_time_is_that_of_the_zone() {
        let shanghai = TimeZone::parse("Asia/Shanghai").unwrap();
        let at = |text: &[u8]| parse(text, Precision::Milli, &shanghai);
        assert_eq!(at(b"2024-05-06 15:08:09"), Some(MAY * 1000));
        assert_eq!(at(b"2024-05-06T07:08:09Z"), Some(MAY * 1000));
        assert_eq!(format(MAY * 1000, Precision::Milli, &shanghai), "2024-05-06 15:08:09.000");
        assert_eq!(midnight(MAY * 1000, Precision::Milli, &shanghai), (MAY - 54_489) * 1000);
    }

    #[test]
    fn every_day_prints_as_it_reads() {
        let mut day = milli("0001-01-01").unwrap();
        let mut dates = 0;
        while day < milli("9999-12-31").unwrap() {
            let text = format(day, Precision::Milli, &TimeZone::UTC);
            assert_eq!(milli(&text), Some(day), "{text}");
            day += SECONDS_PER_DAY * 1000;
            dates += 1;
        }
        assert_eq!(dates, 3_652_058);
    }

    #[test]
    fn extreme_ticks_print() {
        for precision in [Precision::Milli, Precision::Micro, Precision::Nano] {
            for ticks in [i64::MIN, -1, i64::MAX] {
                assert!(format(ticks, precision, &TimeZone::UTC).len() >= 23);
                midnight(ticks, precision, &TimeZone::UTC);
            }
        }
        assert_eq!(format(-1, Precision::Nano, &TimeZone::UTC), "1969-12-31 23:59:59.999999999");
    }
}
