//! Yahoo! JAPAN's OAuth for Business IDs: one consent for both products, tokens of an hour, and a
//! refresh token that stays.

use analytics_core::model::{GrantTokens, Text};
use async_trait::async_trait;
use chrono::TimeDelta;
use url::Url;

use super::{Api, accounts};
use crate::{
    config::ProviderConfig,
    connector::Scope,
    error::{Error, ErrorKind, Result},
    http::{Answer, CallContext, HttpClient, Vendor},
    oauth::{
        AuthorizationRequest, AuthorizationResponse, CodeFlow, Consent, OAuthProvider, TokenSource,
        refused,
    },
};

/// Id of the provider.
pub(crate) const PROVIDER: &str = "yahoo";

const AUTH_URL: &str = "https://biz-oauth.yahoo.co.jp/oauth/v1/authorize";
const TOKEN_URL: &str = "https://biz-oauth.yahoo.co.jp/oauth/v1/token";

/// The only scope: both products, reading and writing, as far as the Business ID's role goes.
const SCOPE: &str = "yahooads";

/// A token is renewed this long before it expires.
const RENEW_BEFORE: TimeDelta = TimeDelta::minutes(10);

const LOGIN_VENDOR: Vendor = Vendor {
    platform: PROVIDER,
    classify: refusal,
    usage: |_| Vec::new(),
};

/// The vendor does not describe refusals: whatever it refuses, only a new consent helps.
fn refusal(answer: &Answer, context: &CallContext<'_>) -> Option<Error> {
    let spelt = refused(answer, context, ErrorKind::AuthExpired);
    let silent = answer.status.is_client_error() && !matches!(answer.status.as_u16(), 408 | 429);
    spelt.or_else(|| {
        silent.then(|| {
            let what = format!("HTTP {}: the consent has ended; link again", answer.status);
            Error::new(ErrorKind::AuthExpired, PROVIDER, context.operation, what)
        })
    })
}

/// The scope, with its reason.
pub(crate) fn scopes() -> Vec<Scope> {
    vec![Scope::required(
        SCOPE,
        Text::new(
            "To read the figures of your ad accounts. There is no permission for reading alone; nothing is ever changed there.",
            "広告アカウントの数値を読み取るため。読み取り専用の権限はありませんが、変更は一切行いません。",
        ),
    )]
}

/// What the operator must do before accounts can be linked.
pub(super) fn setup_hint() -> Text {
    Text::new(
        "Register an application in the API management tool of Yahoo! JAPAN Ads and set \
         ANALYTICS_YAHOO_CLIENT_ID and ANALYTICS_YAHOO_CLIENT_SECRET.",
        "Yahoo!広告のAPI管理ツールでアプリケーションを登録し、ANALYTICS_YAHOO_CLIENT_ID と \
         ANALYTICS_YAHOO_CLIENT_SECRET を設定してください。",
    )
}

/// The login for one app.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    flow: CodeFlow,
    /// Where it is asked who consented.
    api: Api,
}

impl Login {
    /// The login of the operator's app.
    pub(crate) fn for_app(app: &ProviderConfig, api: Api, http: &HttpClient) -> Result<Self> {
        let flow = CodeFlow::new(LOGIN_VENDOR, [AUTH_URL, TOKEN_URL], app, http)?;
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
        let url = self.flow.authorize_url(redirect_uri, state, scopes)?;
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
                "there came no refresh token, without which figures could be read for an hour \
                 only; remove the app from the Business ID and link again",
            ));
        };
        let tokens = TokenSource::fixed(answer.access_token.clone());
        let subject = accounts::business_id(&self.api, &tokens).await?;
        let scopes = answer.scope.as_deref().unwrap_or(SCOPE);
        Ok(Consent {
            subject,
            subject_name: None,
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
