//! A column: many values of one type, laid out as Arrow lays them out.

use super::{Bitmap, DataType, Value};

/// Strings end to end, with where each begins.
///
/// Layout: value `i` is `data[offsets[i] .. offsets[i + 1]]`; there is one more offset than values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes {
    offsets: Vec<i32>,
    data: Vec<u8>,
}

impl Default for Bytes {
    fn default() -> Bytes {
        Bytes { offsets: vec![0], data: Vec::new() }
    }
}

impl Bytes {
    /// Strings from their parts; `None` unless the offsets start at 0, never fall and end at the end.
    pub fn from_parts(offsets: Vec<i32>, data: Vec<u8>) -> Option<Bytes> {
        let rising = offsets.windows(2).all(|pair| pair[0] <= pair[1]);
        let whole =
            offsets.first() == Some(&0) && offsets.last().map(|&end| end as usize) == Some(data.len());
        (rising && whole).then_some(Bytes { offsets, data })
    }

    /// How many strings.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// String `index`.
    ///
    /// # Panics
    /// When there is no such string.
    #[inline]
    pub fn get(&self, index: usize) -> &[u8] {
        &self.data[self.offsets[index] as usize..self.offsets[index + 1] as usize]
    }

    /// Appends a string.
    ///
    /// # Panics
    /// When the column would pass 2 GiB; blocks are cut long before.
    pub fn push(&mut self, value: &[u8]) {
        self.data.extend_from_slice(value);
        self.offsets.push(i32::try_from(self.data.len()).expect("a block of strings stays under 2 GiB"));
    }

    /// All strings in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// The offsets, one more than strings.
    pub fn offsets(&self) -> &[i32] {
        &self.offsets
    }

    /// The strings end to end.
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

/// The values of a column; a NULL has some value here too, zero or empty.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// BOOL
    Bool(Bitmap),
    /// TINYINT
    I8(Vec<i8>),
    /// SMALLINT
    I16(Vec<i16>),
    /// INT
    I32(Vec<i32>),
    /// BIGINT, TIMESTAMP
    I64(Vec<i64>),
    /// TINYINT UNSIGNED
    U8(Vec<u8>),
    /// SMALLINT UNSIGNED
    U16(Vec<u16>),
    /// INT UNSIGNED
    U32(Vec<u32>),
    /// BIGINT UNSIGNED
    U64(Vec<u64>),
    /// FLOAT
    F32(Vec<f32>),
    /// DOUBLE
    F64(Vec<f64>),
    /// BINARY, NCHAR, JSON
    Bytes(Bytes),
}

/// Runs the same code for the vector inside, whatever its type; BOOL and strings have arms of their own.
macro_rules! each_vector {
    ($values:expr, $vector:ident => $same:expr, Bool($bits:ident) => $bool:expr, Bytes($strings:ident) => $bytes:expr) => {
        match $values {
            Values::Bool($bits) => $bool,
            Values::I8($vector) => $same,
            Values::I16($vector) => $same,
            Values::I32($vector) => $same,
            Values::I64($vector) => $same,
            Values::U8($vector) => $same,
            Values::U16($vector) => $same,
            Values::U32($vector) => $same,
            Values::U64($vector) => $same,
            Values::F32($vector) => $same,
            Values::F64($vector) => $same,
            Values::Bytes($strings) => $bytes,
        }
    };
}

impl Values {
    /// No values, of the vector that this type uses.
    pub fn new(data_type: DataType) -> Values {
        match data_type {
            DataType::Bool => Values::Bool(Bitmap::new()),
            DataType::TinyInt => Values::I8(Vec::new()),
            DataType::SmallInt => Values::I16(Vec::new()),
            DataType::Int => Values::I32(Vec::new()),
            DataType::BigInt | DataType::Timestamp => Values::I64(Vec::new()),
            DataType::UTinyInt => Values::U8(Vec::new()),
            DataType::USmallInt => Values::U16(Vec::new()),
            DataType::UInt => Values::U32(Vec::new()),
            DataType::UBigInt => Values::U64(Vec::new()),
            DataType::Float => Values::F32(Vec::new()),
            DataType::Double => Values::F64(Vec::new()),
            DataType::Binary | DataType::NChar | DataType::Json => Values::Bytes(Bytes::default()),
        }
    }

    /// How many values.
    pub fn len(&self) -> usize {
        each_vector!(self, v => v.len(), Bool(v) => v.len(), Bytes(v) => v.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn push_default(&mut self, count: usize) {
        each_vector!(self,
            v => v.resize(v.len() + count, Default::default()),
            Bool(v) => v.push_many(count, false),
            Bytes(v) => (0..count).for_each(|_| v.push(&[])))
    }
}

/// Values of one type with a bit for each that tells whether it is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    data_type: DataType,
    values: Values,
    /// One bit a value, set where it is not NULL; `None` while no value is NULL.
    validity: Option<Bitmap>,
}

impl Column {
    /// An empty column.
    pub fn new(data_type: DataType) -> Column {
        Column { data_type, values: Values::new(data_type), validity: None }
    }

    /// A column of ready values; `None` when the vector is not the one this type uses or the bitmap has
    /// another length. A validity without a zero is dropped.
    pub fn from_values(data_type: DataType, values: Values, validity: Option<Bitmap>) -> Option<Column> {
        let same_kind = std::mem::discriminant(&values) == std::mem::discriminant(&Values::new(data_type));
        let same_length = validity.as_ref().is_none_or(|bits| bits.len() == values.len());
        let validity = validity.filter(|bits| bits.count_ones() < bits.len());
        (same_kind && same_length).then_some(Column { data_type, values, validity })
    }

    /// A column of 64-bit timestamps without NULL.
    pub fn timestamps(ticks: Vec<i64>) -> Column {
        Column { data_type: DataType::Timestamp, values: Values::I64(ticks), validity: None }
    }

    /// `count` times the same value, as a tag beside the rows of its table.
    ///
    /// # Panics
    /// When the value does not fit the type.
    pub fn repeat(data_type: DataType, value: &Value, count: usize) -> Column {
        let mut column = Column::new(data_type);
        match value {
            Value::Null => column.push_nulls(count),
            value => (0..count).for_each(|_| column.push(value)),
        }
        column
    }

    /// The type of the values.
    pub fn data_type(&self) -> DataType {
        self.data_type
    }

    /// The values, also those under NULLs.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The validity bits, set where not NULL; `None` when nothing is NULL.
    pub fn validity(&self) -> Option<&Bitmap> {
        self.validity.as_ref()
    }

    /// How many values, NULLs included.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many values are NULL.
    pub fn null_count(&self) -> usize {
        self.validity.as_ref().map_or(0, |bits| bits.len() - bits.count_ones())
    }

    /// Whether value `index` is NULL.
    #[inline]
    pub fn is_null(&self, index: usize) -> bool {
        self.validity.as_ref().is_some_and(|bits| !bits.get(index))
    }

    /// Value `index` on its own.
    ///
    /// # Panics
    /// When there is no such value.
    pub fn value(&self, index: usize) -> Value {
        if self.is_null(index) {
            return Value::Null;
        }
        match &self.values {
            Values::Bool(v) => Value::Bool(v.get(index)),
            Values::I8(v) => Value::Int(v[index].into()),
            Values::I16(v) => Value::Int(v[index].into()),
            Values::I32(v) => Value::Int(v[index].into()),
            Values::I64(v) => Value::Int(v[index]),
            Values::U8(v) => Value::UInt(v[index].into()),
            Values::U16(v) => Value::UInt(v[index].into()),
            Values::U32(v) => Value::UInt(v[index].into()),
            Values::U64(v) => Value::UInt(v[index]),
            Values::F32(v) => Value::Float(v[index].into()),
            Values::F64(v) => Value::Float(v[index]),
            Values::Bytes(v) => Value::Bytes(v.get(index).into()),
        }
    }

    /// Value `index` as `f64`; NULL and strings are none.
    #[inline]
    pub fn f64(&self, index: usize) -> Option<f64> {
        if self.is_null(index) {
            return None;
        }
        Some(match &self.values {
            Values::Bool(v) => f64::from(u8::from(v.get(index))),
            Values::I8(v) => v[index].into(),
            Values::I16(v) => v[index].into(),
            Values::I32(v) => v[index].into(),
            Values::I64(v) => v[index] as f64,
            Values::U8(v) => v[index].into(),
            Values::U16(v) => v[index].into(),
            Values::U32(v) => v[index].into(),
            Values::U64(v) => v[index] as f64,
            Values::F32(v) => v[index].into(),
            Values::F64(v) => v[index],
            Values::Bytes(_) => return None,
        })
    }

    /// The 64-bit integers of a BIGINT or TIMESTAMP column.
    pub fn i64s(&self) -> Option<&[i64]> {
        match &self.values {
            Values::I64(values) => Some(values),
            _ => None,
        }
    }

    /// The strings of a BINARY, NCHAR or JSON column.
    pub fn bytes(&self) -> Option<&Bytes> {
        match &self.values {
            Values::Bytes(values) => Some(values),
            _ => None,
        }
    }

    /// Appends a value; integers are cut to the column's width, which the caller has checked.
    ///
    /// # Panics
    /// When the value is of another kind than the column, a bug of the caller.
    pub fn push(&mut self, value: &Value) {
        match value {
            Value::Null => self.push_null(),
            Value::Bool(x) => self.push_bool(*x),
            Value::Int(x) => self.push_i64(*x),
            Value::UInt(x) => self.push_u64(*x),
            Value::Float(x) => self.push_f64(*x),
            Value::Bytes(x) => self.push_bytes(x),
        }
    }

    /// Appends a truth value.
    ///
    /// # Panics
    /// When this is no BOOL column.
    pub fn push_bool(&mut self, value: bool) {
        match &mut self.values {
            Values::Bool(bits) => bits.push(value),
            _ => self.refuse("a truth value"),
        }
        self.mark_valid();
    }

    /// Appends a value of a signed type or a TIMESTAMP, cut to the column's width.
    ///
    /// # Panics
    /// When the column is of another type.
    #[inline]
    pub fn push_i64(&mut self, value: i64) {
        match &mut self.values {
            Values::I8(v) => v.push(value as i8),
            Values::I16(v) => v.push(value as i16),
            Values::I32(v) => v.push(value as i32),
            Values::I64(v) => v.push(value),
            _ => self.refuse("a signed integer"),
        }
        self.mark_valid();
    }

    /// Appends a value of an unsigned type, cut to the column's width.
    ///
    /// # Panics
    /// When the column is of another type.
    #[inline]
    pub fn push_u64(&mut self, value: u64) {
        match &mut self.values {
            Values::U8(v) => v.push(value as u8),
            Values::U16(v) => v.push(value as u16),
            Values::U32(v) => v.push(value as u32),
            Values::U64(v) => v.push(value),
            _ => self.refuse("an unsigned integer"),
        }
        self.mark_valid();
    }

    /// Appends a value of FLOAT, rounded to it, or DOUBLE.
    ///
    /// # Panics
    /// When the column is of another type.
    #[inline]
    pub fn push_f64(&mut self, value: f64) {
        match &mut self.values {
            Values::F32(v) => v.push(value as f32),
            Values::F64(v) => v.push(value),
            _ => self.refuse("a floating-point number"),
        }
        self.mark_valid();
    }

    /// Appends a string.
    ///
    /// # Panics
    /// When this is no column of strings.
    pub fn push_bytes(&mut self, value: &[u8]) {
        match &mut self.values {
            Values::Bytes(strings) => strings.push(value),
            _ => self.refuse("a string"),
        }
        self.mark_valid();
    }

    #[cold]
    fn refuse(&self, what: &str) -> ! {
        panic!("{what} does not belong into a column of {}", self.data_type.name())
    }

    /// Appends NULL.
    pub fn push_null(&mut self) {
        self.push_nulls(1);
    }

    /// Appends `count` NULLs.
    pub fn push_nulls(&mut self, count: usize) {
        let before = self.len();
        self.validity.get_or_insert_with(|| Bitmap::filled(before, true)).push_many(count, false);
        self.values.push_default(count);
    }

    #[inline]
    fn mark_valid(&mut self) {
        if let Some(bits) = &mut self.validity {
            bits.push(true);
        }
    }

    /// Appends all values of another column of the same type.
    ///
    /// # Panics
    /// When the types differ.
    pub fn append(&mut self, other: &Column) {
        self.append_range(other, 0, other.len());
    }

    /// Appends the values `start .. start + count` of another column of the same type.
    ///
    /// # Panics
    /// When the types differ or the other column ends before.
    pub fn append_range(&mut self, other: &Column, start: usize, count: usize) {
        assert_eq!(self.data_type, other.data_type, "columns of different types do not join");
        let before = self.len();
        let end = start + count;
        match (&mut self.values, &other.values) {
            (Values::Bool(a), Values::Bool(b)) => (start..end).for_each(|row| a.push(b.get(row))),
            (Values::I8(a), Values::I8(b)) => a.extend_from_slice(&b[start..end]),
            (Values::I16(a), Values::I16(b)) => a.extend_from_slice(&b[start..end]),
            (Values::I32(a), Values::I32(b)) => a.extend_from_slice(&b[start..end]),
            (Values::I64(a), Values::I64(b)) => a.extend_from_slice(&b[start..end]),
            (Values::U8(a), Values::U8(b)) => a.extend_from_slice(&b[start..end]),
            (Values::U16(a), Values::U16(b)) => a.extend_from_slice(&b[start..end]),
            (Values::U32(a), Values::U32(b)) => a.extend_from_slice(&b[start..end]),
            (Values::U64(a), Values::U64(b)) => a.extend_from_slice(&b[start..end]),
            (Values::F32(a), Values::F32(b)) => a.extend_from_slice(&b[start..end]),
            (Values::F64(a), Values::F64(b)) => a.extend_from_slice(&b[start..end]),
            (Values::Bytes(a), Values::Bytes(b)) => (start..end).for_each(|row| a.push(b.get(row))),
            _ => unreachable!("equal types have equal vectors"),
        }
        match (&mut self.validity, &other.validity) {
            (None, None) => {}
            (Some(bits), None) => bits.push_many(count, true),
            (mine, Some(theirs)) => {
                let bits = mine.get_or_insert_with(|| Bitmap::filled(before, true));
                (start..end).for_each(|row| bits.push(theirs.get(row)));
            }
        }
    }

    /// The values whose numbers are given, in that order.
    ///
    /// # Panics
    /// When a number is beyond the end.
    pub fn take(&self, rows: &[usize]) -> Column {
        macro_rules! pick {
            ($vector:expr) => {
                rows.iter().map(|&row| $vector[row]).collect()
            };
        }
        let values = match &self.values {
            Values::Bool(v) => Values::Bool(rows.iter().map(|&row| v.get(row)).collect()),
            Values::I8(v) => Values::I8(pick!(v)),
            Values::I16(v) => Values::I16(pick!(v)),
            Values::I32(v) => Values::I32(pick!(v)),
            Values::I64(v) => Values::I64(pick!(v)),
            Values::U8(v) => Values::U8(pick!(v)),
            Values::U16(v) => Values::U16(pick!(v)),
            Values::U32(v) => Values::U32(pick!(v)),
            Values::U64(v) => Values::U64(pick!(v)),
            Values::F32(v) => Values::F32(pick!(v)),
            Values::F64(v) => Values::F64(pick!(v)),
            Values::Bytes(v) => {
                let mut strings = Bytes::default();
                rows.iter().for_each(|&row| strings.push(v.get(row)));
                Values::Bytes(strings)
            }
        };
        let validity = self.validity.as_ref().map(|bits| rows.iter().map(|&row| bits.get(row)).collect());
        Column {
            data_type: self.data_type,
            values,
            validity: validity.filter(|b: &Bitmap| b.count_ones() < b.len()),
        }
    }

    /// The values `start .. start + count`.
    ///
    /// # Panics
    /// When the column ends before.
    pub fn slice(&self, start: usize, count: usize) -> Column {
        let end = start + count;
        let values = match &self.values {
            Values::Bool(v) => Values::Bool((start..end).map(|row| v.get(row)).collect()),
            Values::I8(v) => Values::I8(v[start..end].to_vec()),
            Values::I16(v) => Values::I16(v[start..end].to_vec()),
            Values::I32(v) => Values::I32(v[start..end].to_vec()),
            Values::I64(v) => Values::I64(v[start..end].to_vec()),
            Values::U8(v) => Values::U8(v[start..end].to_vec()),
            Values::U16(v) => Values::U16(v[start..end].to_vec()),
            Values::U32(v) => Values::U32(v[start..end].to_vec()),
            Values::U64(v) => Values::U64(v[start..end].to_vec()),
            Values::F32(v) => Values::F32(v[start..end].to_vec()),
            Values::F64(v) => Values::F64(v[start..end].to_vec()),
            Values::Bytes(v) => {
                let mut strings = Bytes::default();
                (start..end).for_each(|row| strings.push(v.get(row)));
                Values::Bytes(strings)
            }
        };
        let validity: Option<Bitmap> =
            self.validity.as_ref().map(|bits| (start..end).map(|row| bits.get(row)).collect());
        Column { data_type: self.data_type, values, validity: validity.filter(|b| b.count_ones() < b.len()) }
    }

    /// Makes room for so many more values; of strings, for where they begin.
    pub fn reserve(&mut self, additional: usize) {
        each_vector!(&mut self.values,
            v => v.reserve(additional),
            Bool(v) => v.reserve(additional),
            Bytes(v) => v.offsets.reserve(additional));
    }

    /// Bytes that the values take in memory, for budgets.
    pub fn memory(&self) -> usize {
        let values = each_vector!(&self.values,
            v => std::mem::size_of_val(v.as_slice()),
            Bool(v) => v.as_bytes().len(),
            Bytes(v) => v.data().len() + std::mem::size_of_val(v.offsets()));
        values + self.validity.as_ref().map_or(0, |bits| bits.as_bytes().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(data_type: DataType) -> Value {
        match data_type {
            DataType::Bool => Value::Bool(true),
            t if t.is_unsigned_integer() => Value::UInt(7),
            t if t.is_float() => Value::Float(1.5),
            t if t.is_var_len() => Value::text("abc"),
            _ => Value::Int(-7),
        }
    }

    #[test]
    fn every_type_keeps_values_and_nulls() {
        for data_type in DataType::ALL {
            let value = sample(data_type);
            let mut column = Column::new(data_type);
            column.push(&value);
            assert!(column.validity().is_none());
            column.push_null();
            column.push(&value);
            assert_eq!((column.len(), column.null_count()), (3, 1), "{data_type:?}");
            assert_eq!(column.value(0), value);
            assert_eq!(column.value(1), Value::Null);

            let mut twice = column.clone();
            twice.append(&column);
            let mut part = column.clone();
            part.append_range(&column, 1, 2);
            assert_eq!(part, twice.take(&[0, 1, 2, 4, 5]), "{data_type:?}");
            assert_eq!(twice.take(&[5, 4]).value(1), Value::Null);
            assert_eq!(twice.slice(2, 2).null_count(), 0);
            assert_eq!(twice.slice(3, 3), column);
        }
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        assert!(Bytes::from_parts(vec![0, 2, 1], vec![1]).is_none());
        assert!(Bytes::from_parts(vec![0, 2], vec![1]).is_none());
        assert!(Bytes::from_parts(vec![], vec![]).is_none());
        assert!(Column::from_values(DataType::Int, Values::I64(vec![1]), None).is_none());
        assert!(Column::from_values(DataType::Int, Values::I32(vec![1]), Some(Bitmap::new())).is_none());
    }
}
