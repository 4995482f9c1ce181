//! OAuth: the flow, signed single-use state, and tokens that renew themselves.

mod code_flow;
pub mod flow;
pub mod state;
mod token;

use std::fmt::Debug;

use analytics_core::model::GrantTokens;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use url::Url;

pub use code_flow::{CodeFlow, TokenAnswer, refused};
pub use token::{TokenRenewer, TokenSource};

use crate::error::{Error, ErrorKind, Result};

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
    /// If the app is not configured.
    fn authorize_url(&self, redirect_uri: &Url, state: &str, scopes: &[String]) -> Result<Url>;

    /// Exchanges a code for tokens and asks who consented to what.
    async fn exchange(&self, code: &SecretString, redirect_uri: &Url) -> Result<Consent>;

    /// Renews tokens. Errors with `AuthExpired` when only a new consent helps.
    async fn renew(&self, tokens: &GrantTokens) -> Result<GrantTokens>;

    /// How long before its expiry a token is renewed.
    fn renew_before(&self) -> chrono::Duration;

    /// How long after a consent the provider answers, however often the tokens are renewed; none:
    /// until it is taken back.
    fn consent_lasts(&self) -> Option<chrono::Duration> {
        None
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
