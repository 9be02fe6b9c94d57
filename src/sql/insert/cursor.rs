//! A place in the text of an INSERT, and the token that begins there.

use super::text::quoted_length;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text in single or double quotes
    Quoted,
    /// `12`, `-12`
    Integer,
    /// `1.5`, `.5`, `1e3`; also `1.5.5`, which no type takes
    Decimal,
    /// `0x1F`
    Hexadecimal,
    /// `0b101`
    Binary,
    /// A word or a name in back quotes
    Word,
    /// A byte that stands for itself: `(`, `)`, `,`, `;`
    Mark(u8),
    /// The end of the text
    End,
    /// What is no token
    Illegal,
}

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

/// The kind and length of the token at the front of a text.
fn scan(text: &[u8]) -> (Kind, usize) {
    let Some(&first) = text.first() else { return (Kind::End, 0) };
    let second_is_digit = text.get(1).is_some_and(u8::is_ascii_digit);
    match first {
        b'\'' | b'"' => match quoted_length(text) {
            Some(length) => (Kind::Quoted, length),
            None => (Kind::Illegal, text.len()),
        },
        b'(' | b')' | b',' | b';' => (Kind::Mark(first), 1),
        b'0'..=b'9' => number(text, 0),
        b'.' if second_is_digit => number(text, 0),
        b'+' | b'-' if second_is_digit => number(text, 1),
        b'`' => match memchr::memchr(b'`', &text[1..]) {
            Some(length) => (Kind::Word, length + 2),
            None => (Kind::Illegal, text.len()),
        },
        _ => match run(text, is_name_byte) {
            0 => (Kind::Illegal, 1),
            length => (Kind::Word, length),
        },
    }
}

/// A number, whose digits begin after so many bytes of sign.
fn number(text: &[u8], sign: usize) -> (Kind, usize) {
    let digits = &text[sign..];
    let (kind, length) = match digits {
        [b'0', b'x' | b'X', rest @ ..] => (Kind::Hexadecimal, 2 + run(rest, |b| b.is_ascii_hexdigit())),
        [b'0', b'b' | b'B', rest @ ..] => (Kind::Binary, 2 + run(rest, |b| matches!(b, b'0' | b'1'))),
        _ => decimal(digits),
    };
    let without_digits = length == 2 && matches!(kind, Kind::Hexadecimal | Kind::Binary);
    let ends_in_point = digits.get(length) == Some(&b'.');
    let runs_into_word = digits.get(length).is_some_and(|&byte| is_name_byte(byte));
    if without_digits || ends_in_point || runs_into_word {
        let whole = run(digits, |byte| is_name_byte(byte) || byte == b'.');
        return (Kind::Illegal, sign + whole);
    }
    (kind, sign + length)
}

fn decimal(text: &[u8]) -> (Kind, usize) {
    let is_digit = |byte: u8| byte.is_ascii_digit();
    let mut length = run(text, is_digit);
    let mut kind = Kind::Integer;
    while let [b'.', rest @ ..] = &text[length..] {
        let decimals = run(rest, is_digit);
        if decimals == 0 {
            return (kind, length);
        }
        kind = Kind::Decimal;
        length += 1 + decimals;
    }
    let exponent = match &text[length..] {
        [b'e' | b'E', b'+' | b'-', rest @ ..] => (2, run(rest, is_digit)),
        [b'e' | b'E', rest @ ..] => (1, run(rest, is_digit)),
        _ => (0, 0),
    };
    match exponent {
        (_, 0) => (kind, length),
        (mark, digits) => (Kind::Decimal, length + mark + digits),
    }
}

/// How many bytes in front are of a kind.
fn run(text: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    text.iter().take_while(|&&byte| belongs(byte)).count()
}

/// The bytes of a word: letters, digits and the underscore.
pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        let mut cursor = Cursor::new(text.as_bytes());
        let mut all = Vec::new();
        loop {
            let token = cursor.next();
            if token.kind == Kind::End {
                return all;
            }
            all.push((token.kind, std::str::from_utf8(token.text).unwrap()));
        }
    }

    #[test]
    fn tokens_of_every_kind() {
        use Kind::*;
        let text = "now, 'it''s'(-5 +1.5e-3 .5 0x1F 0b01 `a b` 1.5.5);";
        let expected = [
            (Word, "now"),
            (Mark(b','), ","),
            (Quoted, "'it''s'"),
            (Mark(b'('), "("),
            (Integer, "-5"),
            (Decimal, "+1.5e-3"),
            (Decimal, ".5"),
            (Hexadecimal, "0x1F"),
            (Binary, "0b01"),
            (Word, "`a b`"),
            (Decimal, "1.5.5"),
            (Mark(b')'), ")"),
            (Mark(b';'), ";"),
        ];
        assert_eq!(kinds(text), expected);
    }

    #[test]
    fn what_is_no_token() {
        let numbers = ["1.", "1e", "1e+", "0x", "0b2", "1_0", "12ab", "0x1p3", "1.5x", "1.2."];
        for text in numbers.into_iter().chain(["-.5", "--5", "- 5", "+", "?", "'open", "`open", "é"]) {
            assert_eq!(Cursor::new(text.as_bytes()).next().kind, Kind::Illegal, "{text}");
        }
    }
}
