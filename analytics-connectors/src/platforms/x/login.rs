//! X's OAuth 2.0: codes of half a minute, tokens of two hours, and refresh tokens that work once. A
//! user has one grant of an app: a new consent ends the one before.

use analytics_core::model::{GrantTokens, Text};
use async_trait::async_trait;
use chrono::TimeDelta;
use url::Url;

use super::api::Api;
use crate::{
    config::ProviderConfig,
    error::{Error, ErrorKind, Result},
    http::{Answer, CallContext, HttpClient, Vendor},
    oauth::{
        AppProof, AuthorizationRequest, AuthorizationResponse, CodeFlow, Consent, OAuthProvider,
        RENEW, TokenSource, refused,
    },
};

/// Id of the provider.
pub(super) const PROVIDER: &str = "x";

const AUTH_URL: &str = "https://x.com/i/oauth2/authorize";
const TOKEN_URL: &str = "https://api.x.com/2/oauth2/token";

/// A token is renewed this long before it expires.
const RENEW_BEFORE: TimeDelta = TimeDelta::minutes(5);

const LOGIN_VENDOR: Vendor = Vendor {
    platform: PROVIDER,
    classify: refusal,
    usage: |_| Vec::new(),
};

/// X tells a refresh token that works no more by the same name as a wrong question.
fn refusal(answer: &Answer, context: &CallContext<'_>) -> Option<Error> {
    let otherwise = match context.operation {
        RENEW => ErrorKind::AuthExpired,
        _ => ErrorKind::InvalidRequest,
    };
    refused(answer, context, otherwise).or_else(|| super::error::classify(answer, context))
}

/// What the operator must do before accounts can be linked.
pub(super) fn setup_hint() -> Text {
    Text::new(
        "Register an app at console.x.com and set ANALYTICS_X_CLIENT_ID and \
         ANALYTICS_X_CLIENT_SECRET to its OAuth 2.0 client.",
        "console.x.com でアプリを登録し、OAuth 2.0 クライアントを ANALYTICS_X_CLIENT_ID と \
         ANALYTICS_X_CLIENT_SECRET に設定してください。",
    )
}

/// X's login for one app.
#[derive(Debug, Clone)]
pub(super) struct Login {
    flow: CodeFlow,
    api: Api,
}

impl Login {
    /// The login of the operator's app.
    pub(super) fn for_app(app: &ProviderConfig, http: &HttpClient, api: Api) -> Result<Self> {
        let flow = CodeFlow::new(LOGIN_VENDOR, [AUTH_URL, TOKEN_URL], app, http)?
            .proved_by(AppProof::Header);
        Ok(Self { flow, api })
    }
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
        self.flow.authorize_with_proof(redirect_uri, state, scopes)
    }

    async fn exchange(&self, response: &AuthorizationResponse) -> Result<Consent> {
        let operation = "oauth: exchange the code";
        let mut answer = self.flow.exchange(operation, response).await?;
        let scopes = answer.scope.take().unwrap_or_default();
        let Some(refresh_token) = answer.refresh_token.take() else {
            return Err(Error::new(
                ErrorKind::PermissionDenied,
                PROVIDER,
                operation,
                "X gave no refresh token, without which figures could be read for two hours only; \
                 link again and leave `offline.access` ticked",
            ));
        };
        let tokens = TokenSource::fixed(answer.access_token.clone());
        let user = self
            .api
            .user("oauth: ask who consented", None, &tokens)
            .await?;
        Ok(Consent {
            subject: user.id,
            subject_name: user.username.map(|name| format!("@{name}")),
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

    fn one_grant_per_user(&self) -> bool {
        true
    }
}
