//! Imports point one way: `capi` → `client` → `driver` → `engine` → `sql` → `types`, and inside the engine
//! from what plans and runs statements to the catalog and on to storage.
//!
//! Reads the paths `crate::room` and, in the engine, `crate::engine::room` in the code of each room, and
//! compares them with the tables below. `unsafe` lives in `src/capi` alone.

use std::path::{Path, PathBuf};

/// Each room of `src` and the rooms that it may import. Everybody may import the last ones.
const ROOMS: [(&str, &[&str]); 9] = [
    ("bin", &["client", "engine", "server"]),
    ("server", &["client", "driver"]),
    ("capi", &["client", "schemaless"]),
    ("client", &["driver", "schemaless", "sql"]),
    ("driver", &["engine", "sql", "schemaless"]),
    ("engine", &["sql", "schemaless"]),
    ("schemaless", &[]),
    ("sql", &[]),
    ("types", &[]),
];

/// The rooms of `src/engine` in the same way.
const ENGINE_ROOMS: [(&str, &[&str]); 9] = [
    ("define", &["plan", "exec", "functions", "names", "connections", "catalog", "storage"]),
    ("write", &["plan", "names", "catalog", "storage"]),
    ("plan", &["exec", "functions", "catalog", "storage"]),
    ("exec", &["functions", "catalog", "storage"]),
    ("functions", &["catalog"]),
    ("names", &["catalog"]),
    ("connections", &[]),
    ("catalog", &["storage"]),
    ("storage", &[]),
];

/// What everybody may import.
const COMMON: [&str; 2] = ["error", "types"];

#[test]
fn rooms_import_one_way() {
    let src = source();
    let mut offences = Vec::new();
    for (room, allowed) in ROOMS {
        let allowed: Vec<&str> = allowed.iter().copied().chain(COMMON).collect();
        offences.extend(offences_of(&src, room, "crate::", &allowed));
    }
    assert!(offences.is_empty(), "imports that point the wrong way:\n{}", offences.join("\n"));
}

#[test]
fn the_engine_s_rooms_import_one_way() {
    let engine = source().join("engine");
    let mut offences = Vec::new();
    for (room, allowed) in ENGINE_ROOMS {
        offences.extend(offences_of(&engine, room, "crate::engine::", allowed));
    }
    assert!(offences.is_empty(), "imports that point the wrong way:\n{}", offences.join("\n"));
}

#[test]
fn every_room_stands_in_the_tables() {
    let unknown = |directory: PathBuf, known: Vec<&str>| -> Vec<String> {
        let rooms = std::fs::read_dir(&directory).expect("the source is there");
        let names = rooms.map(|entry| entry.expect("readable").path()).filter(|path| path.is_dir());
        let names = names.map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        names.filter(|name| !known.contains(&name.as_str())).collect()
    };
    let rooms: Vec<&str> = ROOMS.iter().map(|(room, _)| *room).chain(COMMON).collect();
    assert_eq!(unknown(source(), rooms), Vec::<String>::new());
    let rooms: Vec<&str> = ENGINE_ROOMS.iter().map(|(room, _)| *room).collect();
    assert_eq!(unknown(source().join("engine"), rooms), Vec::<String>::new());
}

#[test]
fn unsafe_code_lives_at_the_border() {
    let src = source();
    let mut offences = Vec::new();
    for file in rust_files(&src) {
        if file.starts_with(src.join("capi")) {
            continue;
        }
        for (number, code) in code_lines(&file) {
            let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
            if words.any(|word| word == "unsafe") {
                offences.push(place(&src, &file, number, &code));
            }
        }
    }
    assert!(offences.is_empty(), "unsafe outside src/capi:\n{}", offences.join("\n"));
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The lines of a room that name a sibling which is neither the room itself nor allowed.
fn offences_of(parent: &Path, room: &str, prefix: &str, allowed: &[&str]) -> Vec<String> {
    let siblings: Vec<String> = siblings(parent);
    let mut files = rust_files(&parent.join(room));
    files.extend(Some(parent.join(format!("{room}.rs"))).filter(|file| file.exists()));
    let mut offences = Vec::new();
    for file in files {
        for (number, code) in code_lines(&file) {
            let wrong = |name: &String| {
                name != room && !allowed.contains(&name.as_str()) && names(&code, prefix, name)
            };
            if siblings.iter().any(wrong) {
                offences.push(place(parent, &file, number, &code));
            }
        }
    }
    offences
}

/// The names of the rooms in a directory.
fn siblings(parent: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(parent).expect("the source is there");
    let names = entries.map(|entry| entry.expect("readable").path());
    let names = names.filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()));
    names.filter(|name| name != "mod" && name != "lib").collect()
}

/// Whether a line names `prefix` + `name`, also within braces as in `use crate::{error, types}`.
fn names(code: &str, prefix: &str, name: &str) -> bool {
    code.match_indices(prefix).any(|(at, _)| {
        let path = &code[at + prefix.len()..];
        let list = path.strip_prefix('{').and_then(|rest| rest.split('}').next());
        let mut paths = list.map_or_else(|| vec![path], |list| list.split(',').collect()).into_iter();
        paths.any(|path| path.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next() == Some(name))
    })
}

/// The lines of a file up to its tests, without comments and strings, counted from 1. An import that goes
/// over several lines comes as one.
fn code_lines(file: &Path) -> Vec<(usize, String)> {
    let text = std::fs::read_to_string(file).unwrap_or_else(|cause| panic!("{}: {cause}", file.display()));
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (index, line) in text.lines().enumerate().take_while(|(_, line)| line.trim() != "mod tests {") {
        let code = without_comment_and_strings(line);
        match lines.last_mut() {
            Some((_, import)) if is_open_import(import) => import.push_str(code.trim()),
            _ => lines.push((index + 1, code)),
        }
    }
    lines
}

fn is_open_import(code: &str) -> bool {
    let code = code.trim_start();
    let code = code.strip_prefix("pub").map_or(code, |rest| rest.trim_start_matches("(crate)").trim_start());
    code.starts_with("use ") && !code.contains(';')
}

fn without_comment_and_strings(line: &str) -> String {
    let line = line.split("//").next().unwrap_or_default();
    line.split('"').step_by(2).collect::<Vec<_>>().join("\"\"")
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(entries) = std::fs::read_dir(directory) else { return files };
    for path in entries.map(|entry| entry.expect("readable").path()) {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn place(root: &Path, file: &Path, number: usize, code: &str) -> String {
    format!("  {}:{number}: {}", file.strip_prefix(root).unwrap_or(file).display(), code.trim())
}
