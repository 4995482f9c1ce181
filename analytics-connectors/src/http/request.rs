//! Requests as values. What is secret in them is never formatted.

use std::{borrow::Cow, fmt};

use chrono::{DateTime, Utc};
use http::Method;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

#[cfg(feature = "oauth1")]
use crate::oauth::oauth1::Signer;
use crate::{
    http::redact::{Secrets, redact_url},
    oauth::encode,
};

/// A value that is sent, openly or not.
#[derive(Clone)]
enum Value {
    Open(String),
    Secret(SecretString),
}

impl Value {
    fn as_str(&self) -> &str {
        match self {
            Self::Open(text) => text,
            Self::Secret(secret) => secret.expose_secret(),
        }
    }
}

type Pairs = Vec<(Cow<'static, str>, Value)>;

/// A request, complete before it is sent, so that it can be sent again.
#[derive(Clone)]
pub struct Request {
    operation: String,
    method: Method,
    url: Url,
    query: Pairs,
    form: Pairs,
    /// Sent as JSON instead of a form.
    json: Option<serde_json::Value>,
    headers: Vec<(&'static str, String)>,
    bearer: Option<SecretString>,
    /// User and password.
    basic: Option<(String, SecretString)>,
    #[cfg(feature = "oauth1")]
    signer: Option<Signer>,
    repeatable: bool,
    in_query: bool,
}

impl Request {
    /// A GET of `url`. `operation` says in messages what is being done, for example
    /// `insights (campaign)`.
    pub fn get(operation: impl Into<String>, url: Url) -> Self {
        Self::new(Method::GET, operation, url)
    }

    /// A POST of a form to `url`.
    pub fn post(operation: impl Into<String>, url: Url) -> Self {
        Self::new(Method::POST, operation, url)
    }

    fn new(method: Method, operation: impl Into<String>, url: Url) -> Self {
        Self {
            operation: operation.into(),
            method,
            url,
            query: Pairs::new(),
            form: Pairs::new(),
            json: None,
            headers: Vec::new(),
            bearer: None,
            basic: None,
            #[cfg(feature = "oauth1")]
            signer: None,
            repeatable: true,
            in_query: false,
        }
    }

    /// A POST of a JSON document to `url`. It holds no secret.
    pub fn post_json(operation: impl Into<String>, url: Url, document: serde_json::Value) -> Self {
        Self {
            json: Some(document),
            ..Self::new(Method::POST, operation, url)
        }
    }

    /// Adds a header. It holds no secret.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a parameter: to the query of a GET, to the form of a POST.
    #[must_use]
    pub fn param(self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.with(name.into(), Value::Open(value.into()))
    }

    /// Adds a parameter that is secret.
    #[must_use]
    pub fn secret_param(self, name: impl Into<Cow<'static, str>>, value: SecretString) -> Self {
        self.with(name.into(), Value::Secret(value))
    }

    /// Sends `token` in the `Authorization` header.
    #[must_use]
    pub fn bearer(mut self, token: SecretString) -> Self {
        self.bearer = Some(token);
        self
    }

    /// Names a user with a password in the `Authorization` header.
    #[must_use]
    pub fn basic(mut self, user: impl Into<String>, password: SecretString) -> Self {
        self.basic = Some((user.into(), password));
        self
    }

    /// Signs it by OAuth 1.0a each time it is sent.
    #[cfg(feature = "oauth1")]
    #[must_use]
    pub fn signed(mut self, signer: Signer) -> Self {
        self.signer = Some(signer);
        self
    }

    /// Puts the parameters of a POST into its query.
    #[must_use]
    pub fn in_query(mut self) -> Self {
        self.in_query = true;
        self
    }

    /// Sends it once only where the answer got lost: the vendor may have done what it asks.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.repeatable = false;
        self
    }

    /// Whether it may be sent again when the answer got lost.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    fn with(mut self, name: Cow<'static, str>, value: Value) -> Self {
        let pairs = if self.method == Method::POST && !self.in_query {
            &mut self.form
        } else {
            &mut self.query
        };
        pairs.push((name, value));
        self
    }

    /// What is being done.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// Everything in it that must not be said.
    #[must_use]
    pub fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        for (_, value) in self.query.iter().chain(&self.form) {
            if let Value::Secret(secret) = value {
                secrets.add(secret);
            }
        }
        if let Some(token) = &self.bearer {
            secrets.add(token);
        }
        if let Some((_, password)) = &self.basic {
            secrets.add(password);
        }
        #[cfg(feature = "oauth1")]
        for secret in self.signer.iter().flat_map(Signer::secrets) {
            secrets.add(secret);
        }
        secrets
    }

    /// The request as it is sent at `now`.
    ///
    /// # Errors
    /// If the system has no randomness to sign with.
    pub(super) fn build(
        &self,
        client: &reqwest::Client,
        now: DateTime<Utc>,
    ) -> Result<reqwest::RequestBuilder, getrandom::Error> {
        let _ = now;
        let mut builder = client.request(self.method.clone(), self.full_url());
        #[cfg(feature = "oauth1")]
        if let Some(signer) = &self.signer {
            let pairs = self.query.iter().chain(&self.form);
            let params: Vec<(String, String)> = pairs
                .map(|(name, value)| (name.to_string(), value.as_str().to_owned()))
                .chain(self.url.query_pairs().into_owned())
                .collect();
            let header = signer.sign(&self.method, &self.url, &params, now)?;
            builder = builder.header(http::header::AUTHORIZATION, header);
        }
        if let Some(document) = &self.json {
            builder = builder.json(document);
        } else if self.method == Method::POST {
            let form: Vec<(&str, &str)> = self
                .form
                .iter()
                .map(|(name, value)| (name.as_ref(), value.as_str()))
                .collect();
            builder = builder.form(&form);
        }
        for (name, value) in &self.headers {
            builder = builder.header(*name, value);
        }
        if let Some(token) = &self.bearer {
            builder = builder.bearer_auth(token.expose_secret());
        }
        if let Some((user, password)) = &self.basic {
            builder = builder.basic_auth(user, Some(password.expose_secret()));
        }
        Ok(builder)
    }

    /// The address with its query, encoded so that signatures hold: a blank is `%20`.
    fn full_url(&self) -> Url {
        let mut url = self.url.clone();
        if !self.query.is_empty() {
            let pairs: Vec<String> = self
                .query
                .iter()
                .map(|(name, value)| format!("{}={}", encode(name), encode(value.as_str())))
                .collect();
            let known = url.query().map(|query| format!("{query}&"));
            let query = format!("{}{}", known.unwrap_or_default(), pairs.join("&"));
            url.set_query(Some(&query));
        }
        url
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |pairs: &Pairs| -> Vec<String> {
            pairs.iter().map(|(name, _)| name.to_string()).collect()
        };
        f.debug_struct("Request")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("url", &redact_url(&self.url))
            .field("query", &names(&self.query))
            .field("form", &names(&self.form))
            .finish_non_exhaustive()
    }
}
