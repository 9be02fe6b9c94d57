//! Literals: numbers, strings, durations, and the values of tags.

use super::{Kind, Parser};
use crate::error::{Error, Result};
use crate::sql::ast::{LiteralKind, TagLiteral};
use crate::sql::lexer::{Token, unquote};
use crate::types::{Duration, Unit, Value};

impl Parser<'_> {
    /// A whole number without a sign; one beyond 64 bits is noted as an error.
    pub(super) fn integer(&mut self) -> Result<i64> {
        let token = self.expect_kind(Kind::Integer)?;
        Ok(self.in_range(token, false).unwrap_or(i64::MAX))
    }

    /// `[+|-] number`; beyond 64 bits it is the largest or smallest one.
    pub(super) fn signed_integer(&mut self) -> Result<i64> {
        let negative = self.sign() == Some(Kind::Minus);
        let token = self.expect_kind(Kind::Integer)?;
        Ok(match number(self.lexer.text(token), negative) {
            Value::Int(number) => number,
            _ if negative => i64::MIN,
            _ => i64::MAX,
        })
    }

    /// `[+|-]`
    pub(super) fn sign(&mut self) -> Option<Kind> {
        matches!(self.token.kind, Kind::Plus | Kind::Minus).then(|| self.advance().kind)
    }

    fn in_range(&mut self, digits: Token, negative: bool) -> Option<i64> {
        let text = self.lexer.text(digits);
        if let Value::Int(number) = number(text, negative) {
            return Some(number);
        }
        let text = String::from_utf8_lossy(text);
        self.refuse(Error::invalid_operation(format_args!("the number {text} is out of range")));
        None
    }

    /// Text in single or double quotes, as bytes.
    pub(super) fn string_bytes(&mut self) -> Result<Vec<u8>> {
        let token = self.expect_kind(Kind::String)?;
        Ok(unquote(self.lexer.text(token)))
    }

    /// Text in single or double quotes that must be UTF-8.
    pub(super) fn string(&mut self) -> Result<String> {
        let bytes = self.string_bytes()?;
        Ok(self.utf8(bytes))
    }

    /// `10s`
    pub(super) fn duration(&mut self) -> Result<Duration> {
        let token = self.expect_kind(Kind::Duration)?;
        let (digits, letter) = (Token { end: token.end - 1, ..token }, self.lexer.sql()[token.end - 1]);
        let count = self.in_range(digits, false).unwrap_or(i64::MAX);
        // The lexer makes a duration only of a letter that has a unit.
        let unit = Unit::from_letter(letter).unwrap_or(Unit::Second);
        Ok(Duration { count, unit })
    }

    /// The value of a tag in CREATE TABLE and SET TAG, and of FILL(VALUE, …): a literal, perhaps signed,
    /// or the word `now`.
    pub(super) fn tag_literal(&mut self) -> Result<TagLiteral> {
        let kind = match self.token.kind {
            Kind::Plus | Kind::Minus => return self.signed_literal(),
            Kind::Integer => LiteralKind::Integer,
            Kind::Float => LiteralKind::Float,
            Kind::String => LiteralKind::String,
            _ if self.at("null") => LiteralKind::Null,
            _ if self.at("true") || self.at("false") => LiteralKind::Bool,
            _ if self.at("now") => LiteralKind::Word,
            _ => return Err(self.unexpected()),
        };
        let token = self.advance();
        let mut text = unquote(self.lexer.text(token));
        if kind != LiteralKind::String {
            text.make_ascii_lowercase();
        }
        Ok(TagLiteral { kind, text })
    }

    /// `-5`, `+1.5`; the text of a positive one has no sign.
    fn signed_literal(&mut self) -> Result<TagLiteral> {
        let negative = self.sign() == Some(Kind::Minus);
        let kind = match self.token.kind {
            Kind::Integer => LiteralKind::Integer,
            Kind::Float => LiteralKind::Float,
            _ => return Err(self.unexpected()),
        };
        let token = self.advance();
        let mut text = if negative { b"-".to_vec() } else { Vec::new() };
        text.extend_from_slice(self.lexer.text(token));
        Ok(TagLiteral { kind, text })
    }
}

/// The value of the text of a number token. A whole number is the narrowest of `Int`, `UInt` and `Float`
/// that holds it. Of `1.2.3` only `1.2` counts.
pub(super) fn number(text: &[u8], negative: bool) -> Value {
    let text = std::str::from_utf8(text).unwrap_or_default();
    if let Ok(magnitude) = text.parse::<u64>() {
        return match (i64::try_from(magnitude), negative) {
            (Ok(number), false) => Value::Int(number),
            (Ok(number), true) => Value::Int(-number),
            (Err(_), true) if magnitude == i64::MIN.unsigned_abs() => Value::Int(i64::MIN),
            (Err(_), true) => Value::Float(-(magnitude as f64)),
            (Err(_), false) => Value::UInt(magnitude),
        };
    }
    let one_point = match text.match_indices('.').nth(1) {
        Some((second_point, _)) => &text[..second_point],
        None => text,
    };
    let magnitude: f64 = one_point.parse().unwrap_or(f64::NAN);
    Value::Float(if negative { -magnitude } else { magnitude })
}
