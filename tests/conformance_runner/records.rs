//! Reading a file of records: what to do, and what the original answered.

use std::path::Path;

/// A file of records.
pub(super) struct Script {
    /// Lines for `taos.cfg`, from `# cfg:` lines at the head of the file.
    pub(super) config: Vec<String>,
    /// The client's time zone, from a `# timezone:` line at the head of the file; else UTC.
    pub(super) timezone: String,
    /// The records in order.
    pub(super) records: Vec<Record>,
}

/// One step of a file.
#[derive(Debug, PartialEq)]
pub(super) struct Record {
    /// The line of its directive, counted from 1.
    pub(super) line: usize,
    /// What to do.
    pub(super) action: Action,
    /// What must come of it.
    pub(super) expect: Expect,
    /// The lines under the directive: SQL, points, or a prepared statement and its values.
    pub(super) input: String,
}

/// What a record does.
#[derive(Debug, PartialEq)]
pub(super) enum Action {
    /// Execute a statement.
    Sql,
    /// Insert the input lines as points; the numbers are those of `taos.h`.
    Schemaless { protocol: i32, precision: i32 },
    /// Prepare the first line, bind the others, execute.
    Prepared,
    /// Continue on a connection of this user.
    Login { user: String, password: String },
    /// Close the connection and open another.
    Reconnect,
    /// End the process without cleaning up and continue in a new one.
    Restart,
}

/// What must come of a record.
#[derive(Debug, PartialEq)]
pub(super) enum Expect {
    /// Success, whatever it brings.
    Success,
    /// Success, and this number of affected rows.
    Affected(i32),
    /// Failure with exactly this code.
    Error(u32),
    /// A result set.
    Rows {
        /// The line that names the columns.
        columns: String,
        /// One line for each row.
        rows: Vec<String>,
        /// Whether the rows may come in any order.
        any_order: bool,
    },
}

impl Script {
    /// Reads a file; the error says where it cannot be understood.
    pub(super) fn read(path: &Path) -> Result<Script, String> {
        let text = std::fs::read_to_string(path).map_err(|cause| format!("{}: {cause}", path.display()))?;
        Script::parse(&text).map_err(|problem| format!("{}: {problem}", path.display()))
    }

    fn parse(text: &str) -> Result<Script, String> {
        let head = || text.lines().take_while(|line| line.starts_with('#'));
        let setting = |name: &str| {
            let prefix = format!("# {name}:");
            head()
                .filter_map(move |line| line.strip_prefix(prefix.as_str()).map(|rest| rest.trim().to_owned()))
        };
        Ok(Script {
            config: setting("cfg").collect(),
            timezone: setting("timezone").next().unwrap_or_else(|| "UTC".to_owned()),
            records: blocks(text).filter_map(parse_record).collect::<Result<_, _>>()?,
        })
    }
}

/// Splits the text at blank lines; each block comes with the number of its first line.
fn blocks(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    let mut lines = text.lines().enumerate().peekable();
    std::iter::from_fn(move || {
        while lines.next_if(|(_, line)| line.trim().is_empty()).is_some() {}
        let (first, _) = *lines.peek()?;
        let mut block = Vec::new();
        while let Some((_, line)) = lines.next_if(|(_, line)| !line.trim().is_empty()) {
            block.push(line);
        }
        Some((first + 1, block))
    })
}

/// Parses a block; one that has only remarks is no record.
fn parse_record((first, block): (usize, Vec<&str>)) -> Option<Result<Record, String>> {
    let remarks = block.iter().take_while(|line| line.starts_with('#')).count();
    let (directive, body) = block.get(remarks..)?.split_first()?;
    let line = first + remarks;
    let words: Vec<&str> = directive.split_whitespace().collect();
    let cut = body.iter().position(|line| *line == "----").unwrap_or(body.len());
    let (input, answer) = (&body[..cut], body.get(cut + 1..).unwrap_or_default());
    let parsed = parse_action(&words)
        .and_then(|(action, rest)| Some((action, parse_expect(rest, answer)?)))
        .map(|(action, expect)| Record { line, action, expect, input: input.join("\n") });
    Some(parsed.ok_or_else(|| format!("line {line}: no directive: {directive}")))
}

fn parse_action<'a>(words: &'a [&'a str]) -> Option<(Action, &'a [&'a str])> {
    Some(match words {
        ["statement", rest @ ..] => (Action::Sql, rest),
        ["query", ..] => (Action::Sql, words),
        ["schemaless", protocol, precision, rest @ ..] => {
            let protocol = 1 + index_of(&["line", "telnet", "json"], protocol)?;
            let precision = index_of(&["none", "h", "m", "s", "ms", "us", "ns"], precision)?;
            (Action::Schemaless { protocol, precision }, rest)
        }
        ["stmt", rest @ ..] => (Action::Prepared, rest),
        ["login", user, password, rest @ ..] => {
            (Action::Login { user: (*user).to_owned(), password: (*password).to_owned() }, rest)
        }
        ["reconnect"] => (Action::Reconnect, &["ok"]),
        ["restart"] => (Action::Restart, &["ok"]),
        _ => return None,
    })
}

fn parse_expect(words: &[&str], answer: &[&str]) -> Option<Expect> {
    Some(match words {
        ["ok"] => Expect::Success,
        ["rows", count] => Expect::Affected(count.parse().ok()?),
        ["error", code] => Expect::Error(u32::from_str_radix(code.strip_prefix("0x")?, 16).ok()?),
        ["query", order @ ..] => {
            let any_order = match order {
                [] => false,
                ["rowsort"] => true,
                _ => return None,
            };
            let (columns, rows) = answer.split_first()?;
            let rows = rows.iter().map(|&row| row.to_owned()).collect();
            Expect::Rows { columns: (*columns).to_owned(), rows, any_order }
        }
        _ => return None,
    })
}

fn index_of(words: &[&str], word: &str) -> Option<i32> {
    words.iter().position(|w| *w == word).and_then(|index| i32::try_from(index).ok())
}
