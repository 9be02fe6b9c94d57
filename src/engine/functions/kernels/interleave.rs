//! Rows of several columns put together in a given order, as a merge needs it.

use super::native::{Native, with_native};
use crate::types::{Bitmap, Bytes, Column, DataType, Values};

/// The values `columns[picks[i].0]` at row `picks[i].1`, in that order.
///
/// # Panics
/// When a pick names no column or no row, or the columns differ in type: bugs of the caller.
pub(crate) fn interleave(data_type: DataType, columns: &[&Column], picks: &[(usize, usize)]) -> Column {
    let values = with_native!(
        data_type,
        T => T::wrap(pick_numbers::<T>(columns, picks)),
        else => pick_others(data_type, columns, picks)
    );
    let any_null = columns.iter().any(|column| column.validity().is_some());
    let validity = any_null
        .then(|| picks.iter().map(|&(column, row)| !columns[column].is_null(row)).collect::<Bitmap>());
    Column::from_values(data_type, values, validity).expect("as many bits as picks, of the columns' type")
}

fn pick_numbers<T: Native>(columns: &[&Column], picks: &[(usize, usize)]) -> Vec<T> {
    let slices: Vec<&[T]> =
        columns.iter().map(|column| T::slice(column.values()).expect("columns of one type")).collect();
    picks.iter().map(|&(column, row)| slices[column][row]).collect()
}

fn pick_others(data_type: DataType, columns: &[&Column], picks: &[(usize, usize)]) -> Values {
    if data_type == DataType::Bool {
        let bit = |&(column, row): &(usize, usize)| match columns[column].values() {
            Values::Bool(bits) => bits.get(row),
            _ => panic!("columns of one type"),
        };
        return Values::Bool(picks.iter().map(bit).collect());
    }
    let mut strings = Bytes::default();
    for &(column, row) in picks {
        strings.push(columns[column].bytes().expect("columns of one type").get(row));
    }
    Values::Bytes(strings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Value;

    #[test]
    fn picks_across_columns_keep_nulls() {
        let mut left = Column::new(DataType::Binary);
        left.push_bytes(b"a");
        left.push_null();
        let mut right = Column::new(DataType::Binary);
        right.push_bytes(b"b");
        let merged = interleave(DataType::Binary, &[&left, &right], &[(1, 0), (0, 1), (0, 0)]);
        let values: Vec<Value> = (0..3).map(|row| merged.value(row)).collect();
        assert_eq!(values, [Value::text("b"), Value::Null, Value::text("a")]);
    }
}
