//! Browser sessions: tower-sessions over our own store. Only the hash of a session's id is stored,
//! so a copy of the database opens no session.

use std::sync::Arc;

use analytics_core::{
    Store,
    model::{SessionRecord, UserId},
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::{SameSite, time},
    session::{Id, Record},
    session_store::{Error, Result},
};
use url::Url;

use crate::error::Problem;

/// Days after signing in until a session ends.
const LIFETIME_DAYS: i64 = 14;
/// The session's member that holds the user's internal id.
const USER: &str = "user";

/// The layer that gives every request its session.
pub(crate) fn layer(
    store: Arc<dyn Store>,
    public_url: &Url,
    path: String,
) -> SessionManagerLayer<StoredSessions> {
    SessionManagerLayer::new(StoredSessions { store })
        .with_name("analytics_session")
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(public_url.scheme() == "https")
        .with_path(path)
        .with_expiry(Expiry::OnInactivity(time::Duration::days(LIFETIME_DAYS)))
}

/// Signs a user in: under a new session id, so that one planted before is worth nothing.
pub(crate) async fn sign_in(session: &Session, user: UserId) -> std::result::Result<(), Problem> {
    session.cycle_id().await.map_err(Problem::internal)?;
    session
        .insert(USER, user.0)
        .await
        .map_err(Problem::internal)
}

/// Ends a session.
pub(crate) async fn sign_out(session: &Session) -> std::result::Result<(), Problem> {
    session.flush().await.map_err(Problem::internal)
}

/// Who is signed in.
pub(crate) async fn user(session: &Session) -> std::result::Result<Option<UserId>, Problem> {
    let id: Option<i64> = session.get(USER).await.map_err(Problem::internal)?;
    Ok(id.map(UserId))
}

/// Whether a session has not ended since: by signing out, a new password or its user's removal.
pub(crate) async fn is_alive(store: &dyn Store, id: &Id) -> bool {
    let found = store.session(&hash(id), Utc::now()).await;
    found.is_ok_and(|session| session.is_some())
}

/// Sessions in the database.
#[derive(Debug, Clone)]
pub(crate) struct StoredSessions {
    store: Arc<dyn Store>,
}

fn hash(id: &Id) -> Vec<u8> {
    Sha256::digest(id.0.to_le_bytes()).to_vec()
}

fn failed(error: &analytics_core::Error) -> Error {
    Error::Backend(crate::error::chain(error))
}

#[async_trait]
impl SessionStore for StoredSessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while self
            .store
            .session(&hash(&record.id), DateTime::<Utc>::MIN_UTC)
            .await
            .map_err(|error| failed(&error))?
            .is_some()
        {
            record.id = Id::default();
        }
        self.save(record).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let expires_at = DateTime::from_timestamp(record.expiry_date.unix_timestamp(), 0)
            .ok_or_else(|| Error::Encode("the session ends outside of calendar time".to_owned()))?;
        let data = serde_json::to_string(&record.data)
            .map_err(|error| Error::Encode(error.to_string()))?;
        let user = record
            .data
            .get(USER)
            .and_then(serde_json::Value::as_i64)
            .map(UserId);
        self.store
            .save_session(
                &SessionRecord {
                    id_hash: hash(&record.id),
                    data,
                    expires_at,
                },
                user,
            )
            .await
            .map_err(|error| failed(&error))
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(stored) = self
            .store
            .session(&hash(id), Utc::now())
            .await
            .map_err(|error| failed(&error))?
        else {
            return Ok(None);
        };
        let decode = |error: String| Error::Decode(error);
        Ok(Some(Record {
            id: *id,
            data: serde_json::from_str(&stored.data).map_err(|error| decode(error.to_string()))?,
            expiry_date: time::OffsetDateTime::from_unix_timestamp(stored.expires_at.timestamp())
                .map_err(|error| decode(error.to_string()))?,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.store
            .remove_session(&hash(id))
            .await
            .map_err(|error| failed(&error))
    }
}
