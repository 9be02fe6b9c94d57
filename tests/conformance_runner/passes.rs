//! `passes.tsv`: how many records of each file are known to hold. It may only go up.

use super::drive::FileResult;
use std::collections::BTreeMap;
use std::path::Path;

/// By file: records that hold, records in all.
pub(super) type Passes = BTreeMap<String, (usize, usize)>;

const HEAD: &str = "# file\tpasses\ttotal";

/// How a run compares with what was recorded.
#[derive(Default)]
pub(super) struct Judged {
    /// Files that pass fewer than recorded, in words.
    pub(super) fallen: Vec<String>,
    /// Recorded files that are not there.
    pub(super) missing: Vec<String>,
    /// How many files pass more than recorded.
    pub(super) risen: usize,
}

/// Whether records of this file count. Quirks are answers of the original that are plainly wrong: they
/// are there to be recognised, not to be copied.
pub(super) fn counts(name: &str) -> bool {
    !name.starts_with("quirks/")
}

/// Reads the list.
pub(super) fn read(path: &Path) -> Result<Passes, String> {
    let text = std::fs::read_to_string(path).map_err(|cause| format!("{}: {cause}", path.display()))?;
    let entry = |line: &str| -> Option<(String, (usize, usize))> {
        let mut parts = line.split('\t');
        let (name, passes, total) = (parts.next()?, parts.next()?, parts.next()?);
        Some((name.to_owned(), (passes.parse().ok()?, total.parse().ok()?)))
    };
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| entry(line).ok_or_else(|| format!("{}: cannot read: {line}", path.display()))).collect()
}

/// Writes the list, sorted by file.
pub(super) fn write(path: &Path, passes: &Passes) -> Result<(), String> {
    let lines = passes.iter().map(|(name, (passes, total))| format!("{name}\t{passes}\t{total}"));
    let text: Vec<String> = std::iter::once(HEAD.to_owned()).chain(lines).collect();
    std::fs::write(path, text.join("\n") + "\n").map_err(|cause| format!("{}: {cause}", path.display()))
}

/// The list with every number that has risen.
pub(super) fn raised(mut recorded: Passes, results: &[FileResult]) -> Passes {
    for result in results.iter().filter(|result| counts(&result.name)) {
        let entry = recorded.entry(result.name.clone()).or_default();
        *entry = (entry.0.max(result.passed), result.total);
    }
    recorded
}

/// Compares a run with the list; `complete` when all files were run.
pub(super) fn judge(recorded: &Passes, results: &[FileResult], complete: bool) -> Judged {
    let mut judged = Judged::default();
    for result in results.iter().filter(|result| counts(&result.name)) {
        let least = recorded.get(&result.name).map_or(0, |(passes, _)| *passes);
        match result.passed.cmp(&least) {
            std::cmp::Ordering::Less => {
                judged.fallen.push(format!("{} passes {}, was {least}", result.name, result.passed));
            }
            std::cmp::Ordering::Equal => {}
            std::cmp::Ordering::Greater => judged.risen += 1,
        }
    }
    if complete {
        let run = |name: &&String| results.iter().any(|result| result.name == **name);
        judged.missing = recorded.keys().filter(|name| !run(name)).cloned().collect();
    }
    judged
}
