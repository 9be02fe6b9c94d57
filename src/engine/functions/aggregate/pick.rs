//! first, last and last_row: the value of the row that comes first or last in time.

use super::fold::{argument, picked};
use super::{Accumulator, Aggregate, Company, Groups, Input, Star};
use crate::types::{Column, DataType, Value};

pub(super) const FIRST: Aggregate = Aggregate {
    name: "first",
    company: Company::OneRow,
    star: Star::EachColumn,
    returns: Ok,
    accumulator: |data_type| accumulator(data_type, Which::First),
};

pub(super) const LAST: Aggregate = Aggregate {
    name: "last",
    company: Company::OneRow,
    star: Star::EachColumn,
    returns: Ok,
    accumulator: |data_type| accumulator(data_type, Which::Last),
};

pub(super) const LAST_ROW: Aggregate = Aggregate {
    name: "last_row",
    company: Company::SameRow,
    star: Star::EachColumn,
    returns: Ok,
    accumulator: |data_type| accumulator(data_type, Which::LastRow),
};

/// `First` and `Last` pass over NULL, `LastRow` takes it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    First,
    Last,
    LastRow,
}

fn accumulator(data_type: DataType, which: Which) -> Box<dyn Accumulator> {
    Box::new(Pick { data_type, which, states: Vec::new(), text_bytes: 0 })
}

struct Pick {
    data_type: DataType,
    which: Which,
    states: Vec<State>,
    /// Bytes of the strings in the states.
    text_bytes: usize,
}

#[derive(Clone)]
struct State {
    /// The time of the row; none as long as there is no row.
    time: Option<i64>,
    value: Value,
    /// The row of the last update that it came from.
    row: Option<usize>,
}

impl Pick {
    fn offer(&mut self, group: usize, time: i64, row: usize) {
        let state = &mut self.states[group];
        let earlier_or_later = match self.which {
            Which::First => state.time.is_none_or(|best| time < best),
            Which::Last | Which::LastRow => state.time.is_none_or(|best| time > best),
        };
        if earlier_or_later {
            state.time = Some(time);
            state.row = Some(row);
        }
    }
}

impl Accumulator for Pick {
    fn resize(&mut self, groups: usize) {
        self.states.resize(groups, State { time: None, value: Value::Null, row: None });
    }

    fn update(&mut self, input: &Input<'_>) {
        let column = argument(input);
        let Some(times) = input.timestamps.i64s() else { return };
        for row in 0..input.rows {
            self.states[input.groups.of(row)].row = None;
        }
        for (row, &time) in times.iter().enumerate() {
            if self.which == Which::LastRow || !column.is_null(row) {
                self.offer(input.groups.of(row), time, row);
            }
        }
        // Only now the value is taken out, once for each group instead of for each better row.
        for (group, row) in self.picked(input.groups, input.rows) {
            let before = std::mem::replace(&mut self.states[group].value, column.value(row));
            self.text_bytes += text_bytes(&self.states[group].value);
            self.text_bytes -= text_bytes(&before);
        }
    }

    fn picked(&self, groups: Groups<'_>, rows: usize) -> Vec<(usize, usize)> {
        picked(groups, rows, |group| self.states[group].row)
    }

    fn has_value(&self, group: usize) -> bool {
        self.states[group].time.is_some()
    }

    fn finish(&mut self) -> Column {
        let mut column = Column::new(self.data_type);
        std::mem::take(&mut self.states).iter().for_each(|state| column.push(&state.value));
        column
    }

    fn memory(&self) -> usize {
        std::mem::size_of_val(self.states.as_slice()) + self.text_bytes
    }
}

fn text_bytes(value: &Value) -> usize {
    value.as_bytes().map_or(0, <[u8]>::len)
}
