//! One SELECT: which of its kinds it is, and what all kinds have in common.

use super::constant::Environment;
use super::filter::{self, Filter};
use super::layout::Layout;
use super::source::{Place, Source};
use super::{distinct, group, not_built, order, project, server, time};
use crate::engine::catalog::Scope;
use crate::engine::exec::tree::{Node, Plan, Scan, ScanOrder, Tables};
use crate::engine::functions::{self, Function};
use crate::engine::storage::TimeRange;
use crate::error::{Error, Result};
use crate::sql::ast::{self, Expr, Select, SelectItem};
use crate::types::{ColumnType, Context, Field};

/// Plans one SELECT.
pub(super) fn bind(scope: Scope<'_>, select: &Select, context: &Context) -> Result<Plan> {
    let Some(from) = &select.from else { return server::bind(scope, &select.items) };
    refuse_unbuilt(select)?;
    let source = match from {
        ast::Source::Tables(tables) => match tables.as_slice() {
            [table] => Source::resolve(scope, table)?,
            tables => {
                tables.iter().try_for_each(|table| Source::resolve(scope, table).map(drop))?;
                return Err(not_built("a join"));
            }
        },
        ast::Source::Subqueries(_) => return Err(not_built("a nested query")),
    };
    if !order::Bounds::new(select.slimit)?.is_all() && !source.is_super() {
        return Err(Error::invalid_operation("slimit/soffset only available for STable query"));
    }
    let environment = Environment { context, precision: source.precision };
    let query = Query { source, select, environment };
    if select.distinct {
        return distinct::bind(query);
    }
    if !select.group_by.is_empty()
        || select.window.is_some()
        || select.items.iter().any(|item| has_aggregate(&item.expr))
    {
        return group::bind(query);
    }
    project::bind(query)
}

/// A SELECT with its table.
pub(super) struct Query<'a> {
    pub(super) source: Source,
    pub(super) select: &'a Select,
    pub(super) environment: Environment<'a>,
}

impl Query<'_> {
    /// WHERE; the columns it needs are added to `layout`.
    pub(super) fn filter(&self, layout: &mut Layout) -> Result<Filter> {
        filter::bind(&self.source, self.select.filter.as_ref(), layout, self.environment)
    }

    /// The rows of the table that WHERE lets through.
    pub(super) fn rows(
        &self,
        layout: Layout,
        filter: Filter,
        order: ScanOrder,
        rows_per_table: Option<usize>,
    ) -> Node {
        let scan = Node::Scan(Scan {
            database: self.source.database.clone(),
            tables: Tables { table: self.source.table.clone(), filter: filter.tags },
            slots: layout.into_slots(),
            range: filter.range,
            order,
            rows_per_table: rows_per_table.filter(|_| filter.rows.is_none()),
        });
        match filter.rows {
            Some(predicate) => Node::Filter { input: Box::new(scan), predicate },
            None => scan,
        }
    }

    /// One row for each table that WHERE lets through.
    pub(super) fn tables(&self, layout: Layout, filter: Filter) -> Node {
        let tables = Tables { table: self.source.table.clone(), filter: filter.tags };
        Node::TagScan { tables, tags: layout.into_tags() }
    }

    /// A plan of these rows.
    pub(super) fn plan(&self, fields: Vec<Field>, root: Node) -> Plan {
        Plan { fields, precision: self.source.precision, root }
    }

    /// The select list with every star of columns replaced by those columns, as (what, name).
    pub(super) fn items(&self) -> Result<Vec<Item<'_>>> {
        let mut items = Vec::new();
        for item in &self.select.items {
            match &item.expr {
                Expr::Star(qualifier) => {
                    if let Some(qualifier) = qualifier
                        && !self.source.is_called(&qualifier.text)
                    {
                        return Err(filter::unknown_column(&qualifier.text));
                    }
                    items.extend(self.star().map(|place| self.column_item(place, None)));
                }
                Expr::Column(column) if time::pseudo_column(&column.name.text, TimeRange::ALL).is_none() => {
                    let place =
                        self.source.find(column).ok_or_else(|| filter::unknown_column(&column.name.text))?;
                    // `t.tbname` keeps its qualifier, other columns go by their own name.
                    let name = item.alias.as_deref().or((place == Place::TableName).then_some(&*item.text));
                    items.push(self.column_item(place, name));
                }
                expr => items.push(Item { what: What::Expression(expr), name: field_name(item_name(item)) }),
            }
        }
        Ok(items)
    }

    /// What a star stands for: all columns, and of a super table the tags, too.
    fn star(&self) -> impl Iterator<Item = Place> {
        let columns = (0..self.source.schema.columns.len()).map(Place::Column);
        let tags = if self.source.is_super() { self.source.schema.tags.len() } else { 0 };
        columns.chain((0..tags).map(Place::Tag))
    }

    fn column_item(&self, place: Place, name: Option<&str>) -> Item<'static> {
        let name = name.unwrap_or_else(|| self.source.name_of(place));
        Item { what: What::Place(place), name: field_name(name) }
    }
}

/// One item of a select list.
pub(super) struct Item<'a> {
    pub(super) what: What<'a>,
    /// The name of its column in the result.
    pub(super) name: String,
}

impl Item<'_> {
    /// Its column in the result.
    pub(super) fn field(&self, column_type: ColumnType) -> Field {
        Field::new(self.name.as_str(), column_type)
    }
}

/// What an item is.
pub(super) enum What<'a> {
    /// A column or tag.
    Place(Place),
    /// Anything else.
    Expression(&'a Expr),
}

/// The alias, or what the item is called without one.
pub(super) fn item_name(item: &SelectItem) -> &str {
    item.alias.as_deref().unwrap_or(&item.text)
}

/// A name as it fits into a field of the C structure: 64 bytes, cut at a character.
pub(super) fn field_name(name: &str) -> String {
    const LONGEST: usize = 64;
    let mut end = name.len().min(LONGEST);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name[..end].to_owned()
}

fn refuse_unbuilt(select: &Select) -> Result<()> {
    if select.sliding.is_some() && !matches!(select.window, Some(ast::Window::Interval { .. })) {
        return Err(Error::invalid_operation("sliding cannot be used without interval"));
    }
    if select.fill.is_some() && select.window.is_none() && select.range.is_none() {
        return Err(Error::invalid_operation("fill only available for interval query"));
    }
    if select.having.is_some() && select.group_by.is_empty() {
        return Err(Error::invalid_operation("having only works with group by"));
    }
    let unbuilt = [
        (select.range.is_some() || select.every.is_some(), "interp with RANGE and EVERY"),
        (select.having.is_some(), "HAVING"),
    ];
    match unbuilt.into_iter().find(|(used, _)| *used) {
        Some((_, what)) => Err(not_built(what)),
        None => Ok(()),
    }
}

/// Whether an aggregate stands somewhere in an expression.
fn has_aggregate(expr: &Expr) -> bool {
    match expr {
        Expr::Call { name, arguments, .. } => {
            matches!(functions::find(name), Ok(Function::Aggregate(_))) || arguments.iter().any(has_aggregate)
        }
        Expr::Negate(operand) | Expr::Not(operand) => has_aggregate(operand),
        Expr::Binary { left, right, .. } => has_aggregate(left) || has_aggregate(right),
        _ => false,
    }
}
