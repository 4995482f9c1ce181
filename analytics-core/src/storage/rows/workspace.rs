//! Workspaces and their users.

use crate::{
    error::Result,
    model::{
        Currency, Member, Role, User, UserId, WeekStart, Workspace, WorkspaceId, WorkspaceSettings,
    },
    storage::{
        columns::{Columns, get},
        convert::{corrupt, public_id},
    },
};

/// A workspace from its columns.
pub(crate) fn workspace(row: &impl Columns) -> Result<Workspace> {
    let time_zone: &str = get(row, "time_zone")?;
    Ok(Workspace {
        id: WorkspaceId(get(row, "workspace_id")?),
        public_id: public_id("ws", get(row, "workspace_uuid")?)?,
        name: get(row, "workspace_name")?,
        settings: WorkspaceSettings {
            time_zone: time_zone
                .parse()
                .map_err(|_| corrupt(format!("`{time_zone}` is no time zone")))?,
            currency: get::<Option<&str>>(row, "currency")?
                .map(Currency::new)
                .transpose()?,
            week_start: WeekStart::parse(get(row, "week_start")?)?,
            fiscal_year_start: get(row, "fiscal_year_start")?,
            language: get(row, "language")?,
        },
    })
}

fn role(text: &str) -> Result<Role> {
    [Role::Viewer, Role::Editor, Role::Owner]
        .into_iter()
        .find(|role| role.as_str() == text)
        .ok_or_else(|| corrupt(format!("`{text}` is no role")))
}

/// A user from the columns `id`, `email`, `name`, `password_hash` and `operator`.
pub(crate) fn user(row: &impl Columns) -> Result<User> {
    Ok(User {
        id: UserId(get(row, "id")?),
        email: get(row, "email")?,
        name: get(row, "name")?,
        password_hash: get::<String>(row, "password_hash")?.into(),
        operator: get::<i64>(row, "operator")? != 0,
    })
}

/// A workspace, a user and its role there, from one row.
pub(crate) fn member(row: &impl Columns) -> Result<Member> {
    Ok(Member {
        workspace: workspace(row)?,
        user: user(row)?,
        role: role(get(row, "role")?)?,
    })
}
