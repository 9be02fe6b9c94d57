//! FROM: what a query reads, and what the names of columns mean there.

use std::sync::Arc;

use super::TABLE_NAME;
use super::filter::Filter;
use super::join::Join;
use crate::engine::catalog::{Database, Schema, SchemaColumn, Scope, TableRef};
use crate::engine::exec::tree::{Expr, Node, Plan, Predicate, Scan, ScanOrder, Slot, Tables, TagPlace};
use crate::engine::functions::kernels::Comparison;
use crate::engine::storage::{ColumnId, Order, ScanColumn, TimeRange};
use crate::error::{Error, Result, codes};
use crate::sql::ast::{ColumnRef, FromTable};
use crate::types::{ColumnType, DataType, Precision, Value};

/// What a query reads, as it sees it.
pub(super) struct Source {
    pub(super) origin: Origin,
    /// Its columns; the first is the primary timestamp. For what is no table, the id of a column is its place.
    pub(super) schema: Arc<Schema>,
    pub(super) precision: Precision,
    /// What may stand before the dot of a column.
    name: Option<String>,
}

/// Where rows come from.
pub(super) enum Origin {
    /// A table of a database.
    Table { database: Arc<Database>, table: TableRef },
    /// A nested query. When its first column is no timestamp, the schema begins with one that has no name and
    /// is always 0.
    Query { root: Node, has_time: bool },
    /// Several tables or nested queries.
    Join(Join),
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
    /// Looks a table up. `0x80000217` without a database, `0x80000362` when there is no such table.
    pub(super) fn table(scope: Scope<'_>, from: &FromTable) -> Result<Source> {
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
        Ok(Source { origin: Origin::Table { database, table }, schema, precision, name: Some(name) })
    }

    /// The rows of a nested query.
    pub(super) fn query(plan: Plan, alias: Option<String>) -> Source {
        let has_time =
            plan.fields.first().is_some_and(|field| field.column_type.data_type == DataType::Timestamp);
        let hidden = (!has_time).then(|| (String::new(), ColumnType::TIMESTAMP));
        let fields = plan.fields.into_iter().map(|field| (field.name, field.column_type));
        let schema = schema(hidden.into_iter().chain(fields));
        let origin = Origin::Query { root: plan.root, has_time };
        Source { origin, schema, precision: plan.precision, name: alias }
    }

    /// The rows of a join.
    pub(super) fn join(join: Join, precision: Precision) -> Source {
        let schema = schema(join.columns());
        Source { origin: Origin::Join(join), schema, precision, name: None }
    }

    /// Whether it is a super table.
    pub(super) fn is_super(&self) -> bool {
        matches!(&self.origin, Origin::Table { table: TableRef::Super(_), .. })
    }

    /// Whether it is a nested query.
    pub(super) fn is_query(&self) -> bool {
        matches!(&self.origin, Origin::Query { .. })
    }

    /// Whether its rows have a primary timestamp.
    pub(super) fn has_time(&self) -> bool {
        !matches!(&self.origin, Origin::Query { has_time: false, .. })
    }

    /// The places of its columns, those of the table of that name only if it is given; none when there is no
    /// such table.
    pub(super) fn columns(&self, qualifier: Option<&str>) -> Option<Vec<usize>> {
        match (&self.origin, qualifier) {
            (Origin::Join(join), qualifier) => join.columns_of(qualifier),
            (_, Some(qualifier)) if !self.is_called(qualifier) => None,
            _ => Some((usize::from(!self.has_time())..self.schema.columns.len()).collect()),
        }
    }

    /// Whether the name before a dot means this.
    pub(super) fn is_called(&self, qualifier: &str) -> bool {
        self.name.as_deref() == Some(qualifier)
    }

    /// What a column's name stands for; none when there is no such column or tag.
    pub(super) fn find(&self, column: &ColumnRef) -> Option<Place> {
        if let Origin::Join(join) = &self.origin {
            return join.find(column);
        }
        if column.table.as_ref().is_some_and(|qualifier| !self.is_called(&qualifier.text)) {
            return None;
        }
        let name = column.name.text.as_str();
        match name {
            "_c0" => return self.has_time().then_some(Place::TIME),
            "tbname" if !self.is_query() => return Some(Place::TableName),
            _ => {}
        }
        let tag = || self.schema.tag(name).map(Place::Tag);
        self.schema.column(name).map(Place::Column).or_else(tag)
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

    /// The rows that a filter lets through, with these columns.
    pub(super) fn rows(
        &self,
        slots: Vec<Slot>,
        filter: Filter,
        order: ScanOrder,
        rows_per_table: Option<usize>,
    ) -> Node {
        let rows_per_table = rows_per_table.filter(|_| filter.rows.is_none());
        let rows = match &self.origin {
            Origin::Table { database, table } => Node::Scan(Scan {
                database: database.clone(),
                tables: Tables { table: table.clone(), filter: filter.tags },
                slots,
                range: filter.range,
                order,
                rows_per_table,
            }),
            Origin::Query { root, has_time } => {
                let mut rows = within(root.clone(), filter.range);
                if *has_time {
                    rows = in_order(rows, order);
                }
                let expressions =
                    slots.iter().filter_map(Slot::column).map(|column| self.of_query(column)).collect();
                Node::Project { input: Box::new(rows), expressions }
            }
            Origin::Join(join) => in_order(join.rows(&slots), order),
        };
        match filter.rows {
            Some(predicate) => Node::Filter { input: Box::new(rows), predicate },
            None => rows,
        }
    }

    /// A column of the schema as an expression over the rows of the nested query.
    fn of_query(&self, column: ScanColumn) -> Expr {
        let place = column.id.0 as usize;
        let column_type = self.schema.columns[place].column_type;
        match (self.has_time(), place) {
            (true, place) => Expr::Column(place, column_type),
            (false, 0) => Expr::Literal(Value::Int(0), column_type),
            (false, place) => Expr::Column(place - 1, column_type),
        }
    }
}

/// A schema of what is no table: the id of a column is its place.
fn schema(columns: impl Iterator<Item = (String, ColumnType)>) -> Arc<Schema> {
    let column = |(place, (name, column_type))| SchemaColumn { id: ColumnId(place), name, column_type };
    let mut schema = Schema::default();
    schema.columns = (0..).zip(columns).map(column).collect();
    Arc::new(schema)
}

/// The rows with a primary timestamp in that range.
fn within(rows: Node, range: TimeRange) -> Node {
    if range == TimeRange::ALL {
        return rows;
    }
    let bound = |comparison, ticks| {
        Predicate::Compare(Expr::Column(0, ColumnType::TIMESTAMP), comparison, Value::Int(ticks))
    };
    let predicate =
        Predicate::All(vec![bound(Comparison::Ge, range.start), bound(Comparison::Le, range.end)]);
    Node::Filter { input: Box::new(rows), predicate }
}

/// The rows by time, if that is asked for.
fn in_order(rows: Node, order: ScanOrder) -> Node {
    match order {
        ScanOrder::ByTable(_) => rows,
        ScanOrder::ByTime(order) => {
            Node::Sort { input: Box::new(rows), column: 0, descending: order == Order::Descending }
        }
    }
}
