//! Which windows a row belongs to.

use std::collections::HashMap;

use super::grid::Grid;
use crate::engine::exec::expr::evaluate;
use crate::engine::exec::tree::{Cut, Expr};
use crate::engine::functions::aggregate::Groups;
use crate::error::Result;
use crate::types::{Block, Column, Value};

/// A window that has rows.
pub(super) struct Window {
    /// The group of rows that it is cut from.
    pub(super) group: u32,
    /// Its first tick.
    pub(super) start: i64,
    /// Its last tick.
    pub(super) stop: i64,
}

/// Bytes that a window takes in a cutter: itself, and its place in a hash table that is half full.
pub(super) const WINDOW_BYTES: usize = size_of::<Window>() + 2 * size_of::<((u32, i64), u32)>();

/// Opens windows as rows ask for them, numbered as they appear. Rows of a group come in ascending order.
pub(super) struct Cutter {
    cut: Cut,
    windows: Vec<Window>,
    /// The state of each window, when windows are those of a state.
    states: Option<Column>,
    /// Windows of a grid by group and number.
    of_grid: HashMap<(u32, i64), u32>,
    /// The group and time of the row before, when windows depend on it.
    last: Option<(u32, i64)>,
}

/// What takes rows in: a block, the windows of its rows, and how many windows there are by now.
type Take<'a> = dyn FnMut(&Block, Groups<'_>, usize) -> Result<()> + 'a;

impl Cutter {
    pub(super) fn new(cut: Cut) -> Cutter {
        let states = match &cut {
            Cut::State(state) => Some(Column::new(state.column_type().data_type)),
            Cut::Interval(_) | Cut::Session(_) => None,
        };
        Cutter { cut, windows: Vec::new(), states, of_grid: HashMap::new(), last: None }
    }

    /// Hands the rows of a block on, each with its window; several times when windows overlap.
    pub(super) fn cut(&mut self, block: &Block, group: u32, take: &mut Take<'_>) -> Result<()> {
        let Some(times) = block.column(0).i64s() else { return Ok(()) };
        let windows = match &self.cut {
            Cut::Interval(grid) if grid.overlaps() => {
                let grid = *grid;
                return self.overlapping(&grid, block, times, group, take);
            }
            Cut::Interval(grid) => {
                let grid = *grid;
                self.on_grid(&grid, times, group)
            }
            Cut::Session(gap) => {
                let gap = *gap;
                self.sessions(gap, times, group)
            }
            Cut::State(state) => {
                let states = evaluate(&Expr::clone(state), block);
                self.states(&states, times, group)
            }
        };
        take(block, Groups::Each(&windows), self.windows.len())
    }

    /// All windows, and the states of windows that have one.
    pub(super) fn finish(&mut self) -> (Vec<Window>, Option<Column>) {
        (std::mem::take(&mut self.windows), self.states.take())
    }

    /// Bytes that the states of windows take.
    pub(super) fn states_memory(&self) -> usize {
        self.states.as_ref().map_or(0, Column::memory)
    }

    fn on_grid(&mut self, grid: &Grid, times: &[i64], group: u32) -> Vec<u32> {
        let (mut window, mut start, mut stop) = (0, i64::MAX, i64::MIN);
        let window_of = |&time: &i64| {
            if time < start || time > stop {
                window = self.of_grid(grid, group, grid.newest(time));
                Window { start, stop, .. } = self.windows[window as usize];
            }
            window
        };
        times.iter().map(window_of).collect()
    }

    fn overlapping(
        &mut self,
        grid: &Grid,
        block: &Block,
        times: &[i64],
        group: u32,
        take: &mut Take<'_>,
    ) -> Result<()> {
        let (Some(&first), Some(&last)) = (times.first(), times.last()) else { return Ok(()) };
        for number in grid.oldest(first)..=grid.newest(last) {
            let (start, stop) = (grid.start(number), grid.stop(number));
            let begin = times.partition_point(|&time| time < start);
            let end = times.partition_point(|&time| time <= stop);
            if begin < end {
                let window = self.of_grid(grid, group, number) as usize;
                take(&block.slice(begin, end - begin), Groups::One(window), self.windows.len())?;
            }
        }
        Ok(())
    }

    fn of_grid(&mut self, grid: &Grid, group: u32, number: i64) -> u32 {
        *self.of_grid.entry((group, number)).or_insert_with(|| {
            self.windows.push(Window { group, start: grid.start(number), stop: grid.stop(number) });
            // The budget stops long before 2^32 windows.
            (self.windows.len() - 1) as u32
        })
    }

    fn sessions(&mut self, gap: i64, times: &[i64], group: u32) -> Vec<u32> {
        let session_of = |&time: &i64| {
            let continues =
                self.last.is_some_and(|(of, last)| of == group && time.saturating_sub(last) <= gap);
            self.follow(continues, time, group)
        };
        times.iter().map(session_of).collect()
    }

    fn states(&mut self, states: &Column, times: &[i64], group: u32) -> Vec<u32> {
        let mut windows = Vec::with_capacity(times.len());
        for (row, &time) in times.iter().enumerate() {
            let state = states.value(row);
            let continues =
                self.last.is_some_and(|(of, _)| of == group) && self.last_state().as_ref() == Some(&state);
            windows.push(self.follow(continues, time, group));
            if !continues && let Some(states) = &mut self.states {
                states.push(&state);
            }
        }
        windows
    }

    fn last_state(&self) -> Option<Value> {
        let states = self.states.as_ref()?;
        Some(states.value(states.len().checked_sub(1)?))
    }

    /// The window of a row: the last one, which then ends with it, or a new one.
    fn follow(&mut self, continues: bool, time: i64, group: u32) -> u32 {
        self.last = Some((group, time));
        match self.windows.last_mut() {
            Some(window) if continues => window.stop = time,
            _ => self.windows.push(Window { group, start: time, stop: time }),
        }
        (self.windows.len() - 1) as u32
    }
}
