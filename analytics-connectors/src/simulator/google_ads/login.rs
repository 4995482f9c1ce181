//! Google's login: consent, codes, tokens of an hour and refresh tokens.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::{PLATFORM, accounts};
use crate::simulator::{
    Inner, JSON, page,
    tokens::{Claims, TokenFlaw, TokenMint, hmac_sha256},
};

const ADS: &str = "https://www.googleapis.com/auth/adwords";
/// Scopes that can be asked for, with what they are for; the first can be unticked.
const SCOPES: [(&str, &str, bool); 2] = [
    (
        ADS,
        "See, edit, create and delete your Google Ads accounts and data",
        false,
    ),
    (
        "openid",
        "Associate you with your personal info on Google",
        true,
    ),
];
const ACCESS: u8 = 1;
const REFRESH: u8 = 2;
const CODE_LIFE: Duration = Duration::minutes(10);
const ACCESS_LIFE: Duration = Duration::seconds(3599);

type Params = HashMap<String, String>;

fn params(text: &str) -> Params {
    form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

/// A code that waits to be exchanged.
#[derive(Debug)]
struct Code {
    redirect_uri: String,
    granted: u16,
    offline: bool,
    expires: DateTime<Utc>,
}

/// What Google remembers.
#[derive(Debug)]
pub(crate) struct Google {
    client_id: String,
    client_secret: String,
    mint: TokenMint,
    codes: Mutex<HashMap<String, Code>>,
}

impl Google {
    pub(crate) fn new(seed: u64) -> Self {
        let hex = |what: &[u8]| {
            data_encoding::HEXLOWER.encode(&hmac_sha256(&seed.to_be_bytes(), what)[..12])
        };
        Self {
            client_id: format!("{}.apps.googleusercontent.com", hex(b"google client")),
            client_secret: format!("GOCSPX-{}", hex(b"google secret")),
            mint: TokenMint::new(seed, "ya29."),
            codes: Mutex::default(),
        }
    }

    /// The variables that point the connector at a simulator.
    pub(crate) fn env(&self, base_url: &str) -> Vec<(String, String)> {
        let base = format!("{base_url}/google");
        [
            ("ANALYTICS_GOOGLE_CLIENT_ID", self.client_id.clone()),
            ("ANALYTICS_GOOGLE_CLIENT_SECRET", self.client_secret.clone()),
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

    fn issue(&self, kind: u8, granted: u16, life: Option<Duration>, now: DateTime<Utc>) -> String {
        self.mint.issue(&Claims {
            kind,
            issued: now,
            expires: life.map(|life| now + life),
            granted,
            declined: 0,
            subject: 0,
        })
    }

    /// A token that never expires.
    pub(crate) fn lasting_token(&self, now: DateTime<Utc>) -> String {
        self.issue(ACCESS, 0b11, None, now)
    }

    pub(super) fn check_access(&self, token: &str, now: DateTime<Utc>) -> Result<(), TokenFlaw> {
        let claims = self.mint.check(token, now)?;
        if claims.kind == ACCESS && claims.granted & 1 == 1 {
            Ok(())
        } else {
            Err(TokenFlaw::Unknown)
        }
    }

    pub(super) fn revoke_all(&self) {
        self.mint.revoke_all();
    }

    /// What a code stands for, once.
    fn redeem(&self, code: &str, redirect_uri: &str, now: DateTime<Utc>) -> Option<Code> {
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        let known = codes.get(code)?;
        if known.redirect_uri != redirect_uri || known.expires <= now {
            return None;
        }
        codes.remove(code)
    }
}

/// What the page was opened with.
struct Dialog {
    redirect_uri: Url,
    spelt: String,
    state: String,
    asked: Vec<(&'static str, &'static str, bool)>,
    offline: bool,
}

fn dialog(sim: &Inner, query: &str) -> Result<Dialog, String> {
    let params = params(query);
    let get = |name: &str| params.get(name).map(String::as_str).unwrap_or_default();
    if get("client_id") != sim.google.client_id {
        return Err("Error 401: invalid_client. The OAuth client was not found.".to_owned());
    }
    if get("response_type") != "code" {
        return Err("Error 400: unsupported_response_type".to_owned());
    }
    let redirect_uri = Url::parse(get("redirect_uri"))
        .map_err(|_| "Error 400: redirect_uri_mismatch".to_owned())?;
    let mut asked = Vec::new();
    for scope in get("scope").split_whitespace() {
        let known = SCOPES.iter().find(|known| known.0 == scope);
        asked.push(*known.ok_or_else(|| format!("Error 400: invalid_scope. {scope}"))?);
    }
    Ok(Dialog {
        redirect_uri,
        spelt: get("redirect_uri").to_owned(),
        state: get("state").to_owned(),
        asked,
        // A refresh token comes with the first consent, and when it is asked for again.
        offline: get("access_type") == "offline" && get("prompt") == "consent",
    })
}

fn refused(message: &str) -> Response {
    (StatusCode::BAD_REQUEST, Html(page::error(message))).into_response()
}

/// The consent page.
pub(super) async fn show(State(sim): State<Arc<Inner>>, RawQuery(query): RawQuery) -> Response {
    match dialog(&sim, query.as_deref().unwrap_or_default()) {
        Ok(dialog) => {
            let names = sim
                .world
                .all_ad_accounts()
                .iter()
                .filter(|account| account.platform.as_str() == PLATFORM)
                .map(|account| page::escape(&account.name))
                .collect();
            let lists = [("Google Ads accounts", names)];
            Html(page::consent("Sample User", &dialog.asked, &lists)).into_response()
        }
        Err(message) => refused(&message),
    }
}

/// The answer to it, with `decision` `allow` or `deny`. Without `page` everything is granted.
pub(super) async fn decide(
    State(sim): State<Arc<Inner>>,
    RawQuery(query): RawQuery,
    body: String,
) -> Response {
    let dialog = match dialog(&sim, query.as_deref().unwrap_or_default()) {
        Ok(dialog) => dialog,
        Err(message) => return refused(&message),
    };
    let form: Vec<(String, String)> = form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect();
    let has = |name: &str, value: Option<&str>| {
        form.iter()
            .any(|(key, given)| key == name && value.is_none_or(|value| value == given))
    };
    let mut target = dialog.redirect_uri.clone();
    if has("decision", Some("deny")) {
        target
            .query_pairs_mut()
            .append_pair("error", "access_denied");
    } else {
        let mut granted = 0;
        for (bit, (scope, _, always)) in SCOPES.iter().enumerate() {
            let asked = dialog.asked.iter().any(|asked| asked.0 == *scope);
            if asked && (*always || !has("page", None) || has("scope", Some(scope))) {
                granted |= 1 << bit;
            }
        }
        let now = sim.now();
        let code = format!("4/{}", sim.google.issue(0, granted, Some(CODE_LIFE), now));
        let known = Code {
            redirect_uri: dialog.spelt,
            granted,
            offline: dialog.offline,
            expires: now + CODE_LIFE,
        };
        let mut codes = sim
            .google
            .codes
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        codes.insert(code.clone(), known);
        drop(codes);
        target.query_pairs_mut().append_pair("code", &code);
    }
    target.query_pairs_mut().append_pair("state", &dialog.state);
    (
        StatusCode::SEE_OTHER,
        [(header::LOCATION, target.to_string())],
    )
        .into_response()
}

/// `POST /token`: a code or a refresh token becomes an access token.
pub(super) async fn token(State(sim): State<Arc<Inner>>, body: String) -> Response {
    let (status, body) = match exchange(&sim, &params(&body)) {
        Ok(body) => (StatusCode::OK, body),
        Err((status, error, description)) => (
            status,
            json!({ "error": error, "error_description": description }),
        ),
    };
    (status, [(header::CONTENT_TYPE, JSON)], body.to_string()).into_response()
}

type Refusal = (StatusCode, &'static str, &'static str);

fn exchange(sim: &Inner, params: &Params) -> Result<Value, Refusal> {
    let google = &sim.google;
    let get = |name: &str| params.get(name).map(String::as_str).unwrap_or_default();
    if get("client_id") != google.client_id || get("client_secret") != google.client_secret {
        return Err((
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "The OAuth client was not found.",
        ));
    }
    let now = sim.now();
    let gone = (
        StatusCode::BAD_REQUEST,
        "invalid_grant",
        "Token has been expired or revoked.",
    );
    let (granted, refresh) = match get("grant_type") {
        "authorization_code" => {
            let code = google
                .redeem(get("code"), get("redirect_uri"), now)
                .ok_or((
                    StatusCode::BAD_REQUEST,
                    "invalid_grant",
                    "Malformed auth code.",
                ))?;
            let refresh = code
                .offline
                .then(|| google.issue(REFRESH, code.granted, None, now));
            (code.granted, refresh)
        }
        "refresh_token" => match google.mint.check(get("refresh_token"), now) {
            Ok(claims) if claims.kind == REFRESH => (claims.granted, None),
            _ => return Err(gone),
        },
        _ => {
            return Err((
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "Invalid grant_type.",
            ));
        }
    };
    let scopes: Vec<&str> = SCOPES
        .iter()
        .enumerate()
        .filter(|(bit, _)| granted >> bit & 1 == 1)
        .map(|(_, scope)| scope.0)
        .collect();
    let claims = json!({ "sub": accounts::manager(sim), "email": "sample.user@example.com" });
    let claims = BASE64URL_NOPAD.encode(claims.to_string().as_bytes());
    let mut token = json!({
        "access_token": google.issue(ACCESS, granted, Some(ACCESS_LIFE), now),
        "expires_in": ACCESS_LIFE.num_seconds(),
        "token_type": "Bearer",
        "scope": scopes.join(" "),
        "id_token": format!("{}.{claims}.simulated", BASE64URL_NOPAD.encode(b"{}")),
    });
    if let Some(refresh) = refresh {
        token["refresh_token"] = json!(refresh);
    }
    Ok(token)
}
