//! What a run prints.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a test program reports on its output")]

use super::drive::FileResult;
use super::passes::{Judged, counts};
use std::collections::BTreeMap;

/// How many failures of a file are shown unless all are asked for.
const SHOWN: usize = 3;

/// Something that kept the run from being one.
pub(super) fn problem(text: &str) {
    eprintln!("conformance: {text}");
}

/// The files with failures, and the first or all of these.
pub(super) fn failures(results: &[FileResult], all: bool) {
    for result in results.iter().filter(|result| result.passed < result.total) {
        let seconds = result.time.as_secs_f64();
        println!("{:<50} {:>5}/{}  {seconds:.1}s", result.name, result.passed, result.total);
        let shown = if all { result.failures.len() } else { SHOWN };
        for failure in result.failures.iter().take(shown) {
            println!("  line {}: {}", failure.line, failure.difference);
            if !failure.input.is_empty() {
                println!("    {}", shortened(&failure.input).replace('\n', "\n    "));
            }
        }
    }
}

/// One line for each folder.
pub(super) fn folders(results: &[FileResult]) {
    let mut folders: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for result in results {
        let folder = result.name.split('/').next().unwrap_or_default();
        let sums = folders.entry(folder).or_default();
        *sums = (sums.0 + result.passed, sums.1 + result.total);
    }
    println!();
    for (folder, (passed, total)) in folders {
        let remark = if counts(&format!("{folder}/")) { "" } else { "  (not counted)" };
        println!("{folder:<12} {passed:>6}/{total}{remark}");
    }
}

/// What has fallen and risen, and the closing line.
pub(super) fn verdict(results: &[FileResult], judged: &Judged) {
    for fallen in &judged.fallen {
        println!("FEWER: {fallen}");
    }
    for missing in &judged.missing {
        println!("MISSING: {missing} stands in passes.tsv and is not there");
    }
    if judged.risen > 0 {
        println!("{} files pass more than recorded; UPDATE_PASSES=1 records it", judged.risen);
    }
    let counted: Vec<&FileResult> = results.iter().filter(|result| counts(&result.name)).collect();
    let hold: usize = counted.iter().map(|result| result.passed).sum();
    let total: usize = counted.iter().map(|result| result.total).sum();
    println!("\n{hold} of {total} records hold; files that pass at least as many as recorded:");
    let fallen = judged.fallen.len();
    println!("{} passed, {} failed", counted.len() - fallen, fallen + judged.missing.len());
}

/// The beginning of a statement; some of them have a thousand rows.
fn shortened(input: &str) -> String {
    const ENOUGH: usize = 400;
    if input.chars().count() <= ENOUGH {
        return input.to_owned();
    }
    input.chars().take(ENOUGH).collect::<String>() + " ..."
}
