//! The settings of this process: `taos.cfg`, read when the first connection needs it, and what the program
//! has said itself, which wins.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::{Refusal, Settings, log};

/// An option that a program sets with `taos_options`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgramOption {
    /// The directory of `taos.cfg`.
    ConfigDir,
    /// The key of `taos.cfg` that means the same.
    Key(&'static str),
}

struct Process {
    config_dir: Option<PathBuf>,
    /// What the program has set, in this order.
    overrides: Vec<(String, String)>,
    loaded: Option<Arc<Settings>>,
}

static PROCESS: Mutex<Process> =
    Mutex::new(Process { config_dir: None, overrides: Vec::new(), loaded: None });

/// The settings as they are now; the first call reads `taos.cfg`.
pub fn settings() -> Arc<Settings> {
    let mut process = PROCESS.lock();
    if let Some(settings) = &process.loaded {
        return Arc::clone(settings);
    }
    let settings = Arc::new(process.load());
    process.loaded = Some(Arc::clone(&settings));
    settings
}

/// Sets an option for the whole process. A directory of `taos.cfg` that comes after the first connection
/// has no effect, a value that means nothing neither; the log tells.
pub fn set(option: ProgramOption, value: &str) {
    let mut process = PROCESS.lock();
    match (option, &process.loaded) {
        (ProgramOption::ConfigDir, None) => process.config_dir = Some(PathBuf::from(value)),
        (ProgramOption::ConfigDir, Some(_)) => log::line("the directory of taos.cfg came too late"),
        (ProgramOption::Key(key), _) => {
            if let Err(refusal) = process.set(key, value) {
                log::line(&format!("option {key} {value:?} was not taken: {refusal:?}"));
            }
        }
    }
}

/// Sets one key of `taos.cfg` for the whole process; the program's word wins over the file's.
pub(super) fn set_key(key: &str, value: &str) -> Result<(), Refusal> {
    PROCESS.lock().set(key, value)
}

impl Process {
    fn set(&mut self, key: &str, value: &str) -> Result<(), Refusal> {
        match &mut self.loaded {
            Some(settings) => Arc::make_mut(settings).set(key, value)?,
            None => Settings::default().set(key, value)?,
        }
        self.overrides.push((key.to_owned(), value.to_owned()));
        Ok(())
    }

    fn load(&self) -> Settings {
        let mut settings = Settings::default();
        let file = self.config_dir.as_deref().unwrap_or(default_config_dir()).join("taos.cfg");
        let complaints = match std::fs::read(&file) {
            Ok(bytes) => settings.read(&String::from_utf8_lossy(&bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => vec![error.to_string()],
        };
        for (key, value) in &self.overrides {
            // Looked at when it was set.
            let _ = settings.set(key, value);
        }
        let in_log_dir = settings.log_dir.as_ref().map(|directory| directory.join("libtaos.log"));
        log::set_path(std::env::var_os("TAOS_LOG").map(PathBuf::from).or(in_log_dir));
        for complaint in complaints {
            log::line(&format!("{}: {complaint}", file.display()));
        }
        settings
    }
}

fn default_config_dir() -> &'static Path {
    Path::new(if cfg!(windows) { "C:/TDengine/cfg" } else { "/etc/taos" })
}
