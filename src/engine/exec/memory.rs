//! A limit on what one operator holds.

use crate::error::{Error, Result, codes};

/// What one operator of one statement may hold, in bytes.
const LIMIT: usize = 256 << 20;

/// Counts the bytes of one operator.
pub(super) struct Budget {
    used: usize,
    doing: &'static str,
}

impl Budget {
    /// A fresh budget; `doing` says in the error what takes the memory.
    pub(super) fn new(doing: &'static str) -> Budget {
        Budget { used: 0, doing }
    }

    /// Replaces what was counted before. `0x8000070B` when it is too much.
    pub(super) fn set(&mut self, used: usize) -> Result<()> {
        self.used = used;
        if used <= LIMIT {
            return Ok(());
        }
        let message = format!(
            "Query buffer limit has reached: {} takes more than {} MB; narrow the time range or the condition",
            self.doing,
            LIMIT >> 20
        );
        Err(Error::new(codes::QRY_NOT_ENOUGH_BUFFER, message))
    }

    /// Counts more bytes. `0x8000070B` when it is too much.
    pub(super) fn add(&mut self, bytes: usize) -> Result<()> {
        self.set(self.used.saturating_add(bytes))
    }

    /// Counts fewer bytes.
    pub(super) fn release(&mut self, bytes: usize) {
        self.used = self.used.saturating_sub(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_much_is_refused_with_a_sentence() {
        let mut budget = Budget::new("sorting");
        assert!(budget.add(LIMIT).is_ok());
        let error = budget.add(1).unwrap_err();
        assert_eq!(error.code, codes::QRY_NOT_ENOUGH_BUFFER);
        assert!(error.message.contains("sorting"));
        budget.release(2);
        assert!(budget.add(1).is_ok());
    }
}
