//! The children: how they learn what to do, and how the parent runs them.

use super::{check, write};
use crate::support::child::{command, exit_without_cleaning_up, wait};
use crate::support::taos::{Connection, Taos};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

/// Holds the task of a child, one word a field.
const TASK: &str = "CRASH_TASK";
/// The directory with `taos.cfg`.
const DIRECTORY: &str = "CRASH_DIRECTORY";

/// What one child does.
pub(super) struct Task {
    pub(super) role: Role,
    pub(super) directory: PathBuf,
    /// From which the statements follow.
    pub(super) seed: u64,
}

/// The kinds of children.
pub(super) enum Role {
    /// Creates the database with these options.
    Create { promise: String },
    /// Writes statements from this number on until it is killed.
    Write { first: u64 },
    /// Looks for this many statements, and ends as a program should or as one that crashes.
    Check { acknowledged: u64, clean_exit: bool },
}

impl Task {
    /// The task that a parent gave to this process.
    pub(super) fn of_this_process() -> Option<Task> {
        let text = std::env::var(TASK).ok()?;
        let (seed, rest) = text.split_once(' ')?;
        let words: Vec<&str> = rest.splitn(3, ' ').collect();
        let role = match words.as_slice() {
            ["create", promise @ ..] => Role::Create { promise: promise.join(" ") },
            ["write", first] => Role::Write { first: first.parse().ok()? },
            ["check", acknowledged, clean_exit] => {
                Role::Check { acknowledged: acknowledged.parse().ok()?, clean_exit: clean_exit.parse().ok()? }
            }
            _ => return None,
        };
        Some(Task { role, directory: std::env::var_os(DIRECTORY)?.into(), seed: seed.parse().ok()? })
    }

    fn start(&self) -> Result<Child, String> {
        let role = match &self.role {
            Role::Create { promise } => format!("create {promise}"),
            Role::Write { first } => format!("write {first}"),
            Role::Check { acknowledged, clean_exit } => format!("check {acknowledged} {clean_exit}"),
        };
        let failed = |cause: std::io::Error| format!("cannot start a child: {cause}");
        let mut command = command(&self.directory).map_err(failed)?;
        command.env(TASK, format!("{} {role}", self.seed)).env(DIRECTORY, &self.directory);
        command.spawn().map_err(failed)
    }

    /// Runs a child that must succeed; gives the last number that it said, or 0.
    pub(super) fn run_to_end(&self, limit: Duration) -> Result<u64, String> {
        let mut child = self.start()?;
        match wait(&mut child, limit).map_err(|cause| cause.to_string())? {
            Some(status) if status.success() => Ok(said(&self.directory).last().copied().unwrap_or(0)),
            Some(status) => Err(format!("{status}: {}", complaint(&self.directory))),
            None => Err(format!("a child took longer than {} seconds", limit.as_secs())),
        }
    }

    /// Runs a writer and kills it `delay` after it began, or after its first acknowledgement; gives how
    /// many statements were acknowledged.
    pub(super) fn run_and_kill(
        &self,
        after_first: bool,
        delay: Duration,
        limit: Duration,
    ) -> Result<u64, String> {
        let mut child = self.start()?;
        if after_first {
            self.wait_for_word(&mut child, limit)?;
        }
        let ended = wait(&mut child, delay).map_err(|cause| cause.to_string())?;
        match ended {
            None => Ok(said(&self.directory).len() as u64),
            Some(status) => {
                Err(format!("the writer ended by itself, {status}: {}", complaint(&self.directory)))
            }
        }
    }

    fn wait_for_word(&self, child: &mut Child, limit: Duration) -> Result<(), String> {
        let end = Instant::now() + limit;
        while said(&self.directory).is_empty() {
            let ended = child.try_wait().map_err(|cause| cause.to_string())?;
            if ended.is_some() || Instant::now() > end {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("the writer wrote nothing: {}", complaint(&self.directory)));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }
}

/// The numbers in the child's output, from whole lines of the form `said N`.
fn said(directory: &Path) -> Vec<u64> {
    let text = std::fs::read_to_string(directory.join("out")).unwrap_or_default();
    let whole = text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
    whole.filter_map(|line| line.strip_prefix("said ")?.parse().ok()).collect()
}

fn complaint(directory: &Path) -> String {
    std::fs::read_to_string(directory.join("err")).unwrap_or_default().trim().to_owned()
}

/// Carries out a child's task.
pub(super) fn run(task: &Task) -> Result<(), String> {
    let taos = Taos::load()?;
    taos.set_config_dir(&task.directory);
    let connection: Connection = taos.connect("root", "taosdata").map_err(|failure| failure.to_string())?;
    match &task.role {
        Role::Create { promise } => write::create(&connection, promise),
        Role::Write { first } => write::write(&connection, task.seed, *first),
        Role::Check { acknowledged, clean_exit } => {
            println!("said {}", check::check(&connection, task.seed, *acknowledged)?);
            if !clean_exit {
                exit_without_cleaning_up(0);
            }
            Ok(())
        }
    }
}
