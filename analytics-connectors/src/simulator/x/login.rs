//! The login: consent of one of the users, codes of half a minute, tokens of two hours and refresh
//! tokens that work once.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use chrono::Duration;
use data_encoding::{BASE64, HEXLOWER};
use serde_json::json;

use super::{
    PLATFORM,
    billing::{Billed, Billing},
    gate,
    limits::Limits,
};
use crate::simulator::{
    Inner, broken,
    code_login::{self, CodeLogin, Params, Provider, Refusal},
    page,
    tokens::hmac_sha256,
    world::media::MediaAccount,
};

const BAD_TOKEN: Refusal = (
    StatusCode::BAD_REQUEST,
    "invalid_request",
    "Value passed for the token was invalid.",
);
const BAD_CLIENT: Refusal = (
    StatusCode::UNAUTHORIZED,
    "unauthorized_client",
    "Missing valid authorization header",
);

static LOGIN: Provider = Provider {
    scopes: &[
        ("tweet.read", "All the posts you can view", true),
        ("users.read", "Any account you can view", true),
        ("offline.access", "Stay connected until you revoke it", true),
    ],
    token_prefix: "eHg0",
    code_prefix: "",
    code_life: Duration::seconds(30),
    access_life: Duration::seconds(7200),
    pkce: true,
    rotates: true,
    bad_code: (
        StatusCode::BAD_REQUEST,
        "invalid_request",
        "Value passed for the authorization code was invalid.",
    ),
    bad_refresh: BAD_TOKEN,
    offline: |params| {
        let scopes = params.get("scope").map(String::as_str).unwrap_or_default();
        scopes
            .split_whitespace()
            .any(|scope| scope == "offline.access")
    },
    takes_state: |state| (1..=500).contains(&state.len()),
};

/// What X remembers.
#[derive(Debug)]
pub(crate) struct X {
    pub(super) login: CodeLogin,
    pub(super) limits: Limits,
    pub(super) billing: Billing,
}

impl X {
    pub(crate) fn new(seed: u64) -> Self {
        let hex = |what: &[u8], length: usize| {
            HEXLOWER.encode(&hmac_sha256(&seed.to_be_bytes(), what)[..length])
        };
        let (id, secret) = (hex(b"x oauth2 client", 17), hex(b"x oauth2 secret", 25));
        Self {
            login: CodeLogin::new(&LOGIN, seed, id, secret),
            limits: Limits::default(),
            billing: Billing::default(),
        }
    }

    /// What a user's token has cost so far.
    pub(crate) fn billed(&self, user: &str) -> Billed {
        self.billing.of(user)
    }

    /// The variables that point the connector at a simulator.
    pub(crate) fn env(&self, base_url: &str) -> Vec<(String, String)> {
        let base = format!("{base_url}/x");
        let variables = [
            ("CLIENT_ID", self.login.client_id.clone()),
            ("CLIENT_SECRET", self.login.client_secret.clone()),
            ("AUTH_URL", format!("{base}/i/oauth2/authorize")),
            ("TOKEN_URL", format!("{base}/2/oauth2/token")),
            ("BASE_URL", base),
            // Nobody shares the simulated platform: no need to spare it.
            ("REQUESTS_PER_SECOND", "5000".to_owned()),
        ];
        let variables = variables.into_iter();
        variables
            .map(|(name, value)| (format!("ANALYTICS_X_{name}"), value))
            .collect()
    }

    /// Whether an app says who it is as X wants it: in the header, and nowhere else.
    fn check_client(&self, headers: &HeaderMap, params: &Params) -> Result<(), Refusal> {
        let secret = format!("{}:{}", self.login.client_id, self.login.client_secret);
        let given = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Basic "));
        let good = given == Some(BASE64.encode(secret.as_bytes()).as_str());
        if good && !params.contains_key("client_secret") {
            Ok(())
        } else {
            Err(BAD_CLIENT)
        }
    }
}

fn handle(user: &MediaAccount) -> &str {
    user.username.as_deref().unwrap_or_default()
}

/// The consent page.
pub(super) async fn show(State(sim): State<Arc<Inner>>, RawQuery(query): RawQuery) -> Response {
    let users = sim.world.media_accounts(PLATFORM);
    let users: Vec<page::Choice> = users
        .map(|user| {
            (
                user.id.clone(),
                user.name.clone(),
                format!("@{}", handle(user)),
            )
        })
        .collect();
    let query = query.unwrap_or_default();
    sim.x.login.show_to(&query, "X", &users)
}

/// The answer to it, by the user that `user` names: an id or a username.
pub(super) async fn decide(
    State(sim): State<Arc<Inner>>,
    RawQuery(query): RawQuery,
    body: String,
) -> Response {
    let form = code_login::params(&body);
    let named = form.get("user").map(|name| name.trim_start_matches('@'));
    let mut users = sim.world.media_accounts(PLATFORM);
    let user = users.find(|user| named.is_none_or(|name| user.id == name || handle(user) == name));
    let Some(subject) = user.and_then(|user| user.id.parse().ok()) else {
        let page = page::error("There is no such user.");
        return (StatusCode::BAD_REQUEST, Html(page)).into_response();
    };
    let query = query.unwrap_or_default();
    sim.x.login.decide_as(subject, &query, &body, sim.now())
}

/// `POST …/token`.
pub(super) async fn token(
    State(sim): State<Arc<Inner>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    if gate::token_fault(&sim, "token") {
        let body =
            json!({ "error": "temporarily_unavailable", "error_description": "Over capacity" });
        return gate::json(StatusCode::SERVICE_UNAVAILABLE, &body);
    }
    let params = code_login::params(&body);
    let granted = sim
        .x
        .check_client(&headers, &params)
        .and_then(|()| sim.x.login.grant(&params, sim.now()))
        .map(|granted| {
            let mut token = granted.body();
            token["token_type"] = json!("bearer");
            token["scope"] = json!(granted.scopes.join(" "));
            token
        });
    if let Ok(token) = &granted
        && gate::token_fault(&sim, "lost-token")
    {
        return broken::breaking_off(token.to_string(), 0);
    }
    code_login::answer(granted)
}

/// `POST …/revoke`.
pub(super) async fn revoke(
    State(sim): State<Arc<Inner>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let params = code_login::params(&body);
    let done = sim.x.check_client(&headers, &params).and_then(|()| {
        let token = params.get("token").ok_or(BAD_TOKEN)?;
        sim.x.login.give_back(token, sim.now());
        Ok(json!({ "revoked": true }))
    });
    code_login::answer(done)
}
