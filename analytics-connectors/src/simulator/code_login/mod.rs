//! Logins by authorization code: a consent page, codes that work once and not for long, access tokens
//! that expire, and refresh tokens that do not, but may work only once.

mod consent;
mod grants;

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use super::{
    JSON, page,
    tokens::{Claims, TokenFlaw, TokenMint},
};
use grants::Grants;

const ACCESS: u8 = 1;
const REFRESH: u8 = 2;
const CODE: u8 = 0;
/// How long a code works at most providers.
pub(crate) const CODE_LIFE: Duration = Duration::minutes(10);
/// How most providers refuse a code.
pub(crate) const BAD_CODE: Refusal = (
    StatusCode::BAD_REQUEST,
    "invalid_grant",
    "Malformed auth code.",
);
/// How most providers refuse a refresh token.
pub(crate) const BAD_REFRESH: Refusal = (
    StatusCode::BAD_REQUEST,
    "invalid_grant",
    "Token has been expired or revoked.",
);

/// Parameters of a query or a form.
pub(crate) type Params = HashMap<String, String>;

/// The parameters of a query or a form.
pub(crate) fn params(text: &str) -> Params {
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
    /// How long a code works.
    pub(crate) code_life: Duration,
    /// How long an access token works.
    pub(crate) access_life: Duration,
    /// Whether a code is for whoever knows what its challenge was made of (RFC 7636).
    pub(crate) pkce: bool,
    /// Whether a refresh token works once, and a user has one consent at a time.
    pub(crate) rotates: bool,
    /// The refusal of a code.
    pub(crate) bad_code: Refusal,
    /// The refusal of a refresh token.
    pub(crate) bad_refresh: Refusal,
    /// Whether a consent that was asked for with these parameters comes with a refresh token.
    pub(crate) offline: fn(&Params) -> bool,
    /// Whether it takes such a state.
    pub(crate) takes_state: fn(&str) -> bool,
}

/// A code that waits to be exchanged.
#[derive(Debug)]
struct Code {
    user: u64,
    redirect_uri: String,
    challenge: Option<String>,
    granted: u16,
    offline: bool,
    expires: DateTime<Utc>,
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

/// The login of one provider for one app.
#[derive(Debug)]
pub(crate) struct CodeLogin {
    provider: &'static Provider,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    mint: TokenMint,
    codes: Mutex<HashMap<String, Code>>,
    grants: Grants,
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
            grants: Grants::default(),
        }
    }

    fn issue(
        &self,
        kind: u8,
        (user, granted): (u64, u16),
        life: Option<Duration>,
        now: DateTime<Utc>,
    ) -> String {
        self.mint.issue(&Claims {
            kind,
            issued: now,
            expires: life.map(|life| now + life),
            granted,
            declined: 0,
            subject: user,
        })
    }

    /// A token for everything that never expires.
    pub(crate) fn lasting_token(&self, now: DateTime<Utc>) -> String {
        self.lasting_token_of(0, now)
    }

    /// The same of one of several users.
    pub(crate) fn lasting_token_of(&self, user: u64, now: DateTime<Utc>) -> String {
        self.issue(ACCESS, (user, u16::MAX), None, now)
    }

    /// What an access token stands for, if it opens the API.
    pub(crate) fn check_access(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Claims, TokenFlaw> {
        let claims = self.mint.check(token, now)?;
        if claims.kind != ACCESS || claims.granted & 1 == 0 {
            return Err(TokenFlaw::Unknown);
        }
        let lasting = claims.expires.is_none();
        if self.provider.rotates && !lasting && !self.grants.holds(claims.subject, token) {
            return Err(TokenFlaw::Revoked);
        }
        Ok(claims)
    }

    /// Whether a scope was granted.
    pub(crate) fn has_scope(&self, claims: &Claims, scope: &str) -> bool {
        let mut scopes = self.provider.scopes.iter();
        let bit = scopes.position(|known| known.0 == scope);
        bit.is_some_and(|bit| claims.granted >> bit & 1 == 1)
    }

    /// Gives a token back, if it is one.
    pub(crate) fn give_back(&self, token: &str, now: DateTime<Utc>) {
        if let Ok(claims) = self.mint.check(token, now) {
            self.grants.give_back(claims.subject, token);
        }
    }

    /// Ends every token issued so far.
    pub(crate) fn revoke_all(&self) {
        self.mint.revoke_all();
    }

    fn remember(&self, code: String, known: Code) {
        // Nothing panics while the lock is held.
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        codes.insert(code, known);
    }

    /// What a code stands for, once.
    fn redeem(&self, params: &Params, now: DateTime<Utc>) -> Option<Code> {
        let get = |name: &str| params.get(name).map(String::as_str).unwrap_or_default();
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        let code = get("code");
        let known = codes.get(code)?;
        let proof = || BASE64URL_NOPAD.encode(&Sha256::digest(get("code_verifier")));
        let proven = known.challenge.as_ref().is_none_or(|it| *it == proof());
        if known.redirect_uri != get("redirect_uri") || known.expires <= now || !proven {
            return None;
        }
        codes.remove(code)
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
        self.grant(&params, now)
    }

    /// The same for an app that has said who it is.
    pub(crate) fn grant(&self, params: &Params, now: DateTime<Utc>) -> Result<Granted, Refusal> {
        let get = |name: &str| params.get(name).map(String::as_str).unwrap_or_default();
        let life = self.provider.access_life;
        let access = |who| self.issue(ACCESS, who, Some(life), now);
        let refresh = |who| self.issue(REFRESH, who, None, now);
        let (granted, access_token, refresh_token) = match get("grant_type") {
            "authorization_code" => {
                let code = self.redeem(params, now).ok_or(self.provider.bad_code)?;
                let who = (code.user, code.granted);
                let (access, refresh) = (access(who), code.offline.then(|| refresh(who)));
                if self.provider.rotates {
                    self.grants.begin(code.user, &access, refresh.as_deref());
                }
                (code.granted, access, refresh)
            }
            "refresh_token" => {
                let old = get("refresh_token");
                let claims = match self.mint.check(old, now) {
                    Ok(claims) if claims.kind == REFRESH => claims,
                    _ => return Err(self.provider.bad_refresh),
                };
                let who = (claims.subject, claims.granted);
                let access = access(who);
                let next = self.provider.rotates.then(|| refresh(who));
                if let Some(next) = &next
                    && !self.grants.rotate(claims.subject, old, &access, next)
                {
                    return Err(self.provider.bad_refresh);
                }
                (claims.granted, access, next)
            }
            _ => {
                return Err((
                    StatusCode::BAD_REQUEST,
                    "unsupported_grant_type",
                    "Invalid grant_type.",
                ));
            }
        };
        let scopes = self.provider.scopes.iter().enumerate();
        Ok(Granted {
            access_token,
            life,
            refresh_token,
            scopes: scopes
                .filter(|(bit, _)| granted >> bit & 1 == 1)
                .map(|(_, scope)| scope.0)
                .collect(),
        })
    }
}
