//! The text of a JSON tag, brought into the form in which it is kept.
//!
//! A tag is one flat object. It is kept without blanks; numbers are doubles and print as such, a key with
//! an empty name is dropped, and of two equal keys the first one stays.

use std::fmt::Write;

use super::refusal::syntax;
use super::text::{Misfit, check_width};
use crate::error::{Error, Result, codes};
use crate::types::{ColumnType, DataType};

/// The longest name of a key, in bytes.
const LONGEST_KEY: usize = 256;

/// The document in its kept form. None for text that stores NULL: blanks, `null` and an object without
/// keys.
///
/// # Errors
/// `0x80000216` for anything but a flat object, `0x80000200` for a text of more than 4096 bytes.
pub(super) fn normalize(text: &[u8]) -> Result<Option<String>> {
    check_width(text, ColumnType::fixed(DataType::Json)).map_err(|misfit| match misfit {
        Misfit::NotUtf8 => wrong("json parse error"),
        _ => Error::new(codes::TSC_INVALID_OPERATION, "invalid operation: tag value too long"),
    })?;
    let mut parser = Parser { rest: text.trim_ascii() };
    match parser.rest {
        b"" | b"null" => Ok(None),
        [b'{', ..] => parser.document(),
        [b'[' | b'"' | b'-' | b'0'..=b'9', ..] | b"true" | b"false" => {
            Err(wrong("json error invalide value"))
        }
        _ => Err(wrong("json parse error")),
    }
}

fn wrong(why: &str) -> Error {
    syntax(b"", why)
}

struct Parser<'a> {
    rest: &'a [u8],
}

impl Parser<'_> {
    /// An object and nothing after it.
    fn document(&mut self) -> Result<Option<String>> {
        let mut keys: Vec<String> = Vec::new();
        let mut document = String::new();
        self.expect(b'{')?;
        if !self.eat(b'}') {
            loop {
                let (key, value) = self.member()?;
                if !key.is_empty() && !keys.contains(&key) {
                    document.push(if keys.is_empty() { '{' } else { ',' });
                    quote(&key, &mut document);
                    document.push(':');
                    document.push_str(&value);
                    keys.push(key);
                }
                if !self.eat(b',') {
                    break;
                }
            }
            self.expect(b'}')?;
        }
        if !self.rest.is_empty() {
            return Err(wrong("json parse error"));
        }
        document.push('}');
        Ok((!keys.is_empty()).then_some(document))
    }

    /// A key, and its value as it is kept.
    fn member(&mut self) -> Result<(String, String)> {
        self.expect(b'"')?;
        let key = self.string()?;
        if key.len() > LONGEST_KEY {
            return Err(wrong("json key too long, more than 256"));
        }
        if !key.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(wrong("json key not validate"));
        }
        self.expect(b':')?;
        Ok((key, self.value()?))
    }

    fn value(&mut self) -> Result<String> {
        self.skip_blanks();
        for word in ["true", "false", "null"] {
            if let Some(rest) = self.rest.strip_prefix(word.as_bytes()) {
                self.rest = rest;
                return Ok(word.to_owned());
            }
        }
        match self.rest.first() {
            Some(b'"') => {
                self.rest = &self.rest[1..];
                let mut quoted = String::new();
                quote(&self.string()?, &mut quoted);
                Ok(quoted)
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'{' | b'[') => Err(wrong("invalidate json value")),
            _ => Err(wrong("json parse error")),
        }
    }

    fn number(&mut self) -> Result<String> {
        let in_form = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let length = self.rest.iter().take_while(|byte| in_form(byte)).count();
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        let number = super::number::double(text).ok_or_else(|| wrong("json parse error"))?;
        Ok(print_number(number))
    }

    /// The rest of a string whose opening quote was taken.
    fn string(&mut self) -> Result<String> {
        let unfinished = || wrong("json parse error");
        let mut said = Vec::new();
        loop {
            let (&byte, rest) = self.rest.split_first().ok_or_else(unfinished)?;
            self.rest = rest;
            match byte {
                b'"' => return String::from_utf8(said).map_err(|_| unfinished()),
                b'\\' => {
                    let character = self.escaped().ok_or_else(unfinished)?;
                    said.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                byte => said.push(byte),
            }
        }
    }

    /// The character that stands after a backslash.
    fn escaped(&mut self) -> Option<char> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hexadecimal()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first);
                }
                self.rest = self.rest.strip_prefix(b"\\u")?;
                let low = self.hexadecimal()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                return char::from_u32(0x10000 + ((first - 0xd800) << 10) + low);
            }
            _ => return None,
        })
    }

    fn hexadecimal(&mut self) -> Option<u32> {
        let (digits, rest) = self.rest.split_at_checked(4)?;
        self.rest = rest;
        digits.iter().try_fold(0, |number, &digit| Some(number * 16 + char::from(digit).to_digit(16)?))
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    fn eat(&mut self, byte: u8) -> bool {
        self.skip_blanks();
        match self.rest.strip_prefix(&[byte]) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, byte: u8) -> Result<()> {
        if self.eat(byte) { Ok(()) } else { Err(wrong("json parse error")) }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                // Writing to a String does not fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// A double in the fewest of 15 or 17 significant digits that read back as it, as C's `%g` writes them.
fn print_number(number: f64) -> String {
    let short = general(number, 15);
    if short.parse() == Ok(number) { short } else { general(number, 17) }
}

/// C's `%.*g`: plain digits for exponents from −4 to below `digits`, no trailing zeros.
fn general(number: f64, digits: usize) -> String {
    let scientific = format!("{number:.*e}", digits - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if (-4..digits as i32).contains(&exponent) {
        return trimmed(&format!("{number:.*}", (digits as i32 - 1 - exponent) as usize));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trimmed(mantissa), exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> Option<String> {
        normalize(text.as_bytes()).unwrap()
    }

    #[test]
    fn documents_are_kept_in_one_form() {
        for (text, document) in [
            (r#"  {"lead": 1 , "b" : true }  "#, r#"{"lead":1,"b":true}"#),
            (r#"{"b":1,"a":null}"#, r#"{"b":1,"a":null}"#),
            (r#"{"dup":1,"dup":2,"":3}"#, r#"{"dup":1}"#),
            (r#"{"s":"a\\b\"\n\u00e9\ud83d\ude00"}"#, "{\"s\":\"a\\\\b\\\"\\né😀\"}"),
            (r#"{"n":-12,"e":1e3,"f":-0.50}"#, r#"{"n":-12,"e":1000,"f":-0.5}"#),
            (r#"{"n":9223372036854775807}"#, r#"{"n":9.2233720368547758e+18}"#),
            (r#"{"n":1e10,"m":1e-7}"#, r#"{"n":10000000000,"m":1e-07}"#),
        ] {
            assert_eq!(kept(text).as_deref(), Some(document), "{text}");
            assert_eq!(kept(document).as_deref(), Some(document));
        }
    }

    #[test]
    fn nothing_is_null() {
        for text in ["", "  ", "\t", "null", "{}", "{ }", r#"{"":1}"#] {
            assert_eq!(kept(text), None, "{text}");
        }
    }

    #[test]
    fn only_flat_objects_pass() {
        let key = |length: usize| format!("{{\"{}\":1}}", "k".repeat(length));
        assert!(normalize(key(256).as_bytes()).is_ok());
        for text in [
            "12",
            "true",
            "\"x\"",
            "[1]",
            "abc",
            "{",
            "{a:1}",
            "{'a':1}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1",
            "{\"a\":1,}",
            "{\"a\":1}x",
            "{\"a\":[1]}",
            "{\"a\":{}}",
            "{\"中\":1}",
            "{\"a\":\"\\x\"}",
            "{\"a\":1e999}",
            "{\"a\":\"\\ud800\"}",
            &key(257),
        ] {
            let code = normalize(text.as_bytes()).unwrap_err().code;
            assert_eq!(code, codes::TSC_SQL_SYNTAX_ERROR, "{text}");
        }
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(4089));
        assert_eq!(normalize(long.as_bytes()).unwrap_err().code, codes::TSC_INVALID_OPERATION);
        assert!(normalize(long.replacen('x', "", 1).as_bytes()).is_ok());
    }
}
