//! Passwords: argon2id, off the async threads, a few at a time.

use std::sync::LazyLock;

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::error::Problem;

/// Shortest password, in characters.
pub(crate) const MIN_LENGTH: usize = 12;
/// Longest password, in bytes: hashing must stay cheap to refuse.
const MAX_BYTES: usize = 1024;

/// Each hash takes 19 MiB for a moment: two at a time keep a burst of sign-ins from using more.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Verified for users that do not exist, so that they take as long to refuse as those that do.
static NOBODY: LazyLock<Option<String>> =
    LazyLock::new(|| hash_now("nobody has this password").ok());

/// Whether a password is acceptable.
pub(crate) fn check(field: &str, password: &SecretString) -> Result<(), Problem> {
    let password = password.expose_secret();
    if password.chars().count() < MIN_LENGTH {
        return Err(Problem::invalid_field(
            field,
            format!("a password needs at least {MIN_LENGTH} characters"),
        ));
    }
    if password.len() > MAX_BYTES {
        return Err(Problem::invalid_field(
            field,
            format!("a password has at most {MAX_BYTES} bytes"),
        ));
    }
    Ok(())
}

/// The PHC string of a password's hash.
pub(crate) async fn hash(password: SecretString) -> Result<SecretString, Problem> {
    run(move || hash_now(password.expose_secret()).map(SecretString::from))
        .await?
        .map_err(Problem::internal)
}

/// Whether `password` is the one behind `hash`; without a hash it takes as long and is false.
pub(crate) async fn verify(
    password: SecretString,
    hash: Option<SecretString>,
) -> Result<bool, Problem> {
    run(move || {
        let known = hash.is_some();
        let hash = match &hash {
            Some(hash) => Some(hash.expose_secret()),
            None => NOBODY.as_deref(),
        };
        let matches = hash
            .and_then(|hash| PasswordHash::new(hash).ok())
            .is_some_and(|hash| {
                Argon2::default()
                    .verify_password(password.expose_secret().as_bytes(), &hash)
                    .is_ok()
            });
        known && matches
    })
    .await
}

fn hash_now(password: &str) -> Result<String, argon2::password_hash::Error> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
}

async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let _permit = HASHING.acquire().await.map_err(Problem::internal)?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_only_its_own_hash() -> Result<(), Problem> {
        let hash = hash(SecretString::from("correct horse battery")).await?;
        assert!(hash.expose_secret().starts_with("$argon2id$"));
        assert!(
            verify(
                SecretString::from("correct horse battery"),
                Some(hash.clone())
            )
            .await?
        );
        assert!(!verify(SecretString::from("wrong"), Some(hash)).await?);
        assert!(!verify(SecretString::from("nobody has this password"), None).await?);
        Ok(())
    }
}
