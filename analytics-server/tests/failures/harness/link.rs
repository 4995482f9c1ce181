//! Linking as a user does: through the platform's consent page.

use std::sync::Arc;

use analytics_connectors::{
    Registry,
    oauth::{AuthorizationRequest, AuthorizationResponse, Consent, flow},
};
use url::Url;

/// Consents to everything at a provider's page.
pub(crate) async fn consent(registry: &Arc<Registry>, provider: &str) -> Consent {
    let connectors: Vec<_> = registry.of_provider(provider).collect();
    let redirect = format!("http://127.0.0.1:8080/api/v1/connect/{provider}/callback");
    let redirect = Url::parse(&redirect).unwrap();
    let started = flow::start(&connectors, &redirect, "the-state").await;
    let AuthorizationRequest { url: page, secret } = started.unwrap();
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let form = [("decision", "allow")];
    let answer = browser.post(page).form(&form).send().await.unwrap();
    let back = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    let parameter = |wanted: &str| {
        let mut pairs = back.query_pairs();
        pairs.find_map(|(name, value)| (name == wanted).then(|| value.into_owned()))
    };
    let response = AuthorizationResponse::from_parameters(parameter, redirect, secret);
    flow::finish(&connectors, &response.unwrap()).await.unwrap()
}
