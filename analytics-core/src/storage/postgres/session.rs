//! Browser sessions, and marks that may be used once.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::{
    PostgresStore, commit,
    convert::{During, corrupt, get, micros, moment},
};
use crate::{
    error::{Error, Result},
    model::{SessionRecord, UserId},
};

/// Ties a sealed secret to its mark.
fn identity(mark_hash: &[u8]) -> Vec<u8> {
    [b"kept_secrets/", mark_hash].concat()
}

impl PostgresStore {
    pub(super) async fn put_session(
        &self,
        session: &SessionRecord,
        user: Option<UserId>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "INSERT INTO sessions (id_hash, user_id, data, expires_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id_hash) DO UPDATE SET user_id = excluded.user_id,
               data = excluded.data, expires_at = excluded.expires_at",
        )
        .bind(&session.id_hash)
        .bind(user.map(|user| user.0))
        .bind(&session.data)
        .bind(micros(session.expires_at))
        .execute(&mut *transaction)
        .await
        .map(drop)
        .or_else(|error| match (error.as_database_error(), user) {
            (Some(database), Some(user)) if database.is_foreign_key_violation() => {
                Err(Error::not_found("user", user))
            }
            _ => Err(error).during("saving a session"),
        })?;
        commit(transaction).await
    }

    pub(super) async fn find_session(
        &self,
        id_hash: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Option<SessionRecord>> {
        sqlx::query(
            "SELECT id_hash, data, expires_at FROM sessions WHERE id_hash = $1 AND expires_at > $2",
        )
        .bind(id_hash)
        .bind(micros(now))
        .fetch_optional(&self.pool)
        .await
        .during("reading a session")?
        .map(|row| {
            Ok(SessionRecord {
                id_hash: get(&row, "id_hash")?,
                data: get(&row, "data")?,
                expires_at: moment(get(&row, "expires_at")?)?,
            })
        })
        .transpose()
    }

    pub(super) async fn delete_session(&self, id_hash: &[u8]) -> Result<()> {
        sqlx::query("DELETE FROM sessions WHERE id_hash = $1")
            .bind(id_hash)
            .execute(&self.pool)
            .await
            .during("ending a session")
            .map(drop)
    }

    /// Forgets marks that have expired, too: both are told by the same clock.
    pub(super) async fn delete_ended_sessions(&self, now: DateTime<Utc>) -> Result<u64> {
        let mut transaction = self.begin().await?;
        let ended = sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(micros(now))
            .execute(&mut *transaction)
            .await
            .during("removing ended sessions")?;
        sqlx::query("DELETE FROM used_marks WHERE expires_at <= $1")
            .bind(micros(now))
            .execute(&mut *transaction)
            .await
            .during("forgetting expired marks")?;
        sqlx::query("DELETE FROM kept_secrets WHERE expires_at <= $1")
            .bind(micros(now))
            .execute(&mut *transaction)
            .await
            .during("forgetting expired secrets")?;
        commit(transaction).await?;
        Ok(ended.rows_affected())
    }

    pub(super) async fn consume_mark(&self, mark: &str, expires_at: DateTime<Utc>) -> Result<bool> {
        // A copied database must not hand out set-up links or states: only their hash is kept.
        let done = sqlx::query(
            "INSERT INTO used_marks (mark_hash, expires_at) VALUES ($1, $2)
             ON CONFLICT (mark_hash) DO NOTHING",
        )
        .bind(Sha256::digest(mark.as_bytes()).to_vec())
        .bind(micros(expires_at))
        .execute(&self.pool)
        .await
        .during("using a single-use mark")?;
        Ok(done.rows_affected() == 1)
    }

    pub(super) async fn put_secret(
        &self,
        mark: &str,
        secret: &SecretString,
        expires_at: DateTime<Utc>,
    ) -> Result<()> {
        let hash = Sha256::digest(mark.as_bytes()).to_vec();
        let plain = secret.expose_secret().as_bytes();
        let sealed = self.cipher.seal(plain, &identity(&hash))?;
        sqlx::query(
            "INSERT INTO kept_secrets (mark_hash, sealed, expires_at) VALUES ($1, $2, $3)
             ON CONFLICT (mark_hash) DO UPDATE SET sealed = excluded.sealed,
               expires_at = excluded.expires_at",
        )
        .bind(hash)
        .bind(sealed)
        .bind(micros(expires_at))
        .execute(&self.pool)
        .await
        .during("keeping a secret")
        .map(drop)
    }

    pub(super) async fn remove_secret(
        &self,
        mark: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<SecretString>> {
        let hash = Sha256::digest(mark.as_bytes()).to_vec();
        let row = sqlx::query(
            "DELETE FROM kept_secrets WHERE mark_hash = $1 RETURNING sealed, expires_at > $2 AS valid",
        )
        .bind(&hash)
        .bind(micros(now))
        .fetch_optional(&self.pool)
        .await
        .during("taking a secret")?;
        let Some(row) = row else {
            return Ok(None);
        };
        if !get::<bool>(&row, "valid")? {
            return Ok(None);
        }
        let plain = self.cipher.open(get(&row, "sealed")?, &identity(&hash))?;
        let text = std::str::from_utf8(plain.expose_secret())
            .map_err(|_| corrupt("a kept secret is no text"))?;
        Ok(Some(SecretString::from(text)))
    }
}
