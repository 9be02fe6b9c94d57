//! The value of a tag as CREATE TABLE … USING and ALTER TABLE … SET TAG read it.
//!
//! They differ from INSERT … USING: a decimal is cut instead of rounded, true is 1 for an integer, `'TRUE'`
//! is true for a BOOL, and a number in a string tag is printed anew instead of kept as written.

use super::text::{Misfit, check_width};
use super::{json, number};
use crate::error::{Error, Result};
use crate::sql::ast::{LiteralKind, TagLiteral};
use crate::types::{ColumnType, Context, DataType, Precision, Value, timestamp};

/// The value of a literal for a tag of that type.
///
/// # Errors
/// `0x80000200` for what the type cannot hold, `0x80000216` for JSON that is none and for a bare word.
pub fn tag_value(
    literal: &TagLiteral,
    column_type: ColumnType,
    precision: Precision,
    context: &Context,
) -> Result<Value> {
    let text = literal.text.as_slice();
    match (literal.kind, column_type.data_type) {
        (LiteralKind::Null, _) => return Ok(Value::Null),
        (LiteralKind::String, DataType::Json) => return json_value(text),
        (_, DataType::Binary | DataType::NChar) => return string(literal, column_type),
        (LiteralKind::String, _) if text.eq_ignore_ascii_case(b"null") => return Ok(Value::Null),
        (LiteralKind::Word, data_type) if data_type != DataType::Timestamp => return Err(bare_word(text)),
        _ => {}
    }
    let value = match column_type.data_type {
        DataType::Bool => boolean(literal).map(Value::Bool),
        DataType::Timestamp => ticks(literal, precision, context)?,
        DataType::Float | DataType::Double => float(literal, column_type.data_type),
        DataType::Json => None,
        data_type => integer(literal, data_type),
    };
    value.ok_or_else(illegal)
}

fn illegal() -> Error {
    Error::invalid_operation("illegal value or data overflow")
}

fn bare_word(word: &[u8]) -> Error {
    Error::syntax(String::from_utf8_lossy(word))
}

fn truth(text: &[u8]) -> Option<bool> {
    match text {
        text if text.eq_ignore_ascii_case(b"true") => Some(true),
        text if text.eq_ignore_ascii_case(b"false") => Some(false),
        _ => None,
    }
}

/// Any number, where all but zero is true, and the two words, quoted or not.
fn boolean(literal: &TagLiteral) -> Option<bool> {
    match literal.kind {
        LiteralKind::Bool | LiteralKind::String => truth(&literal.text),
        LiteralKind::Integer | LiteralKind::Float => Some(number::double(&literal.text)? != 0.0),
        LiteralKind::Null | LiteralKind::Word => None,
    }
}

fn integer(literal: &TagLiteral, data_type: DataType) -> Option<Value> {
    let text = literal.text.as_slice();
    let number = match literal.kind {
        LiteralKind::Bool => truth(text)?.into(),
        LiteralKind::Integer => number::integer(text)?,
        LiteralKind::Float => number::double(text)?.trunc() as i128,
        // Only in quotes a decimal is rounded.
        LiteralKind::String => match number::integer(text) {
            Some(number) => number,
            None => number::double(text)?.round() as i128,
        },
        LiteralKind::Null | LiteralKind::Word => return None,
    };
    let (low, high) = number::limits(data_type);
    (low..=high).contains(&number).then(|| match data_type.is_unsigned_integer() {
        true => Value::UInt(number as u64),
        false => Value::Int(number as i64),
    })
}

fn float(literal: &TagLiteral, data_type: DataType) -> Option<Value> {
    let number = match literal.kind {
        LiteralKind::Bool => f64::from(u8::from(truth(&literal.text)?)),
        LiteralKind::Integer | LiteralKind::Float | LiteralKind::String => number::double(&literal.text)?,
        LiteralKind::Null | LiteralKind::Word => return None,
    };
    if !number::fits_float(number, data_type) {
        return None;
    }
    let single = f64::from(number as f32);
    Some(Value::Float(if data_type == DataType::Float { single } else { number }))
}

fn ticks(literal: &TagLiteral, precision: Precision, context: &Context) -> Result<Option<Value>> {
    let text = literal.text.as_slice();
    Ok(match literal.kind {
        LiteralKind::String => timestamp::parse(text, precision, &context.zone).map(Value::Int),
        LiteralKind::Integer => {
            let ticks = number::integer(text).and_then(|ticks| i64::try_from(ticks).ok());
            // These bits mean NULL at the C border.
            ticks.map(|ticks| if ticks == i64::MIN { Value::Null } else { Value::Int(ticks) })
        }
        LiteralKind::Word if text.eq_ignore_ascii_case(b"now") => Some(Value::Int(context.now_in(precision))),
        LiteralKind::Word => return Err(bare_word(text)),
        LiteralKind::Null | LiteralKind::Bool | LiteralKind::Float => None,
    })
}

/// A number is printed as the type it looks like, a truth value in upper case.
fn string(literal: &TagLiteral, column_type: ColumnType) -> Result<Value> {
    let text = match literal.kind {
        LiteralKind::String => literal.text.clone(),
        LiteralKind::Bool => literal.text.to_ascii_uppercase(),
        LiteralKind::Integer => number::integer(&literal.text).ok_or_else(illegal)?.to_string().into_bytes(),
        LiteralKind::Float => {
            format!("{:.6}", number::double(&literal.text).ok_or_else(illegal)?).into_bytes()
        }
        LiteralKind::Word => return Err(bare_word(&literal.text)),
        LiteralKind::Null => return Ok(Value::Null),
    };
    check_width(&text, column_type).map_err(|misfit| match misfit {
        Misfit::NotUtf8 => Error::invalid_operation(misfit.message()),
        _ => Error::invalid_operation("tag value too long"),
    })?;
    Ok(Value::Bytes(text.into()))
}

fn json_value(text: &[u8]) -> Result<Value> {
    Ok(json::normalize(text)?.map_or(Value::Null, Value::text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::codes;
    use crate::types::{StopFlag, TimeZone};
    use LiteralKind as Kind;

    fn read(kind: Kind, text: &str, column_type: ColumnType) -> Result<Value> {
        let literal = TagLiteral { kind, text: text.into() };
        let context = Context { now: 5_000_000, zone: TimeZone::UTC, stop: StopFlag::default() };
        tag_value(&literal, column_type, Precision::Milli, &context)
    }

    fn fixed(kind: Kind, text: &str, data_type: DataType) -> Option<Value> {
        read(kind, text, ColumnType::fixed(data_type)).ok()
    }

    #[test]
    fn numbers() {
        let int = |kind, text| fixed(kind, text, DataType::Int);
        for (kind, text, number) in [
            (Kind::Integer, "-7", -7),
            (Kind::Float, "1.9", 1),
            (Kind::Float, "-2.5", -2),
            (Kind::String, "1.6", 2),
            (Kind::String, "17", 17),
            (Kind::Bool, "TRUE", 1),
        ] {
            assert_eq!(int(kind, text), Some(Value::Int(number)), "{text}");
        }
        assert_eq!(int(Kind::String, "NULL"), Some(Value::Null));
        for text in ["", " 7", "7 ", "1x", "0x10", "nan"] {
            assert_eq!(int(Kind::String, text), None, "{text}");
        }
        assert_eq!(int(Kind::Integer, "-2147483648"), None);
        assert_eq!(int(Kind::Float, "1e30"), None);
        assert_eq!(fixed(Kind::Integer, "-1", DataType::UBigInt), None);
        assert_eq!(fixed(Kind::Integer, "18446744073709551615", DataType::UBigInt), None);
        let most = Value::UInt(u64::MAX - 1);
        assert_eq!(fixed(Kind::Integer, "18446744073709551614", DataType::UBigInt), Some(most));
        assert_eq!(fixed(Kind::Float, "3.5e38", DataType::Float), None);
        let tenth = Value::Float(f64::from(0.1_f32));
        assert_eq!(fixed(Kind::Float, "0.1", DataType::Float), Some(tenth));
    }

    #[test]
    fn truth_and_time() {
        assert_eq!(fixed(Kind::String, "TRUE", DataType::Bool), Some(Value::Bool(true)));
        assert_eq!(fixed(Kind::Float, "0.4", DataType::Bool), Some(Value::Bool(true)));
        assert_eq!(fixed(Kind::String, "1", DataType::Bool), None);
        assert_eq!(fixed(Kind::Word, "NOW", DataType::Timestamp), Some(Value::Int(5)));
        assert_eq!(fixed(Kind::String, "null", DataType::Timestamp), Some(Value::Null));
        assert_eq!(fixed(Kind::String, "1970-01-01 00:00:01", DataType::Timestamp), Some(Value::Int(1000)));
        assert_eq!(fixed(Kind::String, "not a time", DataType::Timestamp), None);
        let code = |kind, text| read(kind, text, ColumnType::TIMESTAMP).unwrap_err().code;
        assert_eq!(code(Kind::Word, "later"), codes::TSC_SQL_SYNTAX_ERROR);
        assert_eq!(code(Kind::Float, "1.5"), codes::TSC_INVALID_OPERATION);
    }

    #[test]
    fn strings() {
        let binary = |kind, text| read(kind, text, ColumnType::text(DataType::Binary, 6));
        for (kind, text, kept) in [
            (Kind::String, "null", "null"),
            (Kind::Bool, "true", "TRUE"),
            (Kind::Integer, "+7", "7"),
            (Kind::String, "一二", "一二"),
        ] {
            assert_eq!(binary(kind, text).unwrap(), Value::text(kept), "{text}");
        }
        for (kind, text) in [(Kind::Float, "12.50"), (Kind::String, "sevench")] {
            assert_eq!(binary(kind, text).unwrap_err().code, codes::TSC_INVALID_OPERATION);
        }
        assert_eq!(binary(Kind::Word, "word").unwrap_err().code, codes::TSC_SQL_SYNTAX_ERROR);
        assert_eq!(fixed(Kind::String, "{ }", DataType::Json), Some(Value::Null));
        assert_eq!(fixed(Kind::Integer, "12", DataType::Json), None);
    }
}
