//! A prepared INSERT: which table, what is bound, what is to be written.

use std::sync::Arc;

use super::{BoundValue, wrong_order};
use crate::client::{Connection, ResultSet};
use crate::error::{Error, Result};
use crate::sql::insert::{Template, fits};
use crate::types::{Column, ColumnType, InsertTarget, Value};

/// The statement with its values.
pub(super) struct Insert {
    template: Template,
    /// The table that was named last.
    target: Option<Arc<InsertTarget>>,
    /// Whether values are for that table; `INSERT INTO ?` wants a name again after each execution.
    named: bool,
    bound: Bound,
    /// Rows that the next execution writes.
    batches: Vec<Batch>,
    affected_rows: u64,
    result: Option<ResultSet>,
}

/// What add_batch adds.
enum Bound {
    Nothing,
    Row(Vec<Value>),
    /// A column for each `?`; bound one by one, some may be missing.
    Columns(Vec<Option<Column>>),
}

struct Batch {
    target: Arc<InsertTarget>,
    columns: Vec<Column>,
    /// Whether it came row by row, so that more rows may follow.
    grows: bool,
}

pub(super) fn not_many_tables() -> Error {
    Error::invalid_operation("not multiple table insert")
}

pub(super) fn not_batch_insert() -> Error {
    Error::invalid_operation("not or invalid batch insert")
}

fn mismatch() -> Error {
    Error::invalid_operation("bind column type mismatch or invalid")
}

impl Insert {
    pub(super) fn prepare(connection: &Connection, sql: &[u8]) -> Result<Insert> {
        let template = Template::new(sql)?;
        let named = !template.names_no_table();
        let target = if named { Some(Arc::new(connection.prepare_insert(sql)?)) } else { None };
        Ok(Insert {
            template,
            target,
            named,
            bound: Bound::Nothing,
            batches: Vec::new(),
            affected_rows: 0,
            result: None,
        })
    }

    pub(super) fn target(&self) -> Option<&InsertTarget> {
        self.target.as_deref()
    }

    pub(super) fn tags(&self) -> usize {
        self.template.tags()
    }

    pub(super) fn set_table(
        &mut self,
        connection: &Connection,
        name: &[u8],
        tags: Option<&[Value]>,
    ) -> Result<()> {
        if !self.template.names_no_table() {
            return Err(not_many_tables());
        }
        if !matches!(self.bound, Bound::Nothing) {
            return Err(wrong_order("set tbname"));
        }
        if name.is_empty() {
            return Err(Error::invalid_operation("name is NULL"));
        }
        let tags = match (self.template.tags(), tags) {
            (0, _) => &[],
            (count, Some(tags)) if tags.len() == count => tags,
            _ => return Err(Error::invalid_operation("no tags set")),
        };
        self.named = false;
        let sql = self.template.fill(name, tags)?;
        self.target = Some(Arc::new(connection.prepare_insert(&sql)?));
        self.named = true;
        Ok(())
    }

    /// The table that values may be bound for now, when nothing is bound yet.
    pub(super) fn columns_to_bind(&self) -> Result<&InsertTarget> {
        match (&self.bound, &self.target) {
            (Bound::Nothing, Some(target)) if self.named => Ok(target),
            _ => Err(wrong_order("bind param")),
        }
    }

    /// As [`Insert::columns_to_bind`]; other single columns may be bound.
    pub(super) fn column_to_bind(&self) -> Result<&InsertTarget> {
        match (&self.bound, &self.target) {
            (Bound::Nothing | Bound::Columns(_), Some(target)) if self.named => Ok(target),
            _ => Err(wrong_order("bind param")),
        }
    }

    pub(super) fn bind_row(&mut self, values: Vec<BoundValue>) -> Result<()> {
        let columns = &self.columns_to_bind()?.columns;
        if values.len() != columns.len() {
            return Err(mismatch());
        }
        for (bound, column) in values.iter().zip(columns) {
            check_value(bound, column.column_type)?;
        }
        self.bound = Bound::Row(values.into_iter().map(|bound| bound.value).collect());
        Ok(())
    }

    pub(super) fn bind_columns(&mut self, columns: Vec<Column>) -> Result<()> {
        let target = &self.columns_to_bind()?.columns;
        if columns.len() != target.len() {
            return Err(mismatch());
        }
        for (column, target) in columns.iter().zip(target) {
            check_column(column, target.column_type)?;
        }
        if columns.windows(2).any(|pair| pair[0].len() != pair[1].len()) {
            return Err(Error::invalid_operation("bind row num mismatch"));
        }
        self.bound = Bound::Columns(columns.into_iter().map(Some).collect());
        Ok(())
    }

    pub(super) fn bind_column(&mut self, index: usize, column: Column) -> Result<()> {
        let target = self.column_to_bind()?;
        let count = target.columns.len();
        let wrong_index = || Error::invalid_operation("invalid param colIdx");
        check_column(&column, target.columns.get(index).ok_or_else(wrong_index)?.column_type)?;
        if let Bound::Nothing = self.bound {
            self.bound = Bound::Columns((0..count).map(|_| None).collect());
        }
        let Bound::Columns(columns) = &mut self.bound else { return Err(wrong_order("bind param")) };
        if columns.iter().flatten().any(|other| other.len() != column.len()) {
            return Err(Error::invalid_operation("bind row num mismatch"));
        }
        match columns.get_mut(index) {
            Some(place @ None) => *place = Some(column),
            _ => return Err(wrong_order("bind param")),
        }
        Ok(())
    }

    pub(super) fn add_batch(&mut self) -> Result<()> {
        let target = self.target.clone().ok_or_else(|| wrong_order("add batch"))?;
        match std::mem::replace(&mut self.bound, Bound::Nothing) {
            Bound::Nothing => return Err(wrong_order("add batch")),
            Bound::Row(values) => self.add_row(target, &values),
            Bound::Columns(columns) if columns.iter().any(Option::is_none) => {
                let missing = columns.iter().position(Option::is_none).unwrap_or_default();
                self.bound = Bound::Columns(columns);
                let what = format_args!("add batch status error, column {missing} is not bound");
                return Err(Error::invalid_operation(what));
            }
            Bound::Columns(columns) => {
                let columns = columns.into_iter().flatten().collect();
                self.batches.push(Batch { target, columns, grows: false });
            }
        }
        Ok(())
    }

    fn add_row(&mut self, target: Arc<InsertTarget>, values: &[Value]) {
        let goes_on = |batch: &Batch| batch.grows && Arc::ptr_eq(&batch.target, &target);
        if !self.batches.last().is_some_and(goes_on) {
            let empty = target.columns.iter().map(|column| Column::new(column.column_type.data_type));
            let columns = empty.collect();
            self.batches.push(Batch { target, columns, grows: true });
        }
        let columns = self.batches.last_mut().map(|batch| &mut batch.columns).into_iter().flatten();
        columns.zip(values).for_each(|(column, value)| column.push(value));
    }

    pub(super) fn execute(&mut self, connection: &Connection) -> Result<()> {
        if self.batches.is_empty() || !matches!(self.bound, Bound::Nothing) {
            return Err(wrong_order("exec"));
        }
        self.named = !self.template.names_no_table();
        let batches = self.batches.drain(..).map(|batch| (batch.target, batch.columns)).collect();
        match connection.insert_columns(batches) {
            Ok(rows) => {
                self.affected_rows += rows;
                self.result = Some(ResultSet::written(self.affected_rows));
                Ok(())
            }
            Err(error) => {
                self.result = Some(ResultSet::failed(error.clone()));
                Err(error)
            }
        }
    }

    pub(super) fn affected_rows(&self) -> u64 {
        self.affected_rows
    }

    pub(super) fn take_result(&mut self) -> Option<ResultSet> {
        self.result.take()
    }
}

/// Types must be equal, also between widths of integers.
fn check_value(bound: &BoundValue, column_type: ColumnType) -> Result<()> {
    let fits = match &bound.value {
        Value::Null => true,
        _ if bound.data_type != Some(column_type.data_type) => false,
        Value::Bytes(text) => fits(text, column_type),
        value => value.fits(column_type.data_type),
    };
    if fits { Ok(()) } else { Err(mismatch()) }
}

fn check_column(column: &Column, column_type: ColumnType) -> Result<()> {
    let same = column.data_type() == column_type.data_type;
    let texts_fit = || column.bytes().is_none_or(|texts| texts.iter().all(|text| fits(text, column_type)));
    if same && texts_fit() { Ok(()) } else { Err(mismatch()) }
}
