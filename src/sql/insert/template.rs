//! INSERT with `?` for its values, as it is prepared.
//!
//! ```text
//! INSERT INTO { table | ? } [(columns)] [USING super [(tags)] TAGS ({ value | ? }, …) [(columns)]]
//!   VALUES (?, …)
//! ```
//!
//! There are `?` of two kinds. Those for the table and its tags are part of the text: once they are known,
//! a [`Template`] makes a statement of them. Those of VALUES are not: [`read_prepared`] tells which columns
//! they stand for, and the values go there without ever being text.

use super::cursor::Cursor;
use super::names::table_name;
use super::refusal::{invalid, syntax};
use super::statement::{Head, Statement};
use super::{Tables, Target};
use crate::error::{Error, Result, codes};
use crate::sql::ast::TableName;
use crate::sql::parameters::{literal, substitute};
use crate::types::{Context, Value};

/// The text of a prepared INSERT, and where in it stand the `?` before VALUES.
#[derive(Clone, Debug)]
pub struct Template {
    sql: Vec<u8>,
    table: Option<usize>,
    tags: Vec<usize>,
}

impl Template {
    /// Looks for the `?`; whether the rest makes sense is for [`read_prepared`] to tell.
    ///
    /// # Errors
    /// `0x80000216` for `USING ?`; `0x80000200` for a tag that is `?` of a table that is not.
    pub fn new(sql: &[u8]) -> Result<Template> {
        let mut template = Template { sql: sql.to_vec(), table: None, tags: Vec::new() };
        let mut cursor = Cursor::new(sql);
        cursor.next();
        cursor.eat_word("into");
        let table = cursor.next();
        if table.text == b"?" {
            template.table = Some(table.start);
        }
        loop {
            let token = cursor.next();
            if token.is_word("values") || token.text.is_empty() {
                return Ok(template);
            }
            if token.is_word("using") && cursor.skip_blanks() == Some(b'?') {
                return Err(syntax(cursor.rest(), "invalid token"));
            }
            if token.text == b"?" && template.table.is_none() {
                let why = "a tag can be ? only where the table is ?";
                return Err(invalid(codes::TSC_INVALID_OPERATION, cursor.from(token.start), why));
            }
            if token.text == b"?" {
                template.tags.push(token.start);
            }
        }
    }

    /// Whether the table is a `?`.
    pub fn names_no_table(&self) -> bool {
        self.table.is_some()
    }

    /// How many tags are `?`; none unless the table is.
    pub fn tags(&self) -> usize {
        self.tags.len()
    }

    /// The statement for that table, with those tags in the places of theirs.
    ///
    /// # Errors
    /// `0x80000200` for what is no name of a table, and for a number that text cannot say.
    pub fn fill(&self, table: &[u8], tags: &[Value]) -> Result<Vec<u8>> {
        let Some(place) = self.table else { return Ok(self.sql.clone()) };
        let mut name = Cursor::new(table);
        if table_name(&mut name).is_err() || name.skip_blanks().is_some() {
            return Err(Error::invalid_operation("name is invalid"));
        }
        let tags = tags.iter().map(literal).collect::<Result<Vec<_>>>()?;
        let places = std::iter::once(place).chain(self.tags.iter().copied());
        let texts = std::iter::once(table).chain(tags.iter().map(Vec::as_slice));
        Ok(substitute(&self.sql, places.zip(texts)))
    }
}

/// A prepared INSERT that was read.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The table's name.
    pub name: TableName,
    /// The table.
    pub target: Target,
    /// Which of its columns the `?` of VALUES stand for, in their order.
    pub columns: Vec<usize>,
}

/// Reads a prepared INSERT whose table and tags are known. A table that USING makes may have been made,
/// also when what follows is wrong.
///
/// # Errors
/// Those of an INSERT; `0x80000200` for a value that is no `?`, and for more than one row.
pub fn read_prepared(sql: &[u8], context: &Context, tables: &mut dyn Tables) -> Result<Prepared> {
    let mut statement = Statement::new(sql, context, tables);
    statement.insert_into()?;
    let Head { name, target, columns, from_file } = statement.head()?;
    if from_file {
        return Err(Error::invalid_operation("only ? allowed in values"));
    }
    parameters(statement.cursor(), columns.len())?;
    Ok(Prepared { name, target, columns })
}

/// Takes one row of so many `?`, the last thing of a statement.
fn parameters(cursor: &mut Cursor<'_>, count: usize) -> Result<()> {
    if !cursor.eat(b'(') {
        return Err(Error::from(codes::TSC_SQL_SYNTAX_ERROR));
    }
    for index in 0..count {
        if index > 0 {
            cursor.eat(b',');
        }
        match cursor.skip_blanks() {
            Some(b'?') => cursor.advance(1),
            None | Some(b')') => return Err(syntax(cursor.rest(), "invalid data or symbol")),
            Some(_) => return Err(Error::invalid_operation("only ? allowed in values")),
        }
    }
    if !cursor.eat(b')') {
        return Err(syntax(cursor.rest(), ") expected"));
    }
    cursor.eat(b',');
    match cursor.skip_blanks() {
        None | Some(b';') => Ok(()),
        Some(_) => Err(Error::invalid_operation("a prepared INSERT has one table and one row of ?")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(sql: &str, table: &str, tags: &[Value]) -> Result<String> {
        let text = Template::new(sql.as_bytes())?.fill(table.as_bytes(), tags)?;
        Ok(String::from_utf8(text).unwrap())
    }

    #[test]
    fn the_table_and_the_tags_become_text() {
        let sql = "insert into ? using st (a, b) tags (?, '?') (ts) values (?)";
        let tags = [Value::text(r"it's \")];
        let template = Template::new(sql.as_bytes()).unwrap();
        assert!(template.names_no_table());
        assert_eq!(template.tags(), 1);
        let expected = r"insert into D.t using st (a, b) tags ('it\'s \\', '?') (ts) values (?)";
        assert_eq!(filled(sql, "D.t", &tags).unwrap(), expected);
        let fixed = Template::new(b"insert into t values (?, ?)").unwrap();
        assert!(!fixed.names_no_table() && fixed.tags() == 0);
    }

    #[test]
    fn a_name_is_nothing_but_a_name() {
        let sql = "insert into ? values (?)";
        for name in ["", "bad-name", "t values (1) u", "t;", "d.", "1t", "values", "`open", "t (ts)"] {
            assert_eq!(filled(sql, name, &[]).unwrap_err().code, codes::TSC_INVALID_OPERATION, "{name}");
        }
        assert_eq!(filled(sql, "`t x`", &[]).unwrap(), "insert into `t x` values (?)");
        let using = Template::new(b"insert into ? using ? tags (1) values (?)");
        assert_eq!(using.unwrap_err().code, codes::TSC_SQL_SYNTAX_ERROR);
        let tags = Template::new(b"insert into t using st tags (?) values (?)");
        assert_eq!(tags.unwrap_err().code, codes::TSC_INVALID_OPERATION);
    }

    #[test]
    fn a_row_of_parameters() {
        let read = |text: &str| parameters(&mut Cursor::new(text.as_bytes()), 2).map_err(|e| e.code);
        for good in ["(?,?)", " ( ? , ? ) ;", "(? ?),"] {
            assert_eq!(read(good), Ok(()), "{good}");
        }
        for (bad, code) in [
            ("", codes::TSC_SQL_SYNTAX_ERROR),
            ("?,?", codes::TSC_SQL_SYNTAX_ERROR),
            ("(?)", codes::TSC_SQL_SYNTAX_ERROR),
            ("(?,", codes::TSC_SQL_SYNTAX_ERROR),
            ("(?,?,?)", codes::TSC_SQL_SYNTAX_ERROR),
            ("(?,1)", codes::TSC_INVALID_OPERATION),
            ("(?,'?')", codes::TSC_INVALID_OPERATION),
            ("(?,?) (?,?)", codes::TSC_INVALID_OPERATION),
        ] {
            assert_eq!(read(bad), Err(code), "{bad}");
        }
    }
}
