//! A place in the text of an INSERT, and the token that begins there.

use crate::sql::lexer::{Kind, is_word_byte, measure};

/// A token with its text, quotes included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a [u8],
    /// Where it begins.
    pub(super) start: usize,
}

impl Token<'_> {
    /// Whether it is this word, in whatever case.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word.as_bytes())
    }
}

/// A place in a text.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// The beginning of a text.
    pub(super) fn new(text: &'a [u8]) -> Cursor<'a> {
        Cursor { text, at: 0 }
    }

    /// Where it is, in bytes.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// The text from a place on.
    pub(super) fn from(&self, start: usize) -> &'a [u8] {
        &self.text[start.min(self.text.len())..]
    }

    /// The text from here on.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.from(self.at)
    }

    /// Moves on by so many bytes.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.at = self.text.len().min(self.at + bytes);
    }

    /// Moves to the next byte that is not blank, and returns it.
    #[inline]
    pub(super) fn skip_blanks(&mut self) -> Option<u8> {
        while let Some(&byte) = self.text.get(self.at) {
            if !byte.is_ascii_whitespace() {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    /// Takes this byte, when it is the next one that is not blank.
    #[inline]
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.skip_blanks() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Takes this word, when it is the next token.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let token = self.peek();
        let found = token.is_word(word);
        if found {
            self.at = token.start + token.text.len();
        }
        found
    }

    /// The next token, without taking it.
    pub(super) fn peek(&self) -> Token<'a> {
        self.clone().next()
    }

    /// Takes the next token.
    pub(super) fn next(&mut self) -> Token<'a> {
        self.skip_blanks();
        let start = self.at;
        let (kind, length) = scan(self.rest());
        self.advance(length);
        Token { kind, text: &self.text[start..self.at], start }
    }
}

/// The kind and length of the token at the front of a text. Tokens are those of all statements, but that a
/// number has its sign with it, and must not run into a word or a point.
fn scan(text: &[u8]) -> (Kind, usize) {
    let sign = match text {
        [b'+' | b'-', b'0'..=b'9', ..] => 1,
        _ => 0,
    };
    let (kind, length) = measure(&text[sign..]);
    let length = sign + length;
    let runs_on = text.get(length).is_some_and(|&next| is_word_byte(next) || next == b'.');
    match kind {
        Kind::Integer | Kind::Float | Kind::Radix if runs_on => (Kind::Illegal, length),
        kind => (kind, length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> (Kind, &str) {
        let token = Cursor::new(text.as_bytes()).next();
        (token.kind, &text[token.start..token.start + token.text.len()])
    }

    #[test]
    fn numbers_have_their_sign() {
        for (text, kind, number) in [
            (" -5)", Kind::Integer, "-5"),
            ("+1.5e-3,", Kind::Float, "+1.5e-3"),
            ("-0x1F ", Kind::Radix, "-0x1F"),
            (".5", Kind::Float, ".5"),
            ("1.5.5", Kind::Float, "1.5.5"),
        ] {
            assert_eq!(first(text), (kind, number));
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in ["1.", "1e", "1e+", "0x", "0b2", "1_0", "12ab", "0x1p3", "1.5x", "1.2."] {
            assert_eq!(first(text).0, Kind::Illegal, "{text}");
        }
        for text in ["-.5", "--5", "- 5", "+"] {
            assert!(matches!(first(text).0, Kind::Minus | Kind::Plus), "{text}");
        }
    }
}
