//! Tokens that renew themselves, by one caller at a time.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};

use super::encoding::token_pair;
use crate::error::{Error, ErrorKind, Result};

/// Gives a live access token, renewing it first when it is about to expire.
#[async_trait]
pub trait TokenRenewer: Send + Sync {
    /// A token that is good for the next minutes.
    async fn token(&self) -> Result<SecretString>;
    /// Told that the provider refused `token`: the next call must bring another, or fail with
    /// `AuthExpired`.
    async fn refused(&self, token: &SecretString) -> Result<()>;
    /// What it means that the provider refused the other token too, as it did with `error`.
    fn refused_again(&self, error: Error) -> Error {
        error
    }
}

/// Where a connector takes its token from, call by call: it may expire inside an hour-long report run.
#[derive(Clone)]
pub struct TokenSource(Arc<dyn TokenRenewer>);

impl TokenSource {
    /// Tokens from `renewer`.
    pub fn new(renewer: impl TokenRenewer + 'static) -> Self {
        Self(Arc::new(renewer))
    }

    /// Always the same token, as for one-off fetches.
    #[must_use]
    pub fn fixed(token: SecretString) -> Self {
        Self::new(Fixed(token))
    }

    /// Always the same token together with the secret that signs for it, as OAuth 1.0a has it.
    #[must_use]
    pub fn fixed_pair(token: &str, secret: &SecretString) -> Self {
        Self::fixed(token_pair(token, secret))
    }

    /// A live token.
    ///
    /// # Errors
    /// `AuthExpired` when only a new consent helps.
    pub async fn token(&self) -> Result<SecretString> {
        self.0.token().await
    }

    /// Reports that the provider refused `token`.
    ///
    /// # Errors
    /// `AuthExpired` when there is no other.
    pub async fn refused(&self, token: &SecretString) -> Result<()> {
        self.0.refused(token).await
    }

    /// What it means that the provider refused the other token too, as it did with `error`.
    #[must_use]
    pub fn refused_again(&self, error: Error) -> Error {
        self.0.refused_again(error)
    }

    /// Makes a call with a live token. A refused one is reported and, if that brings another, the
    /// call is made once more with it.
    ///
    /// # Errors
    /// What the call says; `AuthExpired` when there is no token.
    pub async fn call<T, F>(&self, call: impl Fn(SecretString) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let token = self.token().await?;
        match call(token.clone()).await {
            Err(error) if error.kind == ErrorKind::AuthExpired => {
                self.refused(&token).await?;
                let other = self.token().await?;
                if other.expose_secret() == token.expose_secret() {
                    return Err(error);
                }
                match call(other).await {
                    Err(error) if error.kind == ErrorKind::AuthExpired => {
                        Err(self.refused_again(error))
                    }
                    answer => answer,
                }
            }
            answer => answer,
        }
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSource")
    }
}

struct Fixed(SecretString);

#[async_trait]
impl TokenRenewer for Fixed {
    async fn token(&self) -> Result<SecretString> {
        Ok(self.0.clone())
    }

    async fn refused(&self, _token: &SecretString) -> Result<()> {
        Ok(())
    }
}
