//! Signing in and out, and who is signed in.

use std::time::Instant;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;
use utoipa::ToSchema;

use crate::{
    app::AppState,
    auth::{Caller, caller::Peer, password, session},
    error::Problem,
    http::{Body, Path},
    views::SessionView,
};

/// Shown to whoever opens the demonstration's link a second time.
const LINK_USED: &str = include_str!("demo_link_used.html");

/// E-mail address and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    email: String,
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// Who is signed in, and where.
#[utoipa::path(get, path = "/session", operation_id = "read_session", tag = "session", responses(
    (status = 200, body = SessionView), (status = 401, description = "`not_signed_in`, with `setup_required`")))]
pub(crate) async fn read(State(app): State<AppState>, caller: Caller) -> Json<SessionView> {
    Json(SessionView::new(&app, &caller))
}

/// Signs in. After a few wrong passwords each further attempt must wait longer.
#[utoipa::path(post, path = "/session", operation_id = "sign_in", tag = "session", request_body = Credentials, responses(
    (status = 200, body = SessionView), (status = 401, description = "`wrong_credentials`"),
    (status = 429, description = "`too_many_attempts`, with `retry_after` in seconds")))]
pub(crate) async fn create(
    State(app): State<AppState>,
    session: Session,
    Peer(address): Peer,
    Body(credentials): Body<Credentials>,
) -> Result<Json<SessionView>, Problem> {
    let Credentials { email, password } = credentials;
    app.throttle
        .attempt(&email, address, Instant::now())
        .map_err(|wait| {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_attempts",
                format!("Too many wrong passwords. Try again in {seconds} s."),
            )
            .after(seconds)
        })?;
    let user = app.store.user_by_email(email.trim()).await?;
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let right = password::verify(password, hash).await?;
    let Some(user) = user.filter(|_| right) else {
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "wrong_credentials",
            "The e-mail address or the password is wrong.",
        ));
    };
    app.throttle.forgive(&email, address);
    let caller = Caller::choose(app.store.memberships(user.id).await?, None)?;
    session::sign_in(&session, user.id).await?;
    Ok(Json(SessionView::new(&app, &caller)))
}

/// Signs out.
#[utoipa::path(delete, path = "/session", operation_id = "sign_out", tag = "session", responses((status = 204, description = "Signed out")))]
pub(crate) async fn end(session: Session) -> Result<StatusCode, Problem> {
    session::sign_out(&session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The demonstration's link: signs its user in, once, from this machine only.
pub(crate) async fn demo(
    State(app): State<AppState>,
    session: Session,
    Peer(address): Peer,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let Some(demo) = &app.demo else {
        return Err(Problem::not_found("page", "/demo"));
    };
    if !address.is_loopback() {
        return Err(Problem::forbidden(
            "The demonstration's link works on the machine it runs on only.",
        ));
    }
    let signed_in = session::user(&session).await?.is_some();
    match demo.open(&token) {
        Some(user) => session::sign_in(&session, user).await?,
        // Reloading the link in the browser that used it is harmless.
        None if signed_in => {}
        None => return Ok((StatusCode::GONE, Html(LINK_USED)).into_response()),
    }
    Ok(Redirect::to(&app.base.at("/")).into_response())
}
