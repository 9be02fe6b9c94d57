//! Syncing the log some time after a write, for `WAL 2` with `FSYNC` of so many milliseconds.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, MutexGuard};

use super::files::File;
use crate::error::{Error, Result, codes};

/// A thread that syncs a file when it is due. It starts with the first file and ends with the syncer.
#[derive(Default)]
pub(super) struct Syncer {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    due: Option<Due>,
    stop: bool,
    failure: Option<Error>,
}

struct Due {
    file: Arc<dyn File>,
    at: Instant,
}

impl Syncer {
    /// Syncs a file that was written just now before that time is over. An earlier file must be synced
    /// already.
    pub(super) fn sync_within(&self, file: Arc<dyn File>, time: Duration) -> Result<()> {
        if !self.is_started() {
            self.shared.sync(&*file);
            return self.check();
        }
        let mut state = self.shared.state.lock();
        let at = Instant::now() + time;
        let at = state.due.as_ref().map_or(at, |due| due.at.min(at));
        state.due = Some(Due { file, at });
        self.shared.changed.notify_one();
        Ok(())
    }

    /// An error once a sync has failed: nobody knows what of the log is on the disk.
    pub(super) fn check(&self) -> Result<()> {
        self.shared.state.lock().failure.clone().map_or(Ok(()), Err)
    }

    /// Syncs what is due and ends the thread.
    pub(super) fn stop(&self) {
        self.shared.state.lock().stop = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.lock().take() {
            // It has nothing in it that panics, and if it did, there is nothing more to do about it here.
            let _ = thread.join();
        }
    }

    /// Whether the thread runs; starts it when it does not. A system without threads to spare has none.
    fn is_started(&self) -> bool {
        let mut thread = self.thread.lock();
        if thread.is_none() {
            let shared = self.shared.clone();
            *thread =
                std::thread::Builder::new().name("taos-sync".to_owned()).spawn(move || shared.run()).ok();
        }
        thread.is_some()
    }
}

impl Drop for Syncer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn run(&self) {
        let mut state = self.state.lock();
        loop {
            match &state.due {
                None if state.stop => return,
                None => self.changed.wait(&mut state),
                Some(due) if !state.stop && Instant::now() < due.at => {
                    let at = due.at;
                    self.changed.wait_until(&mut state, at);
                }
                Some(due) => {
                    let file = due.file.clone();
                    state.due = None;
                    MutexGuard::unlocked(&mut state, || self.sync(&*file));
                }
            }
        }
    }

    fn sync(&self, file: &dyn File) {
        if let Err(cause) = file.sync() {
            let text = format!(
                "no more writes until the database is opened again, since the log could not be synced: {cause}"
            );
            self.state.lock().failure = Some(Error::new(codes::WAL_APP_ERROR, text));
        }
    }
}
