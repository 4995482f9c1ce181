//! The login in three steps, and the tokens it gives: they never expire.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use analytics_core::model::Platform;
use axum::{
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use chrono::{DateTime, Duration, Utc};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::{
    PLATFORM, USER,
    error::ApiError,
    gate::{self, User},
    jobs::Jobs,
    limits::Limits,
    request::{Call, Nonces},
};
use crate::simulator::{
    Inner, page,
    tokens::{Claims, TokenFlaw, TokenMint, hmac_sha256},
};

const ACCESS: u8 = 1;
const LASTING: u8 = 2;
const REQUEST: u8 = 3;
/// How long a login may take.
const REQUEST_LIFE: Duration = Duration::hours(1);
const FORM: &str = "application/x-www-form-urlencoded";

/// A login that was begun.
#[derive(Debug, Clone)]
struct Begun {
    callback: Url,
    /// What proves that the user agreed; none until then.
    verifier: Option<String>,
}

/// What X remembers.
#[derive(Debug)]
pub(crate) struct XAds {
    seed: u64,
    consumer_key: String,
    consumer_secret: String,
    mint: TokenMint,
    begun: Mutex<HashMap<String, Begun>>,
    given_back: Mutex<HashSet<String>>,
    nonces: Mutex<Nonces>,
    pub(super) limits: Limits,
    pub(super) jobs: Jobs,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while a lock is held.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl XAds {
    pub(crate) fn new(seed: u64) -> Self {
        let hex = |what: &[u8], length: usize| {
            HEXLOWER.encode(&hmac_sha256(&seed.to_be_bytes(), what)[..length])
        };
        Self {
            seed,
            consumer_key: hex(b"x consumer key", 12),
            consumer_secret: hex(b"x consumer secret", 25),
            mint: TokenMint::new(seed, "1700000000424242-"),
            begun: Mutex::default(),
            given_back: Mutex::default(),
            nonces: Mutex::default(),
            limits: Limits::default(),
            jobs: Jobs::default(),
        }
    }

    /// The variables that point the connector at a simulator.
    pub(crate) fn env(&self, base_url: &str) -> Vec<(String, String)> {
        let base = format!("{base_url}/x_ads");
        let variables = [
            ("CLIENT_ID", self.consumer_key.clone()),
            ("CLIENT_SECRET", self.consumer_secret.clone()),
            ("AUTH_URL", format!("{base}/oauth/authorize")),
            ("TOKEN_URL", format!("{base}/oauth/access_token")),
            ("BASE_URL", base),
            ("API_VERSION", super::VERSION.to_owned()),
            // Nobody shares the simulated platform: no need to spare it.
            ("REQUESTS_PER_SECOND", "5000".to_owned()),
            ("POLL_INTERVAL", "10ms".to_owned()),
            ("POLL_MAX_INTERVAL", "50ms".to_owned()),
        ];
        let variables = variables.into_iter();
        variables
            .map(|(name, value)| (format!("ANALYTICS_X_ADS_{name}"), value))
            .collect()
    }

    fn issue(&self, kind: u8, life: Option<Duration>, now: DateTime<Utc>) -> String {
        self.mint.issue(&Claims {
            kind,
            issued: now,
            expires: life.map(|life| now + life),
            granted: 1,
            declined: 0,
            subject: 0,
        })
    }

    /// The secret of any token: it follows from the token, so that nothing has to be remembered.
    pub(super) fn secret_of(&self, token: &str) -> String {
        let message = format!("x token secret {token}");
        HEXLOWER.encode(&hmac_sha256(&self.seed.to_be_bytes(), message.as_bytes())[..22])
    }

    /// A token that is not counted; its secret is [`XAds::secret_of`] it.
    pub(super) fn lasting_token(&self, now: DateTime<Utc>) -> String {
        self.issue(LASTING, None, now)
    }

    /// Ends every token issued so far.
    pub(super) fn revoke_all(&self) {
        self.mint.revoke_all();
    }

    fn kind_of(&self, token: &str, now: DateTime<Utc>) -> Result<u8, TokenFlaw> {
        Ok(self.mint.check(token, now)?.kind)
    }

    /// Whether a call is signed by a user of our app.
    pub(super) fn authenticate(&self, call: &Call, now: DateTime<Utc>) -> Result<User, ApiError> {
        let signed = call.signed()?;
        if signed.get("oauth_consumer_key")? != self.consumer_key {
            return Err(ApiError::not_authentic());
        }
        let token = signed.get("oauth_token")?;
        let kind = match self.kind_of(token, now) {
            Ok(kind @ (ACCESS | LASTING)) if !lock(&self.given_back).contains(token) => kind,
            _ => return Err(ApiError::bad_token()),
        };
        call.check(&signed, &self.consumer_secret, &self.secret_of(token))?;
        lock(&self.nonces).take(&signed, now)?;
        Ok(User {
            token: token.to_owned(),
            lasting: kind == LASTING,
        })
    }

    /// The first step: a token to ask the user with.
    fn begin(&self, call: &Call, now: DateTime<Utc>) -> Result<String, ApiError> {
        let signed = call.signed()?;
        if signed.get("oauth_consumer_key")? != self.consumer_key {
            return Err(ApiError::not_authentic());
        }
        call.check(&signed, &self.consumer_secret, "")?;
        lock(&self.nonces).take(&signed, now)?;
        let callback = signed.find("oauth_callback").unwrap_or_default();
        let callback = Url::parse(callback).map_err(|_| ApiError::bad_callback())?;
        let token = self.issue(REQUEST, Some(REQUEST_LIFE), now);
        let mut begun = lock(&self.begun);
        begun.retain(|token, _| self.kind_of(token, now).is_ok());
        let verifier = None;
        begun.insert(token.clone(), Begun { callback, verifier });
        Ok(form(&[
            ("oauth_token", &token),
            ("oauth_token_secret", &self.secret_of(&token)),
            ("oauth_callback_confirmed", "true"),
        ]))
    }

    /// The last step: the user's token for the one that was agreed to, once.
    fn finish(&self, call: &Call, now: DateTime<Utc>) -> Result<String, ApiError> {
        let signed = call.signed()?;
        if signed.get("oauth_consumer_key")? != self.consumer_key {
            return Err(ApiError::not_authentic());
        }
        let token = signed.get("oauth_token")?;
        if self.kind_of(token, now) != Ok(REQUEST) {
            return Err(ApiError::bad_token());
        }
        call.check(&signed, &self.consumer_secret, &self.secret_of(token))?;
        lock(&self.nonces).take(&signed, now)?;
        let params = call.params();
        let in_form = params.iter().find(|(name, _)| name == "oauth_verifier");
        let verifier = signed
            .find("oauth_verifier")
            .or_else(|| in_form.map(|(_, value)| value.as_str()));
        let mut begun = lock(&self.begun);
        let agreed = begun.get(token).and_then(|begun| begun.verifier.as_deref());
        if agreed.is_none() || agreed != verifier {
            return Err(ApiError::bad_token());
        }
        begun.remove(token);
        let access = self.issue(ACCESS, None, now);
        Ok(form(&[
            ("oauth_token", &access),
            ("oauth_token_secret", &self.secret_of(&access)),
            ("user_id", USER),
            ("screen_name", "sample_user"),
        ]))
    }

    fn asked(&self, query: &str, now: DateTime<Utc>) -> Option<(String, Begun)> {
        let token = form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "oauth_token")
            .map(|(_, token)| token.into_owned())?;
        self.kind_of(&token, now).ok()?;
        let known = lock(&self.begun).get(&token).cloned()?;
        Some((token, known))
    }

    /// The callback, with the user's decision.
    fn decided(&self, token: &str, known: &Begun, allowed: bool) -> Url {
        let mut begun = lock(&self.begun);
        let mut target = known.callback.clone();
        if allowed {
            let verifier = self.secret_of(&format!("verifier {token}"))[..32].to_owned();
            target
                .query_pairs_mut()
                .append_pair("oauth_token", token)
                .append_pair("oauth_verifier", &verifier);
            if let Some(known) = begun.get_mut(token) {
                known.verifier = Some(verifier);
            }
        } else {
            begun.remove(token);
            target.query_pairs_mut().append_pair("denied", token);
        }
        target
    }
}

fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

fn told(answer: Result<String, ApiError>) -> Response {
    match answer {
        Ok(form) => ([(header::CONTENT_TYPE, FORM)], form).into_response(),
        Err(error) => gate::refusal(&error, &Value::Null),
    }
}

/// `POST …/request_token`.
pub(super) async fn request_token(State(sim): State<Arc<Inner>>, call: Call) -> Response {
    told(sim.x_ads.begin(&call, sim.now()))
}

/// `POST …/access_token`.
pub(super) async fn access_token(State(sim): State<Arc<Inner>>, call: Call) -> Response {
    told(sim.x_ads.finish(&call, sim.now()))
}

/// `POST …/invalidate_token.json`: the user's token is given back.
pub(super) async fn invalidate(State(sim): State<Arc<Inner>>, call: Call) -> Response {
    let answer = sim.x_ads.authenticate(&call, sim.now()).map(|user| {
        lock(&sim.x_ads.given_back).insert(user.token.clone());
        json!({ "access_token": user.token }).into()
    });
    gate::answer(&sim, &Value::Null, answer)
}

fn no_login() -> Response {
    let message = "The request token for this page is invalid. It may have already been used, or expired because it is too old.";
    (StatusCode::BAD_REQUEST, Html(page::error(message))).into_response()
}

/// The consent page.
pub(super) async fn show(State(sim): State<Arc<Inner>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    if sim.x_ads.asked(&query, sim.now()).is_none() {
        return no_login();
    }
    let platform = Platform::from(PLATFORM);
    let accounts = sim.world.ad_accounts(&platform);
    let names = accounts
        .map(|account| page::escape(&account.name))
        .collect();
    let about = "See and manage posts, and ads of the accounts you have a role on";
    let asked = [("read_write", about, true)];
    let lists = [("Ad accounts", names)];
    Html(page::consent("Sample User", &asked, &lists)).into_response()
}

/// The answer to it, with `decision` `allow` or `deny`.
pub(super) async fn decide(
    State(sim): State<Arc<Inner>>,
    RawQuery(query): RawQuery,
    body: String,
) -> Response {
    let query = query.unwrap_or_default();
    let Some((token, known)) = sim.x_ads.asked(&query, sim.now()) else {
        return no_login();
    };
    let mut fields = form_urlencoded::parse(body.as_bytes());
    let denied = fields.any(|(name, value)| name == "decision" && value == "deny");
    let target = sim.x_ads.decided(&token, &known, !denied);
    let target = [(header::LOCATION, target.to_string())];
    (StatusCode::SEE_OTHER, target).into_response()
}
