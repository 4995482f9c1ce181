//! Setting a fresh server up: its first user and workspace, by the link it printed.

use analytics_core::{
    Error,
    model::{NewUser, WorkspaceSettings},
};
use axum::{Json, extract::State, http::StatusCode};
use chrono_tz::Tz;
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;
use utoipa::ToSchema;

use crate::{
    app::AppState,
    auth::{Caller, password, session},
    error::Problem,
    http::Body,
    views::SessionView,
};

/// The first user and the first workspace.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupRequest {
    /// From the link.
    #[schema(value_type = String)]
    token: SecretString,
    name: String,
    email: String,
    /// At least 12 characters.
    #[schema(value_type = String, format = Password)]
    password: SecretString,
    /// The workspace's name.
    workspace: String,
    /// IANA name, for example `Asia/Tokyo`.
    time_zone: String,
    /// `en` or `ja`.
    language: String,
}

/// Sets the server up and signs its owner in. The link dies at its first use.
#[utoipa::path(post, path = "/setup", operation_id = "set_up", tag = "session", request_body = SetupRequest, responses(
    (status = 201, body = SessionView), (status = 403, description = "`setup_link_invalid`"),
    (status = 422, description = "`invalid_field`, with `field` and `message`")))]
pub(crate) async fn set_up(
    State(app): State<AppState>,
    session: Session,
    Body(request): Body<SetupRequest>,
) -> Result<(StatusCode, Json<SessionView>), Problem> {
    use secrecy::ExposeSecret as _;
    let token = request.token.expose_secret();
    if !app.setup.matches(token) || !app.setup_required().await? {
        return Err(link_invalid());
    }
    let settings = WorkspaceSettings {
        time_zone: time_zone(&request.time_zone)?,
        language: language(&request.language)?,
        ..WorkspaceSettings::default()
    };
    let name = required("name", &request.name)?;
    let workspace = required("workspace", &request.workspace)?;
    let email = email("email", &request.email)?;
    password::check("password", &request.password)?;
    let password_hash = password::hash(request.password.clone()).await?;
    // Only a request that can succeed uses the link up.
    if !app.setup.take(token) {
        return Err(link_invalid());
    }
    let owner = NewUser {
        email,
        name,
        password_hash,
    };
    let member = match app.store.set_up(&workspace, &settings, &owner).await {
        Ok(member) => member,
        Err(Error::Conflict { .. }) => return Err(link_invalid()),
        Err(error) => return Err(error.into()),
    };
    tracing::info!("the server has been set up");
    session::sign_in(&session, member.user.id).await?;
    let caller = Caller::choose(vec![member], None)?;
    Ok((StatusCode::CREATED, Json(SessionView::new(&app, &caller))))
}

fn link_invalid() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "setup_link_invalid",
        "This set-up link is not valid: it works once, until the server is set up or restarted. Use the newest link the server printed, or sign in.",
    )
}

/// Text that is not empty and not absurdly long.
pub(crate) fn required(field: &str, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::invalid_field(field, "must not be empty"));
    }
    if text.chars().count() > 200 {
        return Err(Problem::invalid_field(field, "has at most 200 characters"));
    }
    Ok(text.to_owned())
}

/// Something that looks like an e-mail address; only a mail could prove more.
pub(crate) fn email(field: &str, text: &str) -> Result<String, Problem> {
    let text = required(field, text)?;
    let plausible = text
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
        && !text.contains(char::is_whitespace);
    plausible
        .then_some(text)
        .ok_or_else(|| Problem::invalid_field(field, "is no e-mail address"))
}

/// An IANA time zone.
pub(crate) fn time_zone(text: &str) -> Result<Tz, Problem> {
    text.parse().map_err(|_| {
        let nearest =
            analytics_core::nearest(text, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()));
        Problem::invalid_field(
            "time_zone",
            format!("`{text}` is no IANA time zone such as Asia/Tokyo"),
        )
        .with("value", text)
        .with("nearest", nearest)
    })
}

/// A language that the product speaks.
pub(crate) fn language(text: &str) -> Result<String, Problem> {
    match text {
        "en" | "ja" => Ok(text.to_owned()),
        _ => Err(Problem::invalid_field("language", "expected `en` or `ja`").with("value", text)),
    }
}
