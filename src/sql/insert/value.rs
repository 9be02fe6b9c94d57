//! One value, read as its column's type asks.
//!
//! A literal has no type of its own here: `1.9` is 2 in an INT, true in a BOOL and the text `1.9` in a
//! BINARY. Values in VALUES and after TAGS follow the same rules, but for bare words and error codes.

use super::cursor::{Cursor, Token};
use super::refusal::{invalid, syntax};
use super::text::{check_width, unquote};
use super::{json, number};
use crate::error::{Code, Error, Result, codes};
use crate::sql::lexer::{Kind, is_word_byte};
use crate::types::{Column, ColumnType, Context, DataType, Duration, Precision, Unit, Value, timestamp};

/// A value that was read and not stored yet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Datum<'a> {
    Null,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Float(f64),
    Bytes(&'a [u8]),
}

impl Datum<'_> {
    /// Appends it to a column of the type it was read for.
    #[inline]
    pub(super) fn push_to(self, column: &mut Column) {
        match self {
            Datum::Null => column.push_null(),
            Datum::Bool(value) => column.push_bool(value),
            Datum::Int(value) => column.push_i64(value),
            Datum::UInt(value) => column.push_u64(value),
            Datum::Float(value) => column.push_f64(value),
            Datum::Bytes(value) => column.push_bytes(value),
        }
    }

    /// The value on its own; a FLOAT is rounded to what it can hold.
    pub(super) fn into_value(self, data_type: DataType) -> Value {
        match self {
            Datum::Null => Value::Null,
            Datum::Bool(value) => Value::Bool(value),
            Datum::Int(value) => Value::Int(value),
            Datum::UInt(value) => Value::UInt(value),
            Datum::Float(value) if data_type == DataType::Float => Value::Float(f64::from(value as f32)),
            Datum::Float(value) => Value::Float(value),
            Datum::Bytes(value) => Value::text(value),
        }
    }
}

/// Which numbers in their plainest form a column takes as they are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Plain {
    /// Integers of the signed types in a range; timestamps.
    Integer { low: i64, high: i64 },
    /// Integers of the unsigned types up to this one.
    Unsigned { high: u64 },
    /// Numbers for FLOAT and DOUBLE.
    Decimal,
    /// None: those of strings and truth values.
    None,
}

impl Plain {
    /// For a column of that type.
    pub(super) fn of(data_type: DataType) -> Plain {
        match data_type {
            DataType::Timestamp => Plain::Integer { low: i64::MIN, high: i64::MAX },
            DataType::Float | DataType::Double => Plain::Decimal,
            DataType::Bool | DataType::Binary | DataType::NChar | DataType::Json => Plain::None,
            integer => match number::limits(integer) {
                (0, high) => Plain::Unsigned { high: high as u64 },
                (low, high) => Plain::Integer { low: low as i64, high: high as i64 },
            },
        }
    }
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In VALUES: a wrong value is `0x80000216`.
    Row,
    /// After TAGS: a wrong value is `0x80000200`, and a string may be a bare word.
    Tag,
}

impl Place {
    fn code(self) -> Code {
        match self {
            Place::Row => codes::TSC_SQL_SYNTAX_ERROR,
            Place::Tag => codes::TSC_INVALID_OPERATION,
        }
    }
}

/// Reads values from a text.
pub(super) struct ValueReader<'a> {
    /// Where it reads.
    pub(super) cursor: Cursor<'a>,
    /// What kind of values it reads.
    pub(super) place: Place,
    /// The precision of timestamps.
    pub(super) precision: Precision,
    context: &'a Context,
    /// Strings that do not stand in the text as they are.
    scratch: Vec<u8>,
}

impl<'a> ValueReader<'a> {
    /// A reader at the beginning of a text.
    pub(super) fn new(text: &'a [u8], context: &'a Context) -> ValueReader<'a> {
        ValueReader {
            cursor: Cursor::new(text),
            place: Place::Row,
            precision: Precision::Milli,
            context,
            scratch: Vec::new(),
        }
    }

    /// Reads the next value into a column, of whose type `plain` is, and a comma after it.
    #[inline]
    pub(super) fn read_into(
        &mut self,
        column_type: ColumnType,
        plain: Plain,
        column: &mut Column,
    ) -> Result<()> {
        self.cursor.skip_blanks();
        if !self.plain_number(plain, column) {
            self.value(column_type)?.push_to(column);
            self.cursor.eat(b',');
        }
        Ok(())
    }

    /// The common case: a number in its plainest form and in the range of the column. Leaves everything else,
    /// also what is to be refused, to [`Self::value`].
    #[inline]
    fn plain_number(&mut self, plain: Plain, column: &mut Column) -> bool {
        let rest = self.cursor.rest();
        let length = match plain {
            Plain::Integer { low, high } => match number::short_integer(rest) {
                Some((number, length)) if (low..=high).contains(&number) => {
                    column.push_i64(number);
                    length
                }
                _ => return false,
            },
            Plain::Unsigned { high } => match number::short_integer(rest) {
                Some((number, length)) if number >= 0 && number as u64 <= high => {
                    column.push_u64(number as u64);
                    length
                }
                _ => return false,
            },
            Plain::Decimal => match number::short_decimal(rest) {
                Some((number, length)) => {
                    column.push_f64(number);
                    length
                }
                None => return false,
            },
            Plain::None => return false,
        };
        self.cursor.advance(length + usize::from(rest.get(length) == Some(&b',')));
        true
    }

    /// Reads the next value for a column.
    pub(super) fn value(&mut self, column_type: ColumnType) -> Result<Datum<'_>> {
        let token = self.cursor.next();
        if !self.may_be_value(&token) {
            return Err(syntax(self.cursor.from(token.start), "invalid data or symbol"));
        }
        if token.is_word("null") {
            return Ok(Datum::Null);
        }
        match column_type.data_type {
            DataType::Bool => self.boolean(&token),
            DataType::Timestamp => self.timestamp(&token),
            DataType::Float | DataType::Double => self.float(&token, column_type.data_type),
            DataType::Binary | DataType::NChar => self.string(&token, column_type),
            DataType::Json => self.json(&token),
            data_type => self.integer(&token, data_type),
        }
    }

    fn may_be_value(&self, token: &Token<'_>) -> bool {
        match token.kind {
            Kind::Word if self.place == Place::Tag => true,
            Kind::Word => ["null", "true", "false", "now", "today"].iter().any(|word| token.is_word(word)),
            kind => matches!(kind, Kind::String | Kind::Integer | Kind::Float | Kind::Radix),
        }
    }

    fn refuse(&self, token: &Token<'_>, why: &str) -> Error {
        refuse(self.place, &self.cursor, token, why)
    }

    /// Any number, where all but zero is true; the words in any case; in quotes in lower case only.
    fn boolean(&mut self, token: &Token<'a>) -> Result<Datum<'_>> {
        let value = match token.kind {
            Kind::String => match unquote(token.text, &mut self.scratch) {
                b"true" | b"t" => Some(true),
                b"false" | b"f" => Some(false),
                text if is_null(text) => return Ok(Datum::Null),
                b"" => None,
                // The one wrong value that is a syntax error also after TAGS.
                text => return Err(syntax(text, "invalid bool data")),
            },
            Kind::Word if token.is_word("true") => Some(true),
            Kind::Word if token.is_word("false") => Some(false),
            Kind::Integer | Kind::Float => number::double(token.text).map(|number| number != 0.0),
            _ => None,
        };
        value.map(Datum::Bool).ok_or_else(|| self.refuse(token, "invalid bool data"))
    }

    /// Decimals are rounded, half away from zero; quoted numbers must be plain integers.
    fn integer(&mut self, token: &Token<'a>, data_type: DataType) -> Result<Datum<'_>> {
        let number = match token.kind {
            Kind::Integer => number::integer(token.text),
            Kind::Radix => number::hexadecimal(token.text),
            Kind::Float => number::double(token.text).and_then(|number| round(number, data_type)),
            Kind::String => match unquote(token.text, &mut self.scratch) {
                b"" => return Err(self.refuse(token, "invalid numeric data")),
                text if is_null(text) => return Ok(Datum::Null),
                text => number::integer(text.trim_ascii_start()),
            },
            _ => None,
        };
        let datum = number.and_then(|number| match data_type.is_unsigned_integer() {
            true => u64::try_from(number).ok().map(Datum::UInt),
            false => i64::try_from(number).ok().map(Datum::Int),
        });
        let (Some(number), Some(datum)) = (number, datum) else {
            return Err(self.refuse(token, &format!("invalid {} data", noun(data_type))));
        };
        let (low, high) = number::limits(data_type);
        if !(low..=high).contains(&number) {
            return Err(self.refuse(token, &overflow(data_type)));
        }
        Ok(datum)
    }

    fn float(&mut self, token: &Token<'a>, data_type: DataType) -> Result<Datum<'_>> {
        let hexadecimal = |text: &[u8]| number::hexadecimal(text).map(|number| number as f64);
        let number = match token.kind {
            Kind::Integer | Kind::Float => number::double(token.text),
            Kind::Radix => hexadecimal(token.text),
            Kind::String => match unquote(token.text, &mut self.scratch) {
                b"" => return Err(self.refuse(token, "invalid numeric data")),
                text if is_null(text) => return Ok(Datum::Null),
                text => {
                    number::double(text.trim_ascii_start()).or_else(|| hexadecimal(text.trim_ascii_start()))
                }
            },
            _ => None,
        };
        number
            .filter(|&number| number::fits_float(number, data_type))
            .map(Datum::Float)
            .ok_or_else(|| self.refuse(token, &format!("illegal {} data", noun(data_type))))
    }

    /// Quoted text as it says; a bare word or number as it is written, in lower case.
    fn string(&mut self, token: &Token<'a>, column_type: ColumnType) -> Result<Datum<'_>> {
        let text = match token.kind {
            Kind::String => unquote(token.text, &mut self.scratch),
            _ => lower(token.text, &mut self.scratch),
        };
        match check_width(text, column_type) {
            Ok(()) => Ok(Datum::Bytes(text)),
            Err(misfit) => Err(refuse(self.place, &self.cursor, token, misfit.message())),
        }
    }

    fn json(&mut self, token: &Token<'a>) -> Result<Datum<'_>> {
        if token.kind != Kind::String {
            return Err(self.refuse(token, "json type error, should be string"));
        }
        let Some(document) = json::normalize(unquote(token.text, &mut self.scratch))? else {
            return Ok(Datum::Null);
        };
        self.scratch = document.into_bytes();
        Ok(Datum::Bytes(&self.scratch))
    }

    /// Text, a number of ticks, `now` or `today()`; the latter three may be moved by one step.
    fn timestamp(&mut self, token: &Token<'a>) -> Result<Datum<'_>> {
        let (zone, precision) = (&self.context.zone, self.precision);
        let start = match token.kind {
            Kind::String => {
                let text = unquote(token.text, &mut self.scratch);
                let ticks = timestamp::parse_unbounded(text, precision, zone)
                    .ok_or_else(|| self.refuse(token, "invalid timestamp format"))?;
                let out_of_reach = |_| Error::from(codes::TDB_TIMESTAMP_OUT_OF_RANGE);
                return i64::try_from(ticks).map(Datum::Int).map_err(out_of_reach);
            }
            Kind::Integer => number::integer(token.text)
                .and_then(|ticks| i64::try_from(ticks).ok())
                .ok_or_else(|| self.refuse(token, "timestamp is out of range"))?,
            Kind::Word if token.is_word("now") => self.context.now_in(precision),
            Kind::Word if token.is_word("today") => {
                timestamp::midnight(self.context.now_in(precision), precision, zone)
            }
            _ => return Err(self.refuse(token, "invalid timestamp format")),
        };
        if token.kind == Kind::Word {
            self.skip_empty_parentheses();
        }
        match self.step(start, token)? {
            // These bits mean NULL at the C border.
            i64::MIN => Ok(Datum::Null),
            ticks => Ok(Datum::Int(ticks)),
        }
    }

    fn skip_empty_parentheses(&mut self) {
        let mut ahead = self.cursor.clone();
        if ahead.eat(b'(') && ahead.eat(b')') {
            self.cursor = ahead;
        }
    }

    /// Adds `+1h` or `-30s`, when that follows; months and years are no steps.
    fn step(&mut self, start: i64, token: &Token<'a>) -> Result<i64> {
        let sign = match self.cursor.skip_blanks() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Ok(start),
        };
        let operator = self.cursor.position();
        self.cursor.advance(1);
        self.cursor.skip_blanks();

        let rest = self.cursor.rest();
        let (digits, rest) = rest.split_at(rest.iter().take_while(|byte| byte.is_ascii_digit()).count());
        let unit = match rest {
            _ if digits.is_empty() => None,
            [letter, rest @ ..] if is_word_byte(*letter) || *letter == b'.' => {
                let ends = !rest.first().is_some_and(|&byte| is_word_byte(byte));
                let unit = Unit::from_letter(*letter).filter(|unit| ends && unit.nanoseconds().is_some());
                Some(unit.ok_or_else(|| self.refuse(token, "invalid timestamp"))?)
            }
            _ => None,
        };
        let Some(unit) = unit else {
            let near = self.cursor.from(operator);
            return Err(invalid(self.place.code(), near, "value expected in timestamp"));
        };
        self.cursor.advance(digits.len() + 1);
        number::integer(digits)
            .and_then(|count| i64::try_from(count * sign).ok())
            .and_then(|count| Duration { count, unit }.ticks(self.precision))
            .and_then(|ticks| start.checked_add(ticks))
            .ok_or_else(|| self.refuse(token, "timestamp is out of range"))
    }
}

/// A value that cannot be. Quoted text is shown as what it says, anything else with all that follows.
fn refuse(place: Place, cursor: &Cursor<'_>, token: &Token<'_>, why: &str) -> Error {
    let mut scratch = Vec::new();
    let near = match token.kind {
        Kind::String => unquote(token.text, &mut scratch),
        _ => cursor.from(token.start),
    };
    invalid(place.code(), near, why)
}

/// `null` in quotes is NULL for every type but strings and timestamps.
fn is_null(text: &[u8]) -> bool {
    text.eq_ignore_ascii_case(b"null")
}

fn lower<'a>(text: &'a [u8], scratch: &'a mut Vec<u8>) -> &'a [u8] {
    if !text.iter().any(u8::is_ascii_uppercase) {
        return text;
    }
    scratch.clear();
    scratch.extend(text.iter().map(u8::to_ascii_lowercase));
    scratch
}

/// A decimal as a whole number, half away from zero; none beyond 64 bits.
///
/// As recorded, the upper half of BIGINT UNSIGNED is out of a decimal's reach: all of it reads as 2^63.
fn round(number: f64, data_type: DataType) -> Option<i128> {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    let number = number.round();
    if data_type.is_unsigned_integer() && (TWO_TO_63..=2.0 * TWO_TO_63).contains(&number) {
        return Some(1 << 63);
    }
    (number.abs() <= TWO_TO_63).then_some(number as i128)
}

/// A type as messages name it: `unsigned int`.
fn noun(data_type: DataType) -> String {
    let name = data_type.name().to_ascii_lowercase();
    match name.strip_suffix(" unsigned") {
        Some(signed) => format!("unsigned {signed}"),
        None => name,
    }
}

fn overflow(data_type: DataType) -> String {
    match data_type {
        DataType::TinyInt => "data overflow".to_owned(),
        _ => format!("{} data overflow", noun(data_type)),
    }
}
