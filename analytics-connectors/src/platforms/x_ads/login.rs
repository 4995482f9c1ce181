//! OAuth 1.0a in three legs: a request token, the consent page, an access token that never expires.

use analytics_core::model::{GrantTokens, Text};
use async_trait::async_trait;
use chrono::TimeDelta;
use url::{Url, form_urlencoded};

use super::auth::PERMISSION;
use crate::{
    config::ProviderConfig,
    error::{Error, ErrorKind, Result},
    http::{
        Answer, ApiClient, CallContext, HttpClient, Request, Throttle, ThrottleSettings, Vendor,
    },
    oauth::{
        AuthorizationRequest, AuthorizationResponse, Consent, OAuthProvider,
        oauth1::{Signer, TokenPair},
    },
};

/// Id of the provider.
pub(super) const PROVIDER: &str = "x_ads";

const AUTH_URL: &str = "https://api.x.com/oauth/authorize";
const TOKEN_URL: &str = "https://api.x.com/oauth/access_token";
/// Beside the address of access tokens.
const REQUEST_TOKEN: &str = "request_token";

/// The first leg, for messages.
const REQUEST: &str = "oauth: request a token";

const LOGIN_VENDOR: Vendor = Vendor {
    platform: PROVIDER,
    classify: refusal,
    usage: |_| Vec::new(),
};

/// What a refusal of the login means: not what the same code means of figures.
fn refusal(answer: &Answer, context: &CallContext<'_>) -> Option<Error> {
    let error = super::error::classify(answer, context)?;
    let (kind, advice) = match (answer.status.as_u16(), context.operation) {
        (400..=403, REQUEST) => (
            ErrorKind::Unavailable,
            "check ANALYTICS_X_ADS_CLIENT_ID, ANALYTICS_X_ADS_CLIENT_SECRET, this machine's clock, \
             and whether the callback is registered in the app",
        ),
        (400..=403, _) => (ErrorKind::InvalidRequest, "start linking again"),
        _ => return Some(error),
    };
    let context = format!("{}; {advice}", error.context);
    Some(Error {
        kind,
        context,
        ..error
    })
}

/// What the operator must do before accounts can be linked.
pub(super) fn setup_hint() -> Text {
    Text::new(
        "Register an app at console.x.com, apply for the Ads API, and set ANALYTICS_X_ADS_CLIENT_ID \
         and ANALYTICS_X_ADS_CLIENT_SECRET.",
        "console.x.com でアプリを登録して Ads API の利用を申請し、ANALYTICS_X_ADS_CLIENT_ID と \
         ANALYTICS_X_ADS_CLIENT_SECRET を設定してください。",
    )
}

/// The login for one app.
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
        let throttle = Throttle::new(ThrottleSettings::default(), http.clock().clone());
        Ok(Self {
            api: ApiClient::new(http.clone(), LOGIN_VENDOR, throttle),
            auth_url: ProviderConfig::address(app.auth_url.as_ref(), PROVIDER, AUTH_URL)?,
            token_url: ProviderConfig::address(app.token_url.as_ref(), PROVIDER, TOKEN_URL)?,
            app: app.clone(),
        })
    }

    /// What a signed request of the login brings, as a form.
    async fn ask(
        &self,
        operation: &str,
        url: Url,
        token: Option<TokenPair>,
        more: Vec<(&'static str, String)>,
    ) -> Result<String> {
        let (key, secret) = self.app.credentials(PROVIDER, operation)?;
        let signer = Signer {
            consumer_key: key.to_owned(),
            consumer_secret: secret.clone(),
            token,
            more,
        };
        let request = Request::post(operation, url).signed(signer).once();
        let answer = self.api.send("", &request).await?;
        String::from_utf8(answer.body).map_err(|_| broken(operation, "the answer is no text"))
    }
}

fn broken(operation: &str, what: &str) -> Error {
    Error::new(ErrorKind::Decode, PROVIDER, operation, what)
}

fn field(form: &str, wanted: &str) -> Option<String> {
    form_urlencoded::parse(form.as_bytes())
        .find(|(name, _)| name == wanted)
        .map(|(_, value)| value.into_owned())
        .filter(|value| !value.is_empty())
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
        _scopes: &[String],
    ) -> Result<AuthorizationRequest> {
        let operation = REQUEST;
        // There is no parameter for the state: it travels in the address to come back to.
        let mut callback = redirect_uri.clone();
        callback.query_pairs_mut().append_pair("state", state);
        let request_token = self
            .token_url
            .join(REQUEST_TOKEN)
            .map_err(|_| broken(operation, "the address of tokens cannot be used"))?;
        let more = vec![("oauth_callback", callback.to_string())];
        let answer = self.ask(operation, request_token, None, more).await?;
        if field(&answer, "oauth_callback_confirmed").as_deref() != Some("true") {
            let what = "X did not confirm the address to come back to; register it in the app";
            return Err(Error::new(
                ErrorKind::Unavailable,
                PROVIDER,
                operation,
                what,
            ));
        }
        let pair = TokenPair::parse(&answer)
            .ok_or_else(|| broken(operation, "the answer has no token and secret"))?;
        let mut url = self.auth_url.clone();
        url.query_pairs_mut()
            .append_pair("oauth_token", &pair.token);
        Ok(AuthorizationRequest {
            url,
            secret: Some(pair.seal()),
        })
    }

    async fn exchange(&self, response: &AuthorizationResponse) -> Result<Consent> {
        use secrecy::ExposeSecret as _;

        let operation = "oauth: exchange the verifier";
        let refused = |what: &str| Error::new(ErrorKind::InvalidRequest, PROVIDER, operation, what);
        let kept = response.secret.as_ref();
        let pair = kept
            .and_then(|secret| TokenPair::parse(secret.expose_secret()))
            .ok_or_else(|| refused("nothing is known of this request; start linking again"))?;
        if response.token.as_deref() != Some(pair.token.as_str()) {
            return Err(refused(
                "the answer is to another request; start linking again",
            ));
        }
        let verifier = response.code.expose_secret().to_owned();
        let more = vec![("oauth_verifier", verifier)];
        let url = self.token_url.clone();
        let answer = self.ask(operation, url, Some(pair), more).await?;
        let pair = TokenPair::parse(&answer)
            .ok_or_else(|| broken(operation, "the answer has no token and secret"))?;
        let subject = field(&answer, "user_id")
            .ok_or_else(|| broken(operation, "the answer has no `user_id`"))?;
        Ok(Consent {
            subject,
            subject_name: field(&answer, "screen_name").map(|name| format!("@{name}")),
            scopes: vec![PERMISSION.to_owned()],
            tokens: GrantTokens {
                access_token: pair.seal(),
                refresh_token: None,
                expires_at: None,
            },
        })
    }

    async fn renew(&self, _tokens: &GrantTokens) -> Result<GrantTokens> {
        let what = "the token was refused, and there is none to renew: the consent was taken back, the \
                    app was suspended, or its key, its secret or this machine's clock is wrong; \
                    link again";
        let operation = "oauth: renew the token";
        Err(Error::new(
            ErrorKind::AuthExpired,
            PROVIDER,
            operation,
            what,
        ))
    }

    fn renew_before(&self) -> chrono::Duration {
        TimeDelta::zero()
    }
}
