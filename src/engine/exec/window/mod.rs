//! Windows: rows of a group that lie together in time become one row.
//!
//! A row has the keys of its group, then start, stop and duration of its window (and its state, if windows
//! are those of a state), then the outputs. A block holds the windows of one group, all of them, so that
//! what follows can fill and limit group by group. All input is taken in before the first block is given; the
//! states of the windows have a memory limit.

mod cut;
pub(crate) mod grid;

use std::ops::Range;

use self::cut::{Cutter, WINDOW_BYTES, Window};
use super::group::sort_groups;
use super::keys::Keys;
use super::memory::Budget;
use super::open;
use super::outputs::Outputs;
use crate::engine::exec::tree::{GroupOrder, Windows};
use crate::error::Result;
use crate::types::{Block, BlockStream, Column, Context, DataType, Values};

/// The windows of an input.
pub(super) struct WindowStream {
    input: Option<Box<dyn BlockStream>>,
    windowing: Windowing,
    result: Option<Block>,
    /// The rows of each group in the result.
    groups: std::vec::IntoIter<Range<usize>>,
}

impl WindowStream {
    pub(super) fn new(windows: Windows, context: &Context) -> Result<WindowStream> {
        let input = open(windows.input, context)?;
        let windowing = Windowing {
            keys: Keys::new(windows.keys),
            cutter: Cutter::new(windows.cut),
            outputs: Outputs::new(windows.outputs),
            only_with_value: windows.only_with_value,
            with_gaps: windows.with_gaps,
            order: windows.order,
            descending: windows.descending,
            budget: Budget::new("cutting into windows"),
            context: context.clone(),
        };
        Ok(WindowStream { input: Some(input), windowing, result: None, groups: Vec::new().into_iter() })
    }
}

impl BlockStream for WindowStream {
    fn next_block(&mut self) -> Result<Option<Block>> {
        if let Some(mut input) = self.input.take() {
            while let Some(block) = input.next_block()? {
                self.windowing.take(&block)?;
            }
            let (result, groups) = self.windowing.finish();
            self.result = Some(result);
            self.groups = groups.into_iter();
        }
        let (Some(result), Some(rows)) = (&self.result, self.groups.next()) else { return Ok(None) };
        Ok(Some(result.slice(rows.start, rows.len())))
    }
}

struct Windowing {
    keys: Keys,
    cutter: Cutter,
    outputs: Outputs,
    only_with_value: bool,
    with_gaps: bool,
    order: GroupOrder,
    descending: bool,
    budget: Budget,
    context: Context,
}

impl Windowing {
    fn take(&mut self, block: &Block) -> Result<()> {
        // The budget stops long before 2^32 groups.
        let group = self.keys.group_of_block(block) as u32;
        let before = self.keys.memory() + self.cutter.states_memory();
        let Windowing { cutter, outputs, budget, context, .. } = self;
        cutter.cut(block, group, &mut |rows, windows, count| {
            context.stop.check()?;
            outputs.update(rows, windows, count);
            budget.set(before + count * WINDOW_BYTES + outputs.memory())
        })
    }

    /// All windows that give a row, group by group, and the rows of each group.
    fn finish(&mut self) -> (Block, Vec<Range<usize>>) {
        let (windows, states) = self.cutter.finish();
        let mut of_group: Vec<Vec<usize>> = vec![Vec::new(); self.keys.count()];
        for (window, Window { group, .. }) in windows.iter().enumerate() {
            if !self.only_with_value || self.outputs.has_value(window) {
                of_group[*group as usize].push(window);
            }
        }
        let keys = self.keys.finish();
        let mut groups: Vec<usize> =
            (0..of_group.len()).filter(|&group| !of_group[group].is_empty()).collect();
        sort_groups(&mut groups, &keys, &self.order);

        let mut order = Vec::with_capacity(windows.len());
        let mut rows = Vec::with_capacity(groups.len());
        for group in groups {
            let start = order.len();
            order.append(&mut of_group[group]);
            let of_group = &mut order[start..];
            of_group.sort_by_key(|&window| windows[window].start);
            if self.descending {
                of_group.reverse();
            }
            rows.push(start..order.len());
        }

        let group_of: Vec<usize> = order.iter().map(|&window| windows[window].group as usize).collect();
        let ticks = |of: fn(&Window) -> i64| order.iter().map(|&window| of(&windows[window])).collect();
        let mut columns: Vec<Column> = keys.iter().map(|key| key.take(&group_of)).collect();
        columns.push(Column::timestamps(ticks(|window| window.start)));
        columns.push(Column::timestamps(ticks(|window| window.stop)));
        columns.push(durations(ticks(|window| window.stop.saturating_sub(window.start))));
        columns.extend(states.iter().map(|states| states.take(&order)));
        let outputs = match self.with_gaps {
            true => self.outputs.finish_with_gaps(windows.len()),
            false => self.outputs.finish(),
        };
        columns.extend(outputs.iter().map(|output| output.take(&order)));
        (Block::from_columns(columns), rows)
    }
}

fn durations(ticks: Vec<i64>) -> Column {
    Column::from_values(DataType::BigInt, Values::I64(ticks), None).expect("BIGINT is a vector of i64")
}
