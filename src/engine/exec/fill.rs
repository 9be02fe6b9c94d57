//! FILL: rows for the windows that have none.
//!
//! Works block by block; a block holds the windows of one group in order, as [`super::window`] makes them.
//! A group without any window stays without.

use std::sync::Arc;

use super::memory::Budget;
use crate::engine::exec::tree::{Filler, Filling};
use crate::error::Result;
use crate::types::{Block, BlockStream, Column, Context, DataType, Value};

/// An input with its empty windows filled.
pub(super) struct Fill {
    pub(super) input: Box<dyn BlockStream>,
    pub(super) filling: Filling,
    pub(super) context: Context,
}

impl BlockStream for Fill {
    fn next_block(&mut self) -> Result<Option<Block>> {
        self.context.stop.check()?;
        let Some(block) = self.input.next_block()? else { return Ok(None) };
        self.fill(&block).map(Some)
    }
}

/// A row of the result.
enum Row {
    /// A window that has one.
    Present(usize),
    /// An empty window between two that are not; none where there are no more.
    Gap { start: i64, before: Option<usize>, after: Option<usize> },
}

impl Fill {
    fn fill(&self, block: &Block) -> Result<Block> {
        let times = block.column(0).i64s().unwrap_or_default();
        let rows = self.rows(times)?;
        let starts = rows.iter().map(|row| match row {
            Row::Present(row) => times[*row],
            Row::Gap { start, .. } => *start,
        });
        let mut columns = vec![Arc::new(Column::timestamps(starts.collect()))];
        for (column, filler) in block.columns()[1..].iter().zip(&self.filling.fillers) {
            columns.push(Arc::new(filled(column, times, &rows, filler)));
        }
        Ok(Block::new(columns))
    }

    /// All windows of the range in the order of the input.
    fn rows(&self, times: &[i64]) -> Result<Vec<Row>> {
        let Filling { grid, windows, descending, fillers } = &self.filling;
        let mut budget = Budget::new("filling windows");
        let bytes = (1 + fillers.len()) * std::mem::size_of::<Value>() + std::mem::size_of::<Row>();
        let count = usize::try_from(windows.end() - windows.start() + 1).unwrap_or(usize::MAX);
        budget.set(count.saturating_mul(bytes))?;
        let mut rows = Vec::with_capacity(count);
        let mut next = 0;
        for place in 0..count as i64 {
            let window = if *descending { windows.end() - place } else { windows.start() + place };
            let start = grid.start(window);
            if times.get(next) == Some(&start) {
                rows.push(Row::Present(next));
                next += 1;
            } else {
                let after = (next < times.len()).then_some(next);
                rows.push(Row::Gap { start, before: next.checked_sub(1), after });
            }
        }
        Ok(rows)
    }
}

/// A column with its gaps filled. A window whose aggregate has no value is a gap of that column, but not for
/// LINEAR.
fn filled(column: &Column, times: &[i64], rows: &[Row], filler: &Filler) -> Column {
    let value_at = |row: Option<usize>| row.map_or(Value::Null, |row| column.value(row));
    let has_value = |row: &usize| !column.is_null(*row);
    let mut filled = Column::new(column.data_type());
    for row in rows {
        let (start, before, after) = match row {
            Row::Present(row) if has_value(row) || *filler == Filler::Linear => {
                filled.push(&column.value(*row));
                continue;
            }
            Row::Present(row) => {
                (times[*row], row.checked_sub(1), Some(row + 1).filter(|row| *row < times.len()))
            }
            Row::Gap { start, before, after } => (*start, *before, *after),
        };
        let value = match filler {
            Filler::Keep => value_at(before.or(after)),
            Filler::Value(value) => value.clone(),
            Filler::Previous => value_at(before.and_then(|before| (0..=before).rev().find(has_value))),
            Filler::Next => value_at(after),
            Filler::Linear => match (before, after) {
                (Some(before), Some(after)) => {
                    let ends = [before, after].map(|row| (times[row], column.value(row)));
                    between(column.data_type(), ends, start)
                }
                _ => Value::Null,
            },
        };
        filled.push(&value);
    }
    filled
}

/// The value at a time on the line through two points; NULL for what has no values between two others.
fn between(data_type: DataType, [(t0, v0), (t1, v1)]: [(i64, Value); 2], time: i64) -> Value {
    let numeric = data_type.is_numeric() || data_type == DataType::Timestamp;
    let (Some(a), Some(b), true) = (v0.as_f64(), v1.as_f64(), numeric) else { return Value::Null };
    let share = time.abs_diff(t0) as f64 / t1.abs_diff(t0) as f64;
    let number = a + (b - a) * share;
    // A cast from float to integer stays within the integer.
    match data_type {
        t if t.is_float() => Value::Float(number),
        t if t.is_unsigned_integer() => Value::UInt(number as u64),
        _ => Value::Int(number as i64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::exec::rows::Ready;
    use crate::engine::exec::window::grid::{Grid, Step};
    use crate::types::{Bitmap, Precision, StopFlag, TimeZone, Values};

    /// Windows of 10 ticks from -10 to 49, of which those from 0, 20 and 30 have rows; the one from 20 has no
    /// value.
    fn run(filler: Filler, descending: bool) -> Vec<Value> {
        let grid = Grid {
            step: Step::Ticks { length: 10, every: 10 },
            offset: 0,
            zone: TimeZone::UTC,
            precision: Precision::Milli,
        };
        let validity: Bitmap = [true, false, true].into_iter().collect();
        let values = Column::from_values(DataType::Int, Values::I32(vec![5, 0, 8]), Some(validity)).unwrap();
        let mut block = Block::from_columns(vec![Column::timestamps(vec![0, 20, 30]), values]);
        if descending {
            block = block.take(&[2, 1, 0]);
        }
        let context = Context::new(TimeZone::UTC, StopFlag::default());
        let filling = Filling { grid, windows: -1..=4, descending, fillers: vec![filler] };
        let mut fill = Fill { input: Box::new(Ready::new(vec![block])), filling, context };
        let filled = fill.next_block().unwrap().unwrap();
        let mut starts: Vec<i64> = (-1..=4).map(|window| 10 * window).collect();
        if descending {
            starts.reverse();
        }
        assert_eq!(filled.column(0).i64s().unwrap(), starts);
        (0..filled.rows()).map(|row| filled.column(1).value(row)).collect()
    }

    #[test]
    fn each_filler_fills_as_it_is_called() {
        let (int, null) = (Value::Int, Value::Null);
        let row = |values: [Value; 6]| values.to_vec();
        assert_eq!(run(Filler::Previous, false), row([null.clone(), int(5), int(5), int(5), int(8), int(8)]));
        assert_eq!(
            run(Filler::Next, false),
            row([int(5), int(5), null.clone(), int(8), int(8), null.clone()])
        );
        assert_eq!(run(Filler::Value(int(7)), false), row([int(7), int(5), int(7), int(7), int(8), int(7)]));
        // Before the first and after the last point, and beside a window without a value, there is no line.
        assert_eq!(
            run(Filler::Linear, false),
            row([null.clone(), int(5), null.clone(), null.clone(), int(8), null.clone()])
        );
        assert_eq!(run(Filler::Previous, true), row([null, int(8), int(8), int(8), int(5), int(5)]));
    }

    #[test]
    fn a_line_runs_through_its_points() {
        let ends = || [(0, Value::Int(10)), (30, Value::Int(-20))];
        assert_eq!(between(DataType::Int, ends(), 10), Value::Int(0));
        assert_eq!(
            between(DataType::Double, [(0, Value::Float(1.0)), (4, Value::Float(2.0))], 1),
            Value::Float(1.25)
        );
        assert_eq!(between(DataType::Bool, [(0, Value::Bool(true)), (2, Value::Bool(true))], 1), Value::Null);
    }
}
