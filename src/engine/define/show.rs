//! SHOW: lists of what exists.

use std::sync::Arc;

use super::{not_built, rows};
use crate::engine::catalog::{Database, DatabaseOptions, Privilege, ROOT, Scope, SuperTable, Table};
use crate::engine::connections::Connections;
use crate::engine::functions::kernels::Pattern;
use crate::engine::names;
use crate::error::{Error, Result, codes};
use crate::sql::ast::{Show, ShowKind};
use crate::types::{Answer, DataType, Field, Value};

/// What SHOW tells beside the catalog.
pub(in crate::engine) struct Surroundings<'a> {
    /// Who is connected.
    pub(in crate::engine) connections: &'a Connections,
    /// Settings by name.
    pub(in crate::engine) variables: &'a [(&'static str, String)],
    /// When the data directory was made: milliseconds since 1970.
    pub(in crate::engine) created: i64,
}

/// The number of the one node that there is.
const NODE: i64 = 1;

/// Where the node is, in the place of a host and a port.
const END_POINT: &str = "embedded";

/// Makes the list.
pub(super) fn show(scope: Scope<'_>, show: &Show, surroundings: &Surroundings<'_>) -> Result<Answer> {
    match show.what {
        ShowKind::Databases => Ok(databases(scope)),
        ShowKind::Tables => tables(&*database(scope, show)?, &filter(show)?),
        ShowKind::Stables => super_tables(&*database(scope, show)?, &filter(show)?),
        ShowKind::Vgroups => Ok(vgroups(&*database(scope, show)?)),
        ShowKind::Users => Ok(users(scope, surroundings)),
        ShowKind::Dnodes => Ok(dnodes(scope, surroundings)),
        ShowKind::Mnodes => Ok(mnodes(surroundings)),
        ShowKind::Variables => Ok(variables(surroundings)),
        ShowKind::Functions => Ok(functions()),
        ShowKind::Streams => Ok(streams()),
        ShowKind::Connections => Ok(connections(surroundings)),
        ShowKind::Accounts | ShowKind::Grants | ShowKind::Topics => Err(codes::COM_OPS_NOT_SUPPORT.into()),
        ShowKind::Queries => Err(not_built("SHOW QUERIES")),
        ShowKind::Modules => Err(not_built("SHOW MODULES")),
        ShowKind::Vnodes => Err(not_built("SHOW VNODES")),
        ShowKind::Configs => Err(not_built("SHOW CONFIGS")),
        ShowKind::Scores => Err(not_built("SHOW SCORES")),
    }
}

/// The database before the dot, else the current one; every list has the same code for a missing one.
fn database(scope: Scope<'_>, show: &Show) -> Result<Arc<Database>> {
    if let Some(name) = &show.database {
        names::check_database(name)?;
    }
    let name = show.database.as_ref().map(|name| name.text.as_str()).or(scope.database);
    name.and_then(|name| scope.catalog.database(name)).ok_or_else(|| codes::MND_DB_NOT_SELECTED.into())
}

/// Whether LIKE lets a name through.
fn filter(show: &Show) -> Result<impl Fn(&str) -> bool> {
    let pattern = match &show.like {
        None => None,
        Some(text) if text.is_empty() => return Err(Error::invalid_operation("pattern string is empty")),
        Some(text) if text.len() > Pattern::MAX_BYTES => {
            let what = format_args!("the pattern is longer than {} bytes", Pattern::MAX_BYTES);
            return Err(Error::invalid_operation(what));
        }
        Some(text) => Some(Pattern::new(text.as_bytes(), false)),
    };
    Ok(move |name: &str| {
        pattern.as_ref().is_none_or(|pattern| pattern.matches(name.as_bytes(), &mut Vec::new()))
    })
}

fn count(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn name_and_creation(name: &str, width: usize) -> Vec<Field> {
    vec![rows::text(name, width), rows::fixed("created_time", DataType::Timestamp)]
}

fn databases(scope: Scope<'_>) -> Answer {
    let mut fields = name_and_creation("name", 32);
    fields.extend([
        rows::fixed("ntables", DataType::Int),
        rows::fixed("vgroups", DataType::Int),
        rows::fixed("replica", DataType::SmallInt),
        rows::fixed("quorum", DataType::SmallInt),
        rows::fixed("days", DataType::SmallInt),
        rows::text("keep", 24),
        rows::fixed("cache(MB)", DataType::Int),
        rows::fixed("blocks", DataType::Int),
        rows::fixed("minrows", DataType::Int),
        rows::fixed("maxrows", DataType::Int),
        rows::fixed("wallevel", DataType::TinyInt),
        rows::fixed("fsync", DataType::Int),
        rows::fixed("comp", DataType::TinyInt),
        rows::fixed("cachelast", DataType::TinyInt),
        rows::text("precision", 3),
        rows::fixed("update", DataType::TinyInt),
        rows::text("status", 10),
    ]);
    rows::answer(fields, scope.catalog.databases().iter().map(|database| database_row(database)))
}

fn database_row(database: &Database) -> Vec<Value> {
    let options: DatabaseOptions = database.options.read().clone();
    let number = |number: i32| Value::Int(number.into());
    vec![
        Value::text(&database.name),
        Value::Int(database.created),
        count(database.tables.read().tables.len()),
        Value::Int(1),
        Value::Int(options.replica.into()),
        Value::Int(options.quorum.into()),
        number(options.days),
        Value::text(options.keep.to_string()),
        number(options.cache_mb),
        number(options.blocks),
        number(options.min_rows),
        number(options.max_rows),
        Value::Int(options.wal_level.into()),
        number(options.fsync_ms),
        Value::Int(options.comp.into()),
        Value::Int(options.cache_last.into()),
        Value::text(options.precision.name()),
        Value::Int(options.update as i64),
        Value::text("ready"),
    ]
}

fn tables(database: &Database, wanted: &dyn Fn(&str) -> bool) -> Result<Answer> {
    let mut fields = name_and_creation("table_name", 193);
    fields.extend([
        rows::fixed("columns", DataType::SmallInt),
        rows::text("stable_name", 195),
        rows::fixed("uid", DataType::BigInt),
        rows::fixed("tid", DataType::Int),
        rows::fixed("vgId", DataType::Int),
    ]);
    let mut tables: Vec<Arc<Table>> =
        database.tables.read().tables.values().filter(|table| wanted(&table.name)).cloned().collect();
    tables.sort_unstable_by_key(|table| table.id);
    Ok(rows::answer(fields, tables.iter().filter_map(|table| table_row(database, table))))
}

/// None for a child whose super table was dropped this moment.
fn table_row(database: &Database, table: &Table) -> Option<Vec<Value>> {
    let columns = table.schema()?.columns.len();
    let parent = table.parent().map_or(Value::text(""), |parent| Value::text(&*parent.name));
    Some(vec![
        Value::text(&*table.name),
        Value::Int(table.created),
        count(columns),
        parent,
        Value::Int(table.id.0 as i64),
        Value::Int(table.id.0 as i32 as i64),
        Value::Int(vgroup(database)),
    ])
}

fn super_tables(database: &Database, wanted: &dyn Fn(&str) -> bool) -> Result<Answer> {
    let mut fields = name_and_creation("name", 193);
    fields.extend([
        rows::fixed("columns", DataType::SmallInt),
        rows::fixed("tags", DataType::SmallInt),
        rows::fixed("tables", DataType::Int),
    ]);
    let mut tables: Vec<Arc<SuperTable>> =
        database.tables.read().super_tables.values().filter(|table| wanted(&table.name)).cloned().collect();
    tables.sort_unstable_by_key(|table| table.id);
    let row = |table: &Arc<SuperTable>| {
        let schema = table.schema.read().clone();
        vec![
            Value::text(&*table.name),
            Value::Int(table.created),
            count(schema.columns.len()),
            count(schema.tags.len()),
            count(table.children.read().count()),
        ]
    };
    Ok(rows::answer(fields, tables.iter().map(row)))
}

/// Every database is one group of its own.
fn vgroup(database: &Database) -> i64 {
    i64::from(database.id) + 1
}

fn vgroups(database: &Database) -> Answer {
    let fields = vec![
        rows::fixed("vgId", DataType::Int),
        rows::fixed("tables", DataType::Int),
        rows::text("status", 12),
        rows::fixed("onlines", DataType::Int),
        rows::fixed("v1_dnode", DataType::SmallInt),
        rows::text("v1_status", 9),
        rows::fixed("compacting", DataType::TinyInt),
    ];
    let tables = count(database.tables.read().tables.len());
    let (status, role) = (Value::text("ready"), Value::text("master"));
    let row = vec![
        Value::Int(vgroup(database)),
        tables,
        status,
        Value::Int(1),
        Value::Int(NODE),
        role,
        Value::Int(0),
    ];
    rows::answer(fields, [row])
}

fn users(scope: Scope<'_>, surroundings: &Surroundings<'_>) -> Answer {
    let fields = vec![
        rows::text("name", 24),
        rows::text("privilege", 10),
        rows::fixed("create_time", DataType::Timestamp),
        rows::text("account", 24),
    ];
    let row = |name: &str, privilege: Privilege, created: i64| {
        let privilege = match privilege {
            Privilege::Super => "super",
            Privilege::Write => "writable",
            Privilege::Read => "readable",
        };
        vec![Value::text(name), Value::text(privilege), Value::Int(created), Value::text(ROOT)]
    };
    let root = row(ROOT, Privilege::Super, surroundings.created);
    let others = scope.catalog.users().list();
    let others = others.iter().map(|user| row(&user.name, user.privilege, user.created));
    rows::answer(fields, std::iter::once(root).chain(others))
}

fn dnodes(scope: Scope<'_>, surroundings: &Surroundings<'_>) -> Answer {
    let fields = vec![
        rows::fixed("id", DataType::SmallInt),
        rows::text("end_point", 134),
        rows::fixed("vnodes", DataType::SmallInt),
        rows::fixed("cores", DataType::SmallInt),
        rows::text("status", 10),
        rows::text("role", 6),
        rows::fixed("create_time", DataType::Timestamp),
        rows::text("offline reason", 50),
    ];
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let row = vec![
        Value::Int(NODE),
        Value::text(END_POINT),
        count(scope.catalog.databases().len()),
        count(cores),
        Value::text("ready"),
        Value::text("any"),
        Value::Int(surroundings.created),
        Value::text(""),
    ];
    rows::answer(fields, [row])
}

fn mnodes(surroundings: &Surroundings<'_>) -> Answer {
    let fields = vec![
        rows::fixed("id", DataType::SmallInt),
        rows::text("end_point", 134),
        rows::text("role", 12),
        rows::fixed("role_time", DataType::Timestamp),
        rows::fixed("create_time", DataType::Timestamp),
    ];
    let created = Value::Int(surroundings.created);
    let row = vec![Value::Int(NODE), Value::text(END_POINT), Value::text("master"), created.clone(), created];
    rows::answer(fields, [row])
}

fn variables(surroundings: &Surroundings<'_>) -> Answer {
    let fields = vec![rows::text("name", 24), rows::text("value", 41)];
    let row = |(name, value): &(&str, String)| vec![Value::text(name), Value::text(cut(value, 41))];
    rows::answer(fields, surroundings.variables.iter().map(row))
}

/// As much of a text as fits into so many bytes.
fn cut(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    &text[..end]
}

/// There are none: CREATE FUNCTION is not built.
fn functions() -> Answer {
    let fields = vec![
        rows::text("name", 65),
        rows::text("path", 4096),
        rows::fixed("aggregate", DataType::Int),
        rows::text("outputtype", 32),
        rows::fixed("create_time", DataType::Timestamp),
        rows::fixed("code_len", DataType::Int),
        rows::fixed("bufsize", DataType::Int),
    ];
    rows::answer(fields, [])
}

/// There are none: continuous queries are not built.
fn streams() -> Answer {
    let fields = vec![
        rows::text("streamId", 20),
        rows::text("user", 24),
        rows::text("dest table", 193),
        rows::text("ip:port", 22),
        rows::fixed("created time", DataType::Timestamp),
        rows::fixed("exec time", DataType::Timestamp),
        rows::fixed("time(us)", DataType::BigInt),
        rows::text("sql", 512),
        rows::fixed("cycles", DataType::Int),
    ];
    rows::answer(fields, [])
}

fn connections(surroundings: &Surroundings<'_>) -> Answer {
    let fields = vec![
        rows::fixed("connId", DataType::Int),
        rows::text("user", 24),
        rows::text("program", 16),
        rows::fixed("pid", DataType::Int),
        rows::text("ip:port", 22),
        rows::fixed("login_time", DataType::Timestamp),
        rows::fixed("last_access", DataType::Timestamp),
    ];
    let program = std::env::current_exe().ok();
    let program = program.as_ref().and_then(|path| path.file_name()).unwrap_or_default().to_string_lossy();
    let rows_of = surroundings.connections.list().into_iter().map(|connection| {
        vec![
            Value::Int(connection.id.into()),
            Value::text(&connection.user),
            Value::text(cut(&program, 16)),
            Value::Int(i64::from(std::process::id() as i32)),
            Value::text(END_POINT),
            Value::Int(connection.login),
            Value::Int(connection.last_access()),
        ]
    });
    rows::answer(fields, rows_of)
}
