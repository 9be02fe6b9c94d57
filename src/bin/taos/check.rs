//! `taos check DIR`: whether the files of a database are as they were written.

use std::io::{self, Write};
use std::path::Path;

use taos::engine::check::{Report, check_directory};

/// Checks the directory and prints what it has found; tells whether all is sound. The error is a sentence.
pub(crate) fn run(directory: &str) -> Result<bool, String> {
    let report = check_directory(Path::new(directory)).map_err(|error| error.to_string())?;
    print(&report, &mut io::stdout().lock()).map_err(|error| error.to_string())?;
    Ok(report.is_sound())
}

fn print(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for file in &report.files {
        let contents = if file.contents.is_empty() { "not readable" } else { &file.contents };
        writeln!(out, "{}: {contents}", file.path.display())?;
        file.damage.iter().try_for_each(|damage| writeln!(out, "  DAMAGED: {damage}"))?;
    }
    let damaged = report.files.iter().filter(|file| !file.damage.is_empty()).count();
    let places: usize = report.files.iter().map(|file| file.damage.len()).sum();
    match damaged {
        0 => writeln!(out, "{} files, all sound", report.files.len()),
        _ => writeln!(out, "{} files, {damaged} of them damaged in {places} places", report.files.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use taos::engine::check::FileCheck;

    #[test]
    fn damage_is_counted_and_named() {
        let mut report = Report { files: vec![FileCheck::sound(Path::new("a"), "3 rows")] };
        let print = |report: &Report| {
            let mut text = Vec::new();
            print(report, &mut text).unwrap();
            String::from_utf8(text).unwrap()
        };
        assert_eq!(print(&report), "a: 3 rows\n1 files, all sound\n");
        report.files[0].damage = vec!["byte 1".into(), "byte 2".into()];
        let expected =
            "a: 3 rows\n  DAMAGED: byte 1\n  DAMAGED: byte 2\n1 files, 1 of them damaged in 2 places\n";
        assert_eq!(print(&report), expected);
    }
}
