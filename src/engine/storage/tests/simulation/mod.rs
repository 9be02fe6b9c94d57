//! Many short lives of a store on a disk that crashes, fails, fills up and flips bits, each from a seed.
//!
//! `SIM_COUNT=10000 cargo test --release --lib simulation` runs more of them, `SIM_SEED=7` one again.

mod history;

use self::history::History;
use super::model::{Found, random_statement};
use super::{MODES, open, options};
use crate::engine::storage::testing::{Call, Crash, Disk, Random, for_each_seed};
use crate::engine::storage::{Store, StoreOptions};
use crate::error::codes;

#[test]
fn acknowledged_statements_survive_what_they_are_promised_to() {
    for_each_seed(300, |seed| {
        let mut life = Life::new(seed);
        for _ in 0..40 {
            life.step();
        }
        life.end();
    });
}

/// A store, its disk, and what it should hold.
struct Life {
    random: Random,
    disk: Disk,
    options: StoreOptions,
    store: Store,
    history: History,
}

impl Life {
    fn new(seed: u64) -> Life {
        let mut random = Random::new(seed);
        let disk = Disk::new(random.next());
        let options = StoreOptions {
            memory: 1 << (10 + random.below(8)),
            block_rows: 1 + random.below(200) as usize,
            wal_level: 1 + random.below(2) as i8,
            ..options(MODES[random.below(3) as usize])
        };
        let store = open(&disk.files(), &options).unwrap();
        let history = History::new(options.update);
        Life { random, disk, options, store, history }
    }

    fn step(&mut self) {
        match self.random.below(24) {
            0 => self.flush(),
            1 => self.close(),
            2 => self.crash(Crash::Kill),
            3 => self.close_and_lose_power(),
            4 => {
                self.disk.crash_after(self.random.below(25), Crash::Kill);
            }
            5 | 6 => {
                let (call, before) = (Call::any(&mut self.random), self.random.below(12));
                self.disk.fail(call, before, self.random.below(3) == 0);
            }
            7 => self.disk.fill_up(self.random.below(4000)),
            8 => self.disk.heal(),
            9 => {
                self.options.wal_level = 1 + self.random.below(2) as i8;
                self.store.set_options(self.options.clone());
            }
            10 => self.read_with_flipped_bits(),
            _ => self.write(),
        }
        if self.disk.is_crashed() {
            self.crash(Crash::Kill);
        }
        if self.disk.is_healthy() && self.random.below(4) == 0 {
            self.history.now().check_some(&self.store, &mut self.random);
        }
    }

    /// All is there at the end, when nothing is wrong any more.
    fn end(mut self) {
        self.crash(Crash::Kill);
        self.write();
        self.store.close().unwrap();
        self.history.is_safe();
        self.crash(Crash::Power);
        self.history.now().check_all(&self.store);
    }

    fn write(&mut self) {
        let healthy = self.disk.is_healthy();
        let statement = random_statement(&mut self.random);
        match self.store.write(statement.rows()) {
            Ok(()) => {
                self.history.acknowledged(statement);
                if self.options.wal_level == 2 {
                    self.history.is_safe();
                }
            }
            // There may be room again later.
            Err(error) if error.code == codes::VND_NO_DISKSPACE => {
                assert!(!healthy, "{error}");
                self.history.failed(statement);
            }
            Err(_) => {
                self.history.failed(statement);
                self.check_now();
                self.crash(Crash::Kill);
            }
        }
    }

    fn flush(&mut self) {
        match self.store.flush() {
            Ok(()) => self.history.is_safe(),
            Err(_) => self.check_now(),
        }
    }

    fn close(&mut self) {
        let closed = self.store.close().is_ok();
        if closed {
            self.history.is_safe();
            self.open_with_flipped_bits();
        }
        self.crash(Crash::Kill);
    }

    /// After a clean close all is in segments, which are on the disk.
    fn close_and_lose_power(&mut self) {
        let closed = self.store.close().is_ok();
        if closed {
            self.history.is_safe();
        }
        self.crash(if closed { Crash::Power } else { Crash::Kill });
    }

    /// Ends the process, unless that has happened, and starts it again as often as that needs.
    fn crash(&mut self, crash: Crash) {
        let crash = self.disk.restart(crash);
        // What goes wrong while the store recovers must not make things worse.
        match self.random.below(6) {
            0 => self.disk.crash_after(self.random.below(6), Crash::Kill),
            1 => self.disk.fail(Call::any(&mut self.random), self.random.below(4), false),
            2 => self.disk.crash_after(self.random.below(6), Crash::Kill),
            _ => {}
        }
        let mut worst = crash;
        self.store = loop {
            let healthy = self.disk.is_healthy();
            match open(&self.disk.files(), &self.options) {
                Ok(store) => break store,
                Err(error) if healthy => panic!("does not open after {worst:?}: {error}"),
                Err(_) => worst = worst.max(self.disk.restart(Crash::Kill)),
            }
        };
        self.disk.heal();
        self.history.check_after(worst, &Found::in_store(&self.store).unwrap());
    }

    /// What failed is not seen, whatever was left of it on the disk.
    fn check_now(&self) {
        if let Ok(found) = Found::in_store(&self.store) {
            assert!(self.history.now().is(&found), "a statement that failed is seen");
        }
    }

    fn read_with_flipped_bits(&self) {
        self.disk.flip_bits(true);
        if let Ok(found) = Found::in_store(&self.store) {
            assert!(self.history.now().is(&found), "a flipped bit is seen as a value");
        }
        self.disk.flip_bits(false);
    }

    /// Only after it was closed: the last record of a log that was damaged looks as one that was torn.
    fn open_with_flipped_bits(&mut self) {
        self.disk.restart(Crash::Kill);
        self.disk.flip_bits(true);
        if let Ok(store) = open(&self.disk.files(), &self.options)
            && let Ok(found) = Found::in_store(&store)
        {
            assert!(self.history.now().is(&found), "a flipped bit is seen as a value");
        }
        self.disk.flip_bits(false);
    }
}
