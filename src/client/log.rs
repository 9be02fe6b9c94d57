//! The library's log: a few lines for the person who asks why something is as it is.
//!
//! It is off unless `logDir` is configured or the environment variable `TAOS_LOG` names a file. Nothing is
//! ever written to the standard streams, which belong to the program.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use parking_lot::Mutex;

static SINK: Mutex<Sink> = Mutex::new(Sink { path: None, file: None });

struct Sink {
    path: Option<PathBuf>,
    file: Option<File>,
}

/// Sends the log to that file from now on, or nowhere. The file is made with the first line.
pub fn set_path(path: Option<PathBuf>) {
    *SINK.lock() = Sink { path, file: None };
}

/// Writes a line. A log that cannot be written is given up without a word: the work goes on.
pub fn line(text: &str) {
    let mut sink = SINK.lock();
    let Some(path) = &sink.path else { return };
    if sink.file.is_none() {
        match OpenOptions::new().append(true).create(true).open(path) {
            Ok(file) => sink.file = Some(file),
            Err(_) => return sink.path = None,
        }
    }
    let time = chrono::Local::now().format("%Y-%m-%d %H:%M:%S%.3f");
    let line = format!("{time} {} {text}\n", std::process::id());
    if let Some(file) = &mut sink.file
        && file.write_all(line.as_bytes()).is_err()
    {
        sink.path = None;
    }
}
