//! What is asked of the user. The flow itself is Facebook Login, shared with Meta's other
//! platforms.

use analytics_core::model::Text;
use url::Url;

use super::Config;
use crate::{
    config::ProviderConfig,
    connector::Scope,
    error::Result,
    http::{ApiClient, HttpClient, Throttle, ThrottleSettings},
    platforms::meta::{Graph, GraphSettings, LOGIN_VENDOR, Login},
};

/// Facebook's own consent page, by version.
const DIALOG: &str = "https://www.facebook.com";

/// Scopes, each with its reason.
pub(super) fn scopes() -> Vec<Scope> {
    vec![
        Scope::required(
            "ads_read",
            Text::new(
                "To read the figures of your ad accounts. Nothing is ever changed there.",
                "広告アカウントの数値を読み取るため。変更は一切行いません。",
            ),
        ),
        Scope::optional(
            "business_management",
            Text::new(
                "To find ad accounts that belong to a business portfolio.",
                "ビジネスポートフォリオに属する広告アカウントを見つけるため。",
            ),
            &[],
        ),
    ]
}

/// Facebook Login for the operator's app.
pub(super) fn login(config: &Config, app: &ProviderConfig, http: &HttpClient) -> Result<Login> {
    let throttle = Throttle::new(ThrottleSettings::default(), http.clock().clone());
    let graph = Graph::new(
        ApiClient::new(http.clone(), LOGIN_VENDOR, throttle),
        settings(config, app),
    );
    let mut dialog = dialog_base(config);
    dialog.set_path(&format!("{}/dialog/oauth", config.api_version));
    Login::new(graph, app, dialog)
}

/// Where the Graph is, and the secret that calls are proved with.
pub(super) fn settings(config: &Config, app: &ProviderConfig) -> GraphSettings {
    GraphSettings {
        base_url: config.base_url.clone(),
        api_version: config.api_version.clone(),
        app_secret: app.client_secret.clone(),
    }
}

fn dialog_base(config: &Config) -> Url {
    // A constant that parses; were it not to, the Graph's own address would serve.
    Url::parse(DIALOG).unwrap_or_else(|_| config.base_url.clone())
}
