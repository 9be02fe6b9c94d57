#![expect(clippy::print_stderr, reason = "a test says what it could not check")]

//! `include/taos.h` is what cbindgen makes of the border, and C and C++ compilers take it.
//!
//! `UPDATE_HEADER=1 cargo test --test header` writes it anew.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn header() -> PathBuf {
    root().join("include").join("taos.h")
}

fn generate() -> String {
    let config = cbindgen::Config::from_file(root().join("cbindgen.toml")).expect("cbindgen.toml is right");
    let sources = std::fs::read_dir(root().join("src/capi")).expect("src/capi is there");
    let mut sources: Vec<PathBuf> = sources.map(|entry| entry.expect("readable").path()).collect();
    sources.sort();
    let builder = sources
        .iter()
        .filter(|path| path.is_file() && !path.ends_with("mod.rs") && !path.ends_with("jni.rs"))
        .fold(cbindgen::Builder::new().with_config(config), |builder, path| builder.with_src(path));
    let mut text = Vec::new();
    builder.generate().expect("src/capi parses").write(&mut text);
    String::from_utf8(text).expect("a header is text")
}

#[test]
fn the_header_is_up_to_date() {
    let generated = generate();
    if std::env::var_os("UPDATE_HEADER").is_some() {
        std::fs::write(header(), &generated).expect("include/taos.h can be written");
    }
    let checked_in = std::fs::read_to_string(header()).unwrap_or_default();
    assert!(checked_in == generated, "include/taos.h is stale: run UPDATE_HEADER=1 cargo test --test header");
}

#[test]
fn compilers_take_the_header() {
    for (compiler, language) in [("cc", "c99"), ("cc", "c11"), ("c++", "c++11"), ("c++", "c++20")] {
        let source_language = if compiler == "cc" { "c" } else { "c++" };
        let output = Command::new(compiler)
            .args(["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
            .args([&format!("-std={language}"), "-x", source_language])
            .arg("-include")
            .arg(header())
            .arg(root().join("tests").join("header_facts.c"))
            .output();
        match output {
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{compiler} -std={language}: {said}");
            }
            Err(error) => eprintln!("not checked with {compiler}: {error}"),
        }
    }
}
