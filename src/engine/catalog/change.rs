//! A change of the catalog and its bytes in the log.
//!
//! A record of the log is one or more changes, one after the other; all of them take effect or none.
//! `docs/format-catalog.md` has the layout byte by byte.

use super::codec::{Reader, Writer, corrupt};
use super::model::{DatabaseOptions, Schema, SchemaColumn};
use super::secret::Secret;
use super::users::{Privilege, User};
use crate::engine::storage::{ColumnId, TableId, UpdateMode};
use crate::error::Result;
use crate::types::{ColumnType, DataType, Precision, Value};

/// What happened to the catalog.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    /// Ids below these are spent, though what had them may be gone from the log.
    SpentIds { database: u32, table: u64 },
    /// A new database, empty.
    CreateDatabase { id: u32, name: String, created: i64, options: DatabaseOptions },
    /// All its options, changed or not.
    AlterDatabase { id: u32, options: DatabaseOptions },
    /// With everything in it.
    DropDatabase { id: u32 },
    /// Something in a database.
    Tables { database: u32, change: TableChange },
    /// Root's password.
    SetRootSecret(Secret),
    /// A new user, or what is known of one from now on.
    SetUser(User),
    /// Whose connections can do nothing any more.
    DropUser { name: String },
}

/// What happened to the tables of one database; they are known by name.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TableChange {
    CreateTable {
        id: TableId,
        name: Box<str>,
        created: i64,
        schema: Schema,
    },
    CreateSuperTable {
        id: u64,
        name: Box<str>,
        created: i64,
        schema: Schema,
    },
    CreateChildren {
        parent: Box<str>,
        children: Vec<NewChild>,
    },
    DropTable {
        name: Box<str>,
    },
    DropSuperTable {
        name: Box<str>,
    },
    /// The schema as it is from now on; tags keep their values by their ids.
    SetSchema {
        name: Box<str>,
        schema: Schema,
    },
    SetTag {
        name: Box<str>,
        tag: ColumnId,
        value: Value,
    },
}

/// A child to be made.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NewChild {
    pub(super) id: TableId,
    pub(super) name: Box<str>,
    pub(super) created: i64,
    /// One for each tag, in the order of the super table's schema.
    pub(super) tags: Vec<Value>,
}

/// The bytes of one record.
pub(super) fn encode(changes: &[Change]) -> Vec<u8> {
    let mut writer = Writer::default();
    changes.iter().for_each(|change| write_change(&mut writer, change));
    writer.into_bytes()
}

/// The changes in a record.
pub(super) fn decode(record: &[u8]) -> Result<Vec<Change>> {
    let mut reader = Reader::new(record);
    let mut changes = Vec::new();
    while !reader.is_at_end() {
        changes.push(read_change(&mut reader)?);
    }
    Ok(changes)
}

fn write_change(to: &mut Writer, change: &Change) {
    match change {
        Change::SpentIds { database, table } => {
            to.byte(1);
            to.unsigned((*database).into());
            to.unsigned(*table);
        }
        Change::CreateDatabase { id, name, created, options } => {
            to.byte(2);
            to.unsigned((*id).into());
            to.text(name);
            to.signed(*created);
            write_options(to, options);
        }
        Change::AlterDatabase { id, options } => {
            to.byte(3);
            to.unsigned((*id).into());
            write_options(to, options);
        }
        Change::DropDatabase { id } => {
            to.byte(4);
            to.unsigned((*id).into());
        }
        Change::Tables { database, change } => {
            to.byte(5);
            to.unsigned((*database).into());
            write_table_change(to, change);
        }
        Change::SetRootSecret(secret) => {
            to.byte(6);
            write_secret(to, secret);
        }
        Change::SetUser(User { name, created, privilege, secret }) => {
            to.byte(7);
            to.text(name);
            to.signed(*created);
            to.byte(*privilege as u8);
            write_secret(to, secret);
        }
        Change::DropUser { name } => {
            to.byte(8);
            to.text(name);
        }
    }
}

fn read_change(from: &mut Reader<'_>) -> Result<Change> {
    Ok(match from.byte()? {
        1 => Change::SpentIds { database: from.number()?, table: from.unsigned()? },
        2 => Change::CreateDatabase {
            id: from.number()?,
            name: from.text()?.into(),
            created: from.signed()?,
            options: read_options(from)?,
        },
        3 => Change::AlterDatabase { id: from.number()?, options: read_options(from)? },
        4 => Change::DropDatabase { id: from.number()? },
        5 => Change::Tables { database: from.number()?, change: read_table_change(from)? },
        6 => Change::SetRootSecret(read_secret(from)?),
        7 => Change::SetUser(User {
            name: from.text()?.into(),
            created: from.signed()?,
            privilege: Privilege::from_code(from.byte()?)
                .ok_or_else(|| corrupt("a user has no known privilege"))?,
            secret: read_secret(from)?,
        }),
        8 => Change::DropUser { name: from.text()?.into() },
        kind => {
            return Err(corrupt(format_args!("unknown change {kind}; a newer version may have written it")));
        }
    })
}

fn write_secret(to: &mut Writer, secret: &Secret) {
    to.bytes(&secret.salt);
    to.unsigned(secret.memory.into());
    to.unsigned(secret.passes.into());
    to.bytes(&secret.hash);
}

fn read_secret(from: &mut Reader<'_>) -> Result<Secret> {
    let wrong = |_| corrupt("the password of a user has a wrong length");
    let secret = Secret {
        salt: from.bytes()?.try_into().map_err(wrong)?,
        memory: from.number()?,
        passes: from.number()?,
        hash: from.bytes()?.try_into().map_err(wrong)?,
    };
    if secret.is_sane() { Ok(secret) } else { Err(corrupt("the password of a user asks for too much")) }
}

fn write_table_change(to: &mut Writer, change: &TableChange) {
    match change {
        TableChange::CreateTable { id, name, created, schema } => {
            to.byte(1);
            to.unsigned(id.0);
            to.text(name);
            to.signed(*created);
            write_schema(to, schema);
        }
        TableChange::CreateSuperTable { id, name, created, schema } => {
            to.byte(2);
            to.unsigned(*id);
            to.text(name);
            to.signed(*created);
            write_schema(to, schema);
        }
        TableChange::CreateChildren { parent, children } => {
            to.byte(3);
            to.text(parent);
            to.unsigned(children.len() as u64);
            children.iter().for_each(|child| write_child(to, child));
        }
        TableChange::DropTable { name } => {
            to.byte(4);
            to.text(name);
        }
        TableChange::DropSuperTable { name } => {
            to.byte(5);
            to.text(name);
        }
        TableChange::SetSchema { name, schema } => {
            to.byte(6);
            to.text(name);
            write_schema(to, schema);
        }
        TableChange::SetTag { name, tag, value } => {
            to.byte(7);
            to.text(name);
            to.unsigned(tag.0.into());
            to.value(value);
        }
    }
}

fn read_table_change(from: &mut Reader<'_>) -> Result<TableChange> {
    Ok(match from.byte()? {
        1 => TableChange::CreateTable {
            id: TableId(from.unsigned()?),
            name: from.text()?.into(),
            created: from.signed()?,
            schema: read_schema(from)?,
        },
        2 => TableChange::CreateSuperTable {
            id: from.unsigned()?,
            name: from.text()?.into(),
            created: from.signed()?,
            schema: read_schema(from)?,
        },
        3 => TableChange::CreateChildren {
            parent: from.text()?.into(),
            children: read_many(from, read_child)?,
        },
        4 => TableChange::DropTable { name: from.text()?.into() },
        5 => TableChange::DropSuperTable { name: from.text()?.into() },
        6 => TableChange::SetSchema { name: from.text()?.into(), schema: read_schema(from)? },
        7 => TableChange::SetTag {
            name: from.text()?.into(),
            tag: ColumnId(from.number()?),
            value: from.value()?,
        },
        kind => return Err(corrupt(format_args!("unknown change {kind} of a table"))),
    })
}

fn write_child(to: &mut Writer, child: &NewChild) {
    to.unsigned(child.id.0);
    to.text(&child.name);
    to.signed(child.created);
    to.unsigned(child.tags.len() as u64);
    child.tags.iter().for_each(|tag| to.value(tag));
}

fn read_child(from: &mut Reader<'_>) -> Result<NewChild> {
    Ok(NewChild {
        id: TableId(from.unsigned()?),
        name: from.text()?.into(),
        created: from.signed()?,
        tags: read_many(from, Reader::value)?,
    })
}

fn write_schema(to: &mut Writer, schema: &Schema) {
    to.unsigned(schema.next_id.into());
    for columns in [&schema.columns, &schema.tags] {
        to.unsigned(columns.len() as u64);
        for column in columns {
            to.unsigned(column.id.0.into());
            to.text(&column.name);
            to.byte(column.column_type.data_type.code());
            to.unsigned(column.column_type.width.into());
        }
    }
}

fn read_schema(from: &mut Reader<'_>) -> Result<Schema> {
    let next_id = from.number()?;
    let columns = read_many(from, read_column)?;
    let tags = read_many(from, read_column)?;
    let schema = Schema { columns, tags, next_id, ..Schema::default() };
    check_schema(&schema)?;
    Ok(schema)
}

fn read_column(from: &mut Reader<'_>) -> Result<SchemaColumn> {
    let id = ColumnId(from.number()?);
    let name = from.text()?.to_owned();
    let data_type = DataType::from_code(from.byte()?).ok_or_else(|| corrupt("a column has no known type"))?;
    let width = from.number()?;
    Ok(SchemaColumn { id, name, column_type: ColumnType { data_type, width } })
}

/// What everybody relies on: a timestamp first, and ids that are each given once.
fn check_schema(schema: &Schema) -> Result<()> {
    let first = schema.columns.first().map(|column| (column.id, column.column_type.data_type));
    if first != Some((ColumnId::TIMESTAMP, DataType::Timestamp)) {
        return Err(corrupt("the first column of a table is no timestamp"));
    }
    let mut ids: Vec<u32> = schema.columns.iter().chain(&schema.tags).map(|column| column.id.0).collect();
    ids.sort_unstable();
    let rising = ids.windows(2).all(|pair| pair[0] < pair[1]);
    if !rising || ids.last().is_some_and(|&last| last >= schema.next_id) {
        return Err(corrupt("the ids of a table's columns make no sense"));
    }
    Ok(())
}

fn write_options(to: &mut Writer, options: &DatabaseOptions) {
    let DatabaseOptions {
        replica,
        quorum,
        days,
        keep,
        cache_mb,
        blocks,
        min_rows,
        max_rows,
        wal_level,
        fsync_ms,
        comp,
        cache_last,
        precision,
        update,
    } = options;
    for small in [*replica, *quorum] {
        to.signed(small.into());
    }
    for number in [days, keep, cache_mb, blocks, min_rows, max_rows, fsync_ms] {
        to.signed((*number).into());
    }
    for small in [*wal_level, *comp, *cache_last] {
        to.signed(small.into());
    }
    to.byte(*precision as u8);
    to.byte(*update as u8);
}

fn read_options(from: &mut Reader<'_>) -> Result<DatabaseOptions> {
    fn next<T: TryFrom<i64>>(from: &mut Reader<'_>) -> Result<T> {
        T::try_from(from.signed()?).map_err(|_| corrupt("an option of a database is too large"))
    }
    Ok(DatabaseOptions {
        replica: next(from)?,
        quorum: next(from)?,
        days: next(from)?,
        keep: next(from)?,
        cache_mb: next(from)?,
        blocks: next(from)?,
        min_rows: next(from)?,
        max_rows: next(from)?,
        fsync_ms: next(from)?,
        wal_level: next(from)?,
        comp: next(from)?,
        cache_last: next(from)?,
        precision: Precision::from_code(from.byte()?)
            .ok_or_else(|| corrupt("a database has no known precision"))?,
        update: update_mode(from.byte()?).ok_or_else(|| corrupt("a database has no known update mode"))?,
    })
}

/// The mode of this number.
pub(super) fn update_mode(code: u8) -> Option<UpdateMode> {
    [UpdateMode::KeepFirst, UpdateMode::ReplaceRow, UpdateMode::MergeColumns]
        .into_iter()
        .find(|&mode| mode as u8 == code)
}

fn read_many<'a, T>(from: &mut Reader<'a>, one: fn(&mut Reader<'a>) -> Result<T>) -> Result<Vec<T>> {
    let count = from.count()?;
    (0..count).map(|_| one(from)).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::engine::catalog) fn schema() -> Schema {
        let column =
            |id, name: &str, column_type| SchemaColumn { id: ColumnId(id), name: name.into(), column_type };
        Schema {
            columns: vec![
                column(0, "ts", ColumnType::TIMESTAMP),
                column(1, "v", ColumnType::fixed(DataType::Int)),
            ],
            tags: vec![column(2, "g", ColumnType::text(DataType::NChar, 8))],
            next_id: 5,
            ..Schema::default()
        }
    }

    fn samples() -> Vec<Change> {
        let options = DatabaseOptions { keep: 36500, update: UpdateMode::MergeColumns, ..Default::default() };
        let children =
            vec![NewChild { id: TableId(9), name: "c".into(), created: -5, tags: vec![Value::text("x")] }];
        let tables = [
            TableChange::CreateTable { id: TableId(7), name: "t".into(), created: 1, schema: schema() },
            TableChange::CreateSuperTable { id: 8, name: "s".into(), created: 1, schema: schema() },
            TableChange::CreateChildren { parent: "s".into(), children },
            TableChange::SetSchema { name: "s".into(), schema: schema() },
            TableChange::SetTag { name: "c".into(), tag: ColumnId(2), value: Value::Null },
            TableChange::DropTable { name: "t".into() },
            TableChange::DropSuperTable { name: "s".into() },
        ];
        let mut changes = vec![
            Change::SpentIds { database: 3, table: u64::MAX },
            Change::CreateDatabase {
                id: 3,
                name: "数据".into(),
                created: 1_700_000_000_000,
                options: options.clone(),
            },
            Change::AlterDatabase { id: 3, options },
        ];
        changes.extend(tables.map(|change| Change::Tables { database: 3, change }));
        changes.push(Change::DropDatabase { id: 3 });
        let secret = Secret { salt: [1; 16], memory: 64, passes: 1, hash: [2; 32] };
        changes.push(Change::SetRootSecret(secret.clone()));
        let user = User { name: "u".into(), created: 9, privilege: Privilege::Write, secret };
        changes.push(Change::SetUser(user));
        changes.push(Change::DropUser { name: "u".into() });
        changes
    }

    #[test]
    fn changes_go_there_and_back() {
        assert_eq!(decode(&encode(&samples())).unwrap(), samples());
    }

    #[test]
    fn no_bytes_make_the_reader_panic() {
        let record = encode(&samples());
        for end in 0..record.len() {
            let _ = decode(&record[..end]);
        }
        for place in 0..record.len() {
            for bit in 0..8 {
                let mut damaged = record.clone();
                damaged[place] ^= 1 << bit;
                let _ = decode(&damaged);
            }
        }
        assert!(decode(&[9]).is_err());
    }
}
