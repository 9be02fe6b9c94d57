//! One SELECT: which of its kinds it is, and what all kinds have in common.

use super::constant::Environment;
use super::filter::{self, Filter};
use super::join::Join;
use super::layout::Layout;
use super::source::{Origin, Place, Source};
use super::{distinct, group, not_built, order, project, server, time};
use crate::engine::catalog::Scope;
use crate::engine::exec::tree::{Node, Plan, ScanOrder, Tables};
use crate::engine::functions::{self, Function};
use crate::engine::storage::TimeRange;
use crate::error::{Error, Result};
use crate::sql::ast::{self, Expr, Select, SelectItem};
use crate::types::{ColumnType, Context, Field, Precision};

/// Plans one SELECT.
pub(super) fn bind(scope: Scope<'_>, select: &Select, context: &Context) -> Result<Plan> {
    let Some(from) = &select.from else { return server::bind(scope, &select.items) };
    refuse_unbuilt(select)?;
    let mut sources = sources(scope, from, context)?;
    let precision = sources.first().map_or(Precision::Milli, |source| source.precision);
    let environment = Environment { context, precision };
    let source = match sources.len() {
        1 => sources.remove(0),
        _ => Source::join(Join::bind(sources, select, environment)?, precision),
    };
    if !order::Bounds::new(select.slimit)?.is_all() && !source.is_super() {
        return Err(Error::invalid_operation("slimit/soffset only available for STable query"));
    }
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

/// What FROM names.
fn sources(scope: Scope<'_>, from: &ast::Source, context: &Context) -> Result<Vec<Source>> {
    match from {
        ast::Source::Tables(tables) => tables.iter().map(|table| Source::table(scope, table)).collect(),
        ast::Source::Subqueries(queries) => queries
            .iter()
            .map(|(query, alias)| {
                refuse_nested(query)?;
                Ok(Source::query(super::bind(scope, query, context)?, alias.clone()))
            })
            .collect(),
    }
}

/// Whether a SELECT reads a nested query.
pub(super) fn nests(select: &Select) -> bool {
    matches!(select.from, Some(ast::Source::Subqueries(_)))
}

/// A nested query is one SELECT and has no other in it.
fn refuse_nested(query: &ast::Query) -> Result<()> {
    if query.selects.iter().any(nests) {
        return Err(Error::invalid_operation("not support 3 level select"));
    }
    if query.selects.len() > 1 {
        return Err(Error::invalid_operation("union all is not supported in a nested query"));
    }
    if query.selects.iter().any(|select| select.distinct) {
        return Err(Error::invalid_operation("distinct is not supported in a nested query"));
    }
    Ok(())
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
        match &self.source.origin {
            Origin::Join(join) => Ok(join.filter()),
            _ => filter::bind(&self.source, &self.select.filter, layout, self.environment),
        }
    }

    /// The rows of the table that WHERE lets through.
    pub(super) fn rows(
        &self,
        layout: Layout,
        filter: Filter,
        order: ScanOrder,
        rows_per_table: Option<usize>,
    ) -> Node {
        self.source.rows(layout.into_slots(), filter, order, rows_per_table)
    }

    /// One row for each table that WHERE lets through.
    pub(super) fn tables(&self, layout: Layout, filter: Filter) -> Node {
        let Origin::Table { table, .. } = &self.source.origin else { return Node::Nothing };
        let tables = Tables { table: table.clone(), filter: filter.tags };
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
                    let qualifier = qualifier.as_ref().map(|name| name.text.as_str());
                    let columns = self.source.columns(qualifier);
                    let columns =
                        columns.ok_or_else(|| filter::unknown_column(qualifier.unwrap_or_default()))?;
                    items.extend(self.star(columns).map(|place| Item {
                        what: What::Place(place),
                        name: field_name(self.source.name_of(place)),
                    }));
                }
                Expr::Column(column) if time::pseudo_column(&column.name.text, TimeRange::ALL).is_none() => {
                    let place =
                        self.source.find(column).ok_or_else(|| filter::unknown_column(&column.name.text))?;
                    let name = match column.name.text.as_str() {
                        "_c0" if item.alias.is_none() => self.source.name_of(place),
                        _ => item_name(item),
                    };
                    items.push(Item { what: What::Place(place), name: field_name(name) });
                }
                expr => items.push(Item { what: What::Expression(expr), name: field_name(item_name(item)) }),
            }
        }
        Ok(items)
    }

    /// What a star stands for: all columns, and of a super table the tags, too.
    fn star(&self, columns: Vec<usize>) -> impl Iterator<Item = Place> {
        let tags = if self.source.is_super() { self.source.schema.tags.len() } else { 0 };
        columns.into_iter().map(Place::Column).chain((0..tags).map(Place::Tag))
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
    let unbuilt = [(select.range.is_some() || select.every.is_some(), "interp with RANGE and EVERY")];
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
