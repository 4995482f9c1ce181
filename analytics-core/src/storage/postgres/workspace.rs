//! Workspaces and members.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use sqlx::PgConnection;

use super::{
    PostgresStore, commit,
    convert::{During, new_uuid, public_id},
    user,
};
use crate::storage::rows::workspace::{member, workspace};
use crate::{
    error::{Error, Result},
    model::{
        Currency, Member, NewUser, Role, SessionRecord, User, UserId, Workspace, WorkspaceId,
        WorkspaceSettings,
    },
    storage::WorkspaceStore,
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT w.id AS workspace_id, w.uuid AS workspace_uuid, w.name AS workspace_name,
                    w.time_zone, w.currency, w.week_start, w.fiscal_year_start, w.language",
            $rest
        )
    };
}

async fn insert(
    connection: &mut PgConnection,
    name: &str,
    settings: &WorkspaceSettings,
) -> Result<Workspace> {
    let uuid = new_uuid();
    let (id,): (i64,) = sqlx::query_as(
        "INSERT INTO workspaces
           (uuid, name, time_zone, currency, week_start, fiscal_year_start, language)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
    )
    .bind(&uuid)
    .bind(name)
    .bind(settings.time_zone.name())
    .bind(settings.currency.as_ref().map(Currency::as_str))
    .bind(settings.week_start.as_str())
    .bind(i64::from(settings.fiscal_year_start))
    .bind(&settings.language)
    .fetch_one(connection)
    .await
    .during("creating a workspace")?;
    Ok(Workspace {
        id: WorkspaceId(id),
        public_id: public_id("ws", &uuid)?,
        name: name.to_owned(),
        settings: settings.clone(),
    })
}

async fn save_member(
    connection: &mut PgConnection,
    workspace: WorkspaceId,
    user: UserId,
    role: Role,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO members (workspace_id, user_id, role) VALUES ($1, $2, $3)
         ON CONFLICT (workspace_id, user_id) DO UPDATE SET role = excluded.role",
    )
    .bind(workspace.0)
    .bind(user.0)
    .bind(role.as_str())
    .execute(connection)
    .await
    .map(drop)
    .or_else(|error| match error.as_database_error() {
        Some(database) if database.is_foreign_key_violation() => Err(Error::not_found(
            "workspace or user",
            format!("{workspace}/{user}"),
        )),
        _ => Err(error).during("saving a member"),
    })
}

#[async_trait]
impl WorkspaceStore for PostgresStore {
    async fn create_workspace(
        &self,
        name: &str,
        settings: &WorkspaceSettings,
    ) -> Result<Workspace> {
        let mut transaction = self.begin().await?;
        let workspace = insert(&mut transaction, name, settings).await?;
        commit(transaction).await?;
        Ok(workspace)
    }

    async fn workspaces(&self) -> Result<Vec<Workspace>> {
        sqlx::query(select!(" FROM workspaces w ORDER BY w.id"))
            .fetch_all(&self.pool)
            .await
            .during("listing workspaces")?
            .iter()
            .map(workspace)
            .collect()
    }

    async fn workspace(&self, id: WorkspaceId) -> Result<Workspace> {
        let row = sqlx::query(select!(" FROM workspaces w WHERE w.id = $1"))
            .bind(id.0)
            .fetch_optional(&self.pool)
            .await
            .during("reading a workspace")?
            .ok_or_else(|| Error::not_found("workspace", id))?;
        workspace(&row)
    }

    async fn save_workspace(&self, workspace: &Workspace) -> Result<()> {
        let settings = &workspace.settings;
        let mut transaction = self.begin().await?;
        let done = sqlx::query(
            "UPDATE workspaces SET name = $2, time_zone = $3, currency = $4, week_start = $5,
                    fiscal_year_start = $6, language = $7 WHERE id = $1",
        )
        .bind(workspace.id.0)
        .bind(&workspace.name)
        .bind(settings.time_zone.name())
        .bind(settings.currency.as_ref().map(Currency::as_str))
        .bind(settings.week_start.as_str())
        .bind(i64::from(settings.fiscal_year_start))
        .bind(&settings.language)
        .execute(&mut *transaction)
        .await
        .during("saving a workspace")?;
        if done.rows_affected() == 0 {
            return Err(Error::not_found("workspace", workspace.id));
        }
        commit(transaction).await
    }

    async fn create_user(&self, new: &NewUser) -> Result<User> {
        let mut transaction = self.begin().await?;
        let user = user::insert(&mut transaction, new).await?;
        commit(transaction).await?;
        Ok(user)
    }

    async fn users(&self) -> Result<Vec<User>> {
        self.all_users().await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        self.find_user(email).await
    }

    async fn set_password(&self, user: UserId, password_hash: &SecretString) -> Result<()> {
        self.replace_password(user, password_hash).await
    }

    async fn set_operator(&self, user: UserId, operator: bool) -> Result<()> {
        self.save_operator(user, operator).await
    }

    async fn remove_user(&self, user: UserId) -> Result<()> {
        self.delete_user(user).await
    }

    async fn save_member(&self, workspace: WorkspaceId, user: UserId, role: Role) -> Result<()> {
        let mut transaction = self.begin().await?;
        save_member(&mut transaction, workspace, user, role).await?;
        commit(transaction).await
    }

    async fn memberships(&self, user: UserId) -> Result<Vec<Member>> {
        let rows = sqlx::query(select!(
            ", m.role, u.id, u.email, u.name, u.password_hash, u.operator
             FROM members m
             JOIN workspaces w ON w.id = m.workspace_id
             JOIN users u ON u.id = m.user_id
             WHERE m.user_id = $1 ORDER BY w.id"
        ))
        .bind(user.0)
        .fetch_all(&self.pool)
        .await
        .during("listing memberships")?;
        rows.iter().map(member).collect()
    }

    async fn set_up(
        &self,
        name: &str,
        settings: &WorkspaceSettings,
        owner: &NewUser,
    ) -> Result<Member> {
        let mut transaction = self.begin().await?;
        // Who sets up at the same time waits here, and then finds a user.
        sqlx::query("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE")
            .execute(&mut *transaction)
            .await
            .during("setting up")?;
        let (users,): (i64,) = sqlx::query_as("SELECT count(*) FROM users")
            .fetch_one(&mut *transaction)
            .await
            .during("setting up")?;
        if users > 0 {
            return Err(Error::Conflict {
                message: "this database is set up already; sign in instead".to_owned(),
            });
        }
        let workspace = insert(&mut transaction, name, settings).await?;
        let mut user = user::insert(&mut transaction, owner).await?;
        user::mark_operator(&mut transaction, user.id, true).await?;
        user.operator = true;
        save_member(&mut transaction, workspace.id, user.id, Role::Owner).await?;
        commit(transaction).await?;
        Ok(Member {
            workspace,
            user,
            role: Role::Owner,
        })
    }

    async fn save_session(&self, session: &SessionRecord, user: Option<UserId>) -> Result<()> {
        self.put_session(session, user).await
    }

    async fn session(&self, id_hash: &[u8], now: DateTime<Utc>) -> Result<Option<SessionRecord>> {
        self.find_session(id_hash, now).await
    }

    async fn remove_session(&self, id_hash: &[u8]) -> Result<()> {
        self.delete_session(id_hash).await
    }

    async fn remove_ended_sessions(&self, now: DateTime<Utc>) -> Result<u64> {
        self.delete_ended_sessions(now).await
    }

    async fn use_once(&self, mark: &str, expires_at: DateTime<Utc>) -> Result<bool> {
        self.consume_mark(mark, expires_at).await
    }

    async fn keep_secret(
        &self,
        mark: &str,
        secret: &SecretString,
        expires_at: DateTime<Utc>,
    ) -> Result<()> {
        self.put_secret(mark, secret, expires_at).await
    }

    async fn take_secret(&self, mark: &str, now: DateTime<Utc>) -> Result<Option<SecretString>> {
        self.remove_secret(mark, now).await
    }
}
