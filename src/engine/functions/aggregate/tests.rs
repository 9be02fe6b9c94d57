//! Aggregates over columns, with one group and with several.

use super::*;
use crate::types::{Bitmap, Value, Values};

fn ints(values: Vec<i32>, valid: &[bool]) -> Column {
    let validity: Bitmap = valid.iter().copied().collect();
    Column::from_values(DataType::Int, Values::I32(values), Some(validity)).unwrap()
}

fn run(name: &str, column: &Column, times: Vec<i64>, groups: Groups<'_>, count: usize) -> Vec<Value> {
    let function = ALL.iter().find(|function| function.name == name).unwrap();
    let mut accumulator = (function.accumulator)(column.data_type());
    accumulator.resize(count);
    let timestamps = Column::timestamps(times);
    let input = Input { argument: Some(column), timestamps: &timestamps, rows: column.len(), groups };
    accumulator.update(&input);
    let values = accumulator.finish();
    let expected = (function.returns)(ColumnType::fixed(column.data_type())).unwrap();
    assert_eq!(values.data_type(), expected.data_type, "{name}");
    (0..count).map(|group| values.value(group)).collect()
}

#[test]
fn each_group_has_its_own_value_and_null_is_left_out() {
    let column = ints(vec![1, 9, 5, 7], &[true, false, true, true]);
    let groups = [0, 0, 1, 1];
    let run = |name| run(name, &column, vec![10, 20, 40, 30], Groups::Each(&groups), 3);
    assert_eq!(run("count"), [Value::Int(1), Value::Int(2), Value::Int(0)]);
    assert_eq!(run("sum"), [Value::Int(1), Value::Int(12), Value::Null]);
    assert_eq!(run("avg"), [Value::Float(1.0), Value::Float(6.0), Value::Null]);
    assert_eq!(run("max"), [Value::Int(1), Value::Int(7), Value::Null]);
    assert_eq!(run("first"), [Value::Int(1), Value::Int(7), Value::Null]);
    assert_eq!(run("last"), [Value::Int(1), Value::Int(5), Value::Null]);
    assert_eq!(run("last_row"), [Value::Null, Value::Int(5), Value::Null]);
    assert_eq!(run("spread"), [Value::Float(0.0), Value::Float(2.0), Value::Null]);
    assert_eq!(run("stddev"), [Value::Float(0.0), Value::Float(1.0), Value::Null]);
}

#[test]
fn one_group_gives_the_same_as_many() {
    let column = ints((0..100).collect(), &[true; 100]);
    let groups = vec![0; 100];
    for function in ALL {
        let one = run(function.name, &column, (0..100).collect(), Groups::One(0), 1);
        let each = run(function.name, &column, (0..100).collect(), Groups::Each(&groups), 1);
        assert_eq!(one, each, "{}", function.name);
    }
}

#[test]
fn sums_wrap_as_64_bits_and_averages_do_not() {
    let column = Column::from_values(DataType::BigInt, Values::I64(vec![i64::MAX, 5]), None).unwrap();
    assert_eq!(run("sum", &column, vec![1, 2], Groups::One(0), 1), [Value::Int(i64::MIN + 4)]);
    assert_eq!(
        run("avg", &column, vec![1, 2], Groups::One(0), 1),
        [Value::Float(4_611_686_018_427_387_906.0)]
    );
}

#[test]
fn float_sums_keep_what_rounding_loses() {
    let column =
        Column::from_values(DataType::Double, Values::F64(vec![1.0, 1e100, 1.0, -1e100]), None).unwrap();
    assert_eq!(run("sum", &column, vec![1, 2, 3, 4], Groups::One(0), 1), [Value::Float(2.0)]);
}

#[test]
fn the_row_that_was_picked_is_told() {
    let column = ints(vec![3, 8, 8, 1], &[true; 4]);
    let mut accumulator = (extreme::MAX.accumulator)(DataType::Int);
    accumulator.resize(1);
    let timestamps = Column::timestamps(vec![1, 2, 3, 4]);
    let input = Input { argument: Some(&column), timestamps: &timestamps, rows: 4, groups: Groups::One(0) };
    accumulator.update(&input);
    assert_eq!(accumulator.picked(Groups::One(0), 4), [(0, 1)]);
    accumulator.update(&input);
    assert_eq!(accumulator.picked(Groups::One(0), 4), []);
}
