//! ORDER BY, LIMIT and OFFSET, SLIMIT and SOFFSET.

use super::source::{Place, Source};
use crate::engine::exec::tree::Node;
use crate::engine::storage::Order;
use crate::error::{Error, Result};
use crate::sql::ast::{Expr, Limit, OrderItem};

/// What a query is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OrderBy {
    /// The primary timestamp.
    Time(Order),
    /// The group key at that place, then the primary timestamp.
    Key { key: usize, descending: bool, time: Order },
    /// A column of a nested query.
    Column { place: Place, descending: bool },
}

impl OrderBy {
    /// The order in which the windows of a group come.
    pub(super) fn of_time(self) -> Order {
        match self {
            OrderBy::Time(order) | OrderBy::Key { time: order, .. } => order,
            OrderBy::Column { .. } => Order::Ascending,
        }
    }
}

/// Reads ORDER BY. A query is ordered by the primary timestamp; a grouped one also by one of its keys, and
/// over a super table by a key and then the timestamp. A nested query is ordered by any of its columns.
pub(super) fn bind(source: &Source, items: &[OrderItem], keys: &[Place]) -> Result<Option<OrderBy>> {
    let (first, second) = match items {
        [] => return Ok(None),
        [first] => (first, None),
        [first, second] if source.is_super() => (first, Some(second)),
        _ => return Err(Error::invalid_operation("only one column allowed in orderby")),
    };
    let first_place = place(source, first)?;
    if let Some(second) = second
        && place(source, second)? != Place::TIME
    {
        return Err(Error::invalid_operation("only primary timestamp allowed as the second order column"));
    }
    if let Some(key) = keys.iter().position(|key| *key == first_place) {
        let time = second.map_or(Order::Ascending, direction);
        return Ok(Some(OrderBy::Key { key, descending: first.descending, time }));
    }
    let order = direction(first);
    match first_place {
        place if source.is_query() && place != Place::TIME => {
            Ok(Some(OrderBy::Column { place, descending: first.descending }))
        }
        Place::TIME if second.is_none() => Ok(Some(OrderBy::Time(order))),
        place if place.is_tag() && source.is_super() => {
            Err(Error::invalid_operation("only tag in groupby clause allowed in order clause"))
        }
        _ if source.is_super() => Err(Error::invalid_operation(
            "only primary timestamp, tag/tbname in groupby clause allowed as order column",
        )),
        _ => Err(Error::invalid_operation(
            "only primary timestamp/column in groupby clause allowed as order column",
        )),
    }
}

fn direction(item: &OrderItem) -> Order {
    match item.descending {
        true => Order::Descending,
        false => Order::Ascending,
    }
}

fn place(source: &Source, item: &OrderItem) -> Result<Place> {
    let invalid = || Error::invalid_operation("invalid column name in orderby clause");
    match &item.expr {
        Expr::Column(column) => source.find(column).ok_or_else(invalid),
        _ => Err(invalid()),
    }
}

/// A limit and an offset; a limit of −1 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) limit: Option<u64>,
    pub(super) offset: u64,
}

impl Bounds {
    /// Reads LIMIT or SLIMIT.
    pub(super) fn new(limit: Option<Limit>) -> Result<Bounds> {
        let Some(Limit { limit, offset }) = limit else { return Ok(Bounds { limit: None, offset: 0 }) };
        let offset = u64::try_from(offset)
            .map_err(|_| Error::invalid_operation("soffset/offset can not be less than 0"))?;
        Ok(Bounds { limit: u64::try_from(limit).ok(), offset })
    }

    /// Whether everything is within these bounds.
    pub(super) fn is_all(self) -> bool {
        self == Bounds { limit: None, offset: 0 }
    }

    /// The rows of a node within these bounds.
    pub(super) fn apply(self, input: Node) -> Node {
        match self {
            bounds if bounds.is_all() => input,
            Bounds { limit: Some(0), .. } => Node::Nothing,
            Bounds { limit, offset } => Node::Limit { input: Box::new(input), limit, offset },
        }
    }

    /// The rows of each group within these bounds.
    pub(super) fn apply_to_each_group(self, input: Node) -> Node {
        match self {
            bounds if bounds.is_all() => input,
            Bounds { limit: Some(0), .. } => Node::Nothing,
            Bounds { limit, offset } => Node::LimitEach { input: Box::new(input), limit, offset },
        }
    }

    /// The groups within these bounds.
    pub(super) fn apply_to_groups(self, input: Node) -> Node {
        match self {
            bounds if bounds.is_all() => input,
            Bounds { limit: Some(0), .. } => Node::Nothing,
            Bounds { limit, offset } => Node::LimitGroups { input: Box::new(input), limit, offset },
        }
    }

    /// Whether the first row of a list is within these bounds.
    pub(super) fn has_first(self) -> bool {
        self.limit != Some(0) && self.offset == 0
    }
}
