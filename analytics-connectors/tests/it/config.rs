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

#[cfg(feature = "x")]
mod of_x {
    use analytics_core::model::Millionths;
    use rstest::rstest;

    use super::from;

    #[test]
    fn x_reads_every_setting_of_its_own_and_none_of_x_ads() {
        let config = from(&[
            ("ANALYTICS_X_CLIENT_ID", "4711"),
            ("ANALYTICS_X_CLIENT_SECRET", "hush"),
            ("ANALYTICS_X_AUTH_URL", "http://localhost:1/authorize"),
            ("ANALYTICS_X_TOKEN_URL", "http://localhost:1/token"),
            ("ANALYTICS_X_BASE_URL", "http://localhost:1/api"),
            ("ANALYTICS_X_DAILY_DAYS", "14"),
            ("ANALYTICS_X_WEEKLY_DAYS", "60"),
            ("ANALYTICS_X_MONTHLY_DAYS", "0"),
            ("ANALYTICS_X_REPLIES", "0"),
            ("ANALYTICS_X_POST_PRICE_USD", "0.001"),
            ("ANALYTICS_X_USER_PRICE_USD", "0"),
            ("ANALYTICS_X_MONTHLY_CAP_USD", "50.5"),
            ("ANALYTICS_X_REQUESTS_PER_SECOND", "3"),
            ("ANALYTICS_X_ADS_BASE_URL", "http://localhost:2"),
            ("ANALYTICS_X_ADS_REQUESTS_PER_SECOND", "7"),
        ])
        .unwrap();
        assert!(config.x_app.is_configured() && !config.x_ads_app.is_configured());
        let address = |url: &Option<url::Url>| url.as_ref().unwrap().to_string();
        assert_eq!(
            address(&config.x_app.auth_url),
            "http://localhost:1/authorize"
        );
        assert_eq!(address(&config.x_app.token_url), "http://localhost:1/token");
        let x = config.x;
        assert_eq!(x.base_url.as_str(), "http://localhost:1/api");
        assert_eq!((x.daily_days, x.weekly_days, x.monthly_days), (14, 60, 0));
        assert!(!x.replies);
        assert_eq!(
            (x.post_price, x.user_price, x.monthly_cap),
            (
                Millionths(1_000),
                Millionths(0),
                Some(Millionths(50_500_000))
            )
        );
        assert_eq!(x.requests_per_second.get(), 3);
    }

    #[test]
    fn x_reads_tiers_of_age_at_the_vendors_prices_unless_told_otherwise() {
        let x = from(&[]).unwrap().x;
        assert_eq!(x.base_url.as_str(), "https://api.x.com/");
        assert_eq!((x.daily_days, x.weekly_days, x.monthly_days), (30, 90, 365));
        assert!(x.replies);
        assert_eq!(
            (x.post_price, x.user_price, x.monthly_cap),
            (Millionths(5_000), Millionths(10_000), None)
        );
        let replies = from(&[("ANALYTICS_X_REPLIES", "1")]).unwrap().x.replies;
        assert!(replies);
    }

    #[rstest]
    #[case("BASE_URL", "api.x.com", "https://")]
    #[case("BASE_URL", "https://api.x.com/?token=s3cret", "query")]
    #[case("AUTH_URL", "x", "https://")]
    #[case("TOKEN_URL", "ftp://x", "https")]
    #[case("DAILY_DAYS", "0", "from 1 to 365")]
    #[case("DAILY_DAYS", "366", "from 1 to 365")]
    #[case("WEEKLY_DAYS", "-1", "from 0 to 365")]
    #[case("MONTHLY_DAYS", "year", "from 0 to 365")]
    #[case("REPLIES", "yes", "from 0 to 1")]
    #[case("REPLIES", "2", "from 0 to 1")]
    #[case("POST_PRICE_USD", "-0.1", "0.005")]
    #[case("POST_PRICE_USD", "0.0000001", "0.005")]
    #[case("USER_PRICE_USD", "$1", "0.005")]
    #[case("MONTHLY_CAP_USD", "much", "0.005")]
    #[case("REQUESTS_PER_SECOND", "0", "from 1 to 10000")]
    fn a_setting_of_x_that_cannot_be_used_is_named(
        #[case] what: &str,
        #[case] value: &str,
        #[case] right: &str,
    ) {
        let variable = format!("ANALYTICS_X_{what}");
        let error = from(&[(&variable, value)]).unwrap_err();
        assert_eq!(error.variable, variable);
        let message = error.to_string();
        assert!(message.contains(right), "{message}");
        assert!(!message.contains("s3cret"), "{message}");
    }

    #[test]
    fn half_an_app_of_x_names_the_other_half() {
        let error = from(&[("ANALYTICS_X_CLIENT_SECRET", "hush")]).unwrap_err();
        assert_eq!(error.variable, "ANALYTICS_X_CLIENT_ID");
    }
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
