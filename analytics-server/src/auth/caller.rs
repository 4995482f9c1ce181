//! The caller of a request: a signed-in user, in one workspace, with a role.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use analytics_core::model::{Member, Role, User, Workspace, WorkspaceId};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{StatusCode, request::Parts},
};
use tower_sessions::Session;

use super::session;
use crate::{app::AppState, error::Problem, http::request_id::RequestSpan};

/// Header that chooses a workspace where a user has several.
const WORKSPACE_HEADER: &str = "analytics-workspace";

/// A signed-in user, in the workspace the request is about.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) user: User,
    pub(crate) workspace: Workspace,
    pub(crate) role: Role,
    /// Every membership of the user.
    pub(crate) memberships: Vec<Member>,
}

impl Caller {
    pub(crate) fn workspace_id(&self) -> WorkspaceId {
        self.workspace.id
    }

    /// Refuses callers below `role`.
    pub(crate) fn require(&self, role: Role, what: &str) -> Result<(), Problem> {
        if self.role >= role {
            return Ok(());
        }
        Err(Problem::forbidden(format!(
            "{what} needs the role {}; yours is {}. Ask an owner of the workspace.",
            role.as_str(),
            self.role.as_str(),
        ))
        .with("required", role.as_str()))
    }

    /// The caller with these memberships, in the workspace named or the first one.
    pub(crate) fn choose(memberships: Vec<Member>, wanted: Option<&str>) -> Result<Self, Problem> {
        let chosen = match wanted {
            Some(wanted) => memberships
                .iter()
                .find(|member| member.workspace.public_id.as_str() == wanted)
                .ok_or_else(|| {
                    Problem::new(
                        StatusCode::NOT_FOUND,
                        "unknown_workspace",
                        format!("You are no member of a workspace `{wanted}`."),
                    )
                    .with("field", WORKSPACE_HEADER)
                    .with("value", wanted)
                })?,
            None => memberships.first().ok_or_else(|| {
                Problem::forbidden("You are no member of any workspace. Ask an owner to add you.")
            })?,
        };
        Ok(Self {
            user: chosen.user.clone(),
            workspace: chosen.workspace.clone(),
            role: chosen.role,
            memberships,
        })
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let session = session_of(parts)?;
        let Some(user) = session::user(&session).await? else {
            return Err(Problem::not_signed_in(app.setup_required().await?));
        };
        let wanted = parts
            .headers
            .get(WORKSPACE_HEADER)
            .and_then(|value| value.to_str().ok());
        let memberships = app.store.memberships(user).await?;
        let caller = Self::choose(memberships, wanted)?;
        if let Some(RequestSpan(span)) = parts.extensions.get() {
            span.record("workspace", caller.workspace.public_id.as_str());
        }
        Ok(caller)
    }
}

/// The session layer is part of the router; a request without one never came through it.
fn session_of(parts: &Parts) -> Result<Session, Problem> {
    parts
        .extensions
        .get::<Session>()
        .cloned()
        .ok_or_else(|| Problem::internal("the session layer is missing"))
}

/// The network address of the other side, behind the proxies that are trusted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

impl FromRequestParts<AppState> for Peer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let connected = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
        Ok(Self(app.trusted_proxies.client(connected, &parts.headers)))
    }
}
