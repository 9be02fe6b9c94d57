//! Values to bind to a prepared statement.

use super::ffi::Bind;
use super::taos::Cell;
use std::ffi::c_int;
use std::ptr;

/// Values to bind, kept where `TAOS_BIND` can point to them.
pub(crate) struct Parameters(Vec<Parameter>);

struct Parameter {
    data_type: c_int,
    bytes: Vec<u8>,
    length: usize,
    is_null: c_int,
}

impl Parameters {
    /// Lays out values for types that are indexes into [`TYPE_NAMES`].
    pub(crate) fn new(values: &[(u8, Cell)]) -> Parameters {
        Parameters(values.iter().map(|(data_type, cell)| Parameter::new(*data_type, cell)).collect())
    }

    /// As the functions of the library take them.
    pub(super) fn binds(&self) -> Vec<Bind> {
        self.0.iter().map(Parameter::bind).collect()
    }
}

impl Parameter {
    fn new(data_type: u8, cell: &Cell) -> Parameter {
        let bytes = match cell {
            Cell::Null => vec![0; 8],
            Cell::Bool(value) => vec![u8::from(*value)],
            Cell::Int(value) => fixed(data_type, value.cast_unsigned()),
            Cell::Unsigned(value) => fixed(data_type, *value),
            Cell::Float(value) => native(value.to_bits().into(), 4),
            Cell::Double(value) => native(value.to_bits(), 8),
            Cell::Bytes(bytes) => bytes.clone(),
        };
        let is_null = c_int::from(*cell == Cell::Null);
        Parameter { data_type: data_type.into(), length: bytes.len(), bytes, is_null }
    }

    fn bind(&self) -> Bind {
        Bind {
            buffer_type: self.data_type,
            buffer: self.bytes.as_ptr().cast(),
            buffer_length: self.length,
            length: &raw const self.length,
            is_null: &raw const self.is_null,
            is_unsigned: 0,
            error: ptr::null(),
            inline: 0,
            allocated: 0,
        }
    }
}

/// An integer in as many bytes as its type has.
fn fixed(data_type: u8, value: u64) -> Vec<u8> {
    let width = match data_type {
        1 | 2 | 11 => 1,
        3 | 12 => 2,
        4 | 13 => 4,
        _ => 8,
    };
    native(value, width)
}

/// The low `width` bytes of a number, in the byte order of this machine, which is what a C program binds.
fn native(value: u64, width: usize) -> Vec<u8> {
    let bytes = value.to_le_bytes();
    let low = bytes.iter().take(width);
    if cfg!(target_endian = "big") { low.rev().copied().collect() } else { low.copied().collect() }
}
