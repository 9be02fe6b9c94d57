//! The zone in which text without an offset is read and calendar windows are cut.

use std::str::FromStr;

use chrono::{FixedOffset, MappedLocalTime, NaiveDateTime, Offset, TimeZone as _};

/// A time zone: one with the rules of a place, or a fixed offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeZone {
    /// A zone of the IANA database, by its name.
    Named(chrono_tz::Tz),
    /// Seconds east of Greenwich.
    Fixed(i32),
}

impl TimeZone {
    /// Greenwich without summer time.
    pub const UTC: TimeZone = TimeZone::Fixed(0);

    /// Reads a zone as programs and taos.cfg write it: `Asia/Shanghai`, `Asia/Shanghai (CST, +0800)`,
    /// and POSIX's `UTC-8` or `GMT-8`, where the sign tells hours *west*, so that `UTC-8` is +08:00.
    /// Also `UTC`, `+08:00`, `-0330` with the sign telling hours east. None for anything else.
    pub fn parse(text: &str) -> Option<TimeZone> {
        let name = text.split('(').next().unwrap_or_default().trim();
        if let Ok(zone) = chrono_tz::Tz::from_str(name) {
            return Some(TimeZone::Named(zone));
        }
        if name.starts_with(['+', '-']) {
            return offset(name).map(TimeZone::Fixed);
        }
        let upper = name.to_ascii_uppercase();
        let west = upper.strip_prefix("UTC").or_else(|| upper.strip_prefix("GMT"))?;
        match west {
            "" | "0" => Some(TimeZone::UTC),
            west => offset(west).map(|seconds| TimeZone::Fixed(-seconds)),
        }
    }

    /// The zone of the machine: `TZ`, then what `/etc/localtime` points to, else UTC.
    pub fn system() -> TimeZone {
        let from_environment =
            std::env::var("TZ").ok().and_then(|tz| TimeZone::parse(tz.trim_start_matches(':')));
        let from_link = || {
            let target = std::fs::read_link("/etc/localtime").ok()?;
            let target = target.to_str()?;
            TimeZone::parse(&target[target.find("zoneinfo/")? + "zoneinfo/".len()..])
        };
        from_environment.or_else(from_link).unwrap_or(TimeZone::UTC)
    }

    /// Seconds east of Greenwich at that moment (seconds since 1970 in UTC).
    pub fn offset_at(&self, utc_seconds: i64) -> i64 {
        match self {
            TimeZone::Fixed(seconds) => i64::from(*seconds),
            TimeZone::Named(zone) => {
                let Some(moment) = chrono::DateTime::from_timestamp(utc_seconds, 0) else {
                    return 0;
                };
                i64::from(zone.offset_from_utc_datetime(&moment.naive_utc()).fix().local_minus_utc())
            }
        }
    }

    /// The moment (seconds since 1970 in UTC) at which clocks here show that local time, given as seconds
    /// since 1970 of the same clock. The earlier one where clocks are set back; where they are set
    /// forward, the time that the offset before the gap gives.
    pub fn to_utc(&self, local_seconds: i64) -> i64 {
        match self {
            TimeZone::Fixed(seconds) => local_seconds - i64::from(*seconds),
            TimeZone::Named(zone) => {
                let Some(local) = chrono::DateTime::from_timestamp(local_seconds, 0).map(|t| t.naive_utc())
                else {
                    return local_seconds;
                };
                local_seconds - i64::from(local_offset(zone, &local).local_minus_utc())
            }
        }
    }
}

fn local_offset(zone: &chrono_tz::Tz, local: &NaiveDateTime) -> FixedOffset {
    match zone.offset_from_local_datetime(local) {
        MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(offset, _) => offset.fix(),
        MappedLocalTime::None => {
            let before = *local - chrono::TimeDelta::hours(3);
            match zone.offset_from_local_datetime(&before) {
                MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(offset, _) => offset.fix(),
                MappedLocalTime::None => zone.offset_from_utc_datetime(local).fix(),
            }
        }
    }
}

/// `+8`, `-08`, `+0800`, `+08:00` as seconds.
fn offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "0"),
    };
    let number =
        |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<i32>().ok()).flatten();
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 23 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_zone() {
        let shanghai = TimeZone::parse("Asia/Shanghai (CST, +0800)").unwrap();
        assert_eq!(shanghai.offset_at(1_704_067_200), 8 * 3600);
        for eight_east in ["UTC-8", "GMT-8", "utc-08:00", "+08:00", "+0800", "+8"] {
            assert_eq!(TimeZone::parse(eight_east), Some(TimeZone::Fixed(8 * 3600)), "{eight_east}");
        }
        assert_eq!(TimeZone::parse("UTC+5:30"), Some(TimeZone::Fixed(-19800)));
        for wrong in ["", "Mars/Olympus", "UTC-99", "+8:99", "+", "UTC8x"] {
            assert_eq!(TimeZone::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn local_time_where_clocks_change() {
        let berlin = TimeZone::parse("Europe/Berlin").unwrap();
        let noon_in_summer = 1_720_000_800;
        assert_eq!(berlin.to_utc(noon_in_summer + 7200), noon_in_summer);
        // 2024-03-31 02:30 does not exist; 01:00 UTC is when clocks jump.
        assert_eq!(berlin.to_utc(1_711_852_200), 1_711_848_600);
        // 2024-10-27 02:30 comes twice; the first is in summer time.
        assert_eq!(berlin.to_utc(1_729_996_200), 1_729_989_000);
    }
}
