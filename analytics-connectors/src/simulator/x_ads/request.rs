//! A call as it came in, and what was signed of it.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    extract::{FromRequest, Request},
    http::{HeaderMap, Method, Uri, header},
};
use chrono::{DateTime, Duration, Utc};
use url::form_urlencoded;

use super::{
    error::ApiError,
    signature::{self, Pairs},
};

/// How far a timestamp may be off.
const DRIFT: Duration = Duration::minutes(5);

/// A call.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    uri: Uri,
    pub(super) headers: HeaderMap,
    body: String,
}

impl<S: Send + Sync> FromRequest<S> for Call {
    type Rejection = <String as FromRequest<S>>::Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let headers = request.headers().clone();
        Ok(Self {
            method,
            uri,
            headers,
            body: String::from_request(request, state).await?,
        })
    }
}

impl Call {
    fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Where the caller sees this server.
    pub(super) fn origin(&self) -> String {
        let host = self.header(header::HOST).unwrap_or("localhost");
        let host = host.to_ascii_lowercase();
        format!("http://{}", host.strip_suffix(":80").unwrap_or(&host))
    }

    /// The parameters of the query and of a form.
    pub(super) fn params(&self) -> Pairs {
        let query = self.uri.query().unwrap_or_default();
        let mut params: Pairs = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let is_form = self
            .header(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        if is_form {
            params.extend(form_urlencoded::parse(self.body.as_bytes()).into_owned());
        }
        params
    }

    /// What its `Authorization` header holds.
    pub(super) fn signed(&self) -> Result<Signed, ApiError> {
        let value = self.headers.get(header::AUTHORIZATION).ok_or_else(|| {
            let message = "This request is not properly authenticated";
            ApiError::new(401, "UNAUTHORIZED_ACCESS", message)
        })?;
        let pairs = value.to_str().ok().and_then(signature::header);
        let signed = Signed(pairs.ok_or_else(ApiError::bad_header)?);
        for name in ["consumer_key", "signature_method", "signature", "nonce"] {
            signed.get(&format!("oauth_{name}"))?;
        }
        signed.timestamp()?;
        Ok(signed)
    }

    /// Whether the call was signed with these secrets.
    pub(super) fn check(
        &self,
        signed: &Signed,
        consumer_secret: &str,
        token_secret: &str,
    ) -> Result<(), ApiError> {
        let params = self.params();
        let told = signed.0.iter();
        let told = told.filter(|(name, _)| name != "oauth_signature" && name != "realm");
        let address = format!("{}{}", self.origin(), self.uri.path());
        let base = signature::base_string(self.method.as_str(), &address, told.chain(&params));
        let good = signed.get("oauth_signature_method")? == "HMAC-SHA1"
            && signed
                .0
                .iter()
                .all(|(name, value)| name != "oauth_version" || value == "1.0")
            && signed.get("oauth_signature")?
                == signature::sign(&base, consumer_secret, token_secret);
        if good {
            Ok(())
        } else {
            Err(ApiError::not_authentic())
        }
    }
}

/// What an OAuth header holds.
#[derive(Debug)]
pub(super) struct Signed(Pairs);

impl Signed {
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A part that must not be missing.
    pub(super) fn get(&self, name: &str) -> Result<&str, ApiError> {
        self.find(name).ok_or_else(ApiError::bad_header)
    }

    fn timestamp(&self) -> Result<i64, ApiError> {
        let seconds = self.get("oauth_timestamp")?.parse();
        seconds.map_err(|_| ApiError::bad_header())
    }
}

/// The nonces of the last minutes: none is taken twice.
#[derive(Debug, Default)]
pub(super) struct Nonces(BTreeMap<i64, BTreeSet<String>>);

impl Nonces {
    /// Takes the nonce of a call, if it is a new one of our time: the simulator's, or that of the
    /// machine, since a caller may know either.
    pub(super) fn take(&mut self, signed: &Signed, now: DateTime<Utc>) -> Result<(), ApiError> {
        let machine = Utc::now();
        let is_near = |seconds: i64| {
            let off = |clock: DateTime<Utc>| (clock.timestamp() - seconds).abs();
            off(now).min(off(machine)) <= DRIFT.num_seconds()
        };
        let seconds = signed.timestamp()?;
        if !is_near(seconds) {
            return Err(ApiError::not_authentic());
        }
        if !self.0.contains_key(&seconds) {
            self.0.retain(|known, _| is_near(*known));
        }
        let nonce = signed.get("oauth_nonce")?.to_owned();
        if self.0.entry(seconds).or_default().insert(nonce) {
            Ok(())
        } else {
            Err(ApiError::not_authentic())
        }
    }
}
