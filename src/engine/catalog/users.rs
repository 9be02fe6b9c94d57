//! Who may connect, and what they may do.

use std::collections::HashMap;
use std::sync::Arc;

use blake2::{Blake2s256, Digest};
use parking_lot::RwLock;

use super::secret::Secret;
use crate::error::{Error, Result, codes};

/// The user that every database has, and who alone may manage the others.
pub const ROOT: &str = "root";

/// The password of `root` until it is changed, as in every fresh installation of TDengine.
const FACTORY_PASSWORD: &str = "taosdata";

/// What a user may do with data and definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Privilege {
    /// Look only.
    Read = 0,
    /// Also write rows and define things.
    Write = 1,
    /// Also manage users; `root` only.
    Super = 2,
}

impl Privilege {
    /// The privilege of that number; `Super` is nobody's but root's and never stored.
    pub(super) fn from_code(code: u8) -> Option<Privilege> {
        [Privilege::Read, Privilege::Write].into_iter().find(|&privilege| privilege as u8 == code)
    }
}

/// A user other than root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// In lower case.
    pub name: String,
    /// Milliseconds since 1970.
    pub created: i64,
    /// What it may do.
    pub privilege: Privilege,
    /// Its password.
    pub secret: Secret,
}

/// All users. Root is always there; it has a secret once its password was changed.
#[derive(Default)]
pub struct Users {
    root: RwLock<Option<Secret>>,
    others: RwLock<HashMap<String, Arc<User>>>,
    /// Passwords that were found right by the slow check, so that the next connection is quick: a digest
    /// under a key that only this process has.
    known: RwLock<HashMap<String, [u8; 32]>>,
    key: RwLock<Option<[u8; 32]>>,
}

impl Users {
    /// The user of that name, other than root.
    pub fn find(&self, name: &str) -> Option<Arc<User>> {
        self.others.read().get(name).cloned()
    }

    /// All users but root, by name.
    pub fn list(&self) -> Vec<Arc<User>> {
        let mut users: Vec<_> = self.others.read().values().cloned().collect();
        users.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        users
    }

    /// What the user of that name may do at this moment.
    ///
    /// # Errors
    /// `0x80000351` when there is no such user (any more).
    pub fn privilege(&self, name: &str) -> Result<Privilege> {
        if name == ROOT {
            return Ok(Privilege::Super);
        }
        self.find(name).map(|user| user.privilege).ok_or_else(|| codes::MND_INVALID_USER.into())
    }

    /// Checks a password.
    ///
    /// # Errors
    /// `0x80000351` for an unknown user, `0x80000003` for a wrong password.
    pub fn authenticate(&self, name: &str, password: &str) -> Result<()> {
        let secret = match name {
            ROOT => match &*self.root.read() {
                Some(secret) => secret.clone(),
                None if password == FACTORY_PASSWORD => return Ok(()),
                None => return Err(codes::RPC_AUTH_FAILURE.into()),
            },
            other => self.find(other).ok_or(codes::MND_INVALID_USER)?.secret.clone(),
        };
        let digest = self.digest(&secret, password)?;
        if self.known.read().get(name) == Some(&digest) {
            return Ok(());
        }
        if !secret.matches(password)? {
            return Err(codes::RPC_AUTH_FAILURE.into());
        }
        self.known.write().insert(name.to_owned(), digest);
        Ok(())
    }

    /// A digest that fits this password of this secret in this process, and nothing else.
    fn digest(&self, secret: &Secret, password: &str) -> Result<[u8; 32]> {
        let key = self.key()?;
        Ok(Blake2s256::new()
            .chain_update(key)
            .chain_update(secret.hash)
            .chain_update(password)
            .finalize()
            .into())
    }

    fn key(&self) -> Result<[u8; 32]> {
        if let Some(key) = *self.key.read() {
            return Ok(key);
        }
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|cause| {
            Error::new(codes::COM_OUT_OF_MEMORY, format!("the system gives no random numbers: {cause}"))
        })?;
        Ok(*self.key.write().get_or_insert(key))
    }

    /// Root's secret, once it is not the factory's.
    pub(super) fn root_secret(&self) -> Option<Secret> {
        self.root.read().clone()
    }

    pub(super) fn set_root_secret(&self, secret: Secret) {
        *self.root.write() = Some(secret);
    }

    /// Makes a user, or replaces what is known of it.
    pub(super) fn set(&self, user: User) {
        self.others.write().insert(user.name.clone(), Arc::new(user));
    }

    /// Whether there was such a user.
    pub(super) fn remove(&self, name: &str) -> bool {
        self.known.write().remove(name);
        self.others.write().remove(name).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str, password: &str) -> User {
        let secret = Secret::of(password).unwrap();
        User { name: name.into(), created: 0, privilege: Privilege::Read, secret }
    }

    fn code(users: &Users, name: &str, password: &str) -> Option<crate::error::Code> {
        users.authenticate(name, password).err().map(|error| error.code)
    }

    #[test]
    fn a_password_counts_until_it_is_changed() {
        let users = Users::default();
        users.set(user("a", "one"));
        assert_eq!(code(&users, "a", "one"), None);
        assert_eq!(code(&users, "a", "one"), None, "from memory");
        assert_eq!(code(&users, "a", "two"), Some(codes::RPC_AUTH_FAILURE));
        users.set(user("a", "two"));
        assert_eq!(code(&users, "a", "one"), Some(codes::RPC_AUTH_FAILURE));
        assert_eq!(code(&users, "a", "two"), None);
        assert!(users.remove("a"));
        assert_eq!(code(&users, "a", "two"), Some(codes::MND_INVALID_USER));
    }

    #[test]
    fn root_has_the_factory_password_until_it_gets_another() {
        let users = Users::default();
        assert_eq!(code(&users, "root", "taosdata"), None);
        assert_eq!(code(&users, "root", "x"), Some(codes::RPC_AUTH_FAILURE));
        users.set_root_secret(Secret::of("x").unwrap());
        assert_eq!(code(&users, "root", "taosdata"), Some(codes::RPC_AUTH_FAILURE));
        assert_eq!(code(&users, "root", "x"), None);
    }
}
