//! OAuth: the flow, signed single-use state, and tokens that renew themselves.

mod code_flow;
mod encoding;
pub mod flow;
#[cfg(feature = "oauth1")]
pub mod oauth1;
pub mod state;
mod token;

use std::fmt::Debug;

use analytics_core::model::GrantTokens;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use url::Url;

pub use code_flow::{AppProof, CodeFlow, RENEW, TokenAnswer, refused};
pub use encoding::encode;
pub use token::{TokenRenewer, TokenSource};

use crate::error::{Error, ErrorKind, Result};

/// The way to a provider's consent page.
#[derive(Debug, Clone)]
pub struct AuthorizationRequest {
    /// Where to send the user.
    pub url: Url,
    /// What must be kept until the user is back, and be given back then: a code verifier, or the
    /// secret of a request token. It must not pass through the browser.
    pub secret: Option<SecretString>,
}

/// What the user came back with.
#[derive(Debug, Clone)]
pub struct AuthorizationResponse {
    /// The code, or the verifier of OAuth 1.0a.
    pub code: SecretString,
    /// The request token of OAuth 1.0a.
    pub token: Option<String>,
    /// Where the user came back to.
    pub redirect_uri: Url,
    /// What was kept of the request.
    pub secret: Option<SecretString>,
}

impl AuthorizationResponse {
    /// What the address says that the user came back to, by its `parameter`s: a code, or the token
    /// and verifier of OAuth 1.0a; none if it says neither.
    #[must_use]
    pub fn from_parameters(
        parameter: impl Fn(&str) -> Option<String>,
        redirect_uri: Url,
        secret: Option<SecretString>,
    ) -> Option<Self> {
        let code = parameter("code").or_else(|| parameter("oauth_verifier"))?;
        Some(Self {
            code: SecretString::from(code),
            token: parameter("oauth_token"),
            redirect_uri,
            secret,
        })
    }

    /// A code alone, as most providers send it.
    #[must_use]
    pub fn of_code(code: SecretString, redirect_uri: Url) -> Self {
        Self {
            code,
            token: None,
            redirect_uri,
            secret: None,
        }
    }
}

/// What a consent brought.
#[derive(Debug, Clone)]
pub struct Consent {
    /// The provider's id of the user who consented.
    pub subject: String,
    /// The user's name, if the provider tells it.
    pub subject_name: Option<String>,
    /// Scopes that were really granted; users can untick some.
    pub scopes: Vec<String>,
    /// Tokens, already exchanged for long-lived ones where the provider has such.
    pub tokens: GrantTokens,
}

/// What a provider tells of one of its users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The user, by the provider's id.
    pub subject: String,
    /// When it was told: consents given later are not meant. Unknown: now.
    pub issued_at: Option<DateTime<Utc>>,
}

/// How a provider grants access.
#[async_trait]
pub trait OAuthProvider: Debug + Send + Sync {
    /// The provider's id, for example `meta`.
    fn provider(&self) -> &str;

    /// Where to send the user.
    ///
    /// # Errors
    /// If the app is not configured, or a provider that is asked first refuses.
    async fn authorize(
        &self,
        redirect_uri: &Url,
        state: &str,
        scopes: &[String],
    ) -> Result<AuthorizationRequest>;

    /// Exchanges what the user came back with for tokens, and asks who consented to what.
    async fn exchange(&self, response: &AuthorizationResponse) -> Result<Consent>;

    /// Renews tokens. Errors with `AuthExpired` when only a new consent helps.
    async fn renew(&self, tokens: &GrantTokens) -> Result<GrantTokens>;

    /// How long before its expiry a token is renewed.
    fn renew_before(&self) -> chrono::Duration;

    /// How long after a consent the provider answers, however often the tokens are renewed; none:
    /// until it is taken back.
    fn consent_lasts(&self) -> Option<chrono::Duration> {
        None
    }

    /// Whether a user has one grant at a time: each consent ends the one before, and so two workspaces
    /// cannot both live by one user.
    fn one_grant_per_user(&self) -> bool {
        false
    }

    /// What a signed notice of the provider says: that a user took the authorization back, or wants
    /// to be forgotten.
    ///
    /// # Errors
    /// `PermissionDenied` unless it is proved to come from the provider; `InvalidRequest` where the
    /// provider sends none.
    fn verify_notice(&self, signed_request: &str) -> Result<Notice> {
        let _ = signed_request;
        Err(Error::new(
            ErrorKind::InvalidRequest,
            self.provider(),
            "verify a notice",
            "this provider sends no signed notices",
        ))
    }
}
