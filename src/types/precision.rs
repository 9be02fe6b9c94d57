//! The precision of a database's timestamps.

/// Ticks of a timestamp; the discriminants are those of `taos_result_precision`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Precision {
    /// 1 ms
    #[default]
    Milli = 0,
    /// 1 µs
    Micro = 1,
    /// 1 ns
    Nano = 2,
}

impl Precision {
    /// Ticks in one second.
    pub const fn per_second(self) -> i64 {
        match self {
            Precision::Milli => 1_000,
            Precision::Micro => 1_000_000,
            Precision::Nano => 1_000_000_000,
        }
    }

    /// Nanoseconds in one tick.
    pub const fn nanoseconds(self) -> i64 {
        1_000_000_000 / self.per_second()
    }

    /// As CREATE DATABASE spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Precision::Milli => "ms",
            Precision::Micro => "us",
            Precision::Nano => "ns",
        }
    }

    /// The precision of that spelling (lower case only, as the original has it).
    pub fn from_name(name: &str) -> Option<Precision> {
        [Precision::Milli, Precision::Micro, Precision::Nano].into_iter().find(|p| p.name() == name)
    }

    /// The precision with this number.
    pub const fn from_code(code: u8) -> Option<Precision> {
        match code {
            0 => Some(Precision::Milli),
            1 => Some(Precision::Micro),
            2 => Some(Precision::Nano),
            _ => None,
        }
    }
}
