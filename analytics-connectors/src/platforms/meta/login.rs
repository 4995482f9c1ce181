//! Facebook Login: comma-separated scopes, codes and tokens exchanged by GET, long-lived tokens of
//! about sixty days that renew themselves by being exchanged again.

use analytics_core::model::{GrantTokens, Text};
use async_trait::async_trait;
use chrono::TimeDelta;
use futures_util::TryStreamExt;
use secrecy::SecretString;
use url::Url;

use super::{
    GraphConfig,
    error::classify,
    graph::{Graph, GraphCall, PageSize},
    notice,
    usage::usage,
    wire,
};
use crate::{
    config::ProviderConfig,
    error::Result,
    http::{HttpClient, Vendor},
    oauth::{
        AuthorizationRequest, AuthorizationResponse, Consent, Notice, OAuthProvider, TokenSource,
        flow::{Authorize, token_request_by_get},
    },
};

/// Id of the provider.
pub(crate) const PROVIDER: &str = "meta";

/// Facebook's own consent page, by version.
const DIALOG: &str = "https://www.facebook.com";

/// How answers of the login are read: by the Graph's errors alone.
const LOGIN_VENDOR: Vendor = Vendor {
    platform: PROVIDER,
    classify: |answer, context| classify(&[], answer, context),
    usage,
};

/// Life of a long-lived token when Meta does not say.
const USUAL_LIFE: TimeDelta = TimeDelta::days(60);

/// After a consent the data stay open for this long, however often the token is renewed.
const CONSENT_LASTS: TimeDelta = TimeDelta::days(90);

/// A long-lived token is exchanged for a new one this long before it expires.
const RENEW_BEFORE: TimeDelta = TimeDelta::days(14);

/// What the operator must do before accounts of any of Meta's platforms can be linked.
pub(crate) fn setup_hint() -> Text {
    Text::new(
        "Register an app at developers.facebook.com and set ANALYTICS_META_CLIENT_ID and \
         ANALYTICS_META_CLIENT_SECRET.",
        "developers.facebook.com でアプリを登録し、ANALYTICS_META_CLIENT_ID と \
         ANALYTICS_META_CLIENT_SECRET を設定してください。",
    )
}

/// Facebook Login for one app.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    graph: Graph,
    app: ProviderConfig,
    auth_url: Url,
    token_url: Url,
}

impl Login {
    /// The login of the operator's app, at the Graph's version and place; the app's own addresses
    /// go before the usual ones.
    pub(crate) fn for_app(
        config: &GraphConfig,
        app: &ProviderConfig,
        http: &HttpClient,
    ) -> Result<Self> {
        // Its calls are paced by themselves: consents do not wait for figures.
        let graph = Graph::for_platform(
            LOGIN_VENDOR,
            &GraphConfig {
                requests_per_second: GraphConfig::default().requests_per_second,
                ..config.clone()
            },
            app,
            http.clone(),
        );
        // A constant that parses; were it not to, the Graph's own address would serve.
        let mut dialog = Url::parse(DIALOG).unwrap_or_else(|_| config.base_url.clone());
        dialog.set_path(&format!("{}/dialog/oauth", config.api_version));
        let usual = graph.url(&["oauth".to_owned(), "access_token".to_owned()])?;
        Ok(Self {
            graph,
            auth_url: app.auth_url.clone().unwrap_or(dialog),
            token_url: app.token_url.clone().unwrap_or(usual),
            app: app.clone(),
        })
    }

    async fn exchange_token(
        &self,
        operation: &str,
        open: &[(&'static str, &str)],
        secret: &[(&'static str, &SecretString)],
    ) -> Result<GrantTokens> {
        let (client_id, client_secret) = self.app.credentials(PROVIDER, operation)?;
        let mut open = open.to_vec();
        open.push(("client_id", client_id));
        let mut secret = secret.to_vec();
        secret.push(("client_secret", client_secret));
        let request = token_request_by_get(operation, &self.token_url, &open, &secret);
        let token: wire::Token = self.graph.api().json("", &request).await?;
        let life = token
            .expires_in
            .filter(|seconds| *seconds > 0)
            .and_then(TimeDelta::try_seconds)
            .unwrap_or(USUAL_LIFE);
        Ok(GrantTokens {
            access_token: token.access_token,
            refresh_token: None,
            expires_at: self.graph.api().clock().now().checked_add_signed(life),
        })
    }

    async fn lengthen(&self, operation: &str, token: &SecretString) -> Result<GrantTokens> {
        self.exchange_token(
            operation,
            &[("grant_type", "fb_exchange_token")],
            &[("fb_exchange_token", token)],
        )
        .await
    }

    async fn granted(&self, token: &SecretString) -> Result<Vec<String>> {
        let call = GraphCall::get("oauth: read permissions", "", "me/permissions");
        let source = TokenSource::fixed(token.clone());
        let permissions: Vec<wire::Permission> = self
            .graph
            .list(&call, &source, PageSize::FULL)
            .try_concat()
            .await?;
        Ok(permissions
            .into_iter()
            .filter(|permission| permission.status == "granted")
            .map(|permission| permission.permission)
            .collect())
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
        let (client_id, _) = self.app.credentials(PROVIDER, "oauth: authorize")?;
        let mut url = Authorize {
            provider: PROVIDER,
            auth_url: &self.auth_url,
            client_id,
            redirect_uri,
            state,
            scopes,
            separator: ",",
        }
        .url()?;
        // Without it the dialog leaves out what the user once declined.
        url.query_pairs_mut().append_pair("auth_type", "rerequest");
        Ok(AuthorizationRequest { url, secret: None })
    }

    async fn exchange(&self, response: &AuthorizationResponse) -> Result<Consent> {
        let short = self
            .exchange_token(
                "oauth: exchange the code",
                &[("redirect_uri", response.redirect_uri.as_str())],
                &[("code", &response.code)],
            )
            .await?;
        let tokens = self
            .lengthen("oauth: lengthen the token", &short.access_token)
            .await?;
        let me: wire::Me = self
            .graph
            .call_with(
                &GraphCall::get("oauth: read the user", "", "me").param("fields", "id,name"),
                tokens.access_token.clone(),
            )
            .await?;
        let scopes = self.granted(&tokens.access_token).await?;
        Ok(Consent {
            subject: me.id,
            subject_name: me.name,
            scopes,
            tokens,
        })
    }

    async fn renew(&self, tokens: &GrantTokens) -> Result<GrantTokens> {
        self.lengthen("oauth: renew the token", &tokens.access_token)
            .await
    }

    fn renew_before(&self) -> chrono::Duration {
        RENEW_BEFORE
    }

    fn consent_lasts(&self) -> Option<chrono::Duration> {
        Some(CONSENT_LASTS)
    }

    fn verify_notice(&self, signed_request: &str) -> Result<Notice> {
        let (_, secret) = self.app.credentials(PROVIDER, "verify a signed request")?;
        notice::read(secret, signed_request)
    }
}
