//! What a plan is made of: operators over blocks, and expressions over the columns of a block.
//!
//! A plan knows no names any more. Columns are places in a block, functions are entries of the table of
//! functions, literals have been brought to the type they are compared with.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::engine::catalog::{Database, TableRef};
use crate::engine::exec::window::grid::Grid;
use crate::engine::functions::aggregate::Aggregate;
use crate::engine::functions::kernels::{Arithmetic, Comparison, Pattern, ValueSet};
use crate::engine::functions::scalar::Scalar;
use crate::engine::storage::{ColumnId, Order, ScanColumn, TimeRange};
use crate::types::{ColumnType, DataType, Field, Precision, Value};

/// A query that is ready to run.
pub struct Plan {
    /// The columns of its result.
    pub fields: Vec<Field>,
    /// The precision of its timestamps.
    pub precision: Precision,
    /// What makes the rows.
    pub(crate) root: Node,
}

/// An operator.
#[derive(Clone)]
pub(crate) enum Node {
    /// No rows.
    Nothing,
    /// One row of constants.
    Row(Vec<(Value, ColumnType)>),
    /// Rows of tables.
    Scan(Scan),
    /// One row for each table: its tags and name.
    TagScan { tables: Tables, tags: Vec<TagPlace> },
    /// The rows for which a predicate holds.
    Filter { input: Box<Node>, predicate: Predicate },
    /// Expressions of each row.
    Project { input: Box<Node>, expressions: Vec<Expr> },
    /// Rows by the column at that place; rows of equal values stay in their order.
    Sort { input: Box<Node>, column: usize, descending: bool },
    /// Rows of two inputs with the same time side by side. The first column of each is a timestamp in
    /// ascending order.
    Join(Box<(Node, Node)>),
    /// Rows of children of super tables with the same time side by side, for children with the same tag.
    JoinChildren(Vec<JoinSide>),
    /// Rows of equal keys as one row.
    Group(Box<Group>),
    /// Rows of each group and window as one row. One block for each group, and so until [`Node::Pieces`].
    Windows(Box<Windows>),
    /// Rows for the windows that have none.
    Fill { input: Box<Node>, filling: Filling },
    /// At most `limit` rows after the first `offset` of each group.
    LimitEach { input: Box<Node>, limit: Option<u64>, offset: u64 },
    /// At most `limit` groups after the first `offset`.
    LimitGroups { input: Box<Node>, limit: Option<u64>, offset: u64 },
    /// The same rows in blocks of the usual size, whatever group they are of.
    Pieces(Box<Node>),
    /// At most `limit` rows after the first `offset`.
    Limit { input: Box<Node>, limit: Option<u64>, offset: u64 },
    /// The rows of one input after those of another.
    Chain(Vec<Node>),
}

/// Tables that rows or tags come from.
#[derive(Clone)]
pub(crate) struct Tables {
    /// A table, or a super table standing for its children.
    pub(crate) table: TableRef,
    /// Which of the children.
    pub(crate) filter: Option<TagFilter>,
}

/// A condition on the tags of a child.
#[derive(Clone)]
pub(crate) struct TagFilter {
    /// What the predicate sees, in the order of its columns.
    pub(crate) tags: Vec<TagPlace>,
    /// The condition.
    pub(crate) predicate: Predicate,
}

/// Something that a child has once and not for each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagPlace {
    /// A tag.
    Tag(ColumnId, DataType),
    /// The name of the table.
    Name,
}

impl TagPlace {
    /// The type of its values.
    pub(crate) fn data_type(self) -> DataType {
        match self {
            TagPlace::Tag(_, data_type) => data_type,
            TagPlace::Name => DataType::Binary,
        }
    }
}

/// Rows of tables within a range of time.
#[derive(Clone)]
pub(crate) struct Scan {
    /// Where the rows are.
    pub(crate) database: Arc<Database>,
    /// Whose they are.
    pub(crate) tables: Tables,
    /// The columns of its blocks; the first is the primary timestamp.
    pub(crate) slots: Vec<Slot>,
    /// Which rows.
    pub(crate) range: TimeRange,
    /// In which order they come.
    pub(crate) order: ScanOrder,
    /// At most so many rows of each table.
    pub(crate) rows_per_table: Option<usize>,
}

/// A super table that is joined.
#[derive(Clone)]
pub(crate) struct JoinSide {
    /// Its rows.
    pub(crate) scan: Scan,
    /// Which of them.
    pub(crate) predicate: Option<Predicate>,
    /// The tag that is equal in children that are joined.
    pub(crate) key: TagPlace,
}

/// A column of the blocks of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Read from storage.
    Column(ScanColumn),
    /// The same for all rows of a table.
    Tag(TagPlace),
}

/// The order of a scan over several tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScanOrder {
    /// Table by table, and by time within each.
    ByTable(Order),
    /// By time; at the same time by table.
    ByTime(Order),
}

/// Rows of equal keys as one row: the keys, then the outputs.
#[derive(Clone)]
pub(crate) struct Group {
    /// The rows; their first column is the primary timestamp.
    pub(crate) input: Node,
    /// The keys; without any, all rows are one group.
    pub(crate) keys: Vec<Expr>,
    /// Whether the keys are the same in all rows of a block.
    pub(crate) keys_per_block: bool,
    /// What each group gives beside its keys.
    pub(crate) outputs: Vec<Output>,
    /// Whether groups give a row only when one of their aggregates has a value.
    pub(crate) only_with_value: bool,
    /// In which order groups come.
    pub(crate) order: GroupOrder,
}

/// Rows of each group and window as one row: the keys, start, stop and duration of the window, its state if
/// it has one, then the outputs.
#[derive(Clone)]
pub(crate) struct Windows {
    /// The rows, those of a group in ascending order; their first column is the primary timestamp.
    pub(crate) input: Node,
    /// The keys, the same in all rows of a block; without any, all rows are one group.
    pub(crate) keys: Vec<Expr>,
    /// How rows are cut into windows.
    pub(crate) cut: Cut,
    /// What each window gives.
    pub(crate) outputs: Vec<Output>,
    /// Whether windows give a row only when one of their aggregates has a value.
    pub(crate) only_with_value: bool,
    /// Whether an aggregate without a value is NULL even if it were something else by itself, so that it can
    /// be filled.
    pub(crate) with_gaps: bool,
    /// In which order groups come.
    pub(crate) order: GroupOrder,
    /// Whether the windows of a group come last first.
    pub(crate) descending: bool,
}

/// How rows are cut into windows.
#[derive(Clone)]
pub(crate) enum Cut {
    /// INTERVAL
    Interval(Grid),
    /// SESSION: rows with at most so many ticks from one to the next.
    Session(i64),
    /// STATE_WINDOW: consecutive rows of equal state.
    State(Expr),
}

/// How empty windows are filled.
#[derive(Clone)]
pub(crate) struct Filling {
    /// Which windows there are.
    pub(crate) grid: Grid,
    /// The first and the last window.
    pub(crate) windows: RangeInclusive<i64>,
    /// Whether they come last first.
    pub(crate) descending: bool,
    /// What goes into each column but the first, which is the start of the window.
    pub(crate) fillers: Vec<Filler>,
}

/// What goes into a column of an empty window.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Filler {
    /// What all rows of the group have.
    Keep,
    /// This value.
    Value(Value),
    /// The value of the window that comes before.
    Previous,
    /// The value of the window that comes after.
    Next,
    /// A value on the line between these two.
    Linear,
}

/// A column that groups give.
#[derive(Clone)]
pub(crate) enum Output {
    /// An aggregate, of an argument or of the rows.
    Call { function: &'static Aggregate, argument: Option<Expr>, argument_type: DataType },
    /// An expression of the row that the only aggregate of the group picked.
    OfPickedRow(Expr),
}

/// The order of groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GroupOrder {
    /// As their first rows came.
    Appearance,
    /// By these keys (and whether descending), then by the others ascending; NULL first.
    Keys(Vec<(usize, bool)>),
}

/// An expression over the columns of a block.
#[derive(Clone)]
pub(crate) enum Expr {
    /// The column at that place.
    Column(usize, ColumnType),
    /// The same value for every row.
    Literal(Value, ColumnType),
    /// Arithmetic of numbers; DOUBLE.
    Arithmetic(Arithmetic, Box<(Expr, Expr)>),
    /// A timestamp later by so many ticks.
    Later(Box<Expr>, i64),
    /// A scalar function.
    Call { function: &'static Scalar, arguments: Vec<Expr>, returns: ColumnType },
}

impl Expr {
    /// The type of its values.
    pub(crate) fn column_type(&self) -> ColumnType {
        match self {
            Expr::Column(_, column_type) | Expr::Literal(_, column_type) => *column_type,
            Expr::Arithmetic(..) => ColumnType::fixed(DataType::Double),
            Expr::Later(..) => ColumnType::TIMESTAMP,
            Expr::Call { returns, .. } => *returns,
        }
    }
}

/// A condition on the rows of a block. What is unknown because of NULL does not hold.
#[derive(Clone)]
pub(crate) enum Predicate {
    /// All of these.
    All(Vec<Predicate>),
    /// Any of these.
    Any(Vec<Predicate>),
    /// An expression against a constant of a fitting type.
    Compare(Expr, Comparison, Value),
    /// An expression among constants.
    In(Expr, ValueSet),
    /// Text like a pattern.
    Like(Expr, Pattern),
    /// NULL or not.
    IsNull { operand: Expr, negated: bool },
}
