//! The `taos` shell: statements from the command line or the standard input, results as tables.

mod check;
mod table;

use std::io::{self, BufRead, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Instant;

use taos::client::options::{self, ProgramOption};
use taos::client::{ConnectRequest, Connection};

const USAGE: &str = "\
usage: taos [-s STATEMENTS] [-c CONFIGDIR] [-h HOST] [-P PORT] [-u USER] [-p PASSWORD] [-d DATABASE]
       taos check DIR

Executes statements, given with -s or on the standard input, and prints their results. Statements end
with a semicolon. Without a host and without firstEp in taos.cfg they work on the embedded database.

`check` reads every file of an embedded database that no process has open, changes nothing, and says
what is damaged; it exits with 0 when nothing is.
";

/// What the command line asks for.
#[derive(Debug, Default, PartialEq)]
struct Arguments {
    statements: Option<String>,
    config_dir: Option<String>,
    host: Option<String>,
    port: u16,
    user: Option<String>,
    password: Option<String>,
    database: Option<String>,
}

impl Arguments {
    /// A value follows its letter at once or as the next word. The error is a sentence about what is wrong.
    fn parse(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
        let mut arguments = Arguments::default();
        while let Some(word) = words.next() {
            let (letter, value) = word.split_at_checked(2).ok_or_else(|| format!("what is {word:?}?"))?;
            let place = match letter {
                "-s" => &mut arguments.statements,
                "-c" => &mut arguments.config_dir,
                "-h" => &mut arguments.host,
                "-u" => &mut arguments.user,
                "-p" => &mut arguments.password,
                "-d" => &mut arguments.database,
                "-P" => &mut None,
                _ => return Err(format!("what is {word:?}?")),
            };
            let value = if value.is_empty() { words.next() } else { Some(value.to_owned()) };
            let value = value.ok_or_else(|| format!("{letter} needs a value"))?;
            if letter == "-P" {
                arguments.port = value.parse().map_err(|_| format!("{value:?} is no port"))?;
            }
            *place = Some(value);
        }
        Ok(arguments)
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [command, directory] = &*words
        && command == "check"
    {
        return match check::run(directory) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(wrong) => complain(&format!("{wrong}\n")),
        };
    }
    let arguments = match Arguments::parse(words.into_iter()) {
        Ok(arguments) => arguments,
        Err(wrong) => return complain(&format!("{wrong}\n\n{USAGE}")),
    };
    if let Some(directory) = &arguments.config_dir {
        options::set(ProgramOption::ConfigDir, directory);
    }
    let request = ConnectRequest {
        host: arguments.host,
        port: arguments.port,
        user: arguments.user,
        password: arguments.password,
        database: arguments.database,
    };
    let connection = match Connection::open(&request) {
        Ok(connection) => connection,
        Err(error) => return complain(&format!("connect failed, reason: {error}\n")),
    };
    let outcome = match arguments.statements {
        Some(statements) => execute_all(&connection, &statements),
        None => read_and_execute(&connection),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // Whoever read the output has gone.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => complain(&format!("{error}\n")),
    }
}

fn complain(text: &str) -> ExitCode {
    // Nothing is left to be done when even this cannot be told.
    let _ = io::stderr().write_all(text.as_bytes());
    ExitCode::FAILURE
}

/// Executes what comes in until `exit`, `quit` or the end; tells whether all went well.
fn read_and_execute(connection: &Connection) -> io::Result<bool> {
    let interactive = io::stdin().is_terminal();
    let prompt = |text: &str| match interactive {
        true => io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()),
        false => Ok(()),
    };
    let (mut waiting, mut all_well) = (String::new(), true);
    prompt("taos> ")?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        if waiting.is_empty() && matches!(line.trim().trim_end_matches(';'), "exit" | "quit") {
            return Ok(all_well);
        }
        waiting.push_str(&line);
        waiting.push('\n');
        if ends_with_semicolon(&waiting) {
            all_well &= execute_all(connection, &waiting)?;
            waiting.clear();
        }
        prompt(if waiting.trim().is_empty() { "taos> " } else { "   -> " })?;
    }
    Ok(execute_all(connection, &waiting)? && all_well)
}

fn ends_with_semicolon(text: &str) -> bool {
    statements(text).last().is_none_or(|last| last.trim().is_empty())
}

/// Executes statements one after the other; tells whether all went well.
fn execute_all(connection: &Connection, text: &str) -> io::Result<bool> {
    let mut all_well = true;
    for statement in statements(text).iter().map(|statement| statement.trim()) {
        if !statement.is_empty() {
            all_well &= execute(connection, statement)?;
        }
    }
    Ok(all_well)
}

fn execute(connection: &Connection, statement: &str) -> io::Result<bool> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let begin = Instant::now();
    let mut result = connection.query(statement.as_bytes());
    let is_table = !result.is_update() && !result.fields().is_empty();
    let rows = if is_table { table::print(&mut result, &mut out)? } else { 0 };
    let seconds = begin.elapsed().as_secs_f64();
    out.flush()?;
    if let Some(error) = result.error() {
        writeln!(io::stderr(), "\nDB error: {error} ({seconds:.6}s)")?;
        return Ok(false);
    }
    if is_table {
        writeln!(out, "Query OK, {rows} row(s) in set ({seconds:.6}s)\n")?;
    } else {
        let rows = result.affected_rows();
        writeln!(out, "Query OK, {rows} of {rows} row(s) in database ({seconds:.6}s)\n")?;
    }
    out.flush()?;
    Ok(true)
}

/// Cuts text at the semicolons that are not inside of quotes. What follows the last one is the last part.
fn statements(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quote, mut escaped) = (Vec::new(), 0, None, false);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some('\'' | '"'), '\\') => escaped = true,
            (Some(open), c) if open == c => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, ';') => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_end_at_semicolons_outside_of_quotes() {
        assert_eq!(statements("a; b;"), ["a", " b", ""]);
        assert_eq!(statements("a ';' b"), ["a ';' b"]);
        assert_eq!(statements(r#"a '\';' b "';" c `;"`; d"#), [r#"a '\';' b "';" c `;"`"#, " d"]);
        assert!(ends_with_semicolon("a;\n") && !ends_with_semicolon("a; b\n"));
    }

    #[test]
    fn arguments_in_both_spellings() {
        let parse = |words: &[&str]| Arguments::parse(words.iter().map(|word| (*word).to_owned()));
        let arguments = parse(&["-s", "show tables", "-pabc", "-P6031", "-d", "db"]).unwrap();
        assert_eq!(arguments.statements.as_deref(), Some("show tables"));
        assert_eq!((arguments.password.as_deref(), arguments.port), (Some("abc"), 6031));
        assert_eq!(arguments.database.as_deref(), Some("db"));
        for wrong in [&["-x", "1"][..], &["-s"], &["-P", "many"], &["show"], &["ä"], &[""]] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
