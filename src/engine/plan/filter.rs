//! WHERE, taken apart: conditions on time, on tags and on columns, which may only be joined by AND.

use super::condition;
use super::constant::Environment;
use super::layout::Layout;
use super::source::{Place, Source};
use super::time;
use super::window::pseudo_column;
use crate::engine::exec::tree::{Predicate, TagFilter};
use crate::engine::functions::kernels::Comparison;
use crate::engine::storage::TimeRange;
use crate::error::{Error, Result};
use crate::sql::ast::{BinaryOp, Expr};

/// The conditions of a query by when they can be answered.
#[derive(Clone)]
pub(super) struct Filter {
    /// Rows outside need not be read.
    pub(super) range: TimeRange,
    /// Tables that need not be read.
    pub(super) tags: Option<TagFilter>,
    /// Rows that do not count.
    pub(super) rows: Option<Predicate>,
}

impl Filter {
    /// Whether there are conditions on rows, be it on their time or their columns.
    pub(super) fn looks_at_rows(&self) -> bool {
        self.range != TimeRange::ALL || self.rows.is_some()
    }
}

/// What a condition is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Time,
    Tags,
    Columns,
}

/// Plans a WHERE. Columns that conditions need are added to `layout`.
pub(super) fn bind<'a>(
    source: &Source,
    conditions: impl IntoIterator<Item = &'a Expr>,
    layout: &mut Layout,
    environment: Environment<'_>,
) -> Result<Filter> {
    let mut parts = Vec::new();
    for condition in conditions {
        split(source, condition, &mut parts)?;
    }
    let of = |wanted| -> Vec<&Expr> {
        parts.iter().filter(|(about, _)| *about == wanted).map(|(_, part)| *part).collect()
    };
    let mut tags = Layout::tags();
    let tag_predicate = condition::bind_all(source, &of(About::Tags), &mut tags, environment)?;
    Ok(Filter {
        range: time::range(source, &of(About::Time), environment)?,
        tags: tag_predicate.map(|predicate| TagFilter { tags: tags.into_tags(), predicate }),
        rows: condition::bind_all(source, &of(About::Columns), layout, environment)?,
    })
}

/// The comparison that an operator is, if it is one.
pub(super) fn comparison(op: BinaryOp) -> Option<Comparison> {
    Some(match op {
        BinaryOp::Eq => Comparison::Eq,
        BinaryOp::Ne => Comparison::Ne,
        BinaryOp::Lt => Comparison::Lt,
        BinaryOp::Le => Comparison::Le,
        BinaryOp::Gt => Comparison::Gt,
        BinaryOp::Ge => Comparison::Ge,
        _ => return None,
    })
}

fn split<'a>(source: &Source, expr: &'a Expr, parts: &mut Vec<(About, &'a Expr)>) -> Result<()> {
    if let Expr::Binary { op: BinaryOp::And, left, right } = expr {
        split(source, left, parts)?;
        return split(source, right, parts);
    }
    let about = about(source, expr)?
        .ok_or_else(|| Error::invalid_operation("invalid expression: a condition without a column"))?;
    if about == About::Tags && !source.is_super() {
        return Err(Error::invalid_operation("filter on tag not supported for normal table"));
    }
    parts.push((about, expr));
    Ok(())
}

/// What a condition is about; none when it names no column. Refused when it is about several things.
fn about(source: &Source, expr: &Expr) -> Result<Option<About>> {
    if let Expr::Column(column) = expr {
        let place = source.find(column).ok_or_else(|| unknown_column(&column.name.text))?;
        return Ok(Some(match place {
            Place::TIME => About::Time,
            place if place.is_tag() => About::Tags,
            _ => About::Columns,
        }));
    }
    let mut all = None;
    for child in children(expr) {
        let one = about(source, child)?;
        if all.is_some() && one.is_some() && all != one {
            return Err(Error::invalid_operation(
                "query condition between columns/tags/timestamp/join fields must use 'AND'",
            ));
        }
        all = all.or(one);
    }
    Ok(all)
}

/// The expressions that an expression is made of.
pub(super) fn children(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Column(_) | Expr::Star(_) | Expr::Literal(_) | Expr::Duration(_) | Expr::Now => Vec::new(),
        Expr::Call { arguments, .. } => arguments.iter().collect(),
        Expr::Negate(operand) | Expr::Not(operand) | Expr::IsNull { operand, .. } => vec![operand],
        Expr::Binary { left, right, .. } => vec![left, right],
        Expr::In { operand, list } => std::iter::once(operand.as_ref()).chain(list).collect(),
        Expr::Between { operand, low, high } => vec![operand, low, high],
    }
}

/// The refusal of a name that is no column or tag.
pub(super) fn unknown_column(name: &str) -> Error {
    if pseudo_column(name).is_some() {
        return Error::invalid_operation(
            "_wstart/_wstop/_wduration can only be applied to time window query",
        );
    }
    Error::invalid_operation(format_args!("invalid column name: {name}"))
}
