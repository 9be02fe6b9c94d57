//! Child processes: this same program, started again for a part of the work that may crash.

#![expect(unsafe_code, reason = "ends the process without cleaning up, which std cannot do quietly")]

use std::ffi::c_int;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A command for this program. Its output goes to the files `out` and `err` of `directory`, and no
/// setting of the library leaks in from the environment of whoever runs the tests.
pub(crate) fn command(directory: &Path) -> std::io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.stdin(Stdio::null());
    command.stdout(File::create(directory.join("out"))?);
    command.stderr(File::create(directory.join("err"))?);
    for name in ["TAOS_ENGINE", "TAOS_DATA_DIR", "TAOS_LOG", "TAOS_CFG_DIR"] {
        command.env_remove(name);
    }
    Ok(command)
}

/// Waits for a child; one that takes longer than `limit` is killed and gives `None`.
pub(crate) fn wait(child: &mut Child, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let end = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= end {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Ends this process as a power switch would: no destructor and no exit handler runs.
pub(crate) fn exit_without_cleaning_up(code: c_int) -> ! {
    unsafe extern "C" {
        fn _exit(code: c_int) -> !;
    }
    // SAFETY: C's `_exit` takes any code and does not return.
    unsafe { _exit(code) }
}
