//! ORDER BY a column of rows that come in no order of their own.
//!
//! All input is taken in before the first row is given; it has a memory limit.

use super::BLOCK_ROWS;
use super::memory::Budget;
use crate::engine::functions::kernels::compare_rows;
use crate::error::Result;
use crate::types::{Block, BlockStream, Column};

/// The rows of an input by one of its columns; rows of equal values stay in their order.
pub(super) struct Sort {
    input: Option<Box<dyn BlockStream>>,
    column: usize,
    descending: bool,
    sorted: Option<Block>,
    order: std::vec::IntoIter<usize>,
}

impl Sort {
    pub(super) fn new(input: Box<dyn BlockStream>, column: usize, descending: bool) -> Sort {
        Sort { input: Some(input), column, descending, sorted: None, order: Vec::new().into_iter() }
    }

    fn sort(&mut self, input: &mut dyn BlockStream) -> Result<()> {
        let Some(all) = collect(input)? else { return Ok(()) };
        let key = all.column(self.column);
        let mut order: Vec<usize> = (0..all.rows()).collect();
        match self.descending {
            true => order.sort_by(|&a, &b| compare_rows(key, b, a)),
            false => order.sort_by(|&a, &b| compare_rows(key, a, b)),
        }
        self.order = order.into_iter();
        self.sorted = Some(all);
        Ok(())
    }
}

impl BlockStream for Sort {
    fn next_block(&mut self) -> Result<Option<Block>> {
        if let Some(mut input) = self.input.take() {
            self.sort(input.as_mut())?;
        }
        let rows: Vec<usize> = self.order.by_ref().take(BLOCK_ROWS).collect();
        Ok(self.sorted.as_ref().filter(|_| !rows.is_empty()).map(|all| all.take(&rows)))
    }
}

/// All rows of an input as one block; none when there are none.
fn collect(input: &mut dyn BlockStream) -> Result<Option<Block>> {
    let mut budget = Budget::new("sorting");
    let mut columns: Vec<Column> = Vec::new();
    while let Some(block) = input.next_block()? {
        if columns.is_empty() {
            columns = block.columns().iter().map(|column| Column::new(column.data_type())).collect();
        }
        columns.iter_mut().zip(block.columns()).for_each(|(all, column)| all.append(column));
        budget.set(columns.iter().map(Column::memory).sum())?;
    }
    Ok((!columns.is_empty()).then(|| Block::from_columns(columns)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::exec::rows::Ready;
    use crate::types::{DataType, Values};

    #[test]
    fn equal_values_stay_in_order_whichever_way() {
        let block = |keys: &[i32], times: &[i64]| {
            let keys = Column::from_values(DataType::Int, Values::I32(keys.to_vec()), None).unwrap();
            Block::from_columns(vec![keys, Column::timestamps(times.to_vec())])
        };
        let sorted = |descending| {
            let input = Ready::new(vec![block(&[2, 1], &[0, 1]), block(&[2, 3, 1], &[2, 3, 4])]);
            let mut sort = Sort::new(Box::new(input), 0, descending);
            let block = sort.next_block().unwrap().unwrap();
            assert!(sort.next_block().unwrap().is_none());
            block.column(1).i64s().unwrap().to_vec()
        };
        assert_eq!(sorted(false), [1, 4, 0, 2, 3]);
        assert_eq!(sorted(true), [3, 0, 2, 1, 4]);
    }
}
