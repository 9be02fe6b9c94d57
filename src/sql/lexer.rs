//! From text to tokens, one at a time and without copying.
//!
//! A [`Token`] is a kind and a range of the text; whoever wants its contents asks for them
//! ([`Lexer::text`], [`unquote`]). Text that is no token is a token too, of kind [`Kind::Illegal`], so
//! that an error before it is told first.

use crate::types::Unit;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword or a name without quotes
    Word,
    /// A name in back quotes
    BackQuoted,
    /// Text in single or double quotes
    String,
    /// Digits
    Integer,
    /// Digits with a point or an exponent
    Float,
    /// Digits and the letter of a unit of time
    Duration,
    /// `0x1F` or `0b01`, which the dialect has no use for
    Radix,
    LeftParen,
    RightParen,
    Comma,
    Dot,
    Colon,
    Semicolon,
    Star,
    Slash,
    Percent,
    Plus,
    Minus,
    Ampersand,
    Pipe,
    Caret,
    ShiftLeft,
    ShiftRight,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Arrow,
    /// The end of the text
    End,
    /// What begins no token, or a quote that is never closed
    Illegal,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// The offset of its first byte.
    pub(super) start: usize,
    /// The offset behind its last byte.
    pub(super) end: usize,
}

/// Reads tokens off a text.
pub(super) struct Lexer<'a> {
    sql: &'a [u8],
    /// Where the next token, or the blanks before it, begin.
    position: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(sql: &'a [u8]) -> Lexer<'a> {
        Lexer { sql, position: 0 }
    }

    /// The bytes of a token.
    pub(super) fn text(&self, token: Token) -> &'a [u8] {
        &self.sql[token.start..token.end]
    }

    /// The whole text.
    pub(super) fn sql(&self) -> &'a [u8] {
        self.sql
    }

    /// The next token; [`Kind::End`] again and again once the text is used up.
    pub(super) fn next(&mut self) -> Token {
        let start = skip_blanks(self.sql, self.position);
        let (kind, length) = measure(&self.sql[start..]);
        self.position = start + length;
        Token { kind, start, end: start + length }
    }
}

/// The offset of the first byte at or after `from` that is neither blank nor comment. A comment that is
/// never closed reaches to the end of the text.
fn skip_blanks(sql: &[u8], mut from: usize) -> usize {
    loop {
        let rest = &sql[from..];
        from += match rest {
            [b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c, ..] => 1,
            [b'-', b'-', ..] => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            [b'/', b'*', comment @ ..] => {
                memchr::memmem::find(comment, b"*/").map_or(rest.len(), |end| end + 4)
            }
            _ => return from,
        };
    }
}

/// The kind and length of the token that the text begins with; it may not begin with a blank.
pub(super) fn measure(text: &[u8]) -> (Kind, usize) {
    let second = text.get(1).copied();
    let Some(&first) = text.first() else { return (Kind::End, 0) };
    match (first, second) {
        (b'a'..=b'z' | b'A'..=b'Z' | b'_', _) => (Kind::Word, word_length(text)),
        (b'0'..=b'9', _) | (b'.', Some(b'0'..=b'9')) => number(text),
        (b'\'' | b'"', _) => quoted(text, first),
        (b'`', _) => match memchr::memchr(b'`', &text[1..]) {
            Some(end) => (Kind::BackQuoted, end + 2),
            None => (Kind::Illegal, 1),
        },
        (b'-', Some(b'>')) => (Kind::Arrow, 2),
        (b'<', Some(b'=')) => (Kind::Le, 2),
        (b'<', Some(b'>')) | (b'!', Some(b'=')) => (Kind::Ne, 2),
        (b'<', Some(b'<')) => (Kind::ShiftLeft, 2),
        (b'>', Some(b'=')) => (Kind::Ge, 2),
        (b'>', Some(b'>')) => (Kind::ShiftRight, 2),
        (b'=', Some(b'=')) => (Kind::Eq, 2),
        _ => (symbol(first), 1),
    }
}

fn symbol(byte: u8) -> Kind {
    match byte {
        b'(' => Kind::LeftParen,
        b')' => Kind::RightParen,
        b',' => Kind::Comma,
        b'.' => Kind::Dot,
        b':' => Kind::Colon,
        b';' => Kind::Semicolon,
        b'*' => Kind::Star,
        b'/' => Kind::Slash,
        b'%' => Kind::Percent,
        b'+' => Kind::Plus,
        b'-' => Kind::Minus,
        b'&' => Kind::Ampersand,
        b'|' => Kind::Pipe,
        b'^' => Kind::Caret,
        b'=' => Kind::Eq,
        b'<' => Kind::Lt,
        b'>' => Kind::Gt,
        _ => Kind::Illegal,
    }
}

/// The bytes of a word: letters, digits and the underscore.
pub(super) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn word_length(text: &[u8]) -> usize {
    text.iter().position(|&byte| !is_word_byte(byte)).unwrap_or(text.len())
}

fn digits(text: &[u8]) -> usize {
    text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len())
}

/// A number: `12`, `1.5`, `.5`, `1e-3`, `10s`. Without a digit after it, a point or an `e` is no part of
/// it. Several points (`1.2.3`) are one token, as in the original.
fn number(text: &[u8]) -> (Kind, usize) {
    if let [b'0', radix, ..] = text
        && let length = 2 + radix_digits(*radix, &text[2..])
        && length > 2
    {
        return (Kind::Radix, length);
    }
    let mut kind = Kind::Integer;
    let mut length = digits(text);
    while let [b'.', b'0'..=b'9', ..] = &text[length..] {
        kind = Kind::Float;
        length += 1 + digits(&text[length + 1..]);
    }
    match &text[length..] {
        [b'e' | b'E', b'0'..=b'9', ..] => (Kind::Float, length + 1 + digits(&text[length + 1..])),
        [b'e' | b'E', b'+' | b'-', b'0'..=b'9', ..] => {
            (Kind::Float, length + 2 + digits(&text[length + 2..]))
        }
        [letter, rest @ ..]
            if kind == Kind::Integer
                && Unit::from_letter(*letter).is_some()
                && !rest.first().is_some_and(|&byte| is_word_byte(byte)) =>
        {
            (Kind::Duration, length + 1)
        }
        _ => (kind, length),
    }
}

/// How many digits of the radix that this letter stands for the text begins with.
fn radix_digits(letter: u8, text: &[u8]) -> usize {
    let is_digit = |byte: &u8| match letter {
        b'x' | b'X' => byte.is_ascii_hexdigit(),
        b'b' | b'B' => matches!(byte, b'0' | b'1'),
        _ => false,
    };
    text.iter().position(|byte| !is_digit(byte)).unwrap_or(text.len())
}

/// Text in quotes; a backslash takes the next byte's meaning away, and so does a quote a second quote's.
fn quoted(text: &[u8], quote: u8) -> (Kind, usize) {
    let mut at = 1;
    while let Some(found) = memchr::memchr2(quote, b'\\', &text[at..]) {
        at += found;
        match (text[at], text.get(at + 1)) {
            (b'\\', Some(_)) => at += 2,
            (b'\\', None) => break,
            (_, Some(&next)) if next == quote => at += 2,
            _ => return (Kind::String, at + 1),
        }
    }
    (Kind::Illegal, text.len())
}

/// The contents of a [`Kind::String`] or [`Kind::BackQuoted`] token, escapes resolved: `\n`, `\t`, `\r`
/// are what they seem, `\%` and `\_` stay for LIKE, of any other pair the backslash vanishes. Text
/// without quotes around it comes back as it is.
pub(super) fn unquote(token: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(token.len());
    unquote_into(token, &mut out);
    out
}

/// As [`unquote`], appended to `out`.
pub(super) fn unquote_into(token: &[u8], out: &mut Vec<u8>) {
    let (quote, inner) = match token {
        [quote @ (b'\'' | b'"'), inner @ .., _] => (*quote, inner),
        [b'`', inner @ .., _] => return out.extend_from_slice(inner),
        other => return out.extend_from_slice(other),
    };
    let mut rest = inner;
    while let Some(special) = memchr::memchr2(quote, b'\\', rest) {
        out.extend_from_slice(&rest[..special]);
        // The lexer saw to it that each of these bytes has another one after it.
        let pair = rest.get(special + 1).copied().unwrap_or(quote);
        match (rest[special], pair) {
            (b'\\', b'n') => out.push(b'\n'),
            (b'\\', b't') => out.push(b'\t'),
            (b'\\', b'r') => out.push(b'\r'),
            (b'\\', b'%' | b'_') => out.extend_from_slice(&[b'\\', pair]),
            _ => out.push(pair),
        }
        rest = rest.get(special + 2..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

/// A text in lower case except for what stands in quotes of any kind; bytes that are no UTF-8 are
/// replaced.
pub(super) fn lower_outside_quotes(text: &[u8]) -> String {
    let mut lower = text.to_vec();
    let mut at = 0;
    while at < lower.len() {
        match lower[at] {
            b'\'' | b'"' | b'`' => at += measure(&text[at..]).1,
            _ => {
                lower[at].make_ascii_lowercase();
                at += 1;
            }
        }
    }
    String::from_utf8(lower).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(sql: &str) -> Vec<(Kind, &str)> {
        let mut lexer = Lexer::new(sql.as_bytes());
        let mut found = Vec::new();
        loop {
            let token = lexer.next();
            if token.kind == Kind::End {
                return found;
            }
            found.push((token.kind, &sql[token.start..token.end]));
        }
    }

    #[test]
    fn numbers_end_where_they_stop_making_sense() {
        use Kind::{Dot, Duration, Float, Integer, Radix, Word};
        for (sql, expected) in [
            ("12 1.5 .5", vec![(Integer, "12"), (Float, "1.5"), (Float, ".5")]),
            (
                "1. 1e 1e5x",
                vec![(Integer, "1"), (Dot, "."), (Integer, "1"), (Word, "e"), (Float, "1e5"), (Word, "x")],
            ),
            ("1E-3 1.2.3", vec![(Float, "1E-3"), (Float, "1.2.3")]),
            (
                "10s 1N 2x 3abc 1.5s",
                vec![
                    (Duration, "10s"),
                    (Duration, "1N"),
                    (Integer, "2"),
                    (Word, "x"),
                    (Integer, "3"),
                    (Word, "abc"),
                    (Float, "1.5"),
                    (Word, "s"),
                ],
            ),
            (
                "0x1F 0b01 0x 0b",
                vec![(Radix, "0x1F"), (Radix, "0b01"), (Integer, "0"), (Word, "x"), (Duration, "0b")],
            ),
        ] {
            assert_eq!(kinds(sql), expected, "{sql}");
        }
    }

    #[test]
    fn comments_are_blanks() {
        assert_eq!(kinds("a--b\n/*c*/d/*e"), vec![(Kind::Word, "a"), (Kind::Word, "d")]);
        assert_eq!(kinds("1 - -2")[1].0, Kind::Minus);
    }

    #[test]
    fn quotes_close_or_are_illegal() {
        assert_eq!(kinds(r"'a\'b' 'c''d'"), vec![(Kind::String, r"'a\'b'"), (Kind::String, "'c''d'")]);
        for open in ["'a", "\"a", "'a\\", "'a\\'"] {
            assert_eq!(kinds(open), vec![(Kind::Illegal, open)]);
        }
        assert_eq!(kinds("`a"), vec![(Kind::Illegal, "`"), (Kind::Word, "a")]);
    }

    #[test]
    fn escapes() {
        for (token, contents) in [
            (r"'a\nb\t\r'", "a\nb\t\r"),
            (r"'\%\_\x\\\''", r"\%\_x\'"),
            (r#""it's ""so""""#, r#"it's "so""#),
            (r"`a\n`", r"a\n"),
            ("plain", "plain"),
        ] {
            assert_eq!(unquote(token.as_bytes()), contents.as_bytes(), "{token}");
        }
        assert_eq!(lower_outside_quotes(b"Max(`A B`, 'C', \"D\") \xff"), "max(`A B`, 'C', \"D\") \u{fffd}");
    }
}
