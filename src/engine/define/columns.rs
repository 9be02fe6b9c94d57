//! Columns and tags as CREATE and ALTER declare them: their types, names and limits.

use std::collections::HashSet;

use crate::engine::catalog::{Schema, SchemaColumn};
use crate::engine::names::is_column_name;
use crate::engine::storage::ColumnId;
use crate::error::{Error, Result, codes};
use crate::sql::ast::{ColumnDef, TypeSpec};
use crate::types::{ColumnType, DataType};

/// The most columns a table may have, tags included.
pub(super) const MAX_COLUMNS: usize = 4096;
/// The most tags of a super table.
pub(super) const MAX_TAGS: usize = 128;
/// The most bytes of a row: 65535 less what the original puts before it.
const MAX_ROW: usize = 65527;
/// The most bytes of all tags together.
const MAX_TAG_BYTES: usize = 16384;
/// The most bytes of one string: what is left of a row beside its timestamp and the string's length.
const MAX_STRING: usize = MAX_ROW - 8 - 2;
/// Bytes of one character of NCHAR, as it counts for limits.
const CHARACTER: usize = 4;

/// Whether it is a column or a tag that is declared; errors speak of one or the other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Column,
    Tag,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Role::Column => "column",
            Role::Tag => "tag",
        }
    }
}

/// The schema of a new table, a super table when it has tags.
///
/// # Errors
/// `0x80000200` with a sentence; `0x80000365` when only columns and tags together are too many.
pub(super) fn schema(columns: &[ColumnDef], tags: Option<&[ColumnDef]>) -> Result<Schema> {
    if columns.len() < 2 {
        return Err(Error::invalid_operation("illegal number of columns"));
    }
    if columns.len() > MAX_COLUMNS {
        return Err(Error::invalid_operation("too many columns"));
    }
    if !is_timestamp(&columns[0].type_spec) {
        return Err(Error::invalid_operation("first column must be timestamp"));
    }
    if tags.is_some_and(|tags| tags.is_empty() || tags.len() > MAX_TAGS) {
        return Err(Error::invalid_operation("invalid number of tag columns"));
    }
    let mut schema = Schema::default();
    for column in columns {
        let column = new_column(&mut schema, column, Role::Column)?;
        schema.columns.push(column);
    }
    for tag in tags.unwrap_or_default() {
        let tag = new_column(&mut schema, tag, Role::Tag)?;
        schema.tags.push(tag);
    }
    check_duplicates(&schema)?;
    check_json(&schema)?;
    if row_bytes(&schema.columns) > MAX_ROW {
        return Err(Error::invalid_operation("row length exceeds max length"));
    }
    check_tag_bytes(&schema)?;
    if schema.columns.len() + schema.tags.len() > MAX_COLUMNS {
        return Err(codes::MND_TOO_MANY_COLUMNS.into());
    }
    Ok(schema)
}

fn is_timestamp(spec: &TypeSpec) -> bool {
    column_type(spec, Role::Column).is_ok_and(|known| known.data_type == DataType::Timestamp)
}

/// A column or tag that is going to be put into the schema.
pub(super) fn new_column(schema: &mut Schema, def: &ColumnDef, role: Role) -> Result<SchemaColumn> {
    let column_type = column_type(&def.type_spec, role)?;
    if !is_column_name(&def.name) {
        return Err(Error::invalid_operation(format_args!("invalid {} name or length", role.word())));
    }
    let id = ColumnId(schema.next_id);
    schema.next_id = id.0.checked_add(1).ok_or(codes::MND_TOO_MANY_COLUMNS)?;
    Ok(SchemaColumn { id, name: def.name.text.clone(), column_type })
}

/// The type that was written.
pub(super) fn column_type(spec: &TypeSpec, role: Role) -> Result<ColumnType> {
    let data_type = data_type(spec, role).ok_or_else(|| {
        let place = if role == Role::Tag { " in tags" } else { "" };
        Error::invalid_operation(format_args!("invalid data type{place}"))
    })?;
    let longest = match data_type {
        DataType::Binary => MAX_STRING,
        DataType::NChar => MAX_STRING / CHARACTER,
        fixed => return Ok(ColumnType::fixed(fixed)),
    };
    let width = spec.width.and_then(|width| u16::try_from(width).ok());
    match width.filter(|&width| width > 0 && usize::from(width) <= longest) {
        Some(width) => Ok(ColumnType::text(data_type, width)),
        None => Err(Error::invalid_operation(format_args!("invalid binary/nchar {} length", role.word()))),
    }
}

fn data_type(spec: &TypeSpec, role: Role) -> Option<DataType> {
    let data_type = match (spec.word.as_str(), spec.unsigned) {
        ("bool", false) => DataType::Bool,
        ("tinyint", false) => DataType::TinyInt,
        ("smallint", false) => DataType::SmallInt,
        ("int", false) => DataType::Int,
        ("bigint", false) => DataType::BigInt,
        ("tinyint", true) => DataType::UTinyInt,
        ("smallint", true) => DataType::USmallInt,
        ("int", true) => DataType::UInt,
        ("bigint", true) => DataType::UBigInt,
        ("float", false) => DataType::Float,
        ("double", false) => DataType::Double,
        ("timestamp", false) => DataType::Timestamp,
        ("binary", false) => DataType::Binary,
        ("nchar", false) => DataType::NChar,
        ("json", false) if role == Role::Tag => DataType::Json,
        _ => return None,
    };
    let has_width = matches!(data_type, DataType::Binary | DataType::NChar);
    (has_width || spec.width.is_none()).then_some(data_type)
}

fn check_duplicates(schema: &Schema) -> Result<()> {
    let mut seen = HashSet::new();
    let all_new = schema.columns.iter().chain(&schema.tags).all(|column| seen.insert(column.name.as_str()));
    if all_new { Ok(()) } else { Err(Error::invalid_operation("duplicated column names")) }
}

fn check_json(schema: &Schema) -> Result<()> {
    if schema.has_json_tag() && schema.tags.len() > 1 {
        return Err(Error::invalid_operation("only support one tag if include json type"));
    }
    Ok(())
}

/// Whether the columns make rows that are too long.
pub(super) fn is_row_too_long(schema: &Schema) -> bool {
    row_bytes(&schema.columns) > MAX_ROW
}

/// An error when all tags together are too long.
pub(super) fn check_tag_bytes(schema: &Schema) -> Result<()> {
    // A JSON tag has a limit of its own.
    if !schema.has_json_tag() && row_bytes(&schema.tags) > MAX_TAG_BYTES {
        return Err(Error::invalid_operation("tag length too long"));
    }
    Ok(())
}

/// Bytes of the longest row, strings with two bytes of length.
fn row_bytes(columns: &[SchemaColumn]) -> usize {
    let bytes = |column: &SchemaColumn| {
        let ColumnType { data_type, width } = column.column_type;
        match data_type {
            DataType::NChar => usize::from(width) * CHARACTER + 2,
            DataType::Binary | DataType::Json => usize::from(width) + 2,
            _ => usize::from(width),
        }
    };
    columns.iter().map(bytes).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::ast::Name;

    fn def(name: &str, word: &str, width: Option<i64>) -> ColumnDef {
        let type_spec = TypeSpec { word: word.into(), unsigned: false, width };
        ColumnDef { name: Name::plain(name), type_spec }
    }

    fn message(columns: &[ColumnDef], tags: Option<&[ColumnDef]>) -> String {
        schema(columns, tags).err().map_or_else(|| "ok".into(), |error| error.to_string())
    }

    #[test]
    fn the_longest_strings_rows_and_tags() {
        let ts = || def("ts", "timestamp", None);
        let row = |defs: &[ColumnDef]| message(&[&[ts()], defs].concat(), None);
        assert_eq!(row(&[def("s", "binary", Some(65517))]), "ok");
        assert!(row(&[def("s", "binary", Some(65518))]).contains("length"));
        assert_eq!(row(&[def("s", "nchar", Some(16379))]), "ok");
        assert!(row(&[def("s", "nchar", Some(16380))]).contains("length"));
        assert!(row(&[def("s", "binary", Some(-1))]).contains("length"));
        let two = [def("a", "binary", Some(32760)), def("b", "binary", Some(32767))];
        assert!(row(&two).contains("row length exceeds max length"));
        let tags = |width| message(&[ts(), def("v", "int", None)], Some(&[def("g", "binary", Some(width))]));
        assert_eq!(tags(16382), "ok");
        assert!(tags(16383).contains("tag length too long"));
    }

    #[test]
    fn columns_and_tags_share_names_and_a_limit() {
        let columns: Vec<ColumnDef> = std::iter::once(def("ts", "timestamp", None))
            .chain((1..4095).map(|i| def(&format!("c{i}"), "int", None)))
            .collect();
        let tag = |name: &str| def(name, "int", None);
        assert_eq!(message(&columns, Some(&[tag("g")])), "ok");
        let error = schema(&columns, Some(&[tag("g"), tag("h")])).unwrap_err();
        assert_eq!(error.code, codes::MND_TOO_MANY_COLUMNS);
        assert!(message(&columns, Some(&[tag("c7")])).contains("duplicated"));
        assert!(message(&columns, Some(&[def("j", "json", None), tag("g")])).contains("json"));
    }
}
