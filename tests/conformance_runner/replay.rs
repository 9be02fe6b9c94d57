//! The child's side: replays one file, from where the child before it ended.
//!
//! It tells the parent about each record at once, one line of JSON on its standard output, so that a
//! crash later on takes nothing back. Lines that are no JSON are the library's and mean nothing.

use super::compare;
use super::records::{Action, Script};
use super::session::Session;
use crate::support::child::exit_without_cleaning_up;
use crate::support::taos::Taos;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The exit code of a child that wants to be followed by another.
pub(super) const RESTART: i32 = 77;

/// Names the file to replay; set means this process is a child.
const FILE: &str = "CONFORMANCE_CHILD";
/// The directory with `taos.cfg`.
const DIRECTORY: &str = "CONFORMANCE_DIRECTORY";
/// How many records the children before have done.
const SKIP: &str = "CONFORMANCE_SKIP";
/// The last USE of the child before.
const LAST_USE: &str = "CONFORMANCE_LAST_USE";

/// Where a child begins.
pub(super) struct Task<'a> {
    pub(super) file: &'a Path,
    pub(super) directory: &'a Path,
    pub(super) skip: usize,
    pub(super) last_use: Option<&'a str>,
}

impl Task<'_> {
    /// Writes the task into the environment of a child.
    pub(super) fn hand_over(&self, command: &mut std::process::Command) {
        command.env(FILE, self.file).env(DIRECTORY, self.directory).env(SKIP, self.skip.to_string());
        match self.last_use {
            Some(sql) => command.env(LAST_USE, sql),
            None => command.env_remove(LAST_USE),
        };
    }
}

/// Whether this process was started to replay a file.
pub(super) fn is_child() -> bool {
    std::env::var_os(FILE).is_some()
}

/// Replays the file that the parent named.
pub(super) fn main() -> ExitCode {
    match replay() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            super::report::problem(&problem);
            ExitCode::FAILURE
        }
    }
}

fn replay() -> Result<(), String> {
    let path = |name: &str| std::env::var_os(name).map(PathBuf::from).unwrap_or_default();
    let script = Script::read(&path(FILE))?;
    let skip: usize = std::env::var(SKIP).ok().and_then(|text| text.parse().ok()).unwrap_or(0);

    let taos = Taos::load()?;
    taos.set_config_dir(&path(DIRECTORY));
    taos.set_timezone(&script.timezone);
    let mut session = Session::open(taos, std::env::var(LAST_USE).ok())
        .map_err(|failure| format!("cannot connect: {failure}"))?;

    for (index, record) in script.records.iter().enumerate().skip(skip) {
        if record.action == Action::Restart {
            tell(&json!({ "restart": index + 1, "use": session.last_use() }))?;
            exit_without_cleaning_up(RESTART);
        }
        let difference = compare::difference(record, &session.run(record));
        tell(&json!({ "line": record.line, "difference": difference }))?;
    }
    tell(&json!({ "done": true }))
}

fn tell(message: &Value) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{message}").and_then(|()| out.flush()).map_err(|cause| format!("cannot report: {cause}"))
}
