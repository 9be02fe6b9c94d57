//! FROM: the table that a query reads, and what the names of columns mean there.

use std::sync::Arc;

use super::TABLE_NAME;
use crate::engine::catalog::{Database, Schema, SchemaColumn, Scope, TableRef};
use crate::engine::exec::tree::TagPlace;
use crate::engine::storage::ScanColumn;
use crate::error::{Error, Result, codes};
use crate::sql::ast::{ColumnRef, FromTable};
use crate::types::{ColumnType, Precision};

/// A table as a query sees it.
pub(super) struct Source {
    pub(super) database: Arc<Database>,
    pub(super) table: TableRef,
    pub(super) schema: Arc<Schema>,
    pub(super) precision: Precision,
    /// What may stand before the dot of a column.
    name: String,
}

/// What the name of a column stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The column at that place of the schema; 0 is the primary timestamp.
    Column(usize),
    /// The tag at that place of the schema.
    Tag(usize),
    /// `tbname`
    TableName,
}

impl Place {
    /// The primary timestamp.
    pub(super) const TIME: Place = Place::Column(0);

    /// Whether it is the same for all rows of a table.
    pub(super) fn is_tag(self) -> bool {
        matches!(self, Place::Tag(_) | Place::TableName)
    }
}

impl Source {
    /// Looks the table up. `0x80000217` without a database, `0x80000362` when there is no such table.
    pub(super) fn resolve(scope: Scope<'_>, from: &FromTable) -> Result<Source> {
        let database = from.table.database.as_ref().map(|name| name.text.as_str()).or(scope.database);
        let database = database.ok_or(codes::TSC_DB_NOT_SELECTED)?;
        let name = from.table.table.text.as_str();
        let missing = || {
            let message = format!("Table does not exist: {database}.{name}");
            Error::new(codes::MND_INVALID_TABLE_NAME, message)
        };
        let database = scope.catalog.database(database).ok_or_else(missing)?;
        let table = database.tables.read().find(name).ok_or_else(missing)?;
        let schema = match &table {
            TableRef::Super(table) => table.schema.read().clone(),
            TableRef::Table(table) => table.schema().ok_or_else(missing)?,
        };
        let precision = database.options.read().precision;
        let name = from.alias.clone().unwrap_or_else(|| name.to_owned());
        Ok(Source { database, table, schema, precision, name })
    }

    /// Whether it is a super table.
    pub(super) fn is_super(&self) -> bool {
        matches!(self.table, TableRef::Super(_))
    }

    /// Whether the name before a dot means this table.
    pub(super) fn is_called(&self, qualifier: &str) -> bool {
        self.name == qualifier
    }

    /// What a column's name stands for; none when there is no such column or tag.
    pub(super) fn find(&self, column: &ColumnRef) -> Option<Place> {
        if column.table.as_ref().is_some_and(|qualifier| !self.is_called(&qualifier.text)) {
            return None;
        }
        match column.name.text.as_str() {
            "_c0" => Some(Place::TIME),
            "tbname" => Some(Place::TableName),
            name => {
                let tag = || self.schema.tag(name).map(Place::Tag);
                self.schema.column(name).map(Place::Column).or_else(tag)
            }
        }
    }

    /// The name by which a result shows it.
    pub(super) fn name_of(&self, place: Place) -> &str {
        match place {
            Place::Column(column) => &self.schema.columns[column].name,
            Place::Tag(tag) => &self.schema.tags[tag].name,
            Place::TableName => "tbname",
        }
    }

    /// Its type.
    pub(super) fn type_of(&self, place: Place) -> ColumnType {
        match place {
            Place::Column(column) => self.schema.columns[column].column_type,
            Place::Tag(tag) => self.schema.tags[tag].column_type,
            Place::TableName => TABLE_NAME,
        }
    }

    /// A column of the schema as a scan reads it.
    pub(super) fn scan_column(&self, column: usize) -> ScanColumn {
        let SchemaColumn { id, column_type, .. } = &self.schema.columns[column];
        ScanColumn { id: *id, data_type: column_type.data_type }
    }

    /// A tag of the schema, or none for a column.
    pub(super) fn tag_place(&self, place: Place) -> Option<TagPlace> {
        match place {
            Place::Column(_) => None,
            Place::Tag(tag) => {
                let SchemaColumn { id, column_type, .. } = &self.schema.tags[tag];
                Some(TagPlace::Tag(*id, column_type.data_type))
            }
            Place::TableName => Some(TagPlace::Name),
        }
    }
}
