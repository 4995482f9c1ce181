//! The round trip through a provider's consent page.

use std::sync::Arc;

use analytics_connectors::{
    Connector, ErrorKind,
    oauth::{
        AuthorizationResponse, flow,
        state::{LinkState, StateError},
    },
};
use analytics_core::model::{Platform, Role, WorkspaceId};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{AppState, Shared},
    auth::Caller,
    error::Problem,
    http::{Body, Params, Path},
};

/// How long somebody may take to consent.
const STATE_LIFETIME: Duration = Duration::minutes(15);
/// How much longer a used state is remembered than it would be accepted.
const MARK_SLACK: Duration = Duration::minutes(5);

/// What is to be linked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConnectRequest {
    /// Platforms of the provider.
    platforms: Vec<String>,
}

/// Where to go.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectResponse {
    /// The provider's consent page.
    authorize_url: String,
}

/// Starts linking: where to send the browser.
#[utoipa::path(post, path = "/connect/{provider}", operation_id = "start_linking", tag = "linking", params(("provider" = String, Path, description = "For example `meta`")),
    request_body = ConnectRequest, responses((status = 200, body = ConnectResponse),
    (status = 503, description = "`unavailable`: the operator has not configured the provider's app")))]
pub(crate) async fn start(
    State(app): State<AppState>,
    caller: Caller,
    Path(provider): Path<String>,
    Body(request): Body<ConnectRequest>,
) -> Result<Json<ConnectResponse>, Problem> {
    caller.require(Role::Editor, "Linking accounts")?;
    let connectors = choose(&app, &provider, &request.platforms)?;
    if let Some(unconfigured) = connectors
        .iter()
        .map(|connector| connector.descriptor())
        .find(|descriptor| !descriptor.configured)
    {
        return Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            unconfigured.setup_hint.en.clone(),
        )
        .with("platform", unconfigured.platform().as_str()));
    }
    refuse_while_paused(&app, &connectors).await?;
    let state = LinkState {
        workspace: caller.workspace.public_id.clone(),
        user: caller.user.id.0,
        provider: provider.clone(),
        platforms: request.platforms,
        nonce: LinkState::new_nonce().map_err(Problem::internal)?,
        expires_at: Utc::now() + STATE_LIFETIME,
    };
    let signed = app.states.sign(&state);
    let started = flow::start(&connectors, &app.callback_url(&provider), &signed).await?;
    if let Some(secret) = started.secret {
        app.store
            .keep_secret(&secret_mark(&state), &secret, state.expires_at)
            .await?;
    }
    Ok(Json(ConnectResponse {
        authorize_url: started.url.into(),
    }))
}

/// Where each consent ends the one before, one that cannot be completed would end a good one.
async fn refuse_while_paused(
    app: &Shared,
    connectors: &[Arc<dyn Connector>],
) -> Result<(), Problem> {
    let paused = app.engine.paused_platforms().await?;
    let mut platforms = connectors
        .iter()
        .filter(|connector| connector.oauth().one_grant_per_user())
        .map(|connector| connector.descriptor().platform());
    match platforms.find(|platform| paused.contains_key(*platform)) {
        None => Ok(()),
        Some(platform) => Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            format!("`{platform}` is paused; nothing of it can be read or linked until it goes on"),
        )
        .with("platform", platform.as_str())),
    }
}

/// Under what the secret of a linking that has begun is kept.
fn secret_mark(state: &LinkState) -> String {
    format!("link-secret:{}", state.nonce)
}

/// The connectors of `platforms`, all of `provider`.
fn choose(
    app: &Shared,
    provider: &str,
    platforms: &[String],
) -> Result<Vec<Arc<dyn Connector>>, Problem> {
    let all = app.registry.connectors();
    if app.registry.provider(provider).is_none() {
        let providers: Vec<&str> = all
            .iter()
            .map(|connector| connector.descriptor().profile.provider.as_str())
            .collect();
        return Err(Problem::unknown(
            "provider", "provider", provider, providers,
        ));
    }
    if platforms.is_empty() {
        return Err(Problem::invalid_field(
            "platforms",
            "name at least one platform to link",
        ));
    }
    let offered: Vec<Arc<dyn Connector>> = app.registry.of_provider(provider).collect();
    platforms
        .iter()
        .enumerate()
        .map(|(at, platform)| {
            offered
                .iter()
                .find(|connector| {
                    *connector.descriptor().platform() == Platform::from(platform.as_str())
                })
                .cloned()
                .ok_or_else(|| {
                    Problem::unknown(
                        "platform",
                        &format!("platforms[{at}]"),
                        platform,
                        offered
                            .iter()
                            .map(|connector| connector.descriptor().platform().as_str()),
                    )
                })
        })
        .collect()
}

/// Why the page shows a sentence instead of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Denied,
    StateInvalid,
    StateExpired,
    StateUsed,
    ExchangeFailed,
    MissingScopes,
    LinkedElsewhere,
    Unavailable,
}

impl Refusal {
    fn code(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::StateInvalid => "state_invalid",
            Self::StateExpired => "state_expired",
            Self::StateUsed => "state_used",
            Self::ExchangeFailed => "exchange_failed",
            Self::MissingScopes => "missing_scopes",
            Self::LinkedElsewhere => "linked_elsewhere",
            Self::Unavailable => "unavailable",
        }
    }
}

/// Where the provider sends the user back to; answers with a redirect to the page that goes on.
#[utoipa::path(get, path = "/connect/{provider}/callback", operation_id = "finish_linking", tag = "linking", params(("provider" = String, Path),
    ("state" = Option<String>, Query), ("code" = Option<String>, Query), ("oauth_token" = Option<String>, Query),
    ("oauth_verifier" = Option<String>, Query), ("error" = Option<String>, Query), ("denied" = Option<String>, Query)),
    responses((status = 303, description = "To `/connect/{provider}?grant=gr_…` or `?error=` `denied`, `state_invalid`, `state_expired`, `state_used`, `exchange_failed`, `missing_scopes`, `linked_elsewhere` or `unavailable`")))]
pub(crate) async fn callback(
    State(app): State<AppState>,
    caller: Result<Caller, Problem>,
    Path(provider): Path<String>,
    params: Params,
) -> Response {
    let outcome = match caller {
        Ok(caller) => finish(&app, &caller, &provider, &params).await,
        // Whoever comes back is not who left, or no longer signed in.
        Err(_) => Err(Refusal::StateInvalid),
    };
    let known = app.registry.provider(&provider).is_some();
    let page = if known { provider.as_str() } else { "unknown" };
    let (name, value) = match &outcome {
        Ok(grant) => ("grant", grant.as_str()),
        Err(refusal) => ("error", refusal.code()),
    };
    let page = format!("/connect/{page}?{name}={value}");
    Redirect::to(&app.base.at(&page)).into_response()
}

async fn finish(
    app: &AppState,
    caller: &Caller,
    provider: &str,
    params: &Params,
) -> Result<String, Refusal> {
    let (state, workspace) = check_state(
        app,
        caller,
        provider,
        params.text("state").unwrap_or_default(),
    )?;
    match app
        .store
        .use_once(
            &format!("link-state:{}", state.nonce),
            state.expires_at + MARK_SLACK,
        )
        .await
    {
        Ok(true) => {}
        Ok(false) => return Err(Refusal::StateUsed),
        Err(error) => {
            tracing::error!(error = %crate::error::chain(&error), "cannot mark a state as used");
            return Err(Refusal::Unavailable);
        }
    }
    // OAuth 1.0a has a parameter of its own for a refusal.
    if params.text("denied").is_some() {
        return Err(Refusal::Denied);
    }
    match params.text("error") {
        None => {}
        Some("access_denied" | "user_denied") => return Err(Refusal::Denied),
        Some("temporarily_unavailable" | "server_error") => return Err(Refusal::Unavailable),
        Some(_) => return Err(Refusal::ExchangeFailed),
    }
    let secret = app
        .store
        .take_secret(&secret_mark(&state), Utc::now())
        .await
        .map_err(|error| {
            tracing::error!(error = %crate::error::chain(&error), "cannot take a linking's secret");
            Refusal::Unavailable
        })?;
    let response = AuthorizationResponse::from_parameters(
        |name| params.text(name).map(str::to_owned),
        app.callback_url(provider),
        secret,
    )
    .ok_or(Refusal::ExchangeFailed)?;
    let connectors = choose(app, provider, &state.platforms).map_err(|_| Refusal::StateInvalid)?;
    let completing = complete(
        app.clone(),
        provider.to_owned(),
        workspace,
        connectors,
        response,
    );
    // A code works once, and may end the consent before it: a browser that goes away ends nothing.
    tokio::spawn(completing).await.unwrap_or_else(|ended| {
        tracing::error!(%ended, "a consent was not completed");
        Err(Refusal::Unavailable)
    })
}

/// Makes tokens of what the user came back with and stores them; the grant.
async fn complete(
    app: AppState,
    provider: String,
    workspace: WorkspaceId,
    connectors: Vec<Arc<dyn Connector>>,
    response: AuthorizationResponse,
) -> Result<String, Refusal> {
    let provider = provider.as_str();
    let consent = flow::finish(&connectors, &response)
        .await
        .map_err(|error| {
            tracing::warn!(provider, %error, "a consent could not be completed");
            match error.kind {
                ErrorKind::PermissionDenied => Refusal::MissingScopes,
                ErrorKind::Unavailable | ErrorKind::Transient | ErrorKind::RateLimited { .. } => {
                    Refusal::Unavailable
                }
                _ => Refusal::ExchangeFailed,
            }
        })?;
    let linked = app
        .engine
        .link(workspace, provider, consent)
        .await
        .map_err(|error| {
            if matches!(error, analytics_core::Error::Conflict { .. }) {
                tracing::warn!(provider, %error, "a consent was refused");
                return Refusal::LinkedElsewhere;
            }
            tracing::error!(error = %crate::error::chain(&error), "cannot store a consent");
            Refusal::Unavailable
        })?;
    for account in &linked.revived {
        app.wake(workspace, account.id).await;
    }
    Ok(linked.grant.public_id.to_string())
}

/// The state must be ours, of this provider, and of the user who is signed in; the workspace it was
/// made in, if the user may still link there.
fn check_state(
    app: &Shared,
    caller: &Caller,
    provider: &str,
    text: &str,
) -> Result<(LinkState, WorkspaceId), Refusal> {
    let state = app
        .states
        .verify(text, Utc::now())
        .map_err(|error| match error {
            StateError::Expired => Refusal::StateExpired,
            _ => Refusal::StateInvalid,
        })?;
    if state.user != caller.user.id.0 || state.provider != provider {
        return Err(Refusal::StateInvalid);
    }
    let workspace = caller
        .memberships
        .iter()
        .find(|member| member.workspace.public_id == state.workspace && member.role >= Role::Editor)
        .map(|member| member.workspace.id)
        .ok_or(Refusal::StateInvalid)?;
    Ok((state, workspace))
}
