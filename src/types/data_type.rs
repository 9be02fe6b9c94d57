//! The data types of TDengine 2.6 and the declared width of a column.

/// A data type. The discriminants are the `TSDB_DATA_TYPE_*` numbers of `taos.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum DataType {
    /// `BOOL`
    Bool = 1,
    /// `TINYINT`, 8 bits signed
    TinyInt = 2,
    /// `SMALLINT`, 16 bits signed
    SmallInt = 3,
    /// `INT`, 32 bits signed
    Int = 4,
    /// `BIGINT`, 64 bits signed
    BigInt = 5,
    /// `FLOAT`, IEEE 754 binary32
    Float = 6,
    /// `DOUBLE`, IEEE 754 binary64
    Double = 7,
    /// `BINARY(n)`, at most n bytes
    Binary = 8,
    /// `TIMESTAMP`, 64 bits signed, in the precision of the database
    Timestamp = 9,
    /// `NCHAR(n)`, at most n characters of UTF-8
    NChar = 10,
    /// `TINYINT UNSIGNED`
    UTinyInt = 11,
    /// `SMALLINT UNSIGNED`
    USmallInt = 12,
    /// `INT UNSIGNED`
    UInt = 13,
    /// `BIGINT UNSIGNED`
    UBigInt = 14,
    /// `JSON`, a tag only; the text of the document
    Json = 15,
}

impl DataType {
    /// Every type, in the order of its number.
    pub const ALL: [DataType; 15] = [
        DataType::Bool,
        DataType::TinyInt,
        DataType::SmallInt,
        DataType::Int,
        DataType::BigInt,
        DataType::Float,
        DataType::Double,
        DataType::Binary,
        DataType::Timestamp,
        DataType::NChar,
        DataType::UTinyInt,
        DataType::USmallInt,
        DataType::UInt,
        DataType::UBigInt,
        DataType::Json,
    ];

    /// The number in `taos.h` and on disk.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The type with this number, if there is one.
    pub fn from_code(code: u8) -> Option<DataType> {
        Self::ALL.get((code as usize).checked_sub(1)?).copied()
    }

    /// The name as DESCRIBE prints it.
    pub const fn name(self) -> &'static str {
        match self {
            DataType::Bool => "BOOL",
            DataType::TinyInt => "TINYINT",
            DataType::SmallInt => "SMALLINT",
            DataType::Int => "INT",
            DataType::BigInt => "BIGINT",
            DataType::Float => "FLOAT",
            DataType::Double => "DOUBLE",
            DataType::Binary => "BINARY",
            DataType::Timestamp => "TIMESTAMP",
            DataType::NChar => "NCHAR",
            DataType::UTinyInt => "TINYINT UNSIGNED",
            DataType::USmallInt => "SMALLINT UNSIGNED",
            DataType::UInt => "INT UNSIGNED",
            DataType::UBigInt => "BIGINT UNSIGNED",
            DataType::Json => "JSON",
        }
    }

    /// Bytes of one value, for the types whose values all have the same size.
    pub const fn fixed_size(self) -> Option<usize> {
        match self {
            DataType::Bool | DataType::TinyInt | DataType::UTinyInt => Some(1),
            DataType::SmallInt | DataType::USmallInt => Some(2),
            DataType::Int | DataType::UInt | DataType::Float => Some(4),
            DataType::BigInt | DataType::UBigInt | DataType::Double | DataType::Timestamp => Some(8),
            DataType::Binary | DataType::NChar | DataType::Json => None,
        }
    }

    /// Whether values are strings of bytes: BINARY, NCHAR, JSON.
    pub const fn is_var_len(self) -> bool {
        self.fixed_size().is_none()
    }

    /// TINYINT to BIGINT.
    pub const fn is_signed_integer(self) -> bool {
        matches!(self, DataType::TinyInt | DataType::SmallInt | DataType::Int | DataType::BigInt)
    }

    /// TINYINT UNSIGNED to BIGINT UNSIGNED.
    pub const fn is_unsigned_integer(self) -> bool {
        matches!(self, DataType::UTinyInt | DataType::USmallInt | DataType::UInt | DataType::UBigInt)
    }

    /// Any integer type; neither BOOL nor TIMESTAMP.
    pub const fn is_integer(self) -> bool {
        self.is_signed_integer() || self.is_unsigned_integer()
    }

    /// FLOAT or DOUBLE.
    pub const fn is_float(self) -> bool {
        matches!(self, DataType::Float | DataType::Double)
    }

    /// An integer or floating-point type: what arithmetic works on.
    pub const fn is_numeric(self) -> bool {
        self.is_integer() || self.is_float()
    }
}

/// The type of a column with its declared width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ColumnType {
    /// What its values are.
    pub data_type: DataType,
    /// As `TAOS_FIELD.bytes` has it: the size of a fixed type, n of BINARY(n) in bytes and of NCHAR(n)
    /// in characters, [`ColumnType::JSON_WIDTH`] for JSON.
    pub width: u16,
}

impl ColumnType {
    /// The longest JSON tag in bytes; what its field descriptor says.
    pub const JSON_WIDTH: u16 = 4096;

    /// The primary timestamp's type.
    pub const TIMESTAMP: ColumnType = ColumnType::fixed(DataType::Timestamp);

    /// A type without a declared width.
    ///
    /// BINARY and NCHAR get width 0 and are meant for [`ColumnType::text`] instead.
    pub const fn fixed(data_type: DataType) -> ColumnType {
        let width = match (data_type.fixed_size(), data_type) {
            (Some(size), _) => size as u16,
            (None, DataType::Json) => Self::JSON_WIDTH,
            (None, _) => 0,
        };
        ColumnType { data_type, width }
    }

    /// BINARY(width) or NCHAR(width).
    pub const fn text(data_type: DataType, width: u16) -> ColumnType {
        ColumnType { data_type, width }
    }
}

impl std::fmt::Display for ColumnType {
    /// As SHOW CREATE TABLE prints it: `INT`, `BINARY(8)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.data_type {
            DataType::Binary | DataType::NChar => {
                write!(f, "{}({})", self.data_type.name(), self.width)
            }
            other => f.write_str(other.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_there_and_back() {
        for data_type in DataType::ALL {
            assert_eq!(DataType::from_code(data_type.code()), Some(data_type));
        }
        assert_eq!(DataType::from_code(0), None);
        assert_eq!(DataType::from_code(16), None);
    }
}
