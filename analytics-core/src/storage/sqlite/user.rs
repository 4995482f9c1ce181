//! Users.

use secrecy::{ExposeSecret, SecretString};
use sqlx::SqliteConnection;

use super::{
    SqliteStore, commit,
    convert::{During, new_uuid},
};
use crate::storage::rows::workspace::user;
use crate::{
    error::{Error, Result},
    model::{NewUser, User, UserId},
};

pub(super) async fn insert(connection: &mut SqliteConnection, new: &NewUser) -> Result<User> {
    let email = new.email.trim().to_lowercase();
    let row = sqlx::query(
        "INSERT INTO users (uuid, email, name, password_hash) VALUES ($1, $2, $3, $4)
         RETURNING id, email, name, password_hash, operator",
    )
    .bind(new_uuid())
    .bind(&email)
    .bind(&new.name)
    .bind(new.password_hash.expose_secret())
    .fetch_one(connection)
    .await
    .or_else(|error| match error.as_database_error() {
        Some(database) if database.is_unique_violation() => Err(Error::Conflict {
            message: format!("there is a user with the address {email} already"),
        }),
        _ => Err(error).during("creating a user"),
    })?;
    user(&row)
}

pub(super) async fn mark_operator(
    connection: &mut SqliteConnection,
    id: UserId,
    operator: bool,
) -> Result<()> {
    let done = sqlx::query("UPDATE users SET operator = $2 WHERE id = $1")
        .bind(id.0)
        .bind(operator)
        .execute(connection)
        .await
        .during("saving who is an operator")?;
    if done.rows_affected() == 0 {
        return Err(Error::not_found("user", id));
    }
    Ok(())
}

impl SqliteStore {
    pub(super) async fn all_users(&self) -> Result<Vec<User>> {
        sqlx::query("SELECT id, email, name, password_hash, operator FROM users ORDER BY id")
            .fetch_all(&self.readers)
            .await
            .during("listing users")?
            .iter()
            .map(user)
            .collect()
    }

    pub(super) async fn find_user(&self, email: &str) -> Result<Option<User>> {
        sqlx::query("SELECT id, email, name, password_hash, operator FROM users WHERE email = $1")
            .bind(email.trim().to_lowercase())
            .fetch_optional(&self.readers)
            .await
            .during("reading a user")?
            .as_ref()
            .map(user)
            .transpose()
    }

    pub(super) async fn replace_password(&self, id: UserId, hash: &SecretString) -> Result<()> {
        let mut transaction = self.begin().await?;
        let done = sqlx::query("UPDATE users SET password_hash = $2 WHERE id = $1")
            .bind(id.0)
            .bind(hash.expose_secret())
            .execute(&mut *transaction)
            .await
            .during("replacing a password")?;
        if done.rows_affected() == 0 {
            return Err(Error::not_found("user", id));
        }
        sqlx::query("DELETE FROM sessions WHERE user_id = $1")
            .bind(id.0)
            .execute(&mut *transaction)
            .await
            .during("ending sessions")?;
        commit(transaction).await
    }

    pub(super) async fn save_operator(&self, id: UserId, operator: bool) -> Result<()> {
        let mut transaction = self.begin().await?;
        mark_operator(&mut transaction, id, operator).await?;
        commit(transaction).await
    }

    pub(super) async fn delete_user(&self, id: UserId) -> Result<()> {
        let mut transaction = self.begin().await?;
        let done = sqlx::query("DELETE FROM users WHERE id = $1")
            .bind(id.0)
            .execute(&mut *transaction)
            .await
            .during("removing a user")?;
        if done.rows_affected() == 0 {
            return Err(Error::not_found("user", id));
        }
        commit(transaction).await
    }
}
