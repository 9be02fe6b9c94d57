//! Functions of text.
//!
//! BINARY is bytes, of which only ASCII has letters and blanks; NCHAR is characters.

use super::{Scalar, unsupported_argument};
use crate::error::Result;
use crate::types::{Bytes, Column, ColumnType, DataType, Values};

pub(super) const ALL: &[Scalar] = &[
    Scalar {
        name: "length",
        arguments: 1..=1,
        returns: to_int,
        run: |arguments, _| lengths(&arguments[0], 4),
    },
    Scalar {
        name: "char_length",
        arguments: 1..=1,
        returns: to_int,
        run: |arguments, _| lengths(&arguments[0], 1),
    },
    Scalar {
        name: "lower",
        arguments: 1..=1,
        returns: same_text,
        run: |arguments, _| change_case(&arguments[0], Case::Lower),
    },
    Scalar {
        name: "upper",
        arguments: 1..=1,
        returns: same_text,
        run: |arguments, _| change_case(&arguments[0], Case::Upper),
    },
    Scalar {
        name: "ltrim",
        arguments: 1..=1,
        returns: same_text,
        run: |arguments, _| each_text(&arguments[0], |text, out| out.push(trim_start(text))),
    },
    Scalar {
        name: "rtrim",
        arguments: 1..=1,
        returns: same_text,
        run: |arguments, _| each_text(&arguments[0], |text, out| out.push(trim_end(text))),
    },
];

fn is_text(argument: &ColumnType) -> bool {
    matches!(argument.data_type, DataType::Binary | DataType::NChar)
}

fn to_int(arguments: &[ColumnType]) -> Result<ColumnType> {
    if arguments.iter().all(is_text) {
        Ok(ColumnType::fixed(DataType::Int))
    } else {
        Err(unsupported_argument())
    }
}

fn same_text(arguments: &[ColumnType]) -> Result<ColumnType> {
    match arguments {
        [argument] if is_text(argument) => Ok(*argument),
        _ => Err(unsupported_argument()),
    }
}

/// Bytes of BINARY; characters of NCHAR times `per_character`: the original stores each in 4 bytes.
fn lengths(column: &Column, per_character: i32) -> Column {
    let by_character = column.data_type() == DataType::NChar;
    let length = |text: &[u8]| match by_character {
        true => String::from_utf8_lossy(text).chars().count() as i32 * per_character,
        false => text.len() as i32,
    };
    let lengths = column.bytes().map(|strings| strings.iter().map(length).collect()).unwrap_or_default();
    Column::from_values(DataType::Int, Values::I32(lengths), column.validity().cloned())
        .expect("one length for each value")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Lower,
    Upper,
}

/// Character by character, so that the text never grows in characters (`ß` stays).
fn change_case(column: &Column, case: Case) -> Column {
    let by_character = column.data_type() == DataType::NChar;
    each_text(column, |text, out| match (by_character, case) {
        (true, case) => {
            let text = String::from_utf8_lossy(text);
            let changed: String = text.chars().map(|c| change_character(c, case)).collect();
            out.push(changed.as_bytes());
        }
        (false, Case::Lower) => out.push(&text.to_ascii_lowercase()),
        (false, Case::Upper) => out.push(&text.to_ascii_uppercase()),
    })
}

fn change_character(character: char, case: Case) -> char {
    fn single(mut characters: impl Iterator<Item = char>) -> Option<char> {
        let first = characters.next()?;
        characters.next().is_none().then_some(first)
    }
    let changed = match case {
        Case::Lower => single(character.to_lowercase()),
        Case::Upper => single(character.to_uppercase()),
    };
    changed.unwrap_or(character)
}

fn trim_start(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !is_blank(*byte)).unwrap_or(text.len());
    &text[start..]
}

fn trim_end(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| !is_blank(*byte)).map_or(0, |last| last + 1);
    &text[..end]
}

/// As `isspace` of C has it.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0b' | b'\x0c' | b'\r')
}

fn each_text(column: &Column, mut append: impl FnMut(&[u8], &mut Bytes)) -> Column {
    let mut changed = Bytes::default();
    if let Some(strings) = column.bytes() {
        strings.iter().for_each(|text| append(text, &mut changed));
    }
    Column::from_values(column.data_type(), Values::Bytes(changed), column.validity().cloned())
        .expect("one text for each text")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(name: &str, data_type: DataType, text: &str) -> crate::types::Value {
        let function = ALL.iter().find(|function| function.name == name).unwrap();
        let mut column = Column::new(data_type);
        column.push_bytes(text.as_bytes());
        let returns = (function.returns)(&[ColumnType::text(data_type, 20)]).unwrap();
        (function.run)(&[column.into()], returns).value(0)
    }

    #[test]
    fn binary_is_bytes_and_nchar_characters() {
        use crate::types::Value;
        assert_eq!(run("length", DataType::Binary, "日本"), Value::Int(6));
        assert_eq!(run("length", DataType::NChar, "日本"), Value::Int(8));
        assert_eq!(run("char_length", DataType::NChar, "日本"), Value::Int(2));
        assert_eq!(run("upper", DataType::NChar, "éß"), Value::text("Éß"));
        assert_eq!(run("upper", DataType::Binary, "éa"), Value::text("éA"));
        assert_eq!(run("ltrim", DataType::Binary, " \ta "), Value::text("a "));
        assert_eq!(run("rtrim", DataType::Binary, "   "), Value::text(""));
    }
}
