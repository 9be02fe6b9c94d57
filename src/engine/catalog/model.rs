//! The things a database holds, as they are in memory.
//!
//! Ownership points down: a [`Database`] owns its super tables and tables, a super table lists its
//! children, a child knows its super table weakly. Whoever runs a statement holds an `Arc` of what it
//! works on, so that a DROP meanwhile takes nothing away under its feet.

use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock, Weak};

use foldhash::fast::RandomState;
use parking_lot::RwLock;

use crate::engine::storage::{ColumnId, Store, TableId, UpdateMode};
use crate::sql::insert::TargetColumn;
use crate::types::{ColumnType, DataType, Precision, Value};

/// The options of CREATE DATABASE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseOptions {
    /// Copies of the data; stored and shown, one process has one.
    pub replica: i16,
    /// Acknowledgements of a write among replicas; stored and shown.
    pub quorum: i16,
    /// Days of data in one file.
    pub days: i32,
    /// Days that data is kept.
    pub keep: i32,
    /// MB of one block of write cache.
    pub cache_mb: i32,
    /// Blocks of write cache.
    pub blocks: i32,
    /// Rows of a file block at least.
    pub min_rows: i32,
    /// Rows of a file block at most.
    pub max_rows: i32,
    /// 1: a write is handed to the operating system; 2: it is on the disk.
    pub wal_level: i8,
    /// With `wal_level` 2: milliseconds until a write is on the disk, 0 for at once.
    pub fsync_ms: i32,
    /// Compression of files: 0 none, 1 light, 2 dense.
    pub comp: i8,
    /// Caching of last rows; stored and shown, it changes no answer.
    pub cache_last: i8,
    /// Ticks of its timestamps.
    pub precision: Precision,
    /// What a repeated timestamp does.
    pub update: UpdateMode,
}

impl Default for DatabaseOptions {
    fn default() -> DatabaseOptions {
        DatabaseOptions {
            replica: 1,
            quorum: 1,
            days: 10,
            keep: 3650,
            cache_mb: 16,
            blocks: 6,
            min_rows: 100,
            max_rows: 4096,
            wal_level: 1,
            fsync_ms: 3000,
            comp: 2,
            cache_last: 0,
            precision: Precision::Milli,
            update: UpdateMode::KeepFirst,
        }
    }
}

/// A database.
pub struct Database {
    /// Never used again, also not after DROP; names the directory of its files.
    pub id: u32,
    /// In its final letter case.
    pub name: String,
    /// Milliseconds since 1970.
    pub created: i64,
    /// Changed by ALTER DATABASE.
    pub options: RwLock<DatabaseOptions>,
    /// Its super tables and tables.
    pub tables: RwLock<Tables>,
    /// Its rows.
    pub store: Store,
}

/// The names in a database. Super tables and tables share one name space.
#[derive(Default)]
pub struct Tables {
    /// Super tables by name.
    pub super_tables: HashMap<Box<str>, Arc<SuperTable>, RandomState>,
    /// Ordinary tables and children.
    pub tables: TablesByName,
}

impl Tables {
    /// What has that name.
    pub fn find(&self, name: &str) -> Option<TableRef> {
        if let Some(table) = self.tables.get(name) {
            return Some(TableRef::Table(table.clone()));
        }
        self.super_tables.get(name).map(|table| TableRef::Super(table.clone()))
    }

    /// Whether anything has that name.
    pub fn contains(&self, name: &str) -> bool {
        self.tables.get(name).is_some() || self.super_tables.contains_key(name)
    }
}

/// Tables, found by the names in them: of a million tables no name is kept twice.
#[derive(Default)]
pub struct TablesByName(HashSet<Named, RandomState>);

struct Named(Arc<Table>);

impl Borrow<str> for Named {
    fn borrow(&self) -> &str {
        &self.0.name
    }
}

impl Hash for Named {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.name.hash(state);
    }
}

impl PartialEq for Named {
    fn eq(&self, other: &Named) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for Named {}

impl TablesByName {
    /// The table of that name.
    pub fn get(&self, name: &str) -> Option<&Arc<Table>> {
        self.0.get(name).map(|Named(table)| table)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in no order.
    pub fn values(&self) -> impl Iterator<Item = &Arc<Table>> {
        self.0.iter().map(|Named(table)| table)
    }

    /// Adds a table whose name is free.
    pub(super) fn insert(&mut self, table: Arc<Table>) {
        self.0.insert(Named(table));
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Arc<Table>> {
        self.0.take(name).map(|Named(table)| table)
    }
}

/// What the name of a table may stand for.
#[derive(Clone)]
pub enum TableRef {
    /// A super table.
    Super(Arc<SuperTable>),
    /// An ordinary table or a child.
    Table(Arc<Table>),
}

/// The columns and tags of a table; never changed, ALTER makes a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The primary timestamp first; its id is [`ColumnId::TIMESTAMP`].
    pub columns: Vec<SchemaColumn>,
    /// Of a super table.
    pub tags: Vec<SchemaColumn>,
    /// The id of the next column or tag; columns and tags share one row of ids. A dropped column's id is
    /// never given again, so that a column added later under its name finds nothing in old rows.
    pub next_id: u32,
    pub(super) for_insert: ForInsert,
}

/// A schema's columns and tags as the reader of INSERT wants them, made when first asked for. It is no part
/// of the schema: a copy, which may be changed, begins without it, and whatever it is, schemas are equal.
#[derive(Default)]
pub(super) struct ForInsert {
    columns: OnceLock<Arc<[TargetColumn]>>,
    tags: OnceLock<Arc<[TargetColumn]>>,
}

impl Clone for ForInsert {
    fn clone(&self) -> ForInsert {
        ForInsert::default()
    }
}

impl PartialEq for ForInsert {
    fn eq(&self, _: &ForInsert) -> bool {
        true
    }
}

impl Eq for ForInsert {}

impl fmt::Debug for ForInsert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ForInsert")
    }
}

/// A column or tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaColumn {
    /// What rows in storage know it by.
    pub id: ColumnId,
    /// In its final letter case.
    pub name: String,
    /// Its type and width.
    pub column_type: ColumnType,
}

impl Schema {
    /// The place of the column of that name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The place of the tag of that name.
    pub fn tag(&self, name: &str) -> Option<usize> {
        self.tags.iter().position(|tag| tag.name == name)
    }

    /// The columns, as the reader of INSERT wants them.
    pub fn insert_columns(&self) -> &Arc<[TargetColumn]> {
        self.for_insert.columns.get_or_init(|| for_insert(&self.columns))
    }

    /// The tags, as the reader of INSERT wants them.
    pub fn insert_tags(&self) -> &Arc<[TargetColumn]> {
        self.for_insert.tags.get_or_init(|| for_insert(&self.tags))
    }

    /// Whether the tags are one JSON document.
    pub fn has_json_tag(&self) -> bool {
        self.tags.iter().any(|tag| tag.column_type.data_type == DataType::Json)
    }
}

fn for_insert(columns: &[SchemaColumn]) -> Arc<[TargetColumn]> {
    let target =
        |column: &SchemaColumn| TargetColumn { name: column.name.clone(), column_type: column.column_type };
    columns.iter().map(target).collect()
}

/// A super table.
pub struct SuperTable {
    /// Never used again.
    pub id: u64,
    /// In its final letter case.
    pub name: Box<str>,
    /// Milliseconds since 1970.
    pub created: i64,
    /// Changed by ALTER.
    pub schema: RwLock<Arc<Schema>>,
    /// Its children and their tags.
    pub children: RwLock<Children>,
}

/// The children of a super table with their tags, tag by tag.
#[derive(Default)]
pub struct Children {
    /// The children in the order they were made; none where one was dropped.
    pub tables: Vec<Option<Arc<Table>>>,
    tags: Vec<TagColumn>,
}

/// One tag's values, a value for each child by place.
struct TagColumn {
    id: ColumnId,
    values: Vec<Value>,
}

/// One child with its place among [`Children`].
pub struct Child<'a> {
    /// Its place: the index of its tags.
    pub place: usize,
    /// The table.
    pub table: &'a Arc<Table>,
}

static NO_VALUE: Value = Value::Null;

impl Children {
    /// No children yet, of a super table with these tags.
    pub(super) fn new(tags: &[SchemaColumn]) -> Children {
        let tags = tags.iter().map(|tag| TagColumn { id: tag.id, values: Vec::new() }).collect();
        Children { tables: Vec::new(), tags }
    }

    /// The children that exist.
    pub fn iter(&self) -> impl Iterator<Item = Child<'_>> {
        self.tables
            .iter()
            .enumerate()
            .filter_map(|(place, table)| Some(Child { place, table: table.as_ref()? }))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.tables.iter().flatten().count()
    }

    /// The value of a tag of the child at that place; NULL when there is no such tag, as when it was
    /// dropped after the schema was looked at.
    pub fn tag(&self, id: ColumnId, place: usize) -> &Value {
        self.tag_values(id).and_then(|values| values.get(place)).unwrap_or(&NO_VALUE)
    }

    /// The values of a tag, one for each place of [`Children::tables`].
    pub fn tag_values(&self, id: ColumnId) -> Option<&[Value]> {
        self.tags.iter().find(|tag| tag.id == id).map(|tag| tag.values.as_slice())
    }

    /// Adds a child with a value for each tag; its place is the last one.
    pub(super) fn push(&mut self, table: Arc<Table>, tags: Vec<Value>) {
        debug_assert_eq!(tags.len(), self.tags.len());
        self.tables.push(Some(table));
        self.tags.iter_mut().zip(tags).for_each(|(tag, value)| tag.values.push(value));
    }

    /// Forgets the child at that place. Places are never given again: whoever iterates relies on them.
    pub(super) fn remove(&mut self, place: usize) {
        if let Some(table) = self.tables.get_mut(place) {
            *table = None;
            self.tags.iter_mut().for_each(|tag| tag.values[place] = Value::Null);
        }
    }

    /// Sets one tag of one child; false when there is no such tag or place.
    pub(super) fn set_tag(&mut self, id: ColumnId, place: usize, value: Value) -> bool {
        let tag = self.tags.iter_mut().find(|tag| tag.id == id);
        tag.and_then(|tag| tag.values.get_mut(place)).map(|old| *old = value).is_some()
    }

    /// Keeps the values of tags that stay, makes NULLs for new ones.
    pub(super) fn set_tags(&mut self, tags: &[SchemaColumn]) {
        let mut before = std::mem::take(&mut self.tags);
        let mut keep = |id| {
            let kept = before.iter_mut().find(|tag| tag.id == id).map(|tag| std::mem::take(&mut tag.values));
            kept.unwrap_or_else(|| vec![Value::Null; self.tables.len()])
        };
        self.tags = tags.iter().map(|tag| TagColumn { id: tag.id, values: keep(tag.id) }).collect();
    }
}

/// An ordinary table or a child.
pub struct Table {
    /// Never used again.
    pub id: TableId,
    /// In its final letter case.
    pub name: Box<str>,
    /// Milliseconds since 1970.
    pub created: i64,
    /// Which of the two.
    pub kind: TableKind,
}

/// Which kind of table.
pub enum TableKind {
    /// With columns of its own.
    Ordinary(RwLock<Arc<Schema>>),
    /// With the columns of a super table.
    Child {
        /// The super table; gone once that is dropped.
        parent: Weak<SuperTable>,
        /// Its place among the [`Children`].
        place: usize,
    },
}

impl Table {
    /// The columns, and for a child the tags. None when the super table was dropped meanwhile.
    pub fn schema(&self) -> Option<Arc<Schema>> {
        match &self.kind {
            TableKind::Ordinary(schema) => Some(schema.read().clone()),
            TableKind::Child { parent, .. } => Some(parent.upgrade()?.schema.read().clone()),
        }
    }

    /// The super table of a child.
    pub fn parent(&self) -> Option<Arc<SuperTable>> {
        match &self.kind {
            TableKind::Ordinary(_) => None,
            TableKind::Child { parent, .. } => parent.upgrade(),
        }
    }

    /// The values of a child's tags in the order of the schema; empty for an ordinary table.
    pub fn tag_values(&self) -> Vec<Value> {
        let TableKind::Child { place, .. } = self.kind else {
            return Vec::new();
        };
        let Some(parent) = self.parent() else {
            return Vec::new();
        };
        let schema = parent.schema.read().clone();
        let children = parent.children.read();
        schema.tags.iter().map(|tag| children.tag(tag.id, place).clone()).collect()
    }
}
