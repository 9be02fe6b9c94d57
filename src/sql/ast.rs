//! The syntax tree: what a statement says, before anyone asks whether the things it names exist.
//!
//! Names are already in their final letter case: lower case unless they stood in back quotes.

use crate::types::{Duration, Value};

/// A name as it stood in the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// Lower case, unless it was back-quoted.
    pub text: String,
    /// Whether it stood in back quotes (they count against the length of a column name).
    pub quoted: bool,
}

impl Name {
    /// A name without back quotes.
    pub fn plain(text: impl Into<String>) -> Name {
        Name { text: text.into(), quoted: false }
    }
}

/// A table, perhaps with its database: `db.table`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableName {
    /// The database before the dot.
    pub database: Option<Name>,
    /// The table.
    pub table: Name,
}

/// A statement other than INSERT.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `CREATE DATABASE [IF NOT EXISTS] name option…`
    CreateDatabase {
        /// Its name.
        name: Name,
        /// Whether one that exists is no error.
        if_not_exists: bool,
        /// In the order written; of an option given twice the last one counts.
        options: Vec<DatabaseOption>,
    },
    /// `ALTER DATABASE name option…`
    AlterDatabase {
        /// Its name.
        name: Name,
        /// As for CREATE DATABASE.
        options: Vec<DatabaseOption>,
    },
    /// `DROP DATABASE [IF EXISTS] name`
    DropDatabase {
        /// Its name.
        name: Name,
        /// Whether a missing one is no error.
        if_exists: bool,
    },
    /// `USE name`
    Use(Name),
    /// `CREATE TABLE|STABLE [IF NOT EXISTS] name (columns) [TAGS (tags)]`
    CreateTable(CreateTable),
    /// `CREATE TABLE [IF NOT EXISTS] name USING super [(tags)] TAGS (values) …`, several at once
    CreateSubTables(Vec<CreateSubTable>),
    /// `CREATE TABLE name AS SELECT …`: a continuous query
    CreateStream {
        /// The table that the results go to.
        table: TableName,
        /// Whether one that exists is no error.
        if_not_exists: bool,
        /// The query.
        query: Query,
        /// Its text from SELECT on, as SHOW STREAMS prints it.
        text: String,
    },
    /// `ALTER TABLE|STABLE name …`
    AlterTable {
        /// The table.
        table: TableName,
        /// Whether STABLE was written, so that only a super table will do.
        stable: bool,
        /// What to change.
        action: AlterAction,
    },
    /// `DROP TABLE|STABLE [IF EXISTS] name`
    DropTable {
        /// The table.
        table: TableName,
        /// Whether a missing one is no error.
        if_exists: bool,
        /// Whether STABLE was written.
        stable: bool,
    },
    /// `DESCRIBE name`
    Describe(TableName),
    /// `SHOW CREATE DATABASE|TABLE|STABLE name`
    ShowCreate(ShowCreate),
    /// `SHOW …`
    Show(Show),
    /// `SELECT …`
    Select(Query),
    /// `EXPLAIN SELECT …`
    Explain(Query),
    /// `DELETE FROM name [WHERE …]`
    Delete {
        /// The table.
        table: TableName,
        /// The condition.
        filter: Option<Expr>,
    },
    /// `CREATE USER name PASS 'text'`
    CreateUser {
        /// Its name.
        name: String,
        /// The password.
        password: String,
    },
    /// `ALTER USER name PASS 'text' | PRIVILEGE word`
    AlterUser {
        /// Its name.
        name: String,
        /// What to change.
        change: UserChange,
    },
    /// `DROP USER name`
    DropUser(String),
    /// `CREATE [AGGREGATE] FUNCTION name AS 'file' OUTPUTTYPE type [BUFSIZE n]`
    CreateFunction(CreateFunction),
    /// `DROP FUNCTION name`
    DropFunction(Name),
    /// `RESET QUERY CACHE`
    ResetQueryCache,
    /// `KILL CONNECTION|QUERY|STREAM id`
    Kill {
        /// What is to be ended.
        target: KillTarget,
        /// Its id as written.
        id: String,
    },
    /// A statement of another edition or of clusters that parses and is refused with this code.
    Refused(crate::error::Error),
}

/// An option of CREATE or ALTER DATABASE.
#[derive(Clone, Debug, PartialEq)]
pub struct DatabaseOption {
    /// The keyword in lower case: `keep`, `days`, `cache`, `precision`, …
    pub name: String,
    /// Its values; KEEP may have up to three.
    pub values: Vec<Value>,
}

/// CREATE TABLE or CREATE STABLE with columns.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTable {
    /// The table.
    pub table: TableName,
    /// Whether one that exists is no error.
    pub if_not_exists: bool,
    /// Whether STABLE was written.
    pub stable: bool,
    /// The columns.
    pub columns: Vec<ColumnDef>,
    /// The tags, when it is a super table.
    pub tags: Option<Vec<ColumnDef>>,
}

/// A column or tag as declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDef {
    /// Its name.
    pub name: Name,
    /// Its type, not looked at yet.
    pub type_spec: TypeSpec,
}

/// A type as written; whether there is such a type is for the planner to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeSpec {
    /// The word in lower case.
    pub word: String,
    /// Whether UNSIGNED follows.
    pub unsigned: bool,
    /// The number in parentheses.
    pub width: Option<i64>,
}

/// One child of CREATE TABLE … USING.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateSubTable {
    /// The child.
    pub table: TableName,
    /// Whether one that exists is no error.
    pub if_not_exists: bool,
    /// The super table.
    pub using: TableName,
    /// The tags named before TAGS; none means all of them in order.
    pub tag_names: Option<Vec<Name>>,
    /// The values.
    pub values: Vec<TagLiteral>,
}

/// A tag's value as CREATE TABLE and SET TAG read it; INSERT … USING has a reader of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct TagLiteral {
    /// What it is.
    pub kind: LiteralKind,
    /// Its text, without quotes and with escapes resolved.
    pub text: Vec<u8>,
}

/// What a literal looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiteralKind {
    /// `NULL`
    Null,
    /// `true`, `false`
    Bool,
    /// A whole number, perhaps signed
    Integer,
    /// A number with a point or an exponent
    Float,
    /// Text in quotes
    String,
    /// `now` and other bare words
    Word,
}

/// What ALTER TABLE changes.
#[derive(Clone, Debug, PartialEq)]
pub enum AlterAction {
    /// `ADD COLUMN def`
    AddColumn(ColumnDef),
    /// `DROP COLUMN name`
    DropColumn(Name),
    /// `MODIFY COLUMN def`
    ModifyColumn(ColumnDef),
    /// `ADD TAG def`
    AddTag(ColumnDef),
    /// `DROP TAG name`
    DropTag(Name),
    /// `MODIFY TAG def`
    ModifyTag(ColumnDef),
    /// `CHANGE TAG old new`
    ChangeTag {
        /// The name it has.
        old: Name,
        /// The name it gets.
        new: Name,
    },
    /// `SET TAG name = value`
    SetTag {
        /// The tag.
        tag: Name,
        /// Its new value.
        value: TagLiteral,
    },
}

/// A function of the user's own, in a shared library.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateFunction {
    /// Its name.
    pub name: Name,
    /// Whether AGGREGATE was written.
    pub aggregate: bool,
    /// The file it is in.
    pub path: String,
    /// What it answers with.
    pub output: TypeSpec,
    /// The bytes it wants for intermediate results; 0 when not given.
    pub buffer_size: i64,
}

/// SHOW CREATE …
#[derive(Clone, Debug, PartialEq)]
pub enum ShowCreate {
    /// `SHOW CREATE DATABASE name`
    Database(Name),
    /// `SHOW CREATE TABLE name`
    Table(TableName),
    /// `SHOW CREATE STABLE name`
    Stable(TableName),
}

/// SHOW …
#[derive(Clone, Debug, PartialEq)]
pub struct Show {
    /// What is listed.
    pub what: ShowKind,
    /// The database before the dot, as in `SHOW db.TABLES`.
    pub database: Option<Name>,
    /// The pattern after LIKE.
    pub like: Option<String>,
}

/// What SHOW lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the keyword after SHOW")]
pub enum ShowKind {
    Databases,
    Tables,
    Stables,
    Users,
    Accounts,
    Vgroups,
    Vnodes,
    Dnodes,
    Mnodes,
    Modules,
    Variables,
    Configs,
    Functions,
    Streams,
    Queries,
    Connections,
    Scores,
    Grants,
    Topics,
}

/// What ALTER USER changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserChange {
    /// `PASS 'text'`
    Password(String),
    /// `PRIVILEGE word`, lower case
    Privilege(String),
    /// `TAGS 'text'`, which the original accepts and does nothing with
    Tags(String),
}

/// What KILL ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the keyword after KILL")]
pub enum KillTarget {
    Connection,
    Query,
    Stream,
}

/// One SELECT, or several joined by UNION ALL.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// At least one.
    pub selects: Vec<Select>,
}

/// One SELECT.
#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    /// `DISTINCT`
    pub distinct: bool,
    /// What is selected.
    pub items: Vec<SelectItem>,
    /// Where from; none for `select server_version()`.
    pub from: Option<Source>,
    /// `WHERE`
    pub filter: Option<Expr>,
    /// `RANGE(from, to)` of interp
    pub range: Option<Box<(Expr, Expr)>>,
    /// `EVERY(duration)` of interp
    pub every: Option<Duration>,
    /// INTERVAL, SESSION or STATE_WINDOW
    pub window: Option<Window>,
    /// `FILL(…)`
    pub fill: Option<Fill>,
    /// `SLIDING(duration)`
    pub sliding: Option<Duration>,
    /// `GROUP BY`
    pub group_by: Vec<Expr>,
    /// `HAVING`
    pub having: Option<Expr>,
    /// `ORDER BY`
    pub order_by: Vec<OrderItem>,
    /// `SLIMIT`/`SOFFSET`
    pub slimit: Option<Limit>,
    /// `LIMIT`/`OFFSET`
    pub limit: Option<Limit>,
}

/// One expression of the select list.
#[derive(Clone, Debug, PartialEq)]
pub struct SelectItem {
    /// The expression.
    pub expr: Expr,
    /// What the result's column is called without an alias: the name of a bare column, the contents of a
    /// bare string, else the expression's text as written, in lower case outside quotes.
    pub text: String,
    /// The alias.
    pub alias: Option<String>,
}

/// Where rows come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// Tables; two or more are a join.
    Tables(Vec<FromTable>),
    /// A query in parentheses; several are a join. The second part is the alias.
    Subqueries(Vec<(Query, Option<String>)>),
}

/// A table of FROM.
#[derive(Clone, Debug, PartialEq)]
pub struct FromTable {
    /// The table.
    pub table: TableName,
    /// Its alias.
    pub alias: Option<String>,
}

/// How rows are cut into windows.
#[derive(Clone, Debug, PartialEq)]
pub enum Window {
    /// `INTERVAL(length [, offset])`
    Interval {
        /// The length of a window.
        length: Duration,
        /// What the windows' starts are shifted by.
        offset: Option<Duration>,
    },
    /// `SESSION(column, gap)`
    Session {
        /// The timestamp column.
        column: Name,
        /// The largest gap within a session.
        gap: Duration,
    },
    /// `STATE_WINDOW(column)`
    State(Name),
}

/// What FILL puts into empty windows.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each is the keyword in FILL(…)")]
pub enum Fill {
    None,
    Null,
    Prev,
    Next,
    Linear,
    Value(Vec<Value>),
}

/// A key of ORDER BY.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderItem {
    /// The key.
    pub expr: Expr,
    /// `DESC`
    pub descending: bool,
}

/// LIMIT and OFFSET, or SLIMIT and SOFFSET.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// At most so many; −1 is no limit.
    pub limit: i64,
    /// After so many.
    pub offset: i64,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// `*` or `table.*`
    Star(Option<Name>),
    /// `column`, `table.column`, also `tbname` and `_wstart`
    Column(ColumnRef),
    /// A literal; strings are [`Value::Bytes`]
    Literal(Value),
    /// `1h`
    Duration(Duration),
    /// `now`
    Now,
    /// `name(arguments)`
    Call {
        /// The function in lower case.
        name: String,
        /// Its arguments; `count(*)` has a [`Expr::Star`].
        arguments: Vec<Expr>,
        /// The type after AS of `cast(x as type)`.
        cast_to: Option<TypeSpec>,
    },
    /// `-x`
    Negate(Box<Expr>),
    /// `NOT x`
    Not(Box<Expr>),
    /// `left op right`
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Its left side.
        left: Box<Expr>,
        /// Its right side.
        right: Box<Expr>,
    },
    /// `x IS [NOT] NULL`
    IsNull {
        /// What is asked about.
        operand: Box<Expr>,
        /// Whether NOT was written.
        negated: bool,
    },
    /// `x IN (list)`
    In {
        /// What is looked for.
        operand: Box<Expr>,
        /// Where.
        list: Vec<Expr>,
    },
    /// `x BETWEEN low AND high`
    Between {
        /// What is compared.
        operand: Box<Expr>,
        /// The lower bound, included.
        low: Box<Expr>,
        /// The upper bound, included.
        high: Box<Expr>,
    },
}

/// A column by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnRef {
    /// The table or alias before the dot.
    pub table: Option<Name>,
    /// The column.
    pub name: Name,
}

/// An operator between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the operator it is named after")]
pub enum BinaryOp {
    Or,
    And,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Like,
    Match,
    NMatch,
    /// `->` of JSON tags
    Arrow,
    /// `CONTAINS` of JSON tags
    Contains,
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
}
