//! INTERVAL with SLIDING, SESSION and STATE_WINDOW.

use super::constant::Environment;
use super::select::Query;
use super::source::Place;
use crate::engine::exec::window::grid::{Grid, Step};
use crate::error::{Error, Result};
use crate::sql::ast::{ColumnRef, Name, Window};
use crate::types::{Context, Duration, Precision, TimeZone, Unit};

/// The windows of a query.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Windows {
    /// INTERVAL
    Interval(Grid),
    /// SESSION with a gap of so many ticks.
    Session(i64),
    /// STATE_WINDOW of a column.
    State(Place),
}

/// Reads the window clauses; none when there are none.
pub(super) fn bind(query: &Query<'_>) -> Result<Option<Windows>> {
    let Some(window) = &query.select.window else { return Ok(None) };
    if !query.source.has_time() {
        return Err(Error::invalid_operation(
            "interval query not supported, since the result of sub query not include valid timestamp column",
        ));
    }
    let windows = match window {
        Window::Interval { length, offset } => {
            Windows::Interval(grid(*length, *offset, query.select.sliding, query.environment)?)
        }
        Window::Session { column, gap } => {
            if query.source.is_super() {
                return Err(Error::invalid_operation("functions not support for super table query"));
            }
            if place(query, column)? != Place::TIME {
                return Err(Error::invalid_operation("invalid column name"));
            }
            Windows::Session(session_gap(*gap, query.environment.precision)?)
        }
        Window::State(column) => Windows::State(state(query, column)?),
    };
    Ok(Some(windows))
}

fn place(query: &Query<'_>, name: &Name) -> Result<Place> {
    let column = ColumnRef { table: None, name: name.clone() };
    query.source.find(&column).ok_or_else(|| Error::invalid_operation("invalid column name"))
}

fn session_gap(gap: Duration, precision: Precision) -> Result<i64> {
    if gap.unit.nanoseconds().is_none() {
        return Err(Error::invalid_operation("gap should be fixed time window"));
    }
    match gap.ticks(precision) {
        Some(ticks) if ticks > 0 => Ok(ticks),
        _ => Err(Error::invalid_operation("invalid time window")),
    }
}

fn state(query: &Query<'_>, column: &Name) -> Result<Place> {
    let place = place(query, column)?;
    if place.is_tag() {
        return Err(Error::invalid_operation("not support state_window on tag column"));
    }
    if !query.select.group_by.is_empty() {
        return Err(Error::invalid_operation("not support state_window with group by"));
    }
    if query.source.is_super() {
        return Err(Error::invalid_operation("state_window not support for super table query"));
    }
    let data_type = query.source.type_of(place).data_type;
    if data_type.is_float() || place == Place::TIME {
        return Err(Error::invalid_operation("invalid column type"));
    }
    Ok(place)
}

fn grid(
    length: Duration,
    offset: Option<Duration>,
    sliding: Option<Duration>,
    environment: Environment<'_>,
) -> Result<Grid> {
    let Environment { context, precision } = environment;
    let (step, zone) = match months(length) {
        Some(0) => return Err(too_small()),
        Some(_) if sliding.is_some() => {
            return Err(Error::invalid_operation(
                "does not support sliding when interval is natural month/year",
            ));
        }
        Some(length) => (Step::Months { length, first: 0 }, context.zone),
        None => {
            let ticks = interval(length, precision)?;
            let every = sliding.map_or(Ok(ticks), |sliding| self::sliding(sliding, ticks, precision))?;
            (Step::Ticks { length: ticks, every }, clock(length.unit, every, precision, context))
        }
    };
    let grid = Grid { step, offset: 0, zone, precision };
    offset.map_or(Ok(grid), |offset| shifted(grid, offset))
}

fn months(duration: Duration) -> Option<i64> {
    match duration.unit {
        Unit::Month => Some(duration.count),
        // So long that one window holds all of time either way.
        Unit::Year => Some(duration.count.saturating_mul(12)),
        _ => None,
    }
}

fn too_small() -> Error {
    Error::invalid_operation("interval value is too small")
}

fn interval(length: Duration, precision: Precision) -> Result<i64> {
    let ticks = length.ticks(precision).ok_or_else(|| Error::invalid_operation("interval is too long"))?;
    if ticks <= 0 {
        return Err(too_small());
    }
    if ticks.saturating_mul(precision.nanoseconds()) < 1_000 {
        return Err(Error::invalid_operation("interval cannot be less than 1 us"));
    }
    Ok(ticks)
}

fn sliding(sliding: Duration, interval: i64, precision: Precision) -> Result<i64> {
    const SHORTEST_NANOSECONDS: i64 = 10_000_000;
    let ticks = sliding
        .ticks(precision)
        .ok_or_else(|| Error::invalid_operation("sliding must be a fixed length of time"))?;
    if ticks.saturating_mul(precision.nanoseconds()) < SHORTEST_NANOSECONDS {
        return Err(Error::invalid_operation("sliding value too small"));
    }
    if ticks > interval {
        return Err(Error::invalid_operation("sliding value no larger than the interval value"));
    }
    Ok(ticks)
}

/// Days and weeks are those of the client's zone; shorter windows are even in UTC. Steps of less than a day
/// between windows of days go by a clock that is never set, lest a window be missed or come twice.
fn clock(unit: Unit, every: i64, precision: Precision, context: &Context) -> TimeZone {
    let day = Duration { count: 1, unit: Unit::Day }.ticks(precision);
    match unit {
        Unit::Day | Unit::Week if day.is_some_and(|day| every % day == 0) => context.zone,
        Unit::Day | Unit::Week => {
            let now = context.now_in(Precision::Milli).div_euclid(Precision::Milli.per_second());
            i32::try_from(context.zone.offset_at(now)).map_or(TimeZone::UTC, TimeZone::Fixed)
        }
        _ => TimeZone::UTC,
    }
}

fn shifted(grid: Grid, offset: Duration) -> Result<Grid> {
    const LONGEST_MONTH: Duration = Duration { count: 31, unit: Unit::Day };
    let too_long = || Error::invalid_operation("interval offset should be shorter than interval");
    match (grid.step, months(offset)) {
        (Step::Ticks { length, .. }, None) => {
            let offset = offset.ticks(grid.precision).filter(|offset| *offset < length);
            Ok(Grid { offset: offset.ok_or_else(too_long)?, ..grid })
        }
        (Step::Ticks { .. }, Some(_)) => {
            Err(Error::invalid_operation("interval offset must be a fixed length of time"))
        }
        (Step::Months { length, .. }, Some(first)) if first < length => {
            Ok(Grid { step: Step::Months { length, first }, ..grid })
        }
        (Step::Months { .. }, Some(_)) => Err(too_long()),
        (Step::Months { length, .. }, None) => {
            let longest = LONGEST_MONTH.ticks(grid.precision).unwrap_or(i64::MAX).saturating_mul(length);
            let offset = offset.ticks(grid.precision).filter(|offset| *offset <= longest);
            Ok(Grid { offset: offset.ok_or_else(too_long)?, ..grid })
        }
    }
}

/// `_wstart`, `_wstop` and `_wduration`: which of the three columns of a window; none for any other name.
pub(super) fn pseudo_column(name: &str) -> Option<usize> {
    ["_wstart", "_wstop", "_wduration"].iter().position(|pseudo| *pseudo == name)
}
