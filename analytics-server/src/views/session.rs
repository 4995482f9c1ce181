//! Who is signed in, and where.

use analytics_core::model::Workspace;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::Shared, auth::Caller};

/// The signed-in user and the workspace.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionView {
    user: UserView,
    /// `owner`, `editor` or `viewer`.
    role: &'static str,
    workspace: WorkspaceView,
    /// Every workspace of the user.
    workspaces: Vec<MembershipView>,
    /// Today in the workspace's time zone.
    today: NaiveDate,
    /// Whether the user looks after the whole server: the pages of operators are open.
    operator: bool,
    /// Whether this server runs on simulated platforms.
    demo: bool,
}

/// A user.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
struct UserView {
    email: String,
    name: String,
}

/// A workspace and how it reads its numbers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Workspace)]
pub(crate) struct WorkspaceView {
    id: String,
    name: String,
    time_zone: String,
    currency: Option<String>,
    week_start: &'static str,
    fiscal_year_start: u32,
    /// `en` or `ja`.
    language: String,
}

/// A workspace of the user.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Membership)]
struct MembershipView {
    id: String,
    name: String,
    role: &'static str,
}

impl From<&Workspace> for WorkspaceView {
    fn from(workspace: &Workspace) -> Self {
        let settings = &workspace.settings;
        Self {
            id: workspace.public_id.to_string(),
            name: workspace.name.clone(),
            time_zone: settings.time_zone.to_string(),
            currency: settings.currency.as_ref().map(ToString::to_string),
            week_start: settings.week_start.as_str(),
            fiscal_year_start: settings.fiscal_year_start,
            language: settings.language.clone(),
        }
    }
}

impl SessionView {
    pub(crate) fn new(app: &Shared, caller: &Caller) -> Self {
        Self {
            user: UserView {
                email: caller.user.email.clone(),
                name: caller.user.name.clone(),
            },
            role: caller.role.as_str(),
            workspace: WorkspaceView::from(&caller.workspace),
            workspaces: caller
                .memberships
                .iter()
                .map(|member| MembershipView {
                    id: member.workspace.public_id.to_string(),
                    name: member.workspace.name.clone(),
                    role: member.role.as_str(),
                })
                .collect(),
            today: app.clock.today(caller.workspace.settings.time_zone),
            operator: caller.user.operator,
            demo: app.demo.is_some(),
        }
    }
}
