//! Who is connected, for SHOW CONNECTIONS.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;

/// The open connections of one engine.
#[derive(Default)]
pub(super) struct Connections {
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    last_id: u32,
    by_id: BTreeMap<u32, Arc<Connection>>,
}

/// One of them. Times are milliseconds since 1970.
pub(super) struct Connection {
    pub(super) id: u32,
    pub(super) user: String,
    pub(super) login: i64,
    last_access: Mutex<i64>,
}

impl Connection {
    /// Notes that it was used.
    pub(super) fn touch(&self, now: i64) {
        *self.last_access.lock() = now;
    }

    /// When it was last used.
    pub(super) fn last_access(&self) -> i64 {
        *self.last_access.lock()
    }
}

impl Connections {
    /// Notes a new one.
    pub(super) fn open(&self, user: &str, now: i64) -> Arc<Connection> {
        let mut open = self.open.lock();
        // Ids come round after 2^31; one that is still open is passed over.
        let id = loop {
            open.last_id = open.last_id % (i32::MAX as u32) + 1;
            if !open.by_id.contains_key(&open.last_id) {
                break open.last_id;
            }
        };
        let connection =
            Arc::new(Connection { id, user: user.to_owned(), login: now, last_access: Mutex::new(now) });
        open.by_id.insert(id, connection.clone());
        connection
    }

    /// Forgets one.
    pub(super) fn close(&self, id: u32) {
        self.open.lock().by_id.remove(&id);
    }

    /// All of them, oldest first unless ids have come round.
    pub(super) fn list(&self) -> Vec<Arc<Connection>> {
        self.open.lock().by_id.values().cloned().collect()
    }
}
