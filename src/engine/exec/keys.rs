//! Which group a row belongs to.

use std::collections::HashMap;
use std::sync::Arc;

use crate::engine::exec::expr::evaluate;
use crate::engine::exec::tree::Expr;
use crate::types::{Block, Column, Values};

/// The groups seen so far, numbered as they appeared.
pub(super) struct Keys {
    expressions: Vec<Expr>,
    /// The values of each key, one for each group.
    columns: Vec<Column>,
    groups: HashMap<Box<[u8]>, u32>,
    bytes: usize,
    encoded: Vec<u8>,
}

impl Keys {
    pub(super) fn new(expressions: Vec<Expr>) -> Keys {
        let columns = expressions.iter().map(|key| Column::new(key.column_type().data_type)).collect();
        Keys { expressions, columns, groups: HashMap::new(), bytes: 0, encoded: Vec::new() }
    }

    /// The group of all rows of a block; the keys of its first row count.
    pub(super) fn group_of_block(&mut self, block: &Block) -> usize {
        let columns = self.evaluate(block);
        self.group_of(&columns, 0) as usize
    }

    /// The group of each row.
    pub(super) fn groups_of_rows(&mut self, block: &Block) -> Vec<u32> {
        let columns = self.evaluate(block);
        (0..block.rows()).map(|row| self.group_of(&columns, row)).collect()
    }

    /// How many groups there are.
    pub(super) fn count(&self) -> usize {
        self.groups.len()
    }

    /// The keys of all groups.
    pub(super) fn finish(&mut self) -> Vec<Column> {
        std::mem::take(&mut self.columns)
    }

    /// Bytes that the keys take.
    pub(super) fn memory(&self) -> usize {
        self.bytes
    }

    fn evaluate(&self, block: &Block) -> Vec<Arc<Column>> {
        self.expressions.iter().map(|key| evaluate(key, block)).collect()
    }

    fn group_of(&mut self, columns: &[Arc<Column>], row: usize) -> u32 {
        self.encoded.clear();
        columns.iter().for_each(|column| encode(column, row, &mut self.encoded));
        if let Some(&group) = self.groups.get(self.encoded.as_slice()) {
            return group;
        }
        // The budget stops long before 2^32 groups.
        let group = self.groups.len() as u32;
        self.groups.insert(self.encoded.as_slice().into(), group);
        self.columns.iter_mut().zip(columns).for_each(|(all, column)| all.push(&column.value(row)));
        self.bytes += 2 * self.encoded.len() + std::mem::size_of::<(Box<[u8]>, u32)>();
        group
    }
}

/// Appends bytes that are equal for equal values only; never read back.
fn encode(column: &Column, row: usize, out: &mut Vec<u8>) {
    if column.is_null(row) {
        out.push(0);
        return;
    }
    out.push(1);
    match column.values() {
        Values::Bool(v) => out.push(v.get(row).into()),
        Values::I8(v) => out.extend(v[row].to_le_bytes()),
        Values::I16(v) => out.extend(v[row].to_le_bytes()),
        Values::I32(v) => out.extend(v[row].to_le_bytes()),
        Values::I64(v) => out.extend(v[row].to_le_bytes()),
        Values::U8(v) => out.extend(v[row].to_le_bytes()),
        Values::U16(v) => out.extend(v[row].to_le_bytes()),
        Values::U32(v) => out.extend(v[row].to_le_bytes()),
        Values::U64(v) => out.extend(v[row].to_le_bytes()),
        // Both zeroes are one group.
        Values::F32(v) => out.extend((v[row] + 0.0).to_le_bytes()),
        Values::F64(v) => out.extend((v[row] + 0.0).to_le_bytes()),
        Values::Bytes(v) => {
            let text = v.get(row);
            out.extend((text.len() as u64).to_le_bytes());
            out.extend(text);
        }
    }
}
