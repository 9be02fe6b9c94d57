//! A SELECT with aggregates: all rows as one, or those of each group.

use super::filter::{Filter, unknown_column};
use super::layout::Layout;
use super::order::{self, Bounds, OrderBy};
use super::scalar::{self, Columns};
use super::select::{Query, field_name, item_name};
use super::source::{Origin, Place, Source};
use super::window::Windows;
use super::{fill, having, not_built, time, window};
use crate::engine::exec::tree::{
    self, Cut, Expr, Group, GroupOrder, Node, Output, Plan, Predicate, ScanOrder,
};
use crate::engine::functions::aggregate::{Aggregate, Company, Star};
use crate::engine::functions::{self, Function};
use crate::engine::storage::{Order, TimeRange};
use crate::error::{Error, Result};
use crate::sql::ast::{self, ColumnRef, SelectItem};
use crate::types::{ColumnType, DataType, Field, Value};

/// Aggregates that are not computed over a nested query.
const NOT_OF_QUERIES: &[&str] = &["stddev", "percentile"];

/// Plans it.
pub(super) fn bind(query: Query<'_>) -> Result<Plan> {
    if let Some(plan) = count_of_tables(&query)? {
        return Ok(plan);
    }
    let windows = window::bind(&query)?;
    let keys = keys(&query)?;
    if windows.is_some() && keys.iter().any(|key| !key.is_tag()) {
        return Err(Error::invalid_operation("interval not allowed in group by normal column"));
    }
    let order = order::bind(&query.source, &query.select.order_by, &keys)?;
    let mut layout = Layout::rows(&query.source);
    let filter = query.filter(&mut layout)?;
    let mut columns = GroupColumns::new(&query.source, layout, &keys, windows, filter.range)?;
    let (mut fields, mut expressions) = columns.items(&query)?;
    columns.check_company(&filter)?;
    let having = query.select.having.as_ref();
    let having = having.map(|having| having::bind(having, &mut columns, query.environment)).transpose()?;
    // Tags that are grouped by are shown behind what was asked for.
    for (index, place) in keys.iter().enumerate().filter(|(_, place)| place.is_tag()) {
        let column_type = query.source.type_of(*place);
        fields.push(Field::new(field_name(query.source.name_of(*place)), column_type));
        expressions.push(Expr::Column(index, column_type));
    }
    let root = match windows {
        Some(windows) => of_windows(&query, windows, order, filter, columns, having, expressions)?,
        None => of_groups(&query, order, filter, columns, having, expressions)?,
    };
    Ok(query.plan(fields, root))
}

fn of_groups(
    query: &Query<'_>,
    order: Option<OrderBy>,
    filter: Filter,
    columns: GroupColumns<'_>,
    having: Option<Predicate>,
    expressions: Vec<Expr>,
) -> Result<Node> {
    let only_last_rows = columns.calls().all(|function| function.company == Company::SameRow);
    let (scan_order, rows_per_table) = match only_last_rows {
        true => (Order::Descending, Some(1)),
        false => (Order::Ascending, None),
    };
    let has_keys = !columns.keys.is_empty();
    let by_tags = columns.key_places.iter().all(|key| key.is_tag());
    let group = Group {
        input: query.rows(columns.layout, filter, ScanOrder::ByTable(scan_order), rows_per_table),
        keys: columns.keys,
        keys_per_block: by_tags,
        outputs: columns.outputs,
        // A group of a data column has its key as a value.
        only_with_value: by_tags,
        order: group_order(order),
    };
    let groups = which_hold(Node::Group(Box::new(group)), having);
    let groups = bound_groups(query, groups, by_tags && has_keys)?;
    Ok(Node::Project { input: Box::new(groups), expressions })
}

/// SLIMIT counts groups, LIMIT the windows of each.
fn of_windows(
    query: &Query<'_>,
    windows: Windows,
    order: Option<OrderBy>,
    filter: Filter,
    mut columns: GroupColumns<'_>,
    having: Option<Predicate>,
    expressions: Vec<Expr>,
) -> Result<Node> {
    let cut = match windows {
        Windows::Interval(grid) => Cut::Interval(grid),
        Windows::Session(gap) => Cut::Session(gap),
        Windows::State(place) => Cut::State(
            columns
                .layout
                .column(&query.source, place)
                .ok_or_else(|| unknown_column(query.source.name_of(place)))?,
        ),
    };
    // Sessions and states come as they begin, whatever is asked for.
    let descending =
        matches!(cut, Cut::Interval(_)) && order.is_some_and(|order| order.of_time() == Order::Descending);
    let fill = query.select.fill.as_ref();
    let filling =
        fill::bind(fill, Some(windows), filter.range, descending, &expressions, columns.keys.len())?;
    // The rows of a table come in order by themselves.
    let scan_order = match &query.source.origin {
        Origin::Table { .. } => ScanOrder::ByTable(Order::Ascending),
        Origin::Query { .. } | Origin::Join(_) => ScanOrder::ByTime(Order::Ascending),
    };
    let root = Node::Windows(Box::new(tree::Windows {
        input: query.rows(columns.layout, filter, scan_order, None),
        keys: columns.keys,
        // A state is a value of its window.
        only_with_value: !matches!(cut, Cut::State(_)),
        cut,
        outputs: columns.outputs,
        with_gaps: filling.is_some(),
        order: group_order(order),
        descending,
    }));
    let root = Bounds::new(query.select.slimit)?.apply_to_groups(which_hold(root, having));
    let mut root = Node::Project { input: Box::new(root), expressions };
    if let Some(filling) = filling {
        root = Node::Fill { input: Box::new(root), filling };
    }
    Ok(Node::Pieces(Box::new(Bounds::new(query.select.limit)?.apply_to_each_group(root))))
}

/// The groups for which HAVING holds.
fn which_hold(groups: Node, having: Option<Predicate>) -> Node {
    match having {
        Some(predicate) => Node::Filter { input: Box::new(groups), predicate },
        None => groups,
    }
}

/// SLIMIT counts groups. LIMIT counts the rows of each group of tags, of which there is one, and else all
/// rows.
fn bound_groups(query: &Query<'_>, groups: Node, per_group: bool) -> Result<Node> {
    let limit = Bounds::new(query.select.limit)?;
    let groups = Bounds::new(query.select.slimit)?.apply(groups);
    Ok(match per_group {
        true if limit.has_first() => groups,
        true => Node::Nothing,
        false => limit.apply(groups),
    })
}

fn group_order(order: Option<OrderBy>) -> GroupOrder {
    match order {
        Some(OrderBy::Key { key, descending, .. }) => GroupOrder::Keys(vec![(key, descending)]),
        Some(OrderBy::Time(_) | OrderBy::Column { .. }) | None => GroupOrder::Keys(Vec::new()),
    }
}

/// GROUP BY.
fn keys(query: &Query<'_>) -> Result<Vec<Place>> {
    let key = |expr: &ast::Expr| {
        let ast::Expr::Column(column) = expr else {
            return Err(not_built("GROUP BY a member of a JSON tag"));
        };
        let place = query
            .source
            .find(column)
            .ok_or_else(|| Error::invalid_operation("invalid column name in group by clause"))?;
        let data_type = query.source.type_of(place).data_type;
        if place.is_tag() && !query.source.is_super() {
            return Err(Error::invalid_operation("tags not allowed for table query"));
        }
        if data_type == DataType::Json {
            return Err(Error::invalid_operation("a JSON tag is grouped by one of its members: tag->'key'"));
        }
        if !place.is_tag() && data_type.is_float() {
            return Err(Error::invalid_operation("not allowed column type for group by"));
        }
        Ok(place)
    };
    query.select.group_by.iter().map(key).collect()
}

/// `count(tbname)` and `count(tag)` count tables, and stand alone.
fn count_of_tables(query: &Query<'_>) -> Result<Option<Plan>> {
    let items = &query.select.items;
    let counts = items.iter().filter(|item| counts_tables(&query.source, item)).count();
    if counts == 0 {
        return Ok(None);
    }
    if query.select.window.is_some() {
        return Err(Error::invalid_operation("invalid query expression"));
    }
    if counts < items.len() || !query.select.group_by.is_empty() {
        return Err(Error::invalid_operation("functions or others can not be mixed up"));
    }
    order::bind(&query.source, &query.select.order_by, &[])?;
    let (mut layout, mut unused) = (Layout::tags(), Layout::rows(&query.source));
    layout.column(&query.source, Place::TableName);
    let filter = query.filter(&mut unused)?;
    if filter.rows.is_some() {
        return Err(not_built("a condition on columns beside a count of tables"));
    }
    let Function::Aggregate(count) = functions::find("count")? else {
        return Err(not_built("a count of tables"));
    };
    let big_int = DataType::BigInt;
    let output = Output::Call { function: count, argument: None, argument_type: big_int };
    let count_type = (count.returns)(ColumnType::fixed(big_int))?;
    let group = Group {
        input: query.tables(layout, filter),
        keys: Vec::new(),
        keys_per_block: true,
        outputs: vec![output],
        only_with_value: true,
        order: GroupOrder::Appearance,
    };
    let root = Node::Project {
        input: Box::new(Node::Group(Box::new(group))),
        expressions: items.iter().map(|_| Expr::Column(0, count_type)).collect(),
    };
    let fields = items.iter().map(|item| Field::new(field_name(item_name(item)), count_type)).collect();
    Ok(Some(query.plan(fields, Bounds::new(query.select.limit)?.apply(root))))
}

fn counts_tables(source: &Source, item: &SelectItem) -> bool {
    match &item.expr {
        ast::Expr::Call { name, arguments, .. } if name == "count" => match arguments.as_slice() {
            [ast::Expr::Column(column)] => source.find(column).is_some_and(Place::is_tag),
            _ => false,
        },
        _ => false,
    }
}

/// The columns of a group: its keys, those of its window if it is of one, then its outputs, which are added
/// as expressions ask for them.
struct GroupColumns<'a> {
    source: &'a Source,
    layout: Layout,
    keys: Vec<Expr>,
    key_places: &'a [Place],
    windows: Option<Windows>,
    range: TimeRange,
    outputs: Vec<Output>,
}

impl<'a> GroupColumns<'a> {
    fn new(
        source: &'a Source,
        mut layout: Layout,
        key_places: &'a [Place],
        windows: Option<Windows>,
        range: TimeRange,
    ) -> Result<GroupColumns<'a>> {
        let key = |place: &Place| {
            layout.column(source, *place).ok_or_else(|| unknown_column(source.name_of(*place)))
        };
        let keys = key_places.iter().map(key).collect::<Result<_>>()?;
        Ok(GroupColumns { source, layout, keys, key_places, windows, range, outputs: Vec::new() })
    }

    /// The aggregates.
    fn calls(&self) -> impl Iterator<Item = &'static Aggregate> {
        self.outputs.iter().filter_map(|output| match output {
            Output::Call { function, .. } => Some(*function),
            Output::OfPickedRow(_) => None,
        })
    }

    /// The fields of the result and what fills them.
    fn items(&mut self, query: &Query<'_>) -> Result<(Vec<Field>, Vec<Expr>)> {
        let (mut fields, mut expressions) = (Vec::new(), Vec::new());
        if matches!(self.windows, Some(Windows::Interval(_) | Windows::Session(_))) {
            fields.push(Field::new("ts", ColumnType::TIMESTAMP));
            expressions.push(self.window_column(0));
        }
        for item in &query.select.items {
            if let Some((function, columns)) = self.of_each_column(item)? {
                for place in columns {
                    let name = format!("{}({})", function.name, self.source.name_of(place));
                    let expression = self.call(function, place)?;
                    fields.push(Field::new(field_name(&name), expression.column_type()));
                    expressions.push(expression);
                }
                continue;
            }
            let expression = scalar::bind(&item.expr, self, query.environment)?;
            let name = match &item.expr {
                ast::Expr::Column(column) if item.alias.is_none() && column.name.text == "_c0" => {
                    self.source.name_of(Place::TIME)
                }
                _ => item_name(item),
            };
            fields.push(Field::new(field_name(name), expression.column_type()));
            expressions.push(expression);
        }
        if self.calls().next().is_none() {
            return Err(Error::invalid_operation(
                "group by/session/state_window not allowed on projection query",
            ));
        }
        Ok((fields, expressions))
    }

    /// `first(*)`, `first(a, b)`: the function and the columns it is of; none for any other item.
    fn of_each_column(&self, item: &SelectItem) -> Result<Option<(&'static Aggregate, Vec<Place>)>> {
        let ast::Expr::Call { name, arguments, .. } = &item.expr else { return Ok(None) };
        let Function::Aggregate(function) = functions::find(name)? else { return Ok(None) };
        if function.star != Star::EachColumn {
            return Ok(None);
        }
        let places = match arguments.as_slice() {
            [ast::Expr::Star(qualifier)] => {
                let columns = self.columns_of(qualifier.as_ref())?;
                columns.into_iter().map(Place::Column).collect()
            }
            [_, _, ..] => arguments.iter().map(|argument| self.place(argument)).collect::<Result<_>>()?,
            _ => return Ok(None),
        };
        if item.alias.is_some() {
            return Err(Error::invalid_operation(
                "multi-columns selection does not support alias column name",
            ));
        }
        Ok(Some((function, places)))
    }

    fn place(&self, expr: &ast::Expr) -> Result<Place> {
        match expr {
            ast::Expr::Column(column) => {
                self.source.find(column).ok_or_else(|| unknown_column(&column.name.text))
            }
            _ => Err(Error::invalid_operation("invalid parameters")),
        }
    }

    fn columns_of(&self, qualifier: Option<&ast::Name>) -> Result<Vec<usize>> {
        let qualifier = qualifier.map(|name| name.text.as_str());
        self.source.columns(qualifier).ok_or_else(|| unknown_column(qualifier.unwrap_or_default()))
    }

    /// An aggregate of a column.
    fn call(&mut self, function: &'static Aggregate, place: Place) -> Result<Expr> {
        if place.is_tag() {
            return Err(Error::invalid_operation("functions applied to tags are not allowed"));
        }
        if self.source.is_query() && NOT_OF_QUERIES.contains(&function.name) {
            return Err(Error::invalid_operation("not support stddev/percentile in the outer query yet"));
        }
        let argument_type = self.source.type_of(place);
        let returns = (function.returns)(argument_type)?;
        let argument = self
            .layout
            .column(self.source, place)
            .ok_or_else(|| unknown_column(self.source.name_of(place)))?;
        let argument_type = argument_type.data_type;
        Ok(self.output(Output::Call { function, argument: Some(argument), argument_type }, returns))
    }

    fn output(&mut self, output: Output, column_type: ColumnType) -> Expr {
        self.outputs.push(output);
        let of_window = match self.windows {
            None => 0,
            Some(Windows::Interval(_) | Windows::Session(_)) => 3,
            Some(Windows::State(_)) => 4,
        };
        Expr::Column(self.keys.len() + of_window + self.outputs.len() - 1, column_type)
    }

    /// Start, stop or duration of the window.
    fn window_column(&self, which: usize) -> Expr {
        let column_type =
            if which == 2 { ColumnType::fixed(DataType::BigInt) } else { ColumnType::TIMESTAMP };
        Expr::Column(self.keys.len() + which, column_type)
    }

    /// A column that no table has; none for any other name.
    fn pseudo_column(&self, name: &str, nested: bool) -> Result<Option<Expr>> {
        let of_window = self.windows.and_then(|_| window::pseudo_column(name));
        let of_query = time::pseudo_column(name, self.range);
        let is_grouped = !self.keys.is_empty() || matches!(self.windows, Some(Windows::State(_)));
        if nested && (of_window.is_some() || of_query.is_some()) {
            return Err(Error::invalid_operation("invalid arithmetic expression in select clause"));
        }
        if of_window.is_some() && self.source.is_query() {
            return Err(Error::invalid_operation("the times of windows are not known of a nested query"));
        }
        if of_query.is_some() && is_grouped {
            return Err(Error::invalid_operation("functions/columns not allowed in group by query"));
        }
        Ok(of_window.map(|which| self.window_column(which)).or(of_query))
    }

    /// Whether what was asked for goes together.
    fn check_company(&self, filter: &Filter) -> Result<()> {
        let same_row = self.calls().find(|function| function.company == Company::SameRow);
        if let Some(first) = same_row {
            let groups_by_column = self.key_places.iter().any(|key| !key.is_tag());
            let has_others = self.calls().any(|function| function.name != first.name);
            let is_alone = !has_others && self.windows.is_none();
            let is_join = matches!(self.source.origin, Origin::Join(_));
            if groups_by_column || is_join || (!is_alone && !filter.looks_at_rows()) {
                return Err(Error::invalid_operation("functions or others can not be mixed up"));
            }
        }
        let asks_for_row = self.outputs.iter().any(|output| matches!(output, Output::OfPickedRow(_)));
        let one_call = self.calls().count() == 1 && self.calls().all(|f| f.company != Company::Computed);
        let one_row = filter.range == TimeRange::ALL && self.calls().all(|f| f.company == Company::SameRow);
        if asks_for_row && !one_call && !one_row {
            return Err(Error::invalid_operation(
                "only one selectivity function allowed in presence of tags function",
            ));
        }
        Ok(())
    }
}

impl Columns for GroupColumns<'_> {
    fn column(&mut self, column: &ColumnRef, nested: bool) -> Result<Expr> {
        if column.table.is_none()
            && let Some(pseudo) = self.pseudo_column(&column.name.text, nested)?
        {
            return Ok(pseudo);
        }
        let place = self.source.find(column).ok_or_else(|| unknown_column(&column.name.text))?;
        if nested {
            return Err(Error::invalid_operation("functions or others can not be mixed up"));
        }
        if let Some(key) = self.key_places.iter().position(|key| *key == place) {
            return Ok(Expr::Column(key, self.source.type_of(place)));
        }
        if self.windows == Some(Windows::State(place)) {
            return Ok(Expr::Column(self.keys.len() + 3, self.source.type_of(place)));
        }
        if place != Place::TIME && !place.is_tag() {
            return Err(Error::invalid_operation(
                "aggregation function should not be mixed up with projection",
            ));
        }
        let of_row = self
            .layout
            .column(self.source, place)
            .ok_or_else(|| unknown_column(self.source.name_of(place)))?;
        let column_type = of_row.column_type();
        Ok(self.output(Output::OfPickedRow(of_row), column_type))
    }

    fn aggregate(
        &mut self,
        function: &'static Aggregate,
        arguments: &[ast::Expr],
        nested: bool,
    ) -> Result<Expr> {
        let [argument] = arguments else {
            return Err(Error::invalid_operation(format_args!("invalid parameters of {}()", function.name)));
        };
        let expression = match (argument, function.star) {
            (ast::Expr::Column(column), _) => {
                let place = self.source.find(column).ok_or_else(|| unknown_column(&column.name.text))?;
                self.call(function, place)?
            }
            (ast::Expr::Star(_) | ast::Expr::Literal(Value::Int(_)), Star::Rows) => {
                if let ast::Expr::Star(qualifier) = argument {
                    self.columns_of(qualifier.as_ref())?;
                }
                let rows = ColumnType::fixed(DataType::BigInt);
                let returns = (function.returns)(rows)?;
                let output = Output::Call { function, argument: None, argument_type: rows.data_type };
                self.output(output, returns)
            }
            _ => {
                return Err(Error::invalid_operation(format_args!(
                    "invalid parameters of {}()",
                    function.name
                )));
            }
        };
        if nested && expression.column_type().data_type.is_var_len() {
            return Err(Error::invalid_operation("functions of text do not take aggregates"));
        }
        Ok(expression)
    }
}
