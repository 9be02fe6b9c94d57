//! Rows in the layout of C: what `taos_fetch_block` hands out and `taos_fetch_row` points into.
//!
//! One buffer holds column after column without padding. A column is one cell of `stride` bytes for each
//! row: a number in the machine's byte order, or a string as two bytes of length, its bytes, and unused
//! bytes up to the stride. SQL NULL is a cell with a value that stands for it.

#![expect(clippy::host_endian_bytes, reason = "C reads its own machine's numbers")]

use std::ffi::{c_int, c_void};
use std::sync::Arc;

use crate::error::{Error, Result, codes};
use crate::types::{Bitmap, Block, Column, ColumnType, DataType, Field, Values};

/// Bytes before the payload of a string.
pub(super) const LENGTH_PREFIX: usize = 2;

/// The cell of a JSON document.
const JSON_STRIDE: usize = 16387;

/// A block with more than this is handed out in parts, so that a few wide columns do not take all memory.
const MAX_BUFFER: usize = 4 << 20;

/// Bytes from one value of that type to the next.
pub(super) fn stride(column_type: ColumnType) -> usize {
    let width = usize::from(column_type.width);
    match column_type.data_type {
        DataType::Binary => width + LENGTH_PREFIX,
        DataType::NChar => 4 * width + LENGTH_PREFIX,
        DataType::Json => JSON_STRIDE,
        fixed => fixed.fixed_size().unwrap_or_default(),
    }
}

/// The cell that stands for NULL.
pub(super) fn null_cell(data_type: DataType) -> &'static [u8] {
    const FLOAT: [u8; 4] = 0x7ff0_0000_u32.to_ne_bytes();
    const DOUBLE: [u8; 8] = 0x7fff_ff00_0000_0000_u64.to_ne_bytes();
    const ONE_BYTE: [u8; 2] = 1_u16.to_ne_bytes();
    const FOUR_BYTES: [u8; 2] = 4_u16.to_ne_bytes();
    const BINARY: [u8; 3] = [ONE_BYTE[0], ONE_BYTE[1], 0xff];
    const UNICODE: [u8; 6] = [FOUR_BYTES[0], FOUR_BYTES[1], 0xff, 0xff, 0xff, 0xff];
    match data_type {
        DataType::Bool => &[2],
        DataType::TinyInt => const { &i8::MIN.to_ne_bytes() },
        DataType::SmallInt => const { &i16::MIN.to_ne_bytes() },
        DataType::Int => const { &i32::MIN.to_ne_bytes() },
        DataType::BigInt | DataType::Timestamp => const { &i64::MIN.to_ne_bytes() },
        DataType::UTinyInt => &[0xff; 1],
        DataType::USmallInt => &[0xff; 2],
        DataType::UInt => &[0xff; 4],
        DataType::UBigInt => &[0xff; 8],
        DataType::Float => &FLOAT,
        DataType::Double => &DOUBLE,
        DataType::Binary => &BINARY,
        DataType::NChar | DataType::Json => &UNICODE,
    }
}

struct Shape {
    data_type: DataType,
    stride: usize,
}

/// Some rows of a result, laid out; the pointers into it live until it is filled again.
pub(super) struct CBlock {
    shapes: Box<[Shape]>,
    buffer: Vec<u8>,
    /// Where each column begins in `buffer`.
    columns: Box<[*mut c_void]>,
    /// Each column that has NULLs, and the row of it that is row 0 here.
    with_nulls: Box<[Option<Arc<Column>>]>,
    first_row: usize,
    rows: usize,
}

impl CBlock {
    /// No rows yet, of a result with these fields.
    pub(super) fn new(fields: &[Field]) -> CBlock {
        let shape = |field: &Field| Shape {
            data_type: field.column_type.data_type,
            stride: stride(field.column_type),
        };
        CBlock {
            shapes: fields.iter().map(shape).collect(),
            buffer: Vec::new(),
            columns: fields.iter().map(|_| std::ptr::null_mut()).collect(),
            with_nulls: fields.iter().map(|_| None).collect(),
            first_row: 0,
            rows: 0,
        }
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// No rows any more; what was laid out stays where it is.
    pub(super) fn clear(&mut self) {
        self.rows = 0;
    }

    /// The array of pointers to the columns; it never moves.
    pub(super) fn columns(&mut self) -> *mut *mut c_void {
        self.columns.as_mut_ptr()
    }

    /// Lays out rows of the block from `first` on, as many as a buffer takes.
    ///
    /// Errors: `0x80000211` when the block's columns are not those of the result, a bug elsewhere.
    pub(super) fn fill(&mut self, block: &Block, first: usize) -> Result<()> {
        self.rows = 0;
        let columns = block.columns();
        let fits = columns.len() == self.shapes.len()
            && columns.iter().zip(&self.shapes).all(|(column, shape)| column.data_type() == shape.data_type);
        if !fits {
            return Err(Error::new(codes::TSC_APP_ERROR, "the rows of a result do not fit its fields"));
        }
        let row_size: usize = self.shapes.iter().map(|shape| shape.stride).sum();
        let rows = (MAX_BUFFER / row_size.max(1)).clamp(1, block.rows().saturating_sub(first).max(1));
        if self.buffer.len() < rows * row_size {
            self.buffer.resize(rows * row_size, 0);
        }
        let mut rest = self.buffer.as_mut_slice();
        for (index, (column, shape)) in columns.iter().zip(&self.shapes).enumerate() {
            let (cells, after) = rest.split_at_mut(rows * shape.stride);
            rest = after;
            lay_out(column, first, shape, cells);
            self.columns[index] = cells.as_mut_ptr().cast();
            self.with_nulls[index] = column.validity().is_some().then(|| Arc::clone(column));
        }
        self.first_row = first;
        self.rows = rows;
        Ok(())
    }

    /// Whether there is no value there; also true where there is no such row or column.
    pub(super) fn is_null(&self, row: usize, column: usize) -> bool {
        match self.with_nulls.get(column) {
            Some(column) if row < self.rows => {
                column.as_ref().is_some_and(|column| column.is_null(self.first_row + row))
            }
            _ => true,
        }
    }

    /// Points `values` at the values of a row and tells their lengths; of strings only, the others have
    /// one length. NULL is a NULL pointer, and the length that its cell tells.
    ///
    /// # Panics
    /// When the block has no such row.
    #[inline]
    pub(super) fn point_at(&self, row: usize, values: &mut [*mut c_void], lengths: &mut [c_int]) {
        assert!(row < self.rows, "row {row} of {}", self.rows);
        for (index, shape) in self.shapes.iter().enumerate() {
            let cell = self.columns[index].cast::<u8>().wrapping_add(row * shape.stride);
            let mut value = cell;
            if shape.data_type.is_var_len() {
                // SAFETY: `fill` laid out `rows` cells of this stride there; each begins with its length.
                let length = unsafe { cell.cast::<u16>().read_unaligned() };
                lengths[index] = c_int::from(length);
                value = cell.wrapping_add(LENGTH_PREFIX);
            }
            let null = self.with_nulls[index].as_ref().is_some_and(|c| c.is_null(self.first_row + row));
            values[index] = if null { std::ptr::null_mut() } else { value.cast() };
        }
    }
}

/// Writes the cells of one column.
fn lay_out(column: &Column, first: usize, shape: &Shape, cells: &mut [u8]) {
    let rows = cells.len() / shape.stride;
    macro_rules! copy {
        ($values:expr) => {
            cells.copy_from_slice(memory_of(&$values[first..first + rows]))
        };
    }
    match column.values() {
        Values::Bool(bits) => lay_out_bits(bits, first, cells),
        Values::I8(values) => copy!(values),
        Values::I16(values) => copy!(values),
        Values::I32(values) => copy!(values),
        Values::I64(values) => copy!(values),
        Values::U8(values) => copy!(values),
        Values::U16(values) => copy!(values),
        Values::U32(values) => copy!(values),
        Values::U64(values) => copy!(values),
        Values::F32(values) => copy!(values),
        Values::F64(values) => copy!(values),
        Values::Bytes(strings) => {
            for (index, cell) in cells.chunks_exact_mut(shape.stride).enumerate() {
                lay_out_string(strings.get(first + index), cell);
            }
        }
    }
    if column.validity().is_some() {
        let null = null_cell(shape.data_type);
        for (index, cell) in cells.chunks_exact_mut(shape.stride).enumerate() {
            if column.is_null(first + index) {
                cell.iter_mut().zip(null).for_each(|(place, &byte)| *place = byte);
            }
        }
    }
}

fn lay_out_bits(bits: &Bitmap, first: usize, cells: &mut [u8]) {
    for (index, cell) in cells.iter_mut().enumerate() {
        *cell = u8::from(bits.get(first + index));
    }
}

fn lay_out_string(string: &[u8], cell: &mut [u8]) {
    let (prefix, payload) = cell.split_at_mut(LENGTH_PREFIX);
    let length = string.len().min(payload.len()).min(usize::from(u16::MAX));
    prefix.copy_from_slice(&(length as u16).to_ne_bytes());
    payload[..length].copy_from_slice(&string[..length]);
    if length == 0 {
        // Some programs look for the 0xff of NULL without looking at the length.
        payload.iter_mut().take(4).for_each(|byte| *byte = 0);
    }
}

/// Numbers without padding and with every bit pattern allowed.
trait Plain: Copy {}
impl Plain for i8 {}
impl Plain for i16 {}
impl Plain for i32 {}
impl Plain for i64 {}
impl Plain for u8 {}
impl Plain for u16 {}
impl Plain for u32 {}
impl Plain for u64 {}
impl Plain for f32 {}
impl Plain for f64 {}

fn memory_of<T: Plain>(values: &[T]) -> &[u8] {
    // SAFETY: the values are there, have no padding, and bytes need no alignment.
    unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), size_of_val(values)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{ColumnType, Value};

    fn fill(column_type: ColumnType, values: &[Value]) -> (CBlock, Vec<u8>) {
        let mut column = Column::new(column_type.data_type);
        values.iter().for_each(|value| column.push(value));
        let field = Field::new("c", column_type);
        let mut block = CBlock::new(std::slice::from_ref(&field));
        block.fill(&Block::from_columns(vec![column]), 0).unwrap();
        let bytes = block.buffer[..values.len() * stride(field.column_type)].to_vec();
        (block, bytes)
    }

    #[cfg(target_endian = "little")]
    #[test]
    fn null_cells_are_those_measured_on_the_original() {
        let measured: [(DataType, &[u8]); 13] = [
            (DataType::Bool, &[2]),
            (DataType::TinyInt, &[0x80]),
            (DataType::SmallInt, &[0, 0x80]),
            (DataType::Int, &[0, 0, 0, 0x80]),
            (DataType::BigInt, &[0, 0, 0, 0, 0, 0, 0, 0x80]),
            (DataType::Timestamp, &[0, 0, 0, 0, 0, 0, 0, 0x80]),
            (DataType::Float, &[0, 0, 0xf0, 0x7f]),
            (DataType::Double, &[0, 0, 0, 0, 0, 0xff, 0xff, 0x7f]),
            (DataType::UTinyInt, &[0xff]),
            (DataType::UBigInt, &[0xff; 8]),
            (DataType::Binary, &[1, 0, 0xff]),
            (DataType::NChar, &[4, 0, 0xff, 0xff, 0xff, 0xff]),
            (DataType::Json, &[4, 0, 0xff, 0xff, 0xff, 0xff]),
        ];
        for (data_type, cell) in measured {
            assert_eq!(null_cell(data_type), cell, "{data_type:?}");
            let width = if data_type.is_var_len() { 1 } else { 0 };
            let (block, bytes) = fill(ColumnType::text(data_type, width), &[Value::Null]);
            assert_eq!(&bytes[..cell.len()], cell);
            assert!(block.is_null(0, 0));
        }
    }

    #[test]
    fn rows_point_into_the_block() {
        let text = ColumnType::text(DataType::Binary, 4);
        let (block, _) = fill(text, &[Value::text("abcd"), Value::Null, Value::text(""), Value::text("xyz")]);
        let mut pointers = Vec::new();
        for row in 0..4 {
            let (mut value, mut length) = ([std::ptr::null_mut()], [0]);
            block.point_at(row, &mut value, &mut length);
            pointers.push((value[0].cast::<u8>(), length[0]));
        }
        assert_eq!(pointers.iter().map(|p| p.1).collect::<Vec<_>>(), [4, 1, 0, 3]);
        assert!(pointers[1].0.is_null() && !pointers[2].0.is_null());
        assert_eq!(pointers[3].0.addr() - pointers[0].0.addr(), 3 * 6);
        // SAFETY: the block says that three bytes are there.
        assert_eq!(unsafe { std::slice::from_raw_parts(pointers[3].0, 3) }, b"xyz");
        assert!(block.is_null(4, 0) && block.is_null(0, 1) && !block.is_null(0, 0));
    }

    #[test]
    fn no_trace_of_null_after_an_empty_string() {
        let text = ColumnType::text(DataType::NChar, 1);
        let (mut block, _) = fill(text, &[Value::Null]);
        let mut column = Column::new(DataType::NChar);
        column.push_bytes(b"");
        block.fill(&Block::from_columns(vec![column]), 0).unwrap();
        assert_eq!(block.buffer, [0; 6]);
    }

    #[test]
    fn what_is_too_long_is_cut_and_what_is_too_much_comes_in_parts() {
        let (_, bytes) = fill(ColumnType::text(DataType::Binary, 2), &[Value::text("abcdef")]);
        assert_eq!(&bytes[2..], b"ab");

        let wide = Field::new("c", ColumnType::fixed(DataType::Json));
        let column = Column::repeat(DataType::Json, &Value::text("{}"), 1000);
        let rows = Block::from_columns(vec![column]);
        let mut block = CBlock::new(&[wide]);
        block.fill(&rows, 0).unwrap();
        assert_eq!(block.rows(), MAX_BUFFER / JSON_STRIDE);
        block.fill(&rows, 990).unwrap();
        assert_eq!(block.rows(), 10);
    }

    #[test]
    fn columns_of_another_type_are_an_error() {
        let mut block = CBlock::new(&[Field::new("c", ColumnType::fixed(DataType::Int))]);
        assert!(block.fill(&Block::from_columns(vec![Column::timestamps(vec![1])]), 0).is_err());
        assert_eq!(block.rows(), 0);
    }
}
