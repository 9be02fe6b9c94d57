//! The parent's side of one file: starts its children and gathers what they tell.

use super::records::{Action, Script};
use super::replay::{RESTART, Task};
use crate::support::child;
use crate::support::scratch::Scratch;
use serde_json::Value;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long one child may take for its part of a file.
const LIMIT: Duration = Duration::from_secs(300);

/// How a file fared.
pub(super) struct FileResult {
    /// `folder/name.test`.
    pub(super) name: String,
    /// Records that hold.
    pub(super) passed: usize,
    /// Records of the file, restarts not counted.
    pub(super) total: usize,
    /// What did not hold, in order.
    pub(super) failures: Vec<RecordFailure>,
    /// How long it took.
    pub(super) time: Duration,
}

/// A record that does not hold.
pub(super) struct RecordFailure {
    /// The line of its directive; 0 when a child ended before its time.
    pub(super) line: usize,
    /// Its input.
    pub(super) input: String,
    /// In what the answer differs.
    pub(super) difference: String,
}

/// Replays one file on a fresh database.
pub(super) fn run_file(root: &Path, name: &str) -> Result<FileResult, String> {
    let file = root.join(name);
    let start = Instant::now();
    let script = Script::read(&file)?;
    let failed = |cause: std::io::Error| format!("{name}: {cause}");
    let scratch = Scratch::new("conformance", &script.config).map_err(failed)?;
    let mut gathered = Gathered::default();
    loop {
        let task = Task {
            file: &file,
            directory: scratch.path(),
            skip: gathered.done,
            last_use: gathered.last_use.as_deref(),
        };
        let ending = run_child(&task).map_err(failed)?;
        let restart = gathered.take(&ending, &script);
        if !restart {
            break;
        }
    }
    let total = script.records.iter().filter(|record| record.action != Action::Restart).count();
    Ok(FileResult {
        name: name.to_owned(),
        passed: gathered.passed,
        total,
        failures: gathered.failures,
        time: start.elapsed(),
    })
}

/// How a child ended, and what it said before.
struct Ending {
    code: Option<i32>,
    reason: String,
    messages: Vec<Value>,
}

fn run_child(task: &Task<'_>) -> std::io::Result<Ending> {
    let mut command = child::command(task.directory)?;
    task.hand_over(&mut command);
    let status = child::wait(&mut command.spawn()?, LIMIT)?;
    let out = std::fs::read(task.directory.join("out"))?;
    let err = std::fs::read(task.directory.join("err"))?;
    let reason = match status {
        Some(status) => status.to_string(),
        None => format!("took longer than {} seconds", LIMIT.as_secs()),
    };
    Ok(Ending {
        code: status.and_then(|status| status.code()),
        reason: format!("{reason}\n{}", tail(&err)).trim_end().to_owned(),
        messages: String::from_utf8_lossy(&out)
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect(),
    })
}

/// The last words of a child, where a panic message stands.
fn tail(text: &[u8]) -> String {
    const ENOUGH: usize = 600;
    String::from_utf8_lossy(&text[text.len().saturating_sub(ENOUGH)..]).trim().replace('\n', "\n    ")
}

/// What the children of a file have told so far.
#[derive(Default)]
struct Gathered {
    done: usize,
    passed: usize,
    last_use: Option<String>,
    failures: Vec<RecordFailure>,
}

impl Gathered {
    /// Adds what a child told; true when it asks for another child.
    fn take(&mut self, ending: &Ending, script: &Script) -> bool {
        let mut finished = false;
        for message in &ending.messages {
            if let Some(done) = message["restart"].as_u64() {
                self.done = usize::try_from(done).unwrap_or(usize::MAX);
                self.last_use = message["use"].as_str().map(str::to_owned);
                finished = true;
            } else if message["done"].as_bool() == Some(true) {
                finished = true;
            } else if let Some(line) = message["line"].as_u64() {
                self.take_record(usize::try_from(line).unwrap_or(0), message["difference"].as_str(), script);
            }
        }
        match (finished, ending.code) {
            (true, Some(RESTART)) => return true,
            (true, Some(0)) => {}
            _ => self.failures.push(RecordFailure {
                line: 0,
                input: String::new(),
                difference: format!("the process ended too early: {}", ending.reason),
            }),
        }
        false
    }

    fn take_record(&mut self, line: usize, difference: Option<&str>, script: &Script) {
        let Some(difference) = difference else {
            self.passed += 1;
            return;
        };
        let record = script.records.iter().find(|record| record.line == line);
        self.failures.push(RecordFailure {
            line,
            input: record.map(|record| record.input.clone()).unwrap_or_default(),
            difference: difference.to_owned(),
        });
    }
}
