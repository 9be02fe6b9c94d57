//! Data on a server, reached through its adapter.

use std::fmt::{self, Display};
use std::sync::Arc;

use super::Driver;
use crate::error::{Error, Result, codes};

/// The address of a server's adapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// A name or an IP address.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// Connects to the first of these servers that answers.
///
/// Errors: `0x8000000B`, always: this version cannot speak with servers yet.
pub fn open(endpoints: &[Endpoint]) -> Result<Arc<dyn Driver>> {
    let addresses: Vec<String> = endpoints.iter().map(Endpoint::to_string).collect();
    let addresses = addresses.join(" and ");
    let why = format!(
        "Unable to establish connection to {addresses}: connections to a server are not built yet in this \
         version of libtaos; TAOS_ENGINE=embedded in the environment, or engine embedded in taos.cfg, \
         chooses the embedded database"
    );
    Err(Error::new(codes::RPC_NETWORK_UNAVAIL, why))
}
