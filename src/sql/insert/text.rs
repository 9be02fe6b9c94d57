//! Quoted text: what it says, and whether a column is wide enough for it.

use std::borrow::Cow;

use memchr::memchr2;

use crate::sql::lexer::unquote_into;
use crate::types::{ColumnType, DataType};

/// What text in quotes says, the quotes included in `quoted`.
///
/// Text that says what it shows is borrowed; other text is put together in `scratch`.
pub(super) fn unquote<'a>(quoted: &'a [u8], scratch: &'a mut Vec<u8>) -> &'a [u8] {
    let [quote, inner @ .., _] = quoted else { return b"" };
    if memchr2(*quote, b'\\', inner).is_none() {
        return inner;
    }
    scratch.clear();
    unquote_into(quoted, scratch);
    scratch
}

/// Why a text does not fit a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    /// More bytes than a BINARY or JSON column has.
    TooManyBytes,
    /// More characters than an NCHAR column has.
    TooManyCharacters,
    /// NCHAR or JSON with bytes that are no UTF-8.
    NotUtf8,
}

impl Misfit {
    /// As the original words it, with the sentences of C's `strerror`.
    pub(super) fn message(self) -> &'static str {
        match self {
            Misfit::TooManyBytes => "string data overflow",
            Misfit::TooManyCharacters => "Argument list too long",
            Misfit::NotUtf8 => "Invalid or incomplete multibyte or wide character",
        }
    }
}

/// Whether a text may stand in a column of strings: it is not too long, and UTF-8 where it must be.
pub fn fits(text: &[u8], column_type: ColumnType) -> bool {
    check_width(text, column_type).is_ok()
}

/// Checks that a text may stand in a column of strings.
pub(super) fn check_width(text: &[u8], column_type: ColumnType) -> Result<(), Misfit> {
    let width = usize::from(column_type.width);
    if column_type.data_type == DataType::Binary {
        return if text.len() <= width { Ok(()) } else { Err(Misfit::TooManyBytes) };
    }
    let characters = std::str::from_utf8(text).map_err(|_| Misfit::NotUtf8)?;
    match column_type.data_type {
        DataType::Json if text.len() > width => Err(Misfit::TooManyBytes),
        // No text has more characters than bytes, so that most need no counting.
        DataType::NChar if text.len() > width && characters.chars().count() > width => {
            Err(Misfit::TooManyCharacters)
        }
        _ => Ok(()),
    }
}

/// A piece of the statement as an error shows it, cut before it fills the screen.
pub(super) fn excerpt(text: &[u8]) -> Cow<'_, str> {
    const LONGEST: usize = 160;
    String::from_utf8_lossy(text.get(..LONGEST).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_with_escapes_is_put_together() {
        let mut scratch = Vec::new();
        assert_eq!(unquote(b"'a\"b'", &mut scratch), b"a\"b");
        assert_eq!(unquote(b"''", &mut scratch), b"");
        assert!(scratch.is_empty());
        assert_eq!(unquote(br"'it''s\n\\\%'", &mut scratch), b"it's\n\\\\%");
        assert_eq!(unquote(br#""\q""""#, &mut scratch), b"q\"");
    }

    #[test]
    fn widths_count_bytes_or_characters() {
        let binary = ColumnType::text(DataType::Binary, 6);
        let nchar = ColumnType::text(DataType::NChar, 2);
        assert_eq!(check_width("一二".as_bytes(), binary), Ok(()));
        assert_eq!(check_width(b"\xff", binary), Ok(()));
        assert_eq!(check_width(b"1234567", binary), Err(Misfit::TooManyBytes));
        assert_eq!(check_width("一二".as_bytes(), nchar), Ok(()));
        assert_eq!(check_width("一二三".as_bytes(), nchar), Err(Misfit::TooManyCharacters));
        assert_eq!(check_width(b"\xff", nchar), Err(Misfit::NotUtf8));
    }
}
