//! Where the windows of INTERVAL begin and end.

use crate::types::{Precision, TimeZone, timestamp};

const SECONDS_PER_DAY: i64 = 86_400;
/// Months and years are counted from the first of this year.
const FIRST_YEAR: i64 = 1900;

/// The windows of INTERVAL, numbered through time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grid {
    /// What one step from a window to the next is.
    pub(crate) step: Step,
    /// What all windows are shifted by, in ticks.
    pub(crate) offset: i64,
    /// The clock that days, months and years are those of; for steps of ticks that are no whole days, a
    /// clock that is never set.
    pub(crate) zone: TimeZone,
    /// What a tick is.
    pub(crate) precision: Precision,
}

/// A step from a window to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Windows of `length` ticks, one every `every` ticks; `every` is positive and at most `length`.
    Ticks { length: i64, every: i64 },
    /// Windows of so many months of the calendar; window 0 begins `first` months after
    /// January 1900.
    Months { length: i64, first: i64 },
}

impl Grid {
    /// Whether a moment may be in several windows.
    pub(crate) fn overlaps(&self) -> bool {
        matches!(self.step, Step::Ticks { length, every } if every < length)
    }

    /// The tick with which a window begins.
    pub(crate) fn start(&self, window: i64) -> i64 {
        match self.step {
            Step::Ticks { every, .. } => self.at_clock(window.saturating_mul(every)),
            Step::Months { length, first } => self.month(window.saturating_mul(length).saturating_add(first)),
        }
    }

    /// The last tick of a window.
    pub(crate) fn stop(&self, window: i64) -> i64 {
        let next = match self.step {
            Step::Ticks { length, every } => {
                self.at_clock(window.saturating_mul(every).saturating_add(length))
            }
            Step::Months { .. } => self.start(window.saturating_add(1)),
        };
        next.saturating_sub(1)
    }

    /// The last window that begins at or before a moment; it holds the moment.
    pub(crate) fn newest(&self, ticks: i64) -> i64 {
        let clock = self.clock_at(ticks);
        let mut window = match self.step {
            Step::Ticks { every, .. } => clock.div_euclid(every),
            Step::Months { length, first } => {
                let day = clock.div_euclid(self.precision.per_second()).div_euclid(SECONDS_PER_DAY);
                let (year, month, _) = timestamp::date_of(day);
                ((year - FIRST_YEAR) * 12 + month - 1 - first).div_euclid(length)
            }
        };
        // Where clocks are set back, local time alone does not tell on which side a moment is.
        while self.start(window) > ticks && self.start(window - 1) < self.start(window) {
            window -= 1;
        }
        // At the end of time starts no longer grow.
        while self.start(window + 1) <= ticks && self.start(window + 1) > self.start(window) {
            window += 1;
        }
        window
    }

    /// The first window that holds a moment.
    pub(crate) fn oldest(&self, ticks: i64) -> i64 {
        let mut window = self.newest(ticks);
        if let Step::Ticks { length, every } = self.step {
            window = window.saturating_sub((length - 1) / every);
        }
        while self.stop(window) < ticks && self.stop(window + 1) > self.stop(window) {
            window += 1;
        }
        window
    }

    /// Ticks of the clock on which windows lie evenly, without the offset.
    fn clock_at(self, ticks: i64) -> i64 {
        let per_second = self.precision.per_second();
        let east = self.zone.offset_at(ticks.div_euclid(per_second)).saturating_mul(per_second);
        ticks.saturating_add(east).saturating_sub(self.offset)
    }

    fn at_clock(self, clock: i64) -> i64 {
        let clock = clock.saturating_add(self.offset);
        if self.zone == TimeZone::UTC {
            return clock;
        }
        let per_second = self.precision.per_second();
        let (seconds, fraction) = (clock.div_euclid(per_second), clock.rem_euclid(per_second));
        self.zone.to_utc(seconds).saturating_mul(per_second).saturating_add(fraction)
    }

    /// The begin of a month, counted from January 1900.
    fn month(self, month: i64) -> i64 {
        // Far beyond every timestamp, so that the calendar's arithmetic does not overflow.
        const REACH: i64 = 12 * 1_000_000;
        let month = month.clamp(-REACH, REACH);
        let day = timestamp::days_since_1970(FIRST_YEAR + month.div_euclid(12), month.rem_euclid(12) + 1);
        self.at_clock(day.saturating_mul(SECONDS_PER_DAY).saturating_mul(self.precision.per_second()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(step: Step, offset: i64, zone: &str) -> Grid {
        Grid { step, offset, zone: TimeZone::parse(zone).unwrap(), precision: Precision::Milli }
    }

    #[test]
    fn steps_of_ticks_overlap_and_go_below_1970() {
        let sliding = grid(Step::Ticks { length: 30, every: 7 }, 2, "UTC");
        assert_eq!((sliding.start(0), sliding.stop(0)), (2, 31));
        assert_eq!((sliding.oldest(31), sliding.newest(31)), (0, 4));
        assert_eq!((sliding.oldest(32), sliding.newest(-6)), (1, -2));
        assert!(sliding.overlaps());
    }

    #[test]
    fn months_are_those_of_the_calendar_and_the_zone() {
        let shanghai = grid(Step::Months { length: 1, first: 0 }, 0, "Asia/Shanghai");
        let february = shanghai.newest(1_706_716_800_000);
        assert_eq!(shanghai.start(february), 1_706_716_800_000, "2024-02-01 00:00 in Shanghai");
        assert_eq!(shanghai.stop(february) + 1, 1_709_222_400_000);
        assert_eq!(shanghai.newest(1_706_716_799_999), february - 1);
        let years = grid(Step::Months { length: 12, first: 1 }, 0, "UTC");
        assert_eq!(years.start(years.newest(1_546_336_800_000)), 1_517_443_200_000, "2018-02-01");
    }

    #[test]
    fn each_moment_of_a_day_with_25_hours_is_in_one_window() {
        let days = grid(Step::Ticks { length: 86_400_000, every: 86_400_000 }, 0, "Europe/Berlin");
        for moment in (1_729_900_000_000..1_730_100_000_000).step_by(600_000) {
            let window = days.newest(moment);
            assert!(days.start(window) <= moment && moment <= days.stop(window));
            assert_eq!(days.stop(window) + 1, days.start(window + 1));
        }
        let long = days.newest(1_729_990_000_000);
        assert_eq!(days.stop(long) - days.start(long), 89_999_999);
    }

    #[test]
    fn the_ends_of_time_have_windows() {
        let seconds = grid(Step::Ticks { length: 1000, every: 10 }, 5, "UTC");
        for moment in [i64::MIN, i64::MIN + 1, i64::MAX - 1, i64::MAX] {
            let (oldest, newest) = (seconds.oldest(moment), seconds.newest(moment));
            assert!(oldest <= newest);
        }
    }
}
