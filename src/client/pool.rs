//! The threads of the asynchronous API.
//!
//! A task is work that ends by itself, and then a callback of the program, which may do anything: wait for
//! a lock, for another callback, or make calls of its own, synchronous ones too. Two rules keep that from
//! ever standing still: there is always a thread outside of all callbacks while tasks wait, and a thread
//! inside a callback never waits for room in the queue.
//!
//! Threads are started when there is work and end when there was none for a while.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::{Condvar, Mutex, MutexGuard};

use crate::error::{Result, codes};

/// What is to be done: the work, which returns the callback to be made after it.
pub type Task = Box<dyn FnOnce() -> Callback + Send>;

/// A callback of the program, ready to be made.
pub type Callback = Box<dyn FnOnce()>;

/// Tasks that may wait; whoever submits one more waits too.
const MOST_WAITING: usize = 4096;

/// Threads outside of callbacks at most.
const MOST_WORKERS: usize = 4;

/// How long a thread waits for work.
const PATIENCE: Duration = Duration::from_secs(2);

/// The pool of this process.
pub static POOL: Pool = Pool::new();

/// Threads and the tasks that wait for them.
pub struct Pool {
    queue: Mutex<Queue>,
    work: Condvar,
    room: Condvar,
    /// Threads outside of callbacks. Changed outside the lock only on the way into and out of a callback.
    working: AtomicUsize,
}

struct Queue {
    tasks: VecDeque<Task>,
    /// Threads that wait for work.
    idle: usize,
    /// Callers that wait for room.
    waiting: usize,
}

thread_local! {
    static IN_CALLBACK: Cell<bool> = const { Cell::new(false) };
}

impl Pool {
    const fn new() -> Pool {
        let queue = Queue { tasks: VecDeque::new(), idle: 0, waiting: 0 };
        Pool {
            queue: Mutex::new(queue),
            work: Condvar::new(),
            room: Condvar::new(),
            working: AtomicUsize::new(0),
        }
    }

    /// Hands a task over. Waits while too many are waiting, unless this is called in a callback.
    ///
    /// Errors: `0x80000102` when the system gives no thread and there is none yet; the task is dropped.
    pub fn submit(&'static self, task: Task) -> Result<()> {
        let mut queue = self.queue.lock();
        if !IN_CALLBACK.get() {
            while queue.tasks.len() >= MOST_WAITING {
                queue.waiting += 1;
                self.room.wait(&mut queue);
                queue.waiting -= 1;
            }
        }
        queue.tasks.push_back(task);
        if queue.idle > 0 {
            self.work.notify_one();
        }
        if queue.idle >= queue.tasks.len() {
            return Ok(());
        }
        let working = self.working.load(Ordering::SeqCst);
        if working < most_workers() && !self.start_worker() && working == 0 {
            queue.tasks.pop_back();
            return Err(codes::COM_OUT_OF_MEMORY.into());
        }
        Ok(())
    }

    /// Starts a thread, which counts as working from now on.
    fn start_worker(&'static self) -> bool {
        self.working.fetch_add(1, Ordering::SeqCst);
        let started = std::thread::Builder::new().name("taos-async".to_owned()).spawn(|| self.worker());
        if started.is_err() {
            self.working.fetch_sub(1, Ordering::SeqCst);
        }
        started.is_ok()
    }

    fn worker(&'static self) {
        let mut queue = self.queue.lock();
        while let Some(task) = self.next_task(&mut queue) {
            if queue.waiting > 0 {
                self.room.notify_one();
            }
            MutexGuard::unlocked(&mut queue, || self.in_callback(task()));
        }
        self.working.fetch_sub(1, Ordering::SeqCst);
    }

    /// The next task; None when this thread is not needed any more.
    fn next_task(&self, queue: &mut MutexGuard<'_, Queue>) -> Option<Task> {
        loop {
            if self.working.load(Ordering::SeqCst) > most_workers() {
                return None;
            }
            if let Some(task) = queue.tasks.pop_front() {
                return Some(task);
            }
            queue.idle += 1;
            let waited = self.work.wait_for(queue, PATIENCE);
            queue.idle -= 1;
            if waited.timed_out() && queue.tasks.is_empty() {
                return None;
            }
        }
    }

    /// Makes a callback. When no thread is left outside of callbacks and tasks wait, another is started.
    fn in_callback(&'static self, callback: Callback) {
        IN_CALLBACK.set(true);
        if self.working.fetch_sub(1, Ordering::SeqCst) == 1 {
            let queue = self.queue.lock();
            if !queue.tasks.is_empty() && self.working.load(Ordering::SeqCst) == 0 {
                self.start_worker();
            }
        }
        callback();
        self.working.fetch_add(1, Ordering::SeqCst);
        IN_CALLBACK.set(false);
    }
}

/// As many as there are processors, within reason.
fn most_workers() -> usize {
    static MOST: AtomicUsize = AtomicUsize::new(0);
    match MOST.load(Ordering::Relaxed) {
        0 => {
            let most = std::thread::available_parallelism().map_or(2, usize::from).clamp(1, MOST_WORKERS);
            MOST.store(most, Ordering::Relaxed);
            most
        }
        most => most,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    /// A pool of the test's own; threads of it may outlive the test.
    fn pool() -> &'static Pool {
        Box::leak(Box::new(Pool::new()))
    }

    fn task(callback: impl FnOnce() + Send + 'static) -> Task {
        Box::new(move || Box::new(callback))
    }

    #[test]
    fn every_task_is_called_back_once() {
        let (pool, (sender, calls)) = (pool(), channel());
        for number in 0..3 * MOST_WAITING {
            let sender = sender.clone();
            pool.submit(task(move || sender.send(number).unwrap())).unwrap();
        }
        drop(sender);
        let mut calls: Vec<usize> = calls.iter().collect();
        calls.sort_unstable();
        assert!(calls.iter().copied().eq(0..3 * MOST_WAITING));
    }

    /// A callback that waits for the callback of another task, to that depth.
    fn nest(pool: &'static Pool, depth: usize, done: Sender<()>) {
        let (sender, inner) = channel();
        let waits = task(move || {
            if depth > 0 {
                nest(pool, depth - 1, sender);
                inner.recv().unwrap();
            }
            done.send(()).unwrap();
        });
        pool.submit(waits).unwrap();
    }

    #[test]
    fn callbacks_may_wait_for_each_other() {
        let (sender, done) = channel();
        nest(pool(), 50, sender);
        assert!(done.recv_timeout(Duration::from_secs(60)).is_ok());
    }

    #[test]
    fn a_callback_never_waits_for_room() {
        let (pool, (sender, done)) = (pool(), channel());
        pool.submit(task(move || {
            for _ in 0..2 * MOST_WAITING {
                pool.submit(task(|| ())).unwrap();
            }
            sender.send(()).unwrap();
        }))
        .unwrap();
        assert!(done.recv_timeout(Duration::from_secs(60)).is_ok());
    }

    #[test]
    fn threads_end_when_there_is_nothing_to_do() {
        let (pool, (sender, done)) = (pool(), channel());
        pool.submit(task(move || sender.send(()).unwrap())).unwrap();
        done.recv().unwrap();
        let ended = || pool.working.load(Ordering::SeqCst) == 0;
        for _ in 0..100 {
            if ended() {
                break;
            }
            std::thread::sleep(PATIENCE / 20);
        }
        assert!(ended());
    }
}
