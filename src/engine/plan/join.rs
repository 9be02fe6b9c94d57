//! Joins: tables or nested queries by their primary timestamps, super tables also by a tag.

use super::constant::Environment;
use super::filter::{self, Filter, children, unknown_column};
use super::layout::Layout;
use super::source::{Origin, Place, Source};
use super::{TABLE_NAME, not_built};
use crate::engine::catalog::TableRef;
use crate::engine::exec::tree::{Expr, JoinSide, Node, ScanOrder, Slot, TagPlace};
use crate::engine::storage::{Order, TimeRange};
use crate::error::{Error, Result};
use crate::sql::ast::{self, BinaryOp, ColumnRef, Select};
use crate::types::ColumnType;

/// So many tables are joined at most.
const MOST_SIDES: usize = 10;

/// Tables or nested queries that are joined. A column of the join is the primary timestamp or one of a side,
/// whose columns, tags and name stand one behind the other.
pub(super) struct Join {
    sides: Vec<Side>,
    range: TimeRange,
}

struct Side {
    source: Source,
    filter: Filter,
    /// What its filter needs.
    layout: Layout,
    /// The first of its columns among those of the join.
    first: usize,
    /// The tag of a super table that is equal in what is joined.
    key: Option<TagPlace>,
}

impl Side {
    fn len(&self) -> usize {
        self.source.schema.columns.len() + self.source.schema.tags.len() + 1
    }

    /// What a column of the join is on this side.
    fn place(&self, column: usize) -> Option<Place> {
        let (columns, tags) = (self.source.schema.columns.len(), self.source.schema.tags.len());
        match column.checked_sub(self.first)? {
            local if local < columns => Some(Place::Column(local)),
            local if local < columns + tags => Some(Place::Tag(local - columns)),
            local if local == columns + tags => Some(Place::TableName),
            _ => None,
        }
    }

    /// Which column of the join a place on this side is.
    fn column(&self, place: Place) -> usize {
        let (columns, tags) = (self.source.schema.columns.len(), self.source.schema.tags.len());
        self.first
            + match place {
                Place::Column(column) => column,
                Place::Tag(tag) => columns + tag,
                Place::TableName => columns + tags,
            }
    }
}

impl Join {
    /// Plans a join and all of its WHERE.
    pub(super) fn bind(sources: Vec<Source>, select: &Select, environment: Environment<'_>) -> Result<Join> {
        refuse(&sources, select)?;
        let conditions = Conditions::read(&sources, select.filter.as_ref())?;
        let mut join = Join { sides: Vec::with_capacity(sources.len()), range: TimeRange::ALL };
        let mut first = 0;
        for ((source, own), key) in sources.into_iter().zip(conditions.own).zip(conditions.keys) {
            let mut layout = Layout::rows(&source);
            let filter = filter::bind(&source, own, &mut layout, environment)?;
            join.range.start = join.range.start.max(filter.range.start);
            join.range.end = join.range.end.min(filter.range.end);
            let key = key.and_then(|place| source.tag_place(place));
            let side = Side { source, filter, layout, first, key };
            first += side.len();
            join.sides.push(side);
        }
        for item in &select.items {
            join.check_expression(&item.expr)?;
        }
        Ok(join)
    }

    /// Names and types of its columns.
    pub(super) fn columns(&self) -> impl Iterator<Item = (String, ColumnType)> {
        self.sides.iter().flat_map(|side| {
            let schema = &side.source.schema;
            let columns = schema.columns.iter().chain(&schema.tags);
            let columns = columns.map(|column| (column.name.clone(), column.column_type));
            columns.chain(std::iter::once(("tbname".to_owned(), TABLE_NAME)))
        })
    }

    /// What a star stands for; none when there is no table of that name.
    pub(super) fn columns_of(&self, qualifier: Option<&str>) -> Option<Vec<usize>> {
        let named = |side: &&Side| qualifier.is_none_or(|qualifier| side.source.is_called(qualifier));
        let mut sides = self.sides.iter().filter(named).peekable();
        sides.peek()?;
        let columns = |side: &Side| {
            let schema = &side.source.schema;
            let tags = if side.source.is_super() { schema.tags.len() } else { 0 };
            side.first..side.first + schema.columns.len() + tags
        };
        Some(sides.flat_map(columns).collect())
    }

    /// What a column's name stands for; without a table it is that of the first table that has it.
    pub(super) fn find(&self, column: &ColumnRef) -> Option<Place> {
        let (side, place) = find(self.sides.iter().map(|side| &side.source), column)?;
        Some(match place {
            // The primary timestamps of all sides are equal.
            Place::TIME => Place::TIME,
            place => Place::Column(self.sides[side].column(place)),
        })
    }

    /// What is left of WHERE for the rows of the join.
    pub(super) fn filter(&self) -> Filter {
        Filter { range: self.range, tags: None, rows: None }
    }

    /// The rows, by time or, of super tables, child by child, with these columns.
    pub(super) fn rows(&self, slots: &[Slot]) -> Node {
        let mut layouts: Vec<Layout> = self.sides.iter().map(|side| side.layout.clone()).collect();
        let mut columns = Vec::with_capacity(slots.len());
        for column in slots.iter().filter_map(Slot::column) {
            let of_side = self.sides.iter().enumerate().find_map(|(index, side)| {
                let place = side.place(column.id.0 as usize)?;
                Some((index, layouts[index].column(&side.source, place)?))
            });
            columns.extend(of_side);
        }
        let layouts: Vec<Vec<Slot>> = layouts.into_iter().map(Layout::into_slots).collect();
        let first = |side: usize| layouts[..side].iter().map(Vec::len).sum::<usize>();
        let expressions = columns
            .into_iter()
            .map(|(side, column)| match column {
                Expr::Column(place, column_type) => Expr::Column(first(side) + place, column_type),
                other => other,
            })
            .collect();
        let rows = if self.sides.iter().all(|side| side.key.is_some()) {
            self.children(layouts)
        } else {
            self.tables(layouts)
        };
        Node::Project { input: Box::new(rows), expressions }
    }

    fn tables(&self, layouts: Vec<Vec<Slot>>) -> Node {
        let rows = |(side, slots): (&Side, Vec<Slot>)| {
            let filter = Filter { range: self.range, ..side.filter.clone() };
            side.source.rows(slots, filter, ScanOrder::ByTime(Order::Ascending), None)
        };
        let sides = self.sides.iter().zip(layouts).map(rows);
        sides.reduce(|left, right| Node::Join(Box::new((left, right)))).unwrap_or(Node::Nothing)
    }

    fn children(&self, layouts: Vec<Vec<Slot>>) -> Node {
        let mut sides = Vec::with_capacity(self.sides.len());
        for (side, slots) in self.sides.iter().zip(layouts) {
            let filter = Filter { range: self.range, rows: None, ..side.filter.clone() };
            let rows = side.source.rows(slots, filter, ScanOrder::ByTable(Order::Ascending), None);
            if let (Node::Scan(scan), Some(key)) = (rows, side.key) {
                sides.push(JoinSide { scan, predicate: side.filter.rows.clone(), key });
            }
        }
        Node::JoinChildren(sides)
    }

    /// Arithmetic is of columns of one side.
    fn check_expression(&self, expr: &ast::Expr) -> Result<()> {
        let sources = || self.sides.iter().map(|side| &side.source);
        if let ast::Expr::Binary { .. } = expr {
            let mut sides = Vec::new();
            mentioned(sources(), expr, &mut sides)?;
            if sides.len() > 1 {
                return Err(Error::invalid_operation(
                    "columns from different table mixed up in arithmetic expression",
                ));
            }
        }
        children(expr).into_iter().try_for_each(|child| self.check_expression(child))
    }
}

fn refuse(sources: &[Source], select: &Select) -> Result<()> {
    let refused = if sources.len() > MOST_SIDES {
        "at most 10 tables are joined"
    } else if !select.group_by.is_empty() {
        "join query does not support group by"
    } else if select.distinct {
        "not support distinct mixed with join"
    } else if select.fill.is_some() {
        "join query not supported fill operation"
    } else if sources.iter().any(Source::is_super) && !sources.iter().all(Source::is_super) {
        "join table must be the same type(table to table, super table to super table)"
    } else if (1..sources.len()).any(|right| (0..right).any(|left| same(&sources[left], &sources[right]))) {
        "self join not allowed"
    } else if sources.iter().any(|source| source.precision != sources[0].precision) {
        return Err(not_built("a join of tables whose timestamps differ in precision"));
    } else if sources.iter().any(|source| !source.has_time()) {
        "a nested query that is joined must have a timestamp as its first column"
    } else {
        return Ok(());
    };
    Err(Error::invalid_operation(refused))
}

fn same(left: &Source, right: &Source) -> bool {
    match (&left.origin, &right.origin) {
        (
            Origin::Table { table: TableRef::Table(a), .. },
            Origin::Table { table: TableRef::Table(b), .. },
        ) => a.id == b.id,
        (
            Origin::Table { table: TableRef::Super(a), .. },
            Origin::Table { table: TableRef::Super(b), .. },
        ) => std::sync::Arc::ptr_eq(a, b),
        _ => false,
    }
}

/// The side that has a column, and what it is there.
fn find<'a>(mut sources: impl Iterator<Item = &'a Source>, column: &ColumnRef) -> Option<(usize, Place)> {
    // What every table has must say of which it is.
    if column.table.is_none() && matches!(column.name.text.as_str(), "tbname" | "_c0") {
        return None;
    }
    let mut side = 0;
    sources.find_map(|source| {
        side += 1;
        Some((side - 1, source.find(column)?))
    })
}

/// Collects the sides whose columns an expression names.
fn mentioned<'a>(
    sources: impl Iterator<Item = &'a Source> + Clone,
    expr: &ast::Expr,
    sides: &mut Vec<usize>,
) -> Result<()> {
    if let ast::Expr::Column(column) = expr {
        let (side, _) = find(sources.clone(), column).ok_or_else(|| unknown_column(&column.name.text))?;
        if !sides.contains(&side) {
            sides.push(side);
        }
    }
    children(expr).into_iter().try_for_each(|child| mentioned(sources.clone(), child, sides))
}

/// WHERE of a join, by what its parts are about.
struct Conditions<'a> {
    /// Conditions on each side alone.
    own: Vec<Vec<&'a ast::Expr>>,
    /// The tag by which each side is joined.
    keys: Vec<Option<Place>>,
    /// For each side the first one that it is joined with by time, directly or not.
    joined: Vec<usize>,
}

impl<'a> Conditions<'a> {
    fn read(sources: &[Source], filter: Option<&'a ast::Expr>) -> Result<Conditions<'a>> {
        let count = sources.len();
        let mut conditions = Conditions {
            own: vec![Vec::new(); count],
            keys: vec![None; count],
            joined: (0..count).collect(),
        };
        if let Some(filter) = filter {
            conditions.add(sources, filter)?;
        }
        if conditions.joined.iter().any(|side| *side != 0) {
            return Err(Error::invalid_operation(
                "cross join not supported yet: the timestamps of all tables must be joined",
            ));
        }
        let of_super = sources.iter().all(Source::is_super);
        if of_super && conditions.keys.iter().any(Option::is_none) {
            return Err(Error::invalid_operation("super table join requires tags column"));
        }
        Ok(conditions)
    }

    fn add(&mut self, sources: &[Source], expr: &'a ast::Expr) -> Result<()> {
        match expr {
            ast::Expr::Binary { op: BinaryOp::And, left, right } => {
                self.add(sources, left)?;
                self.add(sources, right)
            }
            ast::Expr::Binary { op, left, right } => match (left.as_ref(), right.as_ref()) {
                (ast::Expr::Column(left), ast::Expr::Column(right)) => self.pair(sources, *op, left, right),
                _ => self.of_one_side(sources, expr),
            },
            _ => self.of_one_side(sources, expr),
        }
    }

    fn of_one_side(&mut self, sources: &[Source], expr: &'a ast::Expr) -> Result<()> {
        let mut sides = Vec::new();
        mentioned(sources.iter(), expr, &mut sides)?;
        match sides.as_slice() {
            [side] => self.own[*side].push(expr),
            [] => return Err(Error::invalid_operation("invalid expression: a condition without a column")),
            _ => return Err(Error::invalid_operation("query condition between tables must use 'AND'")),
        }
        Ok(())
    }

    /// `left op right` of two columns.
    fn pair(&mut self, sources: &[Source], op: BinaryOp, left: &ColumnRef, right: &ColumnRef) -> Result<()> {
        let located = |column: &ColumnRef| {
            find(sources.iter(), column).ok_or_else(|| unknown_column(&column.name.text))
        };
        let ((left_side, left), (right_side, right)) = (located(left)?, located(right)?);
        if op != BinaryOp::Eq {
            return Err(Error::invalid_operation("= is expected in join expression"));
        }
        if left_side == right_side {
            return Err(Error::invalid_operation("self join not allowed"));
        }
        match (left, right) {
            (Place::TIME, Place::TIME) => {
                let (a, b) = (self.joined[left_side], self.joined[right_side]);
                self.joined.iter_mut().filter(|side| **side == a.max(b)).for_each(|side| *side = a.min(b));
                Ok(())
            }
            (left, right) if left.is_tag() && right.is_tag() => {
                if !sources[left_side].is_super() {
                    return Err(Error::invalid_operation("only ts column join allowed"));
                }
                if sources[left_side].type_of(left).data_type != sources[right_side].type_of(right).data_type
                {
                    return Err(Error::invalid_operation("join tags must be of the same type"));
                }
                self.key(left_side, left)?;
                self.key(right_side, right)
            }
            _ => Err(Error::invalid_operation("not support ordinary column join")),
        }
    }

    fn key(&mut self, side: usize, tag: Place) -> Result<()> {
        match self.keys[side].replace(tag) {
            Some(before) if before != tag => {
                Err(Error::invalid_operation("only support one join tag for each table"))
            }
            _ => Ok(()),
        }
    }
}
