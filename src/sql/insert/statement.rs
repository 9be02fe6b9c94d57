//! The clauses of an INSERT, in the order in which they stand.
//!
//! ```text
//! INSERT INTO { table [(columns)] [USING super [(tags)] TAGS (values) [(columns)]]
//!               { VALUES (values) … | FILE 'path' } } …
//! ```

use super::cursor::Cursor;
use super::names::{column_list, table_name, target_columns};
use super::refusal::{invalid, syntax};
use super::value::{Place, Plain, ValueReader};
use super::{Batch, SuperTarget, Tables, Target, Using, file};
use crate::error::{Error, Result, codes};
use crate::sql::ast::TableName;
use crate::types::{Column, ColumnType, Context, Value};

/// The most rows that VALUES may give one table.
const MOST_ROWS: usize = 32767;

/// A statement that is being read.
pub(super) struct Statement<'a> {
    reader: ValueReader<'a>,
    context: &'a Context,
    tables: &'a mut dyn Tables,
    batches: Vec<Batch>,
    /// The super table of the last USING: most statements name the same one again and again.
    last_super: Option<(TableName, SuperTarget)>,
}

/// What stands before the rows of a table.
pub(super) struct Head {
    pub(super) name: TableName,
    pub(super) target: Target,
    /// Which of its columns the rows have.
    pub(super) columns: Vec<usize>,
    /// FILE instead of VALUES.
    pub(super) from_file: bool,
}

/// The rows of one clause while they are read.
pub(super) struct Rows {
    columns: Vec<Reading>,
    count: usize,
}

/// A column while its values are read.
struct Reading {
    column_type: ColumnType,
    plain: Plain,
    values: Column,
}

impl<'a> Statement<'a> {
    /// A statement that nothing was read of.
    pub(super) fn new(sql: &'a [u8], context: &'a Context, tables: &'a mut dyn Tables) -> Statement<'a> {
        let reader = ValueReader::new(sql, context);
        Statement { reader, context, tables, batches: Vec::new(), last_super: None }
    }

    /// Reads all of it.
    pub(super) fn read(mut self) -> Result<Vec<Batch>> {
        self.insert_into()?;
        loop {
            self.context.stop.check()?;
            self.table()?;
            match self.cursor().skip_blanks() {
                None | Some(b';') => return Ok(self.batches),
                Some(b',') => return Err(syntax(self.cursor().rest(), "table name expected")),
                Some(_) => {}
            }
        }
    }

    /// The place that is read next.
    pub(super) fn cursor(&mut self) -> &mut Cursor<'a> {
        &mut self.reader.cursor
    }

    /// Takes INSERT INTO; something follows it.
    pub(super) fn insert_into(&mut self) -> Result<()> {
        self.cursor().next();
        if !self.cursor().eat_word("into") {
            return Err(syntax(self.cursor().rest(), "keyword INTO is expected"));
        }
        match self.cursor().skip_blanks() {
            None => Err(Error::from(codes::TSC_INVALID_OPERATION)),
            Some(_) => Ok(()),
        }
    }

    /// One table with its rows.
    fn table(&mut self) -> Result<()> {
        let Head { target, columns, from_file, .. } = self.head()?;
        let mut rows = Rows::new(&target, &columns);
        self.reader.precision = target.precision;
        if from_file {
            self.file(&mut rows)?
        } else {
            self.values(&mut rows)?
        }
        self.batches.push(rows.into_batch(target.handle, columns));
        Ok(())
    }

    /// Takes a table and all that stands before its rows.
    pub(super) fn head(&mut self) -> Result<Head> {
        let name = table_name(self.cursor())?;
        let mut list = self.skip_list()?;
        let using = match self.cursor().eat_word("using") {
            true => Some(self.using()?),
            false => None,
        };
        if using.is_some() && self.cursor().skip_blanks() == Some(b'(') {
            if list.is_some() {
                return Err(syntax(self.cursor().rest(), "bind columns again"));
            }
            list = self.skip_list()?;
        }
        // That a table is missing is told before what is wrong behind it; but none is made for a statement
        // that ends with its tags.
        let (target, from_file) = match using {
            None => (self.tables.open(&name, None)?, self.values_or_file(false)?),
            Some(using) => {
                let from_file = self.values_or_file(true)?;
                (self.tables.open(&name, Some(&using))?, from_file)
            }
        };
        let columns = match list {
            Some(mut list) => target_columns(&mut list, &target)?,
            None => (0..target.columns.len()).collect(),
        };
        Ok(Head { name, target, columns, from_file })
    }

    /// Passes over a column list, whose names mean nothing before the table is known, and returns where
    /// it begins.
    fn skip_list(&mut self) -> Result<Option<Cursor<'a>>> {
        if self.cursor().skip_blanks() != Some(b'(') {
            return Ok(None);
        }
        let list = self.cursor().clone();
        while !self.cursor().eat(b')') {
            if self.cursor().next().text.is_empty() {
                return Err(Error::from(codes::TSC_SQL_SYNTAX_ERROR));
            }
        }
        Ok(Some(list))
    }

    /// Takes VALUES or FILE; true for the latter.
    fn values_or_file(&mut self, after_tags: bool) -> Result<bool> {
        let from_file = self.cursor().eat_word("file");
        if from_file || self.cursor().eat_word("values") {
            return Ok(from_file);
        }
        match self.cursor().skip_blanks() {
            None if after_tags => Err(Error::from(codes::TSC_SQL_SYNTAX_ERROR)),
            _ => Err(syntax(self.cursor().rest(), "keyword VALUES or FILE required")),
        }
    }

    /// What follows USING, up to the values of the tags.
    fn using(&mut self) -> Result<Using> {
        let super_table = table_name(self.cursor())?;
        let target = match self.last_super.take() {
            Some((name, target)) if name == super_table => target,
            _ => self.tables.super_table(&super_table)?,
        };
        let listed = match self.cursor().skip_blanks() {
            Some(b'(') => Some(self.tag_list(&target)?),
            _ => None,
        };
        if !self.cursor().eat_word("tags") {
            return Err(syntax(self.cursor().rest(), "keyword TAGS expected"));
        }
        if !self.cursor().eat(b'(') {
            return Err(syntax(self.cursor().rest(), "( is expected"));
        }
        self.reader.precision = target.precision;
        self.reader.place = Place::Tag;
        let values = self.tag_values(&target, listed)?;
        self.reader.place = Place::Row;
        self.last_super = Some((super_table.clone(), target));
        Ok(Using { super_table, values })
    }

    fn tag_list(&mut self, target: &SuperTarget) -> Result<Vec<usize>> {
        let mut ahead = self.cursor().clone();
        if ahead.eat(b'(') && ahead.eat(b')') {
            return Err(syntax(b"", "tag value expected"));
        }
        column_list(self.cursor(), &target.tags)
    }

    /// The values after TAGS, up to the closing parenthesis.
    fn tag_values(&mut self, target: &SuperTarget, listed: Option<Vec<usize>>) -> Result<Vec<Value>> {
        let listed = listed.unwrap_or_else(|| (0..target.tags.len()).collect());
        let mut values = vec![Value::Null; target.tags.len()];
        for index in listed {
            let column_type = target.tags[index].column_type;
            if matches!(self.cursor().skip_blanks(), None | Some(b')')) {
                return Err(syntax(self.cursor().rest(), "tag value expected"));
            }
            values[index] = self.reader.value(column_type)?.into_value(column_type.data_type);
            self.cursor().eat(b',');
        }
        if !self.cursor().eat(b')') {
            return Err(syntax(self.cursor().rest(), ") expected"));
        }
        Ok(values)
    }

    /// The rows after VALUES. Commas between and after them may be missing.
    fn values(&mut self, rows: &mut Rows) -> Result<()> {
        while self.cursor().eat(b'(') {
            if rows.count == MOST_ROWS {
                let why = "too many rows in sql, total number of rows should be less than 32767";
                return Err(invalid(codes::TSC_INVALID_OPERATION, b"", why));
            }
            rows.read(&mut self.reader)?;
            if !self.cursor().eat(b')') {
                return Err(syntax(self.cursor().rest(), ") expected"));
            }
            self.cursor().eat(b',');
        }
        if rows.count == 0 { Err(Error::from(codes::TSC_SQL_SYNTAX_ERROR)) } else { Ok(()) }
    }

    /// The rows of the file named after FILE.
    fn file(&mut self, rows: &mut Rows) -> Result<()> {
        let path = self.cursor().next();
        file::read(&path, self.reader.precision, self.context, rows)?;
        self.cursor().eat(b',');
        Ok(())
    }
}

impl Rows {
    fn new(target: &Target, columns: &[usize]) -> Rows {
        let column = |&index: &usize| {
            let column_type = target.columns[index].column_type;
            let plain = Plain::of(column_type.data_type);
            Reading { column_type, plain, values: Column::new(column_type.data_type) }
        };
        Rows { columns: columns.iter().map(column).collect(), count: 0 }
    }

    /// How many rows were read.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Reads the values of one row, without what encloses them. Commas may be missing, and one may follow
    /// the last value.
    pub(super) fn read(&mut self, reader: &mut ValueReader<'_>) -> Result<()> {
        for Reading { column_type, plain, values } in &mut self.columns {
            reader.read_into(*column_type, *plain, values)?;
        }
        self.count += 1;
        Ok(())
    }

    fn into_batch(self, target: usize, columns: Vec<usize>) -> Batch {
        let values = self.columns.into_iter().map(|reading| reading.values).collect();
        Batch { target, columns, values }
    }
}
