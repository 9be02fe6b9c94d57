//! SELECT DISTINCT: each combination of columns once.

use super::layout::Layout;
use super::order::Bounds;
use super::project;
use super::select::{Query, What};
use crate::engine::exec::tree::{Group, GroupOrder, Node, Plan, ScanOrder};
use crate::engine::storage::Order;
use crate::error::{Error, Result, codes};
use crate::sql::ast::Expr;

/// Plans it. Rows come as they appear, those of one column of a super table sorted.
pub(super) fn bind(query: Query<'_>) -> Result<Plan> {
    refuse(&query)?;
    let items = query.items()?;
    if items.iter().any(|item| matches!(item.what, What::Expression(expr) if has_call(expr))) {
        return Err(Error::invalid_operation("not support distinct mixed with proj/agg func"));
    }
    let bounds = Bounds::new(query.select.limit)?;
    let mut layout = Layout::rows(&query.source);
    let filter = query.filter(&mut layout)?;
    let of_tables = project::only_tags(&items);
    if of_tables && filter.rows.is_some() {
        return Err(codes::TSC_INVALID_OPERATION.into());
    }
    if of_tables {
        layout = Layout::tags();
    }
    let (fields, keys) = project::expressions(&query, &items, &mut layout, filter.range)?;
    let order = match query.source.is_super() && keys.len() == 1 {
        true => GroupOrder::Keys(Vec::new()),
        false => GroupOrder::Appearance,
    };
    let input = if of_tables {
        query.tables(layout, filter)
    } else {
        query.rows(layout, filter, ScanOrder::ByTable(Order::Ascending), None)
    };
    let group =
        Group { input, keys, keys_per_block: false, outputs: Vec::new(), only_with_value: false, order };
    Ok(query.plan(fields, bounds.apply(Node::Group(Box::new(group)))))
}

fn has_call(expr: &Expr) -> bool {
    match expr {
        Expr::Call { .. } => true,
        Expr::Negate(operand) | Expr::Not(operand) => has_call(operand),
        Expr::Binary { left, right, .. } => has_call(left) || has_call(right),
        _ => false,
    }
}

fn refuse(query: &Query<'_>) -> Result<()> {
    if !query.select.group_by.is_empty() {
        return Err(Error::invalid_operation("not support distinct mixed with groupby"));
    }
    if !query.select.order_by.is_empty() {
        return Err(Error::invalid_operation("not support distinct mixed with order by"));
    }
    if !Bounds::new(query.select.slimit)?.is_all() {
        return Err(super::not_built("SLIMIT without GROUP BY"));
    }
    Ok(())
}
