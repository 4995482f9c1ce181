//! The authorization code flow: where to send the user, and what comes back. What providers do
//! alike is here; their quirks are overrides in their own folders.

use std::{collections::BTreeSet, sync::Arc};

use oauth2::{AuthUrl, ClientId, CsrfToken, RedirectUrl, basic::BasicClient};
use secrecy::SecretString;
use url::Url;

use crate::{
    connector::{Connector, Descriptor},
    error::{Error, ErrorKind, Result},
    http::Request,
    oauth::{AuthorizationRequest, AuthorizationResponse, Consent},
};

/// The parts of an authorization URL.
#[derive(Debug, Clone)]
pub struct Authorize<'a> {
    /// Provider, for messages.
    pub provider: &'a str,
    /// The provider's consent page.
    pub auth_url: &'a Url,
    /// The operator's app.
    pub client_id: &'a str,
    /// Where the user comes back to.
    pub redirect_uri: &'a Url,
    /// Signed state.
    pub state: &'a str,
    /// Scopes to ask for.
    pub scopes: &'a [String],
    /// What stands between scopes: a blank by the standard, a comma for Meta.
    pub separator: &'a str,
}

impl Authorize<'_> {
    /// The URL.
    ///
    /// # Errors
    /// `InvalidRequest` if one of the addresses is none.
    pub fn url(&self) -> Result<Url> {
        let invalid = |what: &str| {
            Error::new(
                ErrorKind::InvalidRequest,
                self.provider,
                "oauth: authorize",
                format!("the {what} is no valid URL"),
            )
        };
        let auth_url =
            AuthUrl::new(self.auth_url.to_string()).map_err(|_| invalid("consent page"))?;
        let redirect_uri = RedirectUrl::new(self.redirect_uri.to_string())
            .map_err(|_| invalid("redirect address"))?;
        let client = BasicClient::new(ClientId::new(self.client_id.to_owned()))
            .set_auth_uri(auth_url)
            .set_redirect_uri(redirect_uri);
        let (url, _) = client
            .authorize_url(|| CsrfToken::new(self.state.to_owned()))
            .add_extra_param("scope", self.scopes.join(self.separator))
            .url();
        Ok(url)
    }
}

/// A token request whose secrets travel in the query, because the provider takes them only there.
/// Nothing formats the URL it ends up as.
#[must_use]
pub fn token_request_by_get(
    operation: &str,
    token_url: &Url,
    open: &[(&'static str, &str)],
    secret: &[(&'static str, &SecretString)],
) -> Request {
    let mut request = Request::get(operation, token_url.clone());
    for (name, value) in open {
        request = request.param(*name, *value);
    }
    for (name, value) in secret {
        request = request.secret_param(*name, (*value).clone());
    }
    request
}

/// Where to send the user who links accounts of `connectors`, all of one provider: asks for the
/// scopes of all of them.
///
/// # Errors
/// `InvalidRequest` without a connector or across providers; `Unavailable` if the operator has not
/// configured the provider's app.
pub async fn start(
    connectors: &[Arc<dyn Connector>],
    redirect_uri: &Url,
    state: &str,
) -> Result<AuthorizationRequest> {
    let oauth = one_provider(connectors)?.oauth();
    let mut scopes: Vec<String> = Vec::new();
    for connector in connectors {
        for scope in &connector.descriptor().scopes {
            if !scopes.iter().any(|known| known == scope.id) {
                scopes.push(scope.id.to_owned());
            }
        }
    }
    oauth.authorize(redirect_uri, state, &scopes).await
}

/// Makes tokens of what the user came back with.
///
/// # Errors
/// What the provider says; `PermissionDenied` naming the scopes that were unticked, if none of
/// `connectors` can work without them.
pub async fn finish(
    connectors: &[Arc<dyn Connector>],
    response: &AuthorizationResponse,
) -> Result<Consent> {
    let oauth = one_provider(connectors)?.oauth();
    let consent = oauth.exchange(response).await?;
    let usable = connectors
        .iter()
        .any(|connector| missing_scopes(connector.descriptor(), &consent.scopes).is_empty());
    if usable {
        return Ok(consent);
    }
    let missing: BTreeSet<&str> = connectors
        .iter()
        .flat_map(|connector| missing_scopes(connector.descriptor(), &consent.scopes))
        .collect();
    let missing: Vec<&str> = missing.into_iter().collect();
    Err(Error::new(
        ErrorKind::PermissionDenied,
        oauth.provider(),
        "oauth: check the consent",
        format!(
            "the consent lacks {}; link again and leave it ticked",
            missing.join(", ")
        ),
    ))
}

/// The required scopes of a platform that were not granted.
#[must_use]
pub fn missing_scopes(descriptor: &Descriptor, granted: &[String]) -> Vec<&'static str> {
    descriptor
        .scopes
        .iter()
        .filter(|scope| scope.required && !granted.iter().any(|known| known == scope.id))
        .map(|scope| scope.id)
        .collect()
}

fn one_provider(connectors: &[Arc<dyn Connector>]) -> Result<&Arc<dyn Connector>> {
    let wrong = |message: &str| {
        Error::new(
            ErrorKind::InvalidRequest,
            "oauth",
            "oauth: choose the provider",
            message,
        )
    };
    let first = connectors
        .first()
        .ok_or_else(|| wrong("no platform was named"))?;
    let provider = first.oauth().provider();
    if connectors
        .iter()
        .any(|connector| connector.oauth().provider() != provider)
    {
        return Err(wrong("one consent reaches platforms of one provider only"));
    }
    Ok(first)
}
