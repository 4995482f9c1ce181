//! Logins by authorization code: a consent page, codes of ten minutes that work once, access tokens
//! that expire and refresh tokens that do not.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::{
    JSON, page,
    tokens::{Claims, TokenFlaw, TokenMint},
};

const ACCESS: u8 = 1;
const REFRESH: u8 = 2;
const CODE: u8 = 0;
const CODE_LIFE: Duration = Duration::minutes(10);

/// Parameters of a query or a form.
pub(crate) type Params = HashMap<String, String>;

fn params(text: &str) -> Params {
    form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

/// What the login of one provider is like.
#[derive(Debug)]
pub(crate) struct Provider {
    /// Scopes that can be asked for. Without the first nothing can be read.
    pub(crate) scopes: &'static [page::Asked<'static>],
    /// How its tokens start.
    pub(crate) token_prefix: &'static str,
    /// How its codes start.
    pub(crate) code_prefix: &'static str,
    /// How long an access token works.
    pub(crate) access_life: Duration,
    /// Whether a consent that was asked for with these parameters comes with a refresh token.
    pub(crate) offline: fn(&Params) -> bool,
    /// Whether it takes such a state.
    pub(crate) takes_state: fn(&str) -> bool,
}

/// A code that waits to be exchanged.
#[derive(Debug)]
struct Code {
    redirect_uri: String,
    granted: u16,
    offline: bool,
    expires: DateTime<Utc>,
}

/// What a page was opened with.
struct Dialog {
    redirect_uri: Url,
    spelt: String,
    state: String,
    asked: Vec<page::Asked<'static>>,
    offline: bool,
}

/// Tokens that were granted.
#[derive(Debug)]
pub(crate) struct Granted {
    access_token: String,
    life: Duration,
    refresh_token: Option<String>,
    /// The scopes, by name.
    pub(crate) scopes: Vec<&'static str>,
}

impl Granted {
    /// What every provider's answer has.
    pub(crate) fn body(&self) -> Value {
        let mut body = json!({
            "access_token": self.access_token,
            "expires_in": self.life.num_seconds(),
            "token_type": "Bearer",
        });
        if let Some(refresh) = &self.refresh_token {
            body["refresh_token"] = json!(refresh);
        }
        body
    }
}

/// Why no token is given: status, error and description.
pub(crate) type Refusal = (StatusCode, &'static str, &'static str);

/// The answer of a token endpoint.
pub(crate) fn answer(result: Result<Value, Refusal>) -> Response {
    let (status, body) = match result {
        Ok(body) => (StatusCode::OK, body),
        Err((status, error, description)) => (
            status,
            json!({ "error": error, "error_description": description }),
        ),
    };
    (status, [(header::CONTENT_TYPE, JSON)], body.to_string()).into_response()
}

fn refused(message: &str) -> Response {
    (StatusCode::BAD_REQUEST, Html(page::error(message))).into_response()
}

/// The login of one provider for one app.
#[derive(Debug)]
pub(crate) struct CodeLogin {
    provider: &'static Provider,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    mint: TokenMint,
    codes: Mutex<HashMap<String, Code>>,
}

impl CodeLogin {
    pub(crate) fn new(
        provider: &'static Provider,
        seed: u64,
        client_id: String,
        client_secret: String,
    ) -> Self {
        Self {
            provider,
            client_id,
            client_secret,
            mint: TokenMint::new(seed, provider.token_prefix),
            codes: Mutex::default(),
        }
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

    /// A token for everything that never expires.
    pub(crate) fn lasting_token(&self, now: DateTime<Utc>) -> String {
        self.issue(ACCESS, u16::MAX, None, now)
    }

    /// Whether an access token opens the API.
    pub(crate) fn check_access(&self, token: &str, now: DateTime<Utc>) -> Result<(), TokenFlaw> {
        let claims = self.mint.check(token, now)?;
        if claims.kind == ACCESS && claims.granted & 1 == 1 {
            Ok(())
        } else {
            Err(TokenFlaw::Unknown)
        }
    }

    /// Ends every token issued so far.
    pub(crate) fn revoke_all(&self) {
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

    fn dialog(&self, query: &str) -> Result<Dialog, String> {
        let params = params(query);
        let get = |name: &str| params.get(name).map(String::as_str).unwrap_or_default();
        if get("client_id") != self.client_id {
            return Err("Error 401: invalid_client. The OAuth client was not found.".to_owned());
        }
        if get("response_type") != "code" {
            return Err("Error 400: unsupported_response_type".to_owned());
        }
        let redirect_uri = Url::parse(get("redirect_uri"))
            .map_err(|_| "Error 400: redirect_uri_mismatch".to_owned())?;
        if !(self.provider.takes_state)(get("state")) {
            return Err("Error 400: invalid_request. state".to_owned());
        }
        let mut asked = Vec::new();
        for scope in get("scope").split_whitespace() {
            let known = self.provider.scopes.iter().find(|known| known.0 == scope);
            asked.push(*known.ok_or_else(|| format!("Error 400: invalid_scope. {scope}"))?);
        }
        Ok(Dialog {
            redirect_uri,
            spelt: get("redirect_uri").to_owned(),
            state: get("state").to_owned(),
            asked,
            offline: (self.provider.offline)(&params),
        })
    }

    /// The consent page, with what can be reached: headings and names as HTML.
    pub(crate) fn show(&self, query: &str, lists: &[page::Reach]) -> Response {
        match self.dialog(query) {
            Ok(dialog) => Html(page::consent("Sample User", &dialog.asked, lists)).into_response(),
            Err(message) => refused(&message),
        }
    }

    /// The answer to it, with `decision` `allow` or `deny`. Without `page` everything is granted.
    pub(crate) fn decide(&self, query: &str, body: &str, now: DateTime<Utc>) -> Response {
        let dialog = match self.dialog(query) {
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
            for (bit, (scope, _, always)) in self.provider.scopes.iter().enumerate() {
                let asked = dialog.asked.iter().any(|asked| asked.0 == *scope);
                if asked && (*always || !has("page", None) || has("scope", Some(scope))) {
                    granted |= 1 << bit;
                }
            }
            let token = self.issue(CODE, granted, Some(CODE_LIFE), now);
            let code = format!("{}{token}", self.provider.code_prefix);
            let known = Code {
                redirect_uri: dialog.spelt,
                granted,
                offline: dialog.offline,
                expires: now + CODE_LIFE,
            };
            let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
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

    /// A code or a refresh token becomes an access token.
    pub(crate) fn exchange(&self, form: &str, now: DateTime<Utc>) -> Result<Granted, Refusal> {
        let params = params(form);
        let get = |name: &str| params.get(name).map(String::as_str).unwrap_or_default();
        if get("client_id") != self.client_id || get("client_secret") != self.client_secret {
            return Err((
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "The OAuth client was not found.",
            ));
        }
        let no_grant = |description| (StatusCode::BAD_REQUEST, "invalid_grant", description);
        let (granted, refresh_token) = match get("grant_type") {
            "authorization_code" => {
                let code = self
                    .redeem(get("code"), get("redirect_uri"), now)
                    .ok_or(no_grant("Malformed auth code."))?;
                let refresh = code
                    .offline
                    .then(|| self.issue(REFRESH, code.granted, None, now));
                (code.granted, refresh)
            }
            "refresh_token" => match self.mint.check(get("refresh_token"), now) {
                Ok(claims) if claims.kind == REFRESH => (claims.granted, None),
                _ => return Err(no_grant("Token has been expired or revoked.")),
            },
            _ => {
                return Err((
                    StatusCode::BAD_REQUEST,
                    "unsupported_grant_type",
                    "Invalid grant_type.",
                ));
            }
        };
        let life = self.provider.access_life;
        let scopes = self.provider.scopes.iter().enumerate();
        Ok(Granted {
            access_token: self.issue(ACCESS, granted, Some(life), now),
            life,
            refresh_token,
            scopes: scopes
                .filter(|(bit, _)| granted >> bit & 1 == 1)
                .map(|(_, scope)| scope.0)
                .collect(),
        })
    }
}
