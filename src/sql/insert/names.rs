//! Names of tables and columns, as INSERT reads them.

use super::cursor::Cursor;
use super::refusal::invalid;
use super::{Target, TargetColumn};
use crate::error::{Error, Result, codes};
use crate::sql::ast::{Name, TableName};
use crate::sql::lexer::{Kind, measure};
use crate::sql::parser::{Class, class};

/// Takes `table` or `db.table`; no blanks may stand around the point.
///
/// # Errors
/// `0x80000200` where no name stands.
pub(super) fn table_name(cursor: &mut Cursor<'_>) -> Result<TableName> {
    cursor.skip_blanks();
    let start = cursor.position();
    let wrong =
        |cursor: &Cursor<'_>| invalid(codes::TSC_INVALID_OPERATION, cursor.from(start), "invalid table name");
    let first = name(cursor).ok_or_else(|| wrong(cursor))?;
    if !cursor.rest().starts_with(b".") {
        return Ok(TableName { database: None, table: first });
    }
    cursor.advance(1);
    let table = name(cursor).ok_or_else(|| wrong(cursor))?;
    Ok(TableName { database: Some(first), table })
}

/// Takes a name that begins right here.
fn name(cursor: &mut Cursor<'_>) -> Option<Name> {
    let spelled = Spelled::at_front(cursor.rest())?;
    let said = std::str::from_utf8(spelled.said).ok().filter(|said| !said.is_empty())?;
    if spelled.is_bare() && class(spelled.said) != Class::Free {
        return None;
    }
    cursor.advance(spelled.text.len());
    let quoted = spelled.keeps_case();
    Some(Name { text: if quoted { said.to_owned() } else { said.to_ascii_lowercase() }, quoted })
}

/// A name as it stands in the text: a word, or anything in quotes of any kind.
struct Spelled<'a> {
    /// With its quotes.
    text: &'a [u8],
    /// Without them.
    said: &'a [u8],
}

impl<'a> Spelled<'a> {
    /// The name at the front of a text.
    fn at_front(text: &'a [u8]) -> Option<Spelled<'a>> {
        let (kind, length) = measure(text);
        let quotes = match kind {
            Kind::Word => 0,
            Kind::BackQuoted | Kind::String => 1,
            _ => return None,
        };
        Some(Spelled { text: &text[..length], said: &text[quotes..length - quotes] })
    }

    fn is_bare(&self) -> bool {
        self.text.len() == self.said.len()
    }

    /// Only back quotes keep the case of a name.
    fn keeps_case(&self) -> bool {
        self.text.starts_with(b"`")
    }

    /// Whether it names this column.
    fn is(&self, column: &TargetColumn) -> bool {
        match self.keeps_case() {
            true => column.name.as_bytes() == self.said,
            false => column.name.bytes().eq(self.said.iter().map(u8::to_ascii_lowercase)),
        }
    }
}

/// Which columns a list in parentheses names, in its order. The list begins at the cursor; commas in it may
/// be missing.
///
/// # Errors
/// `0x80000200` for an unknown name and for one that comes twice; `0x80000216` for an empty or unfinished
/// list.
pub(super) fn column_list(cursor: &mut Cursor<'_>, columns: &[TargetColumn]) -> Result<Vec<usize>> {
    let mut listed = Vec::new();
    let mut seen = vec![false; columns.len()];
    cursor.eat(b'(');
    while !cursor.eat(b')') {
        let (text, index) = column(cursor, columns, listed.last().map_or(0, |last| last + 1))?;
        if std::mem::replace(&mut seen[index], true) {
            return Err(invalid(codes::TSC_INVALID_OPERATION, text, "duplicated column name"));
        }
        listed.push(index);
        cursor.eat(b',');
    }
    if listed.is_empty() { Err(Error::from(codes::TSC_SQL_SYNTAX_ERROR)) } else { Ok(listed) }
}

/// Takes one name of a list and finds it among the columns, looking first where a list in order has it.
fn column<'a>(cursor: &mut Cursor<'a>, columns: &[TargetColumn], guess: usize) -> Result<(&'a [u8], usize)> {
    if cursor.skip_blanks().is_none() {
        return Err(Error::from(codes::TSC_SQL_SYNTAX_ERROR));
    }
    let rest = cursor.rest();
    // Whatever stands up to the next mark was meant as a name, `t.ts` too.
    let ends =
        |byte: &u8| matches!(byte, b',' | b'(' | b')' | b'\'' | b'"' | b'`') || byte.is_ascii_whitespace();
    let unknown = |from: usize| {
        let end = rest.iter().skip(from).position(ends).map_or(rest.len(), |length| from + length);
        invalid(codes::TSC_INVALID_OPERATION, &rest[..end], "invalid column/tag name")
    };
    let spelled = Spelled::at_front(rest).ok_or_else(|| unknown(0))?;
    let length = spelled.text.len();
    if rest.get(length).is_some_and(|next| !ends(next)) {
        return Err(unknown(length));
    }
    let index = match columns.get(guess) {
        Some(column) if spelled.is(column) => Some(guess),
        _ => columns.iter().position(|column| spelled.is(column)),
    };
    cursor.advance(length);
    index.map(|index| (spelled.text, index)).ok_or_else(|| unknown(length))
}

/// As [`column_list`], for the columns of a table that is written to, whose timestamp must be among them.
pub(super) fn target_columns(cursor: &mut Cursor<'_>, target: &Target) -> Result<Vec<usize>> {
    let listed = column_list(cursor, &target.columns)?;
    if listed.contains(&0) {
        return Ok(listed);
    }
    Err(Error::invalid_operation("primary timestamp column can not be null"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_their_case() {
        let read = |text: &str| table_name(&mut Cursor::new(text.as_bytes()));
        let plain = |text: &str| Some(Name::plain(text));
        let kept = |text: &str| Some(Name { text: text.to_owned(), quoted: true });
        for (text, database, table) in [
            (" Tb1 values", None, plain("tb1")),
            ("Db.Tb", plain("db"), plain("tb")),
            ("`Db`.`t b`(", kept("Db"), kept("t b")),
            ("'Tb'", None, plain("tb")),
            ("`select`", None, kept("select")),
            ("db . tb", None, plain("db")),
        ] {
            let name = read(text).unwrap();
            assert_eq!((name.database, Some(name.table)), (database, table), "{text}");
        }
        for text in ["", "VALUES", "1a", "``", "''", "`open", "db.", "db.1", "(", "中"] {
            assert_eq!(read(text).unwrap_err().code, codes::TSC_INVALID_OPERATION, "{text}");
        }
    }
}
