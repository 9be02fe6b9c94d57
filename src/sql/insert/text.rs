//! Quoted text: where it ends, what it says, and whether a column is wide enough for it.

use std::borrow::Cow;

use memchr::memchr2;

use crate::types::{ColumnType, DataType};

/// The length of the quoted text that a text begins with, both quotes included; none when it does not end.
///
/// A backslash takes the next byte with it, and a doubled quote does not end the text.
pub(super) fn quoted_length(text: &[u8]) -> Option<usize> {
    let quote = *text.first()?;
    let mut at = 1;
    loop {
        at += memchr2(quote, b'\\', text.get(at..)?)?;
        if text[at] == quote && text.get(at + 1) != Some(&quote) {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// What quoted text (with its quotes) says: a doubled quote is one, `\n`, `\t` and `\r` are what they
/// are in C, `\%` and `\_` stay as they are for LIKE, and any other backslash vanishes.
///
/// Text that says what it shows is borrowed; other text is put together in `scratch`.
pub(super) fn unquote<'a>(quoted: &'a [u8], scratch: &'a mut Vec<u8>) -> &'a [u8] {
    let [quote, inner @ .., _] = quoted else { return b"" };
    let Some(first) = memchr2(*quote, b'\\', inner) else { return inner };
    scratch.clear();
    scratch.extend_from_slice(&inner[..first]);
    let mut rest = inner[first..].iter();
    while let Some(&byte) = rest.next() {
        match byte {
            b'\\' => unescape(rest.next(), scratch),
            byte if byte == *quote => {
                rest.next();
                scratch.push(byte);
            }
            byte => scratch.push(byte),
        }
    }
    scratch
}

fn unescape(escaped: Option<&u8>, out: &mut Vec<u8>) {
    match escaped {
        Some(b'n') => out.push(b'\n'),
        Some(b't') => out.push(b'\t'),
        Some(b'r') => out.push(b'\r'),
        Some(&byte @ (b'%' | b'_')) => out.extend_from_slice(&[b'\\', byte]),
        Some(&byte) => out.push(byte),
        None => {}
    }
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
    fn quotes_and_backslashes() {
        for (quoted, said) in [
            (r#"'plain'"#, "plain"),
            (r#"''"#, ""),
            (r#"'it''s'"#, "it's"),
            (r#"'it\'s'"#, "it's"),
            (r#"'""'"#, "\"\""),
            (r#""say ""hi""""#, "say \"hi\""),
            (r#"'a\nb\tc\rd'"#, "a\nb\tc\rd"),
            (r#"'\%\_\q\x41'"#, r"\%\_qx41"),
            (r#"'\\\\'"#, r"\\"),
            (r#"''''''"#, "''"),
        ] {
            let followed = format!("{quoted}, 'next'");
            assert_eq!(quoted_length(followed.as_bytes()), Some(quoted.len()), "{quoted}");
            assert_eq!(unquote(quoted.as_bytes(), &mut Vec::new()), said.as_bytes(), "{quoted}");
        }
    }

    #[test]
    fn text_that_does_not_end() {
        for open in ["'", "'x", "'x\\", "'x\\'", "'x''", "\"x'"] {
            assert_eq!(quoted_length(open.as_bytes()), None, "{open}");
        }
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
