//! The authorization code flow of a provider that keeps to the standard: secrets in the body of a
//! POST, JSON answers, refresh tokens. What is special about a provider stays in its own folder.

use analytics_core::model::GrantTokens;
use chrono::TimeDelta;
use http::StatusCode;
use oauth2::PkceCodeChallenge;
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use crate::{
    config::ProviderConfig,
    error::{Error, ErrorKind, Result},
    http::{
        Answer, ApiClient, CallContext, HttpClient, Request, Throttle, ThrottleSettings, Vendor,
    },
    oauth::{AuthorizationRequest, AuthorizationResponse, flow::Authorize},
};

/// What a renewal is called in messages.
pub const RENEW: &str = "oauth: renew the token";

/// Life of a token when the provider does not say.
const USUAL_LIFE: TimeDelta = TimeDelta::minutes(55);

/// An answer of a token endpoint.
#[derive(Debug, Deserialize)]
pub struct TokenAnswer {
    /// The token.
    pub access_token: SecretString,
    /// Brings further tokens.
    pub refresh_token: Option<SecretString>,
    /// Life of the token, in seconds.
    pub expires_in: Option<i64>,
    /// What was granted, separated by blanks; none: what was asked for.
    pub scope: Option<String>,
    /// Who consented, by OpenID Connect.
    pub id_token: Option<SecretString>,
}

/// How an app proves to a token endpoint who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppProof {
    /// Id and secret in the body.
    Body,
    /// Id and secret in the `Authorization` header, by HTTP Basic.
    Header,
}

/// A provider's endpoints and the operator's app there.
#[derive(Debug, Clone)]
pub struct CodeFlow {
    provider: &'static str,
    proof: AppProof,
    api: ApiClient,
    app: ProviderConfig,
    auth_url: Url,
    token_url: Url,
}

impl CodeFlow {
    /// The flow of the operator's app; the app's own addresses go before the `usual` ones: those of
    /// the consent page and of the token endpoint. `vendor` reads the token endpoint's refusals.
    ///
    /// # Errors
    /// `Unavailable` if one of the usual addresses is none.
    pub fn new(
        vendor: Vendor,
        usual: [&str; 2],
        app: &ProviderConfig,
        http: &HttpClient,
    ) -> Result<Self> {
        let provider = vendor.platform;
        // Its calls are paced by themselves: consents do not wait for figures.
        let throttle = Throttle::new(ThrottleSettings::default(), http.clock().clone());
        Ok(Self {
            provider,
            proof: AppProof::Body,
            api: ApiClient::new(http.clone(), vendor, throttle),
            auth_url: ProviderConfig::address(app.auth_url.as_ref(), provider, usual[0])?,
            token_url: ProviderConfig::address(app.token_url.as_ref(), provider, usual[1])?,
            app: app.clone(),
        })
    }

    /// The same flow with another way to prove who the app is.
    #[must_use]
    pub fn proved_by(self, proof: AppProof) -> Self {
        Self { proof, ..self }
    }

    /// Where to send the user, with proof (RFC 7636) that whoever brings the code is who asked for
    /// it: what proves it is the request's secret.
    ///
    /// # Errors
    /// As [`CodeFlow::authorize_url`].
    pub fn authorize_with_proof(
        &self,
        redirect_uri: &Url,
        state: &str,
        scopes: &[String],
    ) -> Result<AuthorizationRequest> {
        let mut url = self.authorize_url(redirect_uri, state, scopes)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        url.query_pairs_mut()
            .append_pair("code_challenge", challenge.as_str())
            .append_pair("code_challenge_method", challenge.method().as_str());
        Ok(AuthorizationRequest {
            url,
            secret: Some(SecretString::from(verifier.into_secret())),
        })
    }

    /// Where to send the user.
    ///
    /// # Errors
    /// `Unavailable` without an app, `InvalidRequest` if an address is none.
    pub fn authorize_url(&self, redirect_uri: &Url, state: &str, scopes: &[String]) -> Result<Url> {
        let (client_id, _) = self.app.credentials(self.provider, "oauth: authorize")?;
        Authorize {
            provider: self.provider,
            auth_url: &self.auth_url,
            client_id,
            redirect_uri,
            state,
            scopes,
            separator: " ",
        }
        .url()
    }

    /// What the provider gives for a code, with the proof that was kept of the request, if any.
    ///
    /// # Errors
    /// What it says.
    pub async fn exchange(
        &self,
        operation: &str,
        response: &AuthorizationResponse,
    ) -> Result<TokenAnswer> {
        let open = [
            ("grant_type", "authorization_code"),
            ("redirect_uri", response.redirect_uri.as_str()),
        ];
        let proof = response.secret.as_ref();
        let secrets: Vec<(&'static str, &SecretString)> = [("code", &response.code)]
            .into_iter()
            .chain(proof.map(|verifier| ("code_verifier", verifier)))
            .collect();
        self.ask(operation, &open, &secrets).await
    }

    /// Tokens for a refresh token. Where no new refresh token comes, the old one stays.
    ///
    /// # Errors
    /// What the provider says; `AuthExpired` when there is no refresh token.
    pub async fn renew(&self, tokens: &GrantTokens) -> Result<GrantTokens> {
        let operation = RENEW;
        let Some(refresh_token) = &tokens.refresh_token else {
            let what = "there is no refresh token; link again";
            let kind = ErrorKind::AuthExpired;
            return Err(Error::new(kind, self.provider, operation, what));
        };
        let open = [("grant_type", "refresh_token")];
        let secrets = [("refresh_token", refresh_token)];
        let answer = self.ask(operation, &open, &secrets).await?;
        Ok(self.tokens(answer, refresh_token))
    }

    /// Tokens as they are kept; `known` stays where no other refresh token came.
    #[must_use]
    pub fn tokens(&self, answer: TokenAnswer, known: &SecretString) -> GrantTokens {
        let life = answer
            .expires_in
            .filter(|seconds| *seconds > 0)
            .and_then(TimeDelta::try_seconds)
            .unwrap_or(USUAL_LIFE);
        GrantTokens {
            access_token: answer.access_token,
            refresh_token: Some(answer.refresh_token.unwrap_or_else(|| known.clone())),
            expires_at: self.api.clock().now().checked_add_signed(life),
        }
    }

    async fn ask(
        &self,
        operation: &str,
        open: &[(&'static str, &str)],
        secrets: &[(&'static str, &SecretString)],
    ) -> Result<TokenAnswer> {
        let (client_id, client_secret) = self.app.credentials(self.provider, operation)?;
        let request = Request::post(operation, self.token_url.clone());
        let mut request = match self.proof {
            AppProof::Header => request.basic(client_id, client_secret.clone()),
            AppProof::Body => request
                .param("client_id", client_id)
                .secret_param("client_secret", client_secret.clone()),
        };
        for (name, value) in secrets {
            request = request.secret_param(*name, (*value).clone());
        }
        for (name, value) in open {
            request = request.param(*name, *value);
        }
        self.api.json("", &request).await
    }
}

/// A refusal of a token endpoint.
#[derive(Debug, Deserialize)]
struct Refusal {
    error: String,
    error_description: Option<String>,
}

/// The error that a token endpoint tells of, by RFC 6749 section 5.2. `otherwise` is what a refusal
/// of another name means.
#[must_use]
pub fn refused(answer: &Answer, context: &CallContext<'_>, otherwise: ErrorKind) -> Option<Error> {
    if answer.status.is_success() {
        return None;
    }
    let refusal: Refusal = serde_json::from_slice(&answer.body).ok()?;
    let provider = context.platform.to_uppercase();
    let check = format!(
        "check ANALYTICS_{provider}_CLIENT_ID, ANALYTICS_{provider}_CLIENT_SECRET and the redirect \
         address in the provider's console"
    );
    let relink = "the consent has ended or was taken back; link again";
    let (kind, advice) = match refusal.error.as_str() {
        "invalid_grant" => (ErrorKind::AuthExpired, relink),
        "invalid_client" | "unauthorized_client" | "redirect_uri_mismatch" => {
            (ErrorKind::Unavailable, check.as_str())
        }
        // What proves the app was refused, by whatever name.
        _ if answer.status == StatusCode::UNAUTHORIZED => (ErrorKind::Unavailable, check.as_str()),
        _ if answer.status.is_server_error() => {
            (ErrorKind::Transient, "trying again later may help")
        }
        // Other statuses are about the app or the moment, and not about the consent.
        _ if otherwise == ErrorKind::AuthExpired && answer.status != StatusCode::BAD_REQUEST => {
            return None;
        }
        _ if otherwise == ErrorKind::AuthExpired => (otherwise, relink),
        _ => (otherwise, "the request was refused"),
    };
    let said = refusal.error_description.unwrap_or_default();
    let words = context
        .secrets
        .scrub(&format!("{said} ({}): {advice}", refusal.error));
    Some(Error::new(kind, context.platform, context.operation, words))
}
