//! The Rust types behind numeric columns, so that a loop is written once for all of them.

use crate::types::Values;

/// A number that a column holds as a plain vector.
pub(crate) trait Native: Copy + PartialOrd + Default + Send + 'static {
    /// The vector, when it is one of this type.
    fn slice(values: &Values) -> Option<&[Self]>;

    /// A vector of this type as values of a column.
    fn wrap(vector: Vec<Self>) -> Values;

    /// The number as `f64`; integers beyond 2^53 lose digits.
    fn to_f64(self) -> f64;
}

macro_rules! native {
    ($($native:ident $variant:ident)*) => {$(
        impl Native for $native {
            fn slice(values: &Values) -> Option<&[Self]> {
                match values {
                    Values::$variant(vector) => Some(vector),
                    _ => None,
                }
            }

            fn wrap(vector: Vec<Self>) -> Values {
                Values::$variant(vector)
            }

            #[inline]
            fn to_f64(self) -> f64 {
                self as f64
            }
        }
    )*};
}

native! {
    i8 I8
    i16 I16
    i32 I32
    i64 I64
    u8 U8
    u16 U16
    u32 U32
    u64 U64
    f32 F32
    f64 F64
}

/// Runs the same code for the vector of numbers inside [`Values`]; BOOL and strings take the other way.
macro_rules! each_number {
    ($values:expr, $vector:ident => $same:expr, else => $other:expr) => {
        match $values {
            $crate::types::Values::I8($vector) => $same,
            $crate::types::Values::I16($vector) => $same,
            $crate::types::Values::I32($vector) => $same,
            $crate::types::Values::I64($vector) => $same,
            $crate::types::Values::U8($vector) => $same,
            $crate::types::Values::U16($vector) => $same,
            $crate::types::Values::U32($vector) => $same,
            $crate::types::Values::U64($vector) => $same,
            $crate::types::Values::F32($vector) => $same,
            $crate::types::Values::F64($vector) => $same,
            $crate::types::Values::Bool(_) | $crate::types::Values::Bytes(_) => $other,
        }
    };
}

/// Runs the same code with `$native` being the Rust type of a numeric (or TIMESTAMP) data type.
macro_rules! with_native {
    ($data_type:expr, $native:ident => $same:expr, else => $other:expr) => {{
        use $crate::types::DataType;
        match $data_type {
            DataType::TinyInt => {
                type $native = i8;
                $same
            }
            DataType::SmallInt => {
                type $native = i16;
                $same
            }
            DataType::Int => {
                type $native = i32;
                $same
            }
            DataType::BigInt | DataType::Timestamp => {
                type $native = i64;
                $same
            }
            DataType::UTinyInt => {
                type $native = u8;
                $same
            }
            DataType::USmallInt => {
                type $native = u16;
                $same
            }
            DataType::UInt => {
                type $native = u32;
                $same
            }
            DataType::UBigInt => {
                type $native = u64;
                $same
            }
            DataType::Float => {
                type $native = f32;
                $same
            }
            DataType::Double => {
                type $native = f64;
                $same
            }
            DataType::Bool | DataType::Binary | DataType::NChar | DataType::Json => $other,
        }
    }};
}

pub(crate) use {each_number, with_native};
