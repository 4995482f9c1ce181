//! Google's OAuth: offline access, tokens of an hour, and a refresh token that stays.

use analytics_core::model::{GrantTokens, Text};
use async_trait::async_trait;
use chrono::TimeDelta;
use data_encoding::BASE64URL_NOPAD;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::wire;
use crate::{
    config::ProviderConfig,
    error::{Error, ErrorKind, Result},
    http::{HttpClient, Vendor, decode},
    oauth::{
        AuthorizationRequest, AuthorizationResponse, CodeFlow, Consent, OAuthProvider, refused,
    },
};

/// Id of the provider.
pub(crate) const PROVIDER: &str = "google";

const AUTH_URL: &str = "https://accounts.google.com/o/oauth2/v2/auth";
const TOKEN_URL: &str = "https://oauth2.googleapis.com/token";

/// A token is renewed this long before it expires.
const RENEW_BEFORE: TimeDelta = TimeDelta::minutes(5);

const LOGIN_VENDOR: Vendor = Vendor {
    platform: PROVIDER,
    classify: |answer, context| refused(answer, context, ErrorKind::InvalidRequest),
    usage: |_| Vec::new(),
};

/// What the operator must do before accounts can be linked.
pub(crate) fn setup_hint() -> Text {
    Text::new(
        "Create an OAuth client at console.cloud.google.com and set ANALYTICS_GOOGLE_CLIENT_ID and \
         ANALYTICS_GOOGLE_CLIENT_SECRET.",
        "console.cloud.google.com で OAuth クライアントを作成し、ANALYTICS_GOOGLE_CLIENT_ID と \
         ANALYTICS_GOOGLE_CLIENT_SECRET を設定してください。",
    )
}

/// Google's login for one app.
#[derive(Debug, Clone)]
pub(super) struct Login {
    flow: CodeFlow,
}

impl Login {
    /// The login of the operator's app.
    pub(super) fn for_app(app: &ProviderConfig, http: &HttpClient) -> Result<Self> {
        let flow = CodeFlow::new(LOGIN_VENDOR, [AUTH_URL, TOKEN_URL], app, http)?;
        Ok(Self { flow })
    }
}

/// Who consented, by the id token: it came from Google itself just now, over TLS, so that its
/// signature proves nothing more.
fn claims(operation: &str, id_token: Option<&SecretString>) -> Result<wire::Claims> {
    let missing = |what: &str| Error::new(ErrorKind::Decode, PROVIDER, operation, what);
    let token = id_token.ok_or_else(|| missing("the answer has no `id_token`"))?;
    let payload = token
        .expose_secret()
        .split('.')
        .nth(1)
        .and_then(|part| {
            BASE64URL_NOPAD
                .decode(part.trim_end_matches('=').as_bytes())
                .ok()
        })
        .ok_or_else(|| missing("the `id_token` cannot be read"))?;
    decode(PROVIDER, operation, &payload)
}

#[async_trait]
impl OAuthProvider for Login {
    fn provider(&self) -> &str {
        PROVIDER
    }

    async fn authorize(
        &self,
        redirect_uri: &Url,
        state: &str,
        scopes: &[String],
    ) -> Result<AuthorizationRequest> {
        let mut url = self.flow.authorize_url(redirect_uri, state, scopes)?;
        // Without both a refresh token comes with the very first consent only.
        url.query_pairs_mut()
            .append_pair("access_type", "offline")
            .append_pair("prompt", "consent");
        Ok(AuthorizationRequest { url, secret: None })
    }

    async fn exchange(&self, response: &AuthorizationResponse) -> Result<Consent> {
        let operation = "oauth: exchange the code";
        let mut answer = self.flow.exchange(operation, response).await?;
        let Some(refresh_token) = answer.refresh_token.take() else {
            return Err(Error::new(
                ErrorKind::PermissionDenied,
                PROVIDER,
                operation,
                "Google gave no refresh token, without which figures could be read for an hour \
                 only; remove the app at myaccount.google.com/connections and link again",
            ));
        };
        let who = claims(operation, answer.id_token.as_ref())?;
        let scopes = answer.scope.as_deref().unwrap_or_default();
        Ok(Consent {
            subject: who.sub,
            subject_name: who.email,
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            tokens: self.flow.tokens(answer, &refresh_token),
        })
    }

    async fn renew(&self, tokens: &GrantTokens) -> Result<GrantTokens> {
        self.flow.renew(tokens).await
    }

    fn renew_before(&self) -> chrono::Duration {
        RENEW_BEFORE
    }
}
