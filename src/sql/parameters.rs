//! The `?` of a statement, and the statement with values in their places.
//!
//! A value becomes a literal that reads back as this value and nothing else, whatever bytes it has.

use super::lexer::{Kind, Lexer, is_word_byte};
use crate::error::{Error, Result};
use crate::types::Value;

/// The offsets of the `?` that are neither in quotes nor in comments.
pub fn places(sql: &[u8]) -> Vec<usize> {
    let mut lexer = Lexer::new(sql);
    let mut places = Vec::new();
    loop {
        let token = lexer.next();
        match token.kind {
            Kind::End => return places,
            Kind::Illegal if lexer.text(token) == b"?" => places.push(token.start),
            _ => {}
        }
    }
}

/// A statement with texts in the places of its `?`, which come in their order. A text never grows together
/// with what stands beside it.
pub fn substitute<'a>(sql: &[u8], texts: impl Iterator<Item = (usize, &'a [u8])>) -> Vec<u8> {
    let mut out = Vec::with_capacity(sql.len() + 64);
    let mut copied = 0;
    for (place, text) in texts {
        out.extend_from_slice(&sql[copied..place]);
        copied = place + 1;
        let two_signs = out.last() == Some(&b'-') && text.first() == Some(&b'-');
        if two_signs || out.last().copied().is_some_and(runs_on) {
            out.push(b' ');
        }
        out.extend_from_slice(text);
        if sql.get(copied).copied().is_some_and(runs_on) {
            out.push(b' ');
        }
    }
    out.extend_from_slice(&sql[copied..]);
    out
}

/// Whether a byte may become one token with a literal beside it: `a1`, `'a''b'`, `.5`.
fn runs_on(byte: u8) -> bool {
    is_word_byte(byte) || matches!(byte, b'\'' | b'"' | b'`' | b'.') || !byte.is_ascii()
}

/// The literal of a value.
///
/// # Errors
/// `0x80000200` for a number that is infinite or none: no literal says that.
pub fn literal(value: &Value) -> Result<Vec<u8>> {
    Ok(match value {
        Value::Null => b"null".to_vec(),
        Value::Bool(value) => value.to_string().into_bytes(),
        Value::Int(value) => value.to_string().into_bytes(),
        Value::UInt(value) => value.to_string().into_bytes(),
        Value::Float(value) if value.is_finite() => format!("{value:?}").into_bytes(),
        Value::Float(value) => return Err(Error::invalid_operation(format_args!("{value} is no number"))),
        Value::Bytes(text) => quoted(text),
    })
}

fn quoted(text: &[u8]) -> Vec<u8> {
    let mut out = vec![b'\''];
    for &byte in text {
        if matches!(byte, b'\'' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::lexer::unquote;

    fn with(sql: &str, values: &[Value]) -> String {
        let literals: Vec<Vec<u8>> = values.iter().map(|value| literal(value).unwrap()).collect();
        let places = places(sql.as_bytes()).into_iter();
        let text = substitute(sql.as_bytes(), places.zip(literals.iter().map(Vec::as_slice)));
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn only_parameters_are_replaced() {
        let sql = "select '?', \"?\", `?` /* ? */ from t where a = ? and b > ? -- ?";
        assert_eq!(places(sql.as_bytes()).len(), 2);
        let text = with(sql, &[Value::Int(1), Value::text("x")]);
        assert_eq!(text, "select '?', \"?\", `?` /* ? */ from t where a = 1 and b > 'x' -- ?");
        assert!(places(b"'? never closed").is_empty());
    }

    #[test]
    fn literals_keep_to_themselves() {
        let (minus, text) = (Value::Int(-1), Value::text("b"));
        assert_eq!(with("v -?", std::slice::from_ref(&minus)), "v - -1");
        assert_eq!(with("'a'?", std::slice::from_ref(&text)), "'a' 'b'");
        assert_eq!(with("v+?-1", &[Value::Int(2)]), "v+2-1");
        assert_eq!(with("?'a'", std::slice::from_ref(&text)), "'b' 'a'");
        assert_eq!(with("??", &[text, minus]), "'b' -1");
        assert_eq!(with("limit?s", &[Value::UInt(7)]), "limit 7 s");
    }

    #[test]
    fn text_reads_back_as_it_was() {
        for text in ["", "'", "\\", "\\'", "''", "a\\n%_\\%\\_", "\" or 1=1 --", "line\nbreak"] {
            let literal = literal(&Value::text(text)).unwrap();
            let mut lexer = Lexer::new(&literal);
            let token = lexer.next();
            assert_eq!((token.kind, token.end), (Kind::String, literal.len()), "{text}");
            assert_eq!(unquote(&literal), text.as_bytes(), "{text}");
        }
    }

    #[test]
    fn numbers_read_back_as_they_were() {
        for number in [0.0, -1.5, 1e300, 5e-324, f64::from(1.1_f32), f64::MAX] {
            let text = String::from_utf8(literal(&Value::Float(number)).unwrap()).unwrap();
            assert_eq!(text.parse(), Ok(number));
        }
        assert!(literal(&Value::Float(f64::NAN)).is_err());
        assert!(literal(&Value::Float(f64::NEG_INFINITY)).is_err());
    }
}
