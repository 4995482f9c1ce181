//! Page tokens: every call about a page needs one, made of the user's. They are asked for when they
//! are needed and kept in memory only, for a day.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::{PLATFORM, wire};
use crate::{
    error::{Error, ErrorKind, Result},
    oauth::{TokenRenewer, TokenSource},
    platforms::meta::{Graph, GraphCall},
};

const OPERATION: &str = "read the page's token";

/// Which page's token it is, and made of which user's token: of that only a hash.
type Key = (String, [u8; 32]);

/// How long a token is used before it is asked for again.
const KEPT_FOR: TimeDelta = TimeDelta::days(1);

/// Tokens, each with when it was obtained.
type Known = HashMap<Key, (SecretString, DateTime<Utc>)>;

/// The page tokens of this process.
#[derive(Clone, Default)]
pub(super) struct PageTokens(Arc<Mutex<Known>>);

impl std::fmt::Debug for PageTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PageTokens")
    }
}

impl PageTokens {
    /// Tokens of `page` for the user behind `user`.
    pub(super) fn of(&self, graph: &Graph, page: &str, user: TokenSource) -> TokenSource {
        TokenSource::new(OfPage {
            known: self.clone(),
            graph: graph.clone(),
            page: page.to_owned(),
            user,
        })
    }

    fn get(&self, key: &Key, now: DateTime<Utc>) -> Option<SecretString> {
        let known = self.lock();
        let (token, obtained) = known.get(key)?;
        (now < *obtained + KEPT_FOR).then(|| token.clone())
    }

    /// Keeps a token, and forgets those that are too old.
    fn put(&self, key: Key, token: SecretString, now: DateTime<Utc>) {
        let mut known = self.lock();
        known.retain(|_, (_, obtained)| now < *obtained + KEPT_FOR);
        known.insert(key, (token, now));
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        // Nothing panics while the lock is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct OfPage {
    known: PageTokens,
    graph: Graph,
    page: String,
    user: TokenSource,
}

impl OfPage {
    fn key(&self, user: &SecretString) -> Key {
        let hash = Sha256::digest(user.expose_secret().as_bytes());
        (self.page.clone(), hash.into())
    }

    fn now(&self) -> DateTime<Utc> {
        self.graph.api().clock().now()
    }

    async fn ask(&self) -> Result<SecretString> {
        let call =
            GraphCall::get(OPERATION, &self.page, &self.page).param("fields", "access_token");
        let page: wire::PageToken = self.graph.call(&call, &self.user).await?;
        page.access_token.ok_or_else(|| {
            Error::new(
                ErrorKind::PermissionDenied,
                PLATFORM,
                OPERATION,
                "the user has no role on this page any more",
            )
        })
    }
}

#[async_trait]
impl TokenRenewer for OfPage {
    async fn token(&self) -> Result<SecretString> {
        let key = self.key(&self.user.token().await?);
        if let Some(known) = self.known.get(&key, self.now()) {
            return Ok(known);
        }
        let token = self.ask().await?;
        self.known.put(key, token.clone(), self.now());
        Ok(token)
    }

    /// A refused page token says nothing about the user's: if another one is the same, it is this
    /// page alone that cannot be read any more.
    async fn refused(&self, token: &SecretString) -> Result<()> {
        let key = self.key(&self.user.token().await?);
        self.known.lock().remove(&key);
        let other = self.ask().await?;
        if other.expose_secret() == token.expose_secret() {
            return Err(Error::new(
                ErrorKind::PermissionDenied,
                PLATFORM,
                OPERATION,
                "Meta refuses the page's own token; link the page again",
            ));
        }
        let key = self.key(&self.user.token().await?);
        self.known.put(key, other, self.now());
        Ok(())
    }

    /// It is this page alone that cannot be read: the user's token has just brought its token.
    fn refused_again(&self, error: Error) -> Error {
        Error {
            kind: ErrorKind::PermissionDenied,
            ..error
        }
    }
}
