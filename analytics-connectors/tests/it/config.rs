//! Settings from variables.

use std::{collections::BTreeMap, time::Duration};

use analytics_connectors::{Config, config::ConfigError};
use rstest::rstest;

fn from(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let variables: BTreeMap<&str, &str> = variables.iter().copied().collect();
    Config::from_env(|name| variables.get(name).map(ToString::to_string))
}

#[test]
fn nothing_set_means_the_vendors_own_addresses_and_no_app() {
    let config = from(&[]).unwrap();
    assert!(!config.meta.is_configured());
    assert_eq!(
        config.facebook_ads.graph.base_url.as_str(),
        "https://graph.facebook.com/"
    );
    assert_eq!(config.facebook_ads.graph.api_version, "v26.0");
}

#[test]
fn every_setting_can_be_set() {
    let config = from(&[
        ("ANALYTICS_META_CLIENT_ID", "4711"),
        ("ANALYTICS_META_CLIENT_SECRET", "hush"),
        ("ANALYTICS_META_AUTH_URL", "http://localhost:1/dialog"),
        ("ANALYTICS_META_TOKEN_URL", "http://localhost:1/token"),
        ("ANALYTICS_FACEBOOK_ADS_BASE_URL", "http://localhost:1"),
        ("ANALYTICS_FACEBOOK_ADS_API_VERSION", "v27.0"),
        ("ANALYTICS_FACEBOOK_ADS_POLL_INTERVAL", "250ms"),
        ("ANALYTICS_FACEBOOK_ADS_PAGE_SIZE", "50"),
        ("ANALYTICS_FACEBOOK_ADS_REQUESTS_PER_SECOND", "3"),
        ("ANALYTICS_HTTP_MAX_ATTEMPTS", "2"),
        ("ANALYTICS_HTTP_TIMEOUT", "5"),
    ])
    .unwrap();
    assert!(config.meta.is_configured());
    assert_eq!(config.facebook_ads.graph.api_version, "v27.0");
    assert_eq!(
        config.facebook_ads.poll_interval,
        Duration::from_millis(250)
    );
    // Never a larger least page than the page.
    assert_eq!(
        (
            config.facebook_ads.page_size,
            config.facebook_ads.min_page_size
        ),
        (50, 50)
    );
    assert_eq!(config.facebook_ads.graph.requests_per_second.get(), 3);
    assert_eq!(config.http.max_attempts, 2);
    assert_eq!(config.http.timeout, Duration::from_secs(5));
}

#[rstest]
#[case("ANALYTICS_FACEBOOK_ADS_API_VERSION", "26", "v26.0")]
#[case("ANALYTICS_FACEBOOK_ADS_BASE_URL", "graph.facebook.com", "https://")]
#[case("ANALYTICS_FACEBOOK_ADS_BASE_URL", "ftp://x", "https")]
#[case("ANALYTICS_META_TOKEN_URL", "https://x/?access_token=s3cret", "query")]
#[case("ANALYTICS_FACEBOOK_ADS_POLL_INTERVAL", "soon", "10s")]
#[case("ANALYTICS_FACEBOOK_ADS_RUN_ATTEMPTS", "0", "from 1 to 5")]
#[case("ANALYTICS_FACEBOOK_ADS_PAGE_SIZE", "many", "from 1 to 5000")]
#[case("ANALYTICS_HTTP_MAX_ATTEMPTS", "-1", "from 1 to 20")]
fn a_value_that_cannot_be_used_names_its_variable_and_what_would_be_right(
    #[case] variable: &str,
    #[case] value: &str,
    #[case] right: &str,
) {
    let message = from(&[(variable, value)]).unwrap_err().to_string();
    assert!(
        message.starts_with(variable) && message.contains(right),
        "{message}"
    );
    assert!(!message.contains("s3cret"), "{message}");
}

#[test]
fn half_an_app_is_an_error_that_names_the_missing_half() {
    let error = from(&[("ANALYTICS_META_CLIENT_ID", "4711")]).unwrap_err();
    assert_eq!(error.variable, "ANALYTICS_META_CLIENT_SECRET");
}

#[test]
fn a_configuration_never_shows_its_secret() {
    let config = from(&[
        ("ANALYTICS_META_CLIENT_ID", "4711"),
        ("ANALYTICS_META_CLIENT_SECRET", "hush-hush"),
    ])
    .unwrap();
    let shown = format!("{config:?}");
    assert!(shown.contains("4711") && !shown.contains("hush"), "{shown}");
}
