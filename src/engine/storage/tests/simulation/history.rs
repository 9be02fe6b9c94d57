//! What a store may hold after a crash.

use super::super::model::{Found, Model, Statement};
use crate::engine::storage::UpdateMode;
use crate::engine::storage::testing::Crash;

/// The statements that were tried, from the last moment on at which all was safe from a loss of power.
pub(super) struct History {
    /// What every crash leaves.
    safe: Model,
    /// What came after, in its order.
    later: Vec<Tried>,
    /// All that was acknowledged.
    now: Model,
}

struct Tried {
    statement: Statement,
    acknowledged: bool,
}

impl History {
    pub(super) fn new(update: UpdateMode) -> History {
        let empty = Model::new(update);
        History { safe: empty.clone(), later: Vec::new(), now: empty }
    }

    /// What a store that runs shows.
    pub(super) fn now(&self) -> &Model {
        &self.now
    }

    pub(super) fn acknowledged(&mut self, statement: Statement) {
        self.now.apply(&statement);
        self.later.push(Tried { statement, acknowledged: true });
    }

    /// It may come back at the next open, whole.
    pub(super) fn failed(&mut self, statement: Statement) {
        self.later.push(Tried { statement, acknowledged: false });
    }

    /// All that was acknowledged is on the disk.
    pub(super) fn is_safe(&mut self) {
        self.safe = self.now.clone();
        self.later.clear();
    }

    /// Checks what was found after a crash, and goes on from there.
    pub(super) fn check_after(&mut self, crash: Crash, found: &Found) {
        match crash {
            Crash::Kill => self.check_after_kill(found),
            Crash::Power => self.check_after_power_loss(found),
        }
    }

    /// All acknowledged statements, and perhaps the one that was going on.
    fn check_after_kill(&mut self, found: &Found) {
        if self.now.is(found) {
            return;
        }
        for tried in self.later.iter_mut().rev().take_while(|tried| !tried.acknowledged) {
            let mut with = self.now.clone();
            with.apply(&tried.statement);
            if with.is(found) {
                tried.acknowledged = true;
                self.now = with;
                return;
            }
        }
        panic!("after the kill of the process, the rows are not those that were acknowledged");
    }

    /// The first acknowledged statements, no less than were safe; after them perhaps one that failed.
    fn check_after_power_loss(&mut self, found: &Found) {
        let mut state = self.safe.clone();
        let mut known = state.is(found);
        for tried in &self.later {
            if known {
                break;
            }
            let mut with = state.clone();
            with.apply(&tried.statement);
            known = with.is(found);
            if known || tried.acknowledged {
                state = with;
            }
        }
        assert!(known, "after the loss of power, the rows are not those of the first statements");
        self.safe = state.clone();
        self.now = state;
        self.later.clear();
    }
}
