//! The conformance runner: one fresh database and one child process for each file of records.
//!
//! The parent ([`drive`]) hands files to children and gathers what they report; a child ([`replay`])
//! loads the library and works through one file, so that a crash costs that file and no other.

mod compare;
mod drive;
mod passes;
mod records;
mod replay;
mod report;
mod session;
mod text;

use drive::FileResult;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Runs as a child when a parent asked for it, else as the parent.
pub(crate) fn main() -> ExitCode {
    if replay::is_child() {
        return replay::main();
    }
    match run_all() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            report::problem(&problem);
            ExitCode::FAILURE
        }
    }
}

fn run_all() -> Result<bool, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let filter = std::env::var("CONFORMANCE_FILTER").unwrap_or_default();
    let files = find_files(&root, &filter)?;
    if files.is_empty() {
        return Err(format!("no file of {} contains {filter:?} in its name", root.display()));
    }
    let results = run_in_parallel(&root, files)?;
    report::failures(&results, std::env::var_os("CONFORMANCE_VERBOSE").is_some());
    report::folders(&results);

    let list = root.join("passes.tsv");
    let update = std::env::var_os("UPDATE_PASSES").is_some();
    let recorded = if update && !list.exists() { passes::Passes::new() } else { passes::read(&list)? };
    let judged = passes::judge(&recorded, &results, filter.is_empty());
    if update {
        passes::write(&list, &passes::raised(recorded, &results))?;
    }
    report::verdict(&results, &judged);
    Ok(judged.fallen.is_empty() && judged.missing.is_empty())
}

/// All files of records whose name has `filter` in it, as `folder/name.test`, sorted.
fn find_files(root: &Path, filter: &str) -> Result<Vec<String>, String> {
    let list = |directory: &Path| -> Result<Vec<PathBuf>, String> {
        let failed = |cause: std::io::Error| format!("{}: {cause}", directory.display());
        let entries = std::fs::read_dir(directory).map_err(failed)?;
        entries.map(|entry| entry.map(|e| e.path()).map_err(failed)).collect()
    };
    let mut files = Vec::new();
    for folder in list(root)?.into_iter().filter(|path| path.is_dir()) {
        for file in list(&folder)?.into_iter().filter(|path| path.extension().is_some_and(|e| e == "test")) {
            let name = [&folder, &file].map(|path| path.file_name().unwrap_or_default().to_string_lossy());
            files.push(name.join("/"));
        }
    }
    files.retain(|name| name.contains(filter));
    files.sort();
    Ok(files)
}

/// Runs as many files at a time as there are processors; the results stand in the order of the files.
fn run_in_parallel(root: &Path, files: Vec<String>) -> Result<Vec<FileResult>, String> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(files.len()));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(name) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = drive::run_file(root, name);
                    results.lock().expect("no worker panics while it holds the lock").push(result);
                }
            });
        }
    });
    let results = results.into_inner().map_err(|_| "a worker panicked".to_owned())?;
    let mut results: Vec<FileResult> = results.into_iter().collect::<Result<_, _>>()?;
    results.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(results)
}
