//! Links that let exactly one caller in, once: the set-up link and the demo's sign-in link.

use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use analytics_core::{Error, Result};

/// The hash of a link's token; the token itself is only printed.
#[derive(Debug)]
pub(crate) struct SecretLink(Mutex<Option<[u8; 32]>>);

impl SecretLink {
    /// A link, and its token.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub(crate) fn generate() -> Result<(Self, String)> {
        let token = random_token()?;
        Ok((Self(Mutex::new(Some(digest(&token)))), token))
    }

    /// A link that nobody can use.
    pub(crate) fn closed() -> Self {
        Self(Mutex::new(None))
    }

    /// Whether `token` opens the link. Takes the same time whatever is wrong with it.
    pub(crate) fn matches(&self, token: &str) -> bool {
        let held = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.is_some_and(|held| same(&held, &digest(token)))
    }

    /// Uses the link up: true for the first caller with the right token only.
    pub(crate) fn take(&self, token: &str) -> bool {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let right = held.is_some_and(|held| same(&held, &digest(token)));
        if right {
            *held = None;
        }
        right
    }

    /// Closes it for good.
    pub(crate) fn close(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// 256 random bits as text that is safe in a URL.
pub(crate) fn random_token() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Error::Config {
        message: format!("the system has no randomness: {error}"),
    })?;
    Ok(data_encoding::BASE64URL_NOPAD.encode(&bytes))
}

/// Whether two secrets are the same; takes the same time whatever differs.
pub(crate) fn same_secret(a: &str, b: &str) -> bool {
    same(&digest(a), &digest(b))
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// Compares every byte before it answers.
fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    a.iter()
        .zip(b)
        .fold(0, |differences, (a, b)| differences | (a ^ b))
        == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_once_and_only_for_its_token() -> Result<()> {
        let (link, token) = SecretLink::generate()?;
        assert!(!link.take("guess"));
        assert!(link.matches(&token));
        assert!(link.take(&token));
        assert!(!link.take(&token));
        assert!(!link.matches(&token));
        assert!(!SecretLink::closed().take(""));
        assert!(same_secret("a", "a") && !same_secret("a", "b"));
        Ok(())
    }
}
