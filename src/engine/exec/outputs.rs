//! What groups and windows give beside their keys: aggregates, and expressions of the row that one picked.

use super::expr::evaluate;
use crate::engine::exec::tree::{Expr, Output};
use crate::engine::functions::aggregate::{Accumulator, Groups, Input};
use crate::types::{Block, Column, Value};

/// The outputs with their states for each group.
pub(super) struct Outputs {
    states: Vec<State>,
}

enum State {
    Call { accumulator: Box<dyn Accumulator>, argument: Option<Expr> },
    OfPickedRow { expression: Expr, values: Vec<Value> },
}

impl Outputs {
    pub(super) fn new(outputs: Vec<Output>) -> Outputs {
        Outputs { states: outputs.into_iter().map(State::new).collect() }
    }

    /// Makes room for so many groups and takes the rows of a block in.
    pub(super) fn update(&mut self, block: &Block, groups: Groups<'_>, count: usize) {
        self.states.iter_mut().for_each(|state| state.resize(count));
        let mut picked = None;
        for state in &mut self.states {
            if let State::Call { accumulator, argument } = state {
                let argument = argument.as_ref().map(|argument| evaluate(argument, block));
                let input = Input {
                    argument: argument.as_deref(),
                    timestamps: block.column(0),
                    rows: block.rows(),
                    groups,
                };
                accumulator.update(&input);
                // All that pick pick the same row, but for those of HAVING, which come last.
                picked.get_or_insert_with(|| accumulator.picked(groups, block.rows()));
            }
        }
        for state in &mut self.states {
            if let State::OfPickedRow { expression, values } = state {
                let column = evaluate(expression, block);
                picked.iter().flatten().for_each(|&(group, row)| values[group] = column.value(row));
            }
        }
    }

    /// Whether one of the aggregates has a value for a group.
    pub(super) fn has_value(&self, group: usize) -> bool {
        let is_call = |state: &&State| matches!(state, State::Call { .. });
        self.states.iter().filter(is_call).any(|state| state.has_value(group))
    }

    /// The values of all groups, a column for each output.
    pub(super) fn finish(&mut self) -> Vec<Column> {
        self.states.iter_mut().map(State::finish).collect()
    }

    /// As [`Outputs::finish`] for so many groups, with NULL for aggregates without a value that are not NULL
    /// by themselves, such as a count of nothing.
    pub(super) fn finish_with_gaps(&mut self, groups: usize) -> Vec<Column> {
        let with_gaps = |state: &mut State| {
            let has_value: Vec<bool> = (0..groups).map(|group| state.has_value(group)).collect();
            let values = state.finish();
            let mut column = Column::new(values.data_type());
            for (group, has_value) in has_value.into_iter().enumerate() {
                column.push(&if has_value { values.value(group) } else { Value::Null });
            }
            column
        };
        self.states.iter_mut().map(with_gaps).collect()
    }

    /// Bytes that the states take.
    pub(super) fn memory(&self) -> usize {
        self.states.iter().map(State::memory).sum()
    }
}

impl State {
    fn new(output: Output) -> State {
        match output {
            Output::Call { function, argument, argument_type } => {
                State::Call { accumulator: (function.accumulator)(argument_type), argument }
            }
            Output::OfPickedRow(expression) => State::OfPickedRow { expression, values: Vec::new() },
        }
    }

    fn resize(&mut self, groups: usize) {
        match self {
            State::Call { accumulator, .. } => accumulator.resize(groups),
            State::OfPickedRow { values, .. } => values.resize(groups, Value::Null),
        }
    }

    fn has_value(&self, group: usize) -> bool {
        match self {
            State::Call { accumulator, .. } => accumulator.has_value(group),
            State::OfPickedRow { values, .. } => values.get(group).is_some_and(|value| !value.is_null()),
        }
    }

    fn finish(&mut self) -> Column {
        match self {
            State::Call { accumulator, .. } => accumulator.finish(),
            State::OfPickedRow { expression, values } => {
                let mut column = Column::new(expression.column_type().data_type);
                values.iter().for_each(|value| column.push(value));
                column
            }
        }
    }

    fn memory(&self) -> usize {
        match self {
            State::Call { accumulator, .. } => accumulator.memory(),
            State::OfPickedRow { values, .. } => std::mem::size_of_val(values.as_slice()),
        }
    }
}
