//! Which data a connection gets: a directory of this machine, or a server.
//!
//! It is decided from what the program and its configuration say, never from what happens to answer: data
//! must not go where nobody looks for it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::Settings;
use crate::driver::embedded::DataLocation;
use crate::driver::remote::Endpoint;
use crate::error::{Error, Result, codes};

/// Where to connect to.
#[derive(Debug, PartialEq)]
pub(super) enum Target {
    /// The database in this process.
    Embedded(DataLocation),
    /// Servers, to be tried in this order.
    Remote(Vec<Endpoint>),
}

/// What the environment of the process says.
pub(super) struct Environment {
    /// `TAOS_ENGINE`
    pub(super) engine: Option<String>,
    /// `TAOS_DATA_DIR`
    pub(super) data_dir: Option<OsString>,
    /// Finds where data goes that no setting gives a place.
    pub(super) default_data_dir: fn() -> PathBuf,
}

impl Environment {
    pub(super) fn of_process() -> Environment {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        Environment {
            engine: variable("TAOS_ENGINE").map(|value| value.to_string_lossy().into_owned()),
            data_dir: variable("TAOS_DATA_DIR"),
            default_data_dir,
        }
    }
}

/// The target for a program that names this host and port (None and 0 when it names none).
///
/// Errors: `0x80000103` for an engine that does not exist, `0x80000206` for an address that is none.
pub(super) fn choose(
    host: Option<&str>,
    port: u16,
    settings: &Settings,
    environment: &Environment,
) -> Result<Target> {
    let engine = environment.engine.as_deref().or(settings.engine.as_deref()).unwrap_or("auto");
    let remote = match engine.to_ascii_lowercase().as_str() {
        "embedded" => false,
        "remote" => true,
        "auto" => host.is_some() || settings.first_ep.is_some(),
        _ => {
            let what = format!("engine {engine:?} is neither embedded, remote nor auto");
            return Err(Error::new(codes::COM_INVALID_CFG_MSG, what));
        }
    };
    if remote {
        servers(host, port, settings).map(Target::Remote)
    } else {
        Ok(Target::Embedded(place(settings, environment)))
    }
}

fn place(settings: &Settings, environment: &Environment) -> DataLocation {
    let configured = environment.data_dir.as_ref().map(PathBuf::from).or_else(|| settings.data_dir.clone());
    match configured {
        Some(place) if place == Path::new(":memory:") => DataLocation::Memory,
        Some(directory) => DataLocation::Directory(directory),
        None => DataLocation::Directory((environment.default_data_dir)()),
    }
}

fn servers(host: Option<&str>, port: u16, settings: &Settings) -> Result<Vec<Endpoint>> {
    let endpoint = |address: &str, port: u16| endpoint(address, port, settings);
    if let Some(host) = host {
        return Ok(vec![endpoint(host, port)?]);
    }
    let first = settings.first_ep.as_deref().unwrap_or("localhost");
    let addresses = std::iter::once(first).chain(settings.second_ep.as_deref());
    addresses.map(|address| endpoint(address, port)).collect()
}

/// An address as `host` or `host:port`; a port in it wins over one beside it. The port of the original's
/// protocol stands for the adapter's, which is the one that can be spoken with.
fn endpoint(address: &str, port: u16, settings: &Settings) -> Result<Endpoint> {
    let (host, named) = match address.rsplit_once(':') {
        // More than one colon is an IPv6 address, which has a port only after brackets.
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, Some(port)),
        _ => (address, None),
    };
    let named = named.map(str::parse).transpose();
    let named = named.map_err(|_| Error::new(codes::TSC_INVALID_FQDN, format!("no port in {address:?}")))?;
    let port = [named.unwrap_or(0), port, settings.server_port].into_iter().find(|&port| port != 0);
    let port = port.filter(|&port| port != 6030).unwrap_or(settings.adapter_port);
    Ok(Endpoint { host: host.trim_matches(['[', ']']).to_owned(), port })
}

/// `/var/lib/taos` when this process may write there and no server does; else in the user's home.
fn default_data_dir() -> PathBuf {
    let shared = Path::new("/var/lib/taos");
    if cfg!(unix) && DataLocation::sign_of_a_server(shared).is_none() && is_writable(shared) {
        return shared.to_owned();
    }
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else {
        let absolute = variable("XDG_DATA_HOME").filter(|directory| directory.is_absolute());
        absolute.or_else(|| variable("HOME").map(|home| home.join(".local").join("share")))
    };
    home.unwrap_or_default().join("taos")
}

/// Whether files can be made in a directory. Only making one tells; access bits do not know of read-only
/// mounts.
fn is_writable(directory: &Path) -> bool {
    let probe = directory.join(format!(".writable-{}", std::process::id()));
    let made = fs::File::create_new(&probe).is_ok();
    made && fs::remove_file(&probe).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment() -> Environment {
        Environment { engine: None, data_dir: None, default_data_dir: || "/home/me/taos".into() }
    }

    fn directory(path: &str) -> Target {
        Target::Embedded(DataLocation::Directory(path.into()))
    }

    fn server(host: &str, port: u16) -> Endpoint {
        Endpoint { host: host.into(), port }
    }

    #[test]
    fn a_host_makes_it_remote_and_nothing_makes_it_embedded() {
        let plain = Settings::default();
        assert_eq!(choose(None, 0, &plain, &environment()), Ok(directory("/home/me/taos")));
        let remote = Target::Remote(vec![server("h", 6041)]);
        assert_eq!(choose(Some("h"), 0, &plain, &environment()), Ok(remote));
        let settings = Settings { first_ep: Some("a".into()), second_ep: Some("b:7".into()), ..plain };
        let remote = Target::Remote(vec![server("a", 6041), server("b", 7)]);
        assert_eq!(choose(None, 6030, &settings, &environment()), Ok(remote));
    }

    #[test]
    fn the_environment_wins_over_the_file_and_both_over_the_host() {
        let settings = Settings {
            engine: Some("embedded".into()),
            data_dir: Some("/from/file".into()),
            first_ep: Some("a".into()),
            ..Settings::default()
        };
        assert_eq!(choose(Some("h"), 1, &settings, &environment()), Ok(directory("/from/file")));
        let memory = Environment { data_dir: Some(":memory:".into()), ..environment() };
        assert_eq!(choose(Some("h"), 1, &settings, &memory), Ok(Target::Embedded(DataLocation::Memory)));
        let remote = Environment { engine: Some("Remote".into()), ..environment() };
        assert_eq!(choose(Some("h"), 1, &settings, &remote), Ok(Target::Remote(vec![server("h", 1)])));
        let wrong = Environment { engine: Some("magic".into()), ..environment() };
        assert_eq!(choose(None, 0, &settings, &wrong).unwrap_err().code, codes::COM_INVALID_CFG_MSG);
    }

    #[test]
    fn addresses_with_and_without_a_port() {
        let settings = Settings { adapter_port: 8041, ..Settings::default() };
        for (address, port, expected) in [
            ("h", 0, server("h", 8041)),
            ("h", 6030, server("h", 8041)),
            ("h:6030", 0, server("h", 8041)),
            ("h:7", 0, server("h", 7)),
            ("h:7", 6030, server("h", 7)),
            ("10.0.0.1", 9, server("10.0.0.1", 9)),
            ("::1", 0, server("::1", 8041)),
            ("[::1]:7", 0, server("::1", 7)),
        ] {
            assert_eq!(endpoint(address, port, &settings), Ok(expected), "{address} {port}");
        }
        for wrong in ["h:", "h:x", "h:70000"] {
            assert_eq!(endpoint(wrong, 0, &settings).unwrap_err().code, codes::TSC_INVALID_FQDN);
        }
    }
}
