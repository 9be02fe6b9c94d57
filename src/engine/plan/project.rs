//! A SELECT without aggregates: a row for each row, or for each table when only tags are asked for.

use super::constant::Environment;
use super::filter::unknown_column;
use super::layout::Layout;
use super::not_built;
use super::order::{self, Bounds, OrderBy};
use super::scalar::{self, Columns};
use super::select::{Item, Query, What};
use super::source::Source;
use super::time;
use crate::engine::exec::tree::{Expr, Node, Plan, ScanOrder};
use crate::engine::functions::aggregate::Aggregate;
use crate::engine::storage::{Order, TimeRange};
use crate::error::{Error, Result, codes};
use crate::sql::ast::{self, ColumnRef};
use crate::types::Field;

/// Plans it.
pub(super) fn bind(query: Query<'_>) -> Result<Plan> {
    if !Bounds::new(query.select.slimit)?.is_all() {
        return Err(not_built("SLIMIT without GROUP BY"));
    }
    let items = query.items()?;
    let order = order::bind(&query.source, &query.select.order_by, &[])?;
    let bounds = Bounds::new(query.select.limit)?;
    let mut layout = Layout::rows(&query.source);
    let filter = query.filter(&mut layout)?;
    // An order by time makes rows of the tags of a super table, but not of those of one table.
    let has_order = order.is_some() && query.source.is_super();
    let of_tables =
        only_tags(&items) && !has_order && filter.rows.is_none() && filter.range == TimeRange::ALL;
    if of_tables {
        layout = Layout::tags();
    }
    let (fields, expressions) = expressions(&query, &items, &mut layout, filter.range)?;
    let sorting = sorting(&query, order, &mut layout);
    let mut input = if of_tables {
        query.tables(layout, filter)
    } else {
        query.rows(layout, filter, scan_order(order), None)
    };
    if let Some((column, descending)) = sorting {
        input = Node::Sort { input: Box::new(input), column, descending };
    }
    let root = Node::Project { input: Box::new(input), expressions };
    Ok(query.plan(fields, bounds.apply(root)))
}

/// Whether a select list asks for nothing that differs between the rows of a table, and for some tag.
pub(super) fn only_tags(items: &[Item<'_>]) -> bool {
    let tag = |item: &Item<'_>| matches!(item.what, What::Place(place) if place.is_tag());
    let literal = |item: &Item<'_>| matches!(item.what, What::Expression(ast::Expr::Literal(_)));
    items.iter().any(tag) && items.iter().all(|item| tag(item) || literal(item))
}

/// The fields of a result and what fills them.
pub(super) fn expressions(
    query: &Query<'_>,
    items: &[Item<'_>],
    layout: &mut Layout,
    range: TimeRange,
) -> Result<(Vec<Field>, Vec<Expr>)> {
    let mut columns = RowColumns { source: &query.source, layout, range };
    let mut expressions = Vec::with_capacity(items.len());
    for item in items {
        expressions.push(columns.item(item, query.environment)?);
    }
    let fields = items.iter().zip(&expressions).map(|(item, expr)| item.field(expr.column_type())).collect();
    Ok((fields, expressions))
}

/// The column of the input to sort by, and whether descending, when the rows do not come in order.
fn sorting(query: &Query<'_>, order: Option<OrderBy>, layout: &mut Layout) -> Option<(usize, bool)> {
    let Some(OrderBy::Column { place, descending }) = order else { return None };
    match layout.column(&query.source, place)? {
        Expr::Column(column, _) => Some((column, descending)),
        _ => None,
    }
}

fn scan_order(order: Option<OrderBy>) -> ScanOrder {
    match order {
        Some(OrderBy::Time(order)) => ScanOrder::ByTime(order),
        _ => ScanOrder::ByTable(Order::Ascending),
    }
}

/// The columns of a row.
struct RowColumns<'a, 'b> {
    source: &'a Source,
    layout: &'b mut Layout,
    range: TimeRange,
}

impl RowColumns<'_, '_> {
    fn item(&mut self, item: &Item<'_>, environment: Environment<'_>) -> Result<Expr> {
        match item.what {
            What::Place(place) => {
                self.layout.column(self.source, place).ok_or_else(|| unknown_column(&item.name))
            }
            What::Expression(expr) => scalar::bind(expr, self, environment),
        }
    }
}

impl Columns for RowColumns<'_, '_> {
    fn column(&mut self, column: &ColumnRef, nested: bool) -> Result<Expr> {
        if let Some(bound) = time::pseudo_column(&column.name.text, self.range)
            && !nested
        {
            return Ok(bound);
        }
        let unknown = || unknown_column(&column.name.text);
        let place = self.source.find(column).ok_or_else(unknown)?;
        if nested && place.is_tag() {
            return Err(Error::invalid_operation("tag columns can not be used in arithmetic expression"));
        }
        self.layout.column(self.source, place).ok_or_else(unknown)
    }

    fn aggregate(&mut self, _: &'static Aggregate, _: &[ast::Expr], _: bool) -> Result<Expr> {
        Err(codes::TSC_INVALID_OPERATION.into())
    }
}
