//! Google's OAuth: offline access, tokens of an hour, and a refresh token that stays.

use analytics_core::model::{GrantTokens, Text};
use async_trait::async_trait;
use chrono::TimeDelta;
use data_encoding::BASE64URL_NOPAD;
use http::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{error, wire};
use crate::{
    config::ProviderConfig,
    error::{Error, ErrorKind, Result},
    http::{ApiClient, HttpClient, Request, Throttle, ThrottleSettings, Usage, Vendor, decode},
    oauth::{Consent, OAuthProvider, flow::Authorize},
};

/// Id of the provider.
pub(crate) const PROVIDER: &str = "google";

const AUTH_URL: &str = "https://accounts.google.com/o/oauth2/v2/auth";
const TOKEN_URL: &str = "https://oauth2.googleapis.com/token";

/// Life of a token when Google does not say.
const USUAL_LIFE: TimeDelta = TimeDelta::minutes(55);
/// A token is renewed this long before it expires.
const RENEW_BEFORE: TimeDelta = TimeDelta::minutes(5);

const LOGIN_VENDOR: Vendor = Vendor {
    platform: PROVIDER,
    classify: error::classify_login,
    usage: no_usage,
};

fn no_usage(_: &HeaderMap) -> Vec<Usage> {
    Vec::new()
}

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
    api: ApiClient,
    app: ProviderConfig,
    auth_url: Url,
    token_url: Url,
}

impl Login {
    /// The login of the operator's app; the app's own addresses go before the usual ones.
    pub(super) fn for_app(app: &ProviderConfig, http: &HttpClient) -> Result<Self> {
        let usual = |given: &Option<Url>, text: &str| match given {
            Some(url) => Ok(url.clone()),
            None => Url::parse(text).map_err(|_| {
                Error::new(
                    ErrorKind::Unavailable,
                    PROVIDER,
                    "oauth: set up",
                    "Google's own address cannot be used",
                )
            }),
        };
        let throttle = Throttle::new(ThrottleSettings::default(), http.clock().clone());
        Ok(Self {
            api: ApiClient::new(http.clone(), LOGIN_VENDOR, throttle),
            auth_url: usual(&app.auth_url, AUTH_URL)?,
            token_url: usual(&app.token_url, TOKEN_URL)?,
            app: app.clone(),
        })
    }

    fn credentials(&self, operation: &str) -> Result<(&str, &SecretString)> {
        match (&self.app.client_id, &self.app.client_secret) {
            (Some(id), Some(secret)) => Ok((id, secret)),
            _ => Err(Error::new(
                ErrorKind::Unavailable,
                PROVIDER,
                operation,
                "no Google app is configured; set ANALYTICS_GOOGLE_CLIENT_ID and \
                 ANALYTICS_GOOGLE_CLIENT_SECRET",
            )),
        }
    }

    async fn token(
        &self,
        operation: &str,
        open: &[(&'static str, &str)],
        secret: (&'static str, &SecretString),
    ) -> Result<wire::Token> {
        let (client_id, client_secret) = self.credentials(operation)?;
        let mut request = Request::post(operation, self.token_url.clone())
            .param("client_id", client_id)
            .secret_param("client_secret", client_secret.clone())
            .secret_param(secret.0, secret.1.clone());
        for (name, value) in open {
            request = request.param(*name, *value);
        }
        self.api.json("", &request).await
    }

    fn tokens(&self, token: wire::Token, refresh_token: SecretString) -> GrantTokens {
        let life = token
            .expires_in
            .filter(|seconds| *seconds > 0)
            .and_then(TimeDelta::try_seconds)
            .unwrap_or(USUAL_LIFE);
        GrantTokens {
            access_token: token.access_token,
            refresh_token: Some(refresh_token),
            expires_at: self.api.clock().now().checked_add_signed(life),
        }
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

    fn authorize_url(&self, redirect_uri: &Url, state: &str, scopes: &[String]) -> Result<Url> {
        let (client_id, _) = self.credentials("oauth: authorize")?;
        let mut url = Authorize {
            provider: PROVIDER,
            auth_url: &self.auth_url,
            client_id,
            redirect_uri,
            state,
            scopes,
            separator: " ",
        }
        .url()?;
        // Without both a refresh token comes with the very first consent only.
        url.query_pairs_mut()
            .append_pair("access_type", "offline")
            .append_pair("prompt", "consent");
        Ok(url)
    }

    async fn exchange(&self, code: &SecretString, redirect_uri: &Url) -> Result<Consent> {
        let operation = "oauth: exchange the code";
        let open = [
            ("grant_type", "authorization_code"),
            ("redirect_uri", redirect_uri.as_str()),
        ];
        let mut token = self.token(operation, &open, ("code", code)).await?;
        let Some(refresh_token) = token.refresh_token.take() else {
            return Err(Error::new(
                ErrorKind::PermissionDenied,
                PROVIDER,
                operation,
                "Google gave no refresh token, without which figures could be read for an hour \
                 only; remove the app at myaccount.google.com/connections and link again",
            ));
        };
        let who = claims(operation, token.id_token.as_ref())?;
        Ok(Consent {
            subject: who.sub,
            subject_name: who.email,
            scopes: token.scope.split_whitespace().map(str::to_owned).collect(),
            tokens: self.tokens(token, refresh_token),
        })
    }

    async fn renew(&self, tokens: &GrantTokens) -> Result<GrantTokens> {
        let operation = "oauth: renew the token";
        let refresh_token = tokens.refresh_token.as_ref().ok_or_else(|| {
            Error::new(
                ErrorKind::AuthExpired,
                PROVIDER,
                operation,
                "there is no refresh token; link again",
            )
        })?;
        let open = [("grant_type", "refresh_token")];
        let token = self
            .token(operation, &open, ("refresh_token", refresh_token))
            .await?;
        // The answer holds no new one as a rule: the old one stays.
        let next = token.refresh_token.clone();
        Ok(self.tokens(token, next.unwrap_or_else(|| refresh_token.clone())))
    }

    fn renew_before(&self) -> chrono::Duration {
        RENEW_BEFORE
    }
}
