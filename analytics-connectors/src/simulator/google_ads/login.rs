//! Google's login: consent, codes, tokens of an hour and refresh tokens.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use chrono::Duration;
use data_encoding::BASE64URL_NOPAD;
use serde_json::json;

use super::{PLATFORM, accounts};
use crate::simulator::{
    Inner,
    code_login::{self, CodeLogin, Provider},
    page,
    tokens::hmac_sha256,
};

static LOGIN: Provider = Provider {
    scopes: &[
        (
            "https://www.googleapis.com/auth/adwords",
            "See, edit, create and delete your Google Ads accounts and data",
            false,
        ),
        (
            "openid",
            "Associate you with your personal info on Google",
            true,
        ),
    ],
    token_prefix: "ya29.",
    code_prefix: "4/",
    code_life: code_login::CODE_LIFE,
    access_life: Duration::seconds(3599),
    pkce: false,
    rotates: false,
    bad_code: code_login::BAD_CODE,
    bad_refresh: code_login::BAD_REFRESH,
    // A refresh token comes with the first consent, and when it is asked for again.
    offline: |params| {
        let is = |name: &str, value: &str| params.get(name).is_some_and(|given| given == value);
        is("access_type", "offline") && is("prompt", "consent")
    },
    takes_state: |_| true,
};

/// What Google remembers.
#[derive(Debug)]
pub(crate) struct Google {
    pub(super) login: CodeLogin,
}

impl Google {
    pub(crate) fn new(seed: u64) -> Self {
        let hex = |what: &[u8]| {
            data_encoding::HEXLOWER.encode(&hmac_sha256(&seed.to_be_bytes(), what)[..12])
        };
        let id = format!("{}.apps.googleusercontent.com", hex(b"google client"));
        let secret = format!("GOCSPX-{}", hex(b"google secret"));
        Self {
            login: CodeLogin::new(&LOGIN, seed, id, secret),
        }
    }

    /// The variables that point the connector at a simulator.
    pub(crate) fn env(&self, base_url: &str) -> Vec<(String, String)> {
        let base = format!("{base_url}/google");
        [
            ("ANALYTICS_GOOGLE_CLIENT_ID", self.login.client_id.clone()),
            (
                "ANALYTICS_GOOGLE_CLIENT_SECRET",
                self.login.client_secret.clone(),
            ),
            (
                "ANALYTICS_GOOGLE_AUTH_URL",
                format!("{base}/o/oauth2/v2/auth"),
            ),
            ("ANALYTICS_GOOGLE_TOKEN_URL", format!("{base}/token")),
            ("ANALYTICS_GOOGLE_ADS_BASE_URL", base),
            ("ANALYTICS_GOOGLE_ADS_API_VERSION", "v25".to_owned()),
            // Nobody shares the simulated platform: no need to spare it.
            ("ANALYTICS_GOOGLE_ADS_ACCESS_LEVEL", "standard".to_owned()),
            (
                "ANALYTICS_GOOGLE_ADS_REQUESTS_PER_SECOND",
                "5000".to_owned(),
            ),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }
}

/// The consent page.
pub(super) async fn show(State(sim): State<Arc<Inner>>, RawQuery(query): RawQuery) -> Response {
    let names = sim
        .world
        .all_ad_accounts()
        .iter()
        .filter(|account| account.platform.as_str() == PLATFORM)
        .map(|account| page::escape(&account.name))
        .collect();
    let lists = [("Google Ads accounts", names)];
    let query = query.unwrap_or_default();
    sim.google.login.show(&query, &lists)
}

/// The answer to it.
pub(super) async fn decide(
    State(sim): State<Arc<Inner>>,
    RawQuery(query): RawQuery,
    body: String,
) -> Response {
    let query = query.unwrap_or_default();
    sim.google.login.decide(&query, &body, sim.now())
}

/// `POST /token`.
pub(super) async fn token(State(sim): State<Arc<Inner>>, body: String) -> Response {
    let granted = sim.google.login.exchange(&body, sim.now());
    code_login::answer(granted.map(|granted| {
        let claims = json!({ "sub": accounts::manager(&sim), "email": "sample.user@example.com" });
        let claims = BASE64URL_NOPAD.encode(claims.to_string().as_bytes());
        let mut token = granted.body();
        token["scope"] = json!(granted.scopes.join(" "));
        token["id_token"] = json!(format!(
            "{}.{claims}.simulated",
            BASE64URL_NOPAD.encode(b"{}")
        ));
        token
    }))
}
