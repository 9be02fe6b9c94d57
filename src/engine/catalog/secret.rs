//! Passwords as they are kept: never in the clear, salted, and slow to try out.

use argon2::{Algorithm, Argon2, Params, Version};

use crate::error::{Error, Result, codes};

/// What is kept of a password: its Argon2id hash (RFC 9106), the salt, and what the hash cost.
///
/// The cost is stored with each hash, so that it can be raised later without locking anybody out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    pub(super) salt: [u8; 16],
    /// KiB of memory that the hash was made with.
    pub(super) memory: u32,
    /// How often it went over that memory.
    pub(super) passes: u32,
    pub(super) hash: [u8; 32],
}

/// 4 MiB, three times: some ten milliseconds on a server, and bearable on a gateway of 64 MB.
const MEMORY: u32 = 4 << 10;
const PASSES: u32 = 3;

/// What a damaged or forged record may ask for at most.
const MOST_MEMORY: u32 = 64 << 10;
const MOST_PASSES: u32 = 16;

impl Secret {
    /// The secret of a password, with a salt of its own.
    pub fn of(password: &str) -> Result<Secret> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|cause| {
            let text = format!("the system gives no random numbers for a password: {cause}");
            Error::new(codes::COM_OUT_OF_MEMORY, text)
        })?;
        let hash = digest(password, &salt, MEMORY, PASSES)?;
        Ok(Secret { salt, memory: MEMORY, passes: PASSES, hash })
    }

    /// Whether this is the secret of that password. Slow on purpose.
    pub fn matches(&self, password: &str) -> Result<bool> {
        Ok(digest(password, &self.salt, self.memory, self.passes)? == self.hash)
    }

    /// Whether the costs are such that [`Secret::matches`] can be asked.
    pub(super) fn is_sane(&self) -> bool {
        (8..=MOST_MEMORY).contains(&self.memory) && (1..=MOST_PASSES).contains(&self.passes)
    }
}

fn digest(password: &str, salt: &[u8], memory: u32, passes: u32) -> Result<[u8; 32]> {
    let failed =
        |cause: argon2::Error| Error::new(codes::MND_INVALID_PASS_FORMAT, format!("password: {cause}"));
    let params = Params::new(memory, passes, 1, Some(32)).map_err(failed)?;
    let mut hash = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, &mut hash)
        .map_err(failed)?;
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_matches() {
        let secret = Secret::of("pass word").unwrap();
        assert!(secret.matches("pass word").unwrap());
        assert!(!secret.matches("pass worD").unwrap());
        assert!(!secret.matches("").unwrap());
        assert_ne!(Secret::of("pass word").unwrap(), secret, "every secret has its own salt");
    }
}
