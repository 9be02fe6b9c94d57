//! Data in this process: the embedded engine as a driver.
//!
//! All connections of the process to one place share one engine. It is open as long as one of them is:
//! the last one to go closes it before anybody can open the place again.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use parking_lot::Mutex;

use super::{Driver, Login, Session};
pub use crate::engine::DataLocation;
use crate::engine::{self, Engine, SERVER_VERSION, Settings};
use crate::error::{Error, Result};
use crate::types::{Column, Context, Executed, InsertTarget};

/// Opens the database there, or shares the one that is open.
///
/// # Errors
/// Those of [`Engine::open`].
pub fn open(location: &DataLocation) -> Result<Arc<dyn Driver>> {
    let place = Place::of(location)?;
    Ok(Arc::new(Embedded { lease: Arc::new(Lease::take(&place)?) }))
}

/// Every place that was opened in this process; there are few, and they stay.
static PLACES: LazyLock<Mutex<HashMap<DataLocation, Arc<Place>>>> = LazyLock::new(Mutex::default);

/// A place where data lives, and the engine on it. Its lock is held while the engine is opened or closed.
struct Place {
    location: DataLocation,
    shared: Mutex<Shared>,
}

#[derive(Default)]
struct Shared {
    engine: Option<Arc<Engine>>,
    leases: usize,
}

impl Place {
    fn of(location: &DataLocation) -> Result<Arc<Place>> {
        let location = match location {
            DataLocation::Memory => DataLocation::Memory,
            DataLocation::Directory(path) => DataLocation::Directory(one_name(path.clone())?),
        };
        let mut places = PLACES.lock();
        let place = places
            .entry(location.clone())
            .or_insert_with(|| Arc::new(Place { location, shared: Mutex::default() }));
        Ok(place.clone())
    }
}

/// The one name that a directory has, whatever way the caller went; it is made when there is none.
fn one_name(path: PathBuf) -> Result<PathBuf> {
    let named = std::fs::create_dir_all(&path).and_then(|()| path.canonicalize());
    named.map_err(|cause| Error::io(format_args!("cannot open directory {}", path.display()), &cause))
}

/// A share in the engine of a place.
struct Lease {
    engine: Arc<Engine>,
    place: Arc<Place>,
}

impl Lease {
    fn take(place: &Arc<Place>) -> Result<Lease> {
        let mut shared = place.shared.lock();
        let engine = match &shared.engine {
            Some(engine) => engine.clone(),
            None => {
                let engine = Engine::open(&Settings { location: place.location.clone() })?;
                shared.engine.insert(engine).clone()
            }
        };
        shared.leases += 1;
        Ok(Lease { engine, place: place.clone() })
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut shared = self.place.shared.lock();
        shared.leases -= 1;
        if shared.leases == 0 {
            shared.engine = None;
            // Nobody is left to be told. What could not be flushed is in the logs.
            let _ = self.engine.close();
        }
    }
}

struct Embedded {
    lease: Arc<Lease>,
}

impl Driver for Embedded {
    fn connect(&self, login: &Login) -> Result<Box<dyn Session>> {
        let session = self.lease.engine.connect(&login.user, &login.password)?;
        if let Some(database) = &login.database {
            session.use_database(database)?;
        }
        Ok(Box::new(EmbeddedSession { session, _lease: self.lease.clone() }))
    }
}

struct EmbeddedSession {
    session: engine::Session,
    /// Keeps the engine open.
    _lease: Arc<Lease>,
}

impl Session for EmbeddedSession {
    fn execute(&self, sql: &[u8], context: &Context) -> Executed {
        self.session.execute(sql, context)
    }

    fn validate(&self, sql: &[u8], context: &Context) -> Result<()> {
        self.session.validate(sql, context)
    }

    fn prepare_insert(&self, sql: &[u8], context: &Context) -> Result<InsertTarget> {
        self.session.prepare_insert(sql, context)
    }

    fn insert_columns(
        &self,
        batches: Vec<(Arc<InsertTarget>, Vec<Column>)>,
        context: &Context,
    ) -> Result<u64> {
        self.session.insert_columns(batches, context)
    }

    fn use_database(&self, name: &str) -> Result<()> {
        self.session.use_database(name)
    }

    fn reset_database(&self) {
        self.session.reset_database();
    }

    fn server_version(&self) -> String {
        SERVER_VERSION.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tests::Scratch;
    use crate::types::{StopFlag, TimeZone};

    fn connect(location: &DataLocation) -> Result<Box<dyn Session>> {
        let (user, password) = ("root".to_owned(), "taosdata".to_owned());
        open(location)?.connect(&Login { user, password, database: None })
    }

    fn run(session: &dyn Session, sql: &str) {
        let context = Context::new(TimeZone::UTC, StopFlag::default());
        session.execute(sql.as_bytes(), &context).answer.map(drop).unwrap();
    }

    #[test]
    fn connections_share_an_engine_until_the_last_one_goes() {
        let scratch = Scratch::new("shared");
        let location = scratch.location();
        let (first, second) = (connect(&location).unwrap(), connect(&location).unwrap());
        run(&*first, "create database d");
        run(&*second, "use d");
        drop(first);
        run(&*second, "create table t (ts timestamp, v int)");
        drop(second);
        let roundabout = DataLocation::Directory(scratch.0.join("..").join(scratch.0.file_name().unwrap()));
        let (third, fourth) = (connect(&location).unwrap(), connect(&roundabout).unwrap());
        run(&*third, "describe d.t");
        run(&*fourth, "drop database d");
    }

    #[test]
    fn threads_come_and_go() {
        let scratch = Scratch::new("threads");
        let location = scratch.location();
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let location = &location;
                scope.spawn(move || {
                    for round in 0..25 {
                        let session = connect(location).unwrap();
                        run(&*session, &format!("create database d{thread}_{round}"));
                        run(&*session, &format!("drop database d{thread}_{round}"));
                    }
                });
            }
        });
    }
}
