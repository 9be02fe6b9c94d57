//! One value, for the places where a column would be too much: tags, literals, results of one row.

use super::DataType;

/// A value without its declared type; a schema beside it says whether `Int` is a TINYINT or a
/// TIMESTAMP. Columns of data use [`super::Column`] instead.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL NULL
    Null,
    /// BOOL
    Bool(bool),
    /// TINYINT, SMALLINT, INT, BIGINT, TIMESTAMP
    Int(i64),
    /// The unsigned types
    UInt(u64),
    /// FLOAT (exactly representable) and DOUBLE
    Float(f64),
    /// BINARY; NCHAR and JSON, then valid UTF-8
    Bytes(Box<[u8]>),
}

impl Value {
    /// A string value.
    pub fn text(text: impl AsRef<[u8]>) -> Value {
        Value::Bytes(text.as_ref().into())
    }

    /// Whether this is SQL NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The bytes of a string value.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The number as `f64`; BOOL counts as 0 and 1, strings and NULL are none.
    pub fn as_f64(&self) -> Option<f64> {
        match *self {
            Value::Bool(v) => Some(f64::from(u8::from(v))),
            Value::Int(v) => Some(v as f64),
            Value::UInt(v) => Some(v as f64),
            Value::Float(v) => Some(v),
            Value::Null | Value::Bytes(_) => None,
        }
    }

    /// Whether this value may stand in a column of that type (NULL may stand in any).
    pub fn fits(&self, data_type: DataType) -> bool {
        match self {
            Value::Null => true,
            Value::Bool(_) => data_type == DataType::Bool,
            Value::Int(_) => data_type.is_signed_integer() || data_type == DataType::Timestamp,
            Value::UInt(_) => data_type.is_unsigned_integer(),
            Value::Float(_) => data_type.is_float(),
            Value::Bytes(_) => data_type.is_var_len(),
        }
    }
}
