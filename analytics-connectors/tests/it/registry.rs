//! What is built in, and adding to it.

use std::sync::Arc;

use analytics_connectors::{Config, Registry, clock::SystemClock};
use analytics_core::model::{Level, MetricId, MetricKind, Platform};

fn registry() -> Registry {
    Registry::new(&Config::default(), Arc::new(SystemClock)).unwrap()
}

#[test]
fn a_platform_is_found_by_its_id_and_by_its_provider() {
    let registry = registry();
    let found = registry.connector(&Platform::from("facebook_ads")).unwrap();
    assert_eq!(found.descriptor().profile.provider, "meta");
    assert!(registry.provider("meta").is_some());
    assert!(registry.provider("myspace").is_none());
    assert!(registry.connector(&Platform::from("myspace")).is_none());
}

#[test]
fn every_offered_metric_is_a_stored_one_of_the_catalogue() {
    let registry = registry();
    let catalogue = registry.catalogue();
    for connector in registry.connectors() {
        let profile = &connector.descriptor().profile;
        for feed in &profile.feeds {
            for offered in &feed.metrics {
                let metric = catalogue.metric(&offered.metric);
                let kind = &metric.unwrap_or_else(|| panic!("{}", offered.metric)).kind;
                assert!(!matches!(kind, MetricKind::Ratio(_)), "{}", offered.metric);
            }
        }
        for id in &profile.default_metrics {
            assert!(catalogue.metric(id).is_some(), "{id}");
        }
    }
}

#[test]
fn facebook_ads_says_of_itself_what_it_can_honestly_give() {
    let registry = registry();
    let connector = registry.connector(&Platform::from("facebook_ads")).unwrap();
    let profile = &connector.descriptor().profile;
    assert_eq!(
        (profile.feeds[0].refetch_days, profile.day_ready_hours),
        (28, 6)
    );
    for (metric, days) in [
        ("spend", 3),
        ("impressions", 3),
        ("clicks", 3),
        ("reach", 3),
        ("conversions", 28),
        ("conversion_value", 28),
        ("purchases", 28),
    ] {
        for level in [Level::Account, Level::Campaign, Level::AdGroup, Level::Ad] {
            let (_, offered) = profile.offer(&MetricId::from(metric), level).unwrap();
            assert_eq!(offered.settles_after_days, days, "{metric}");
        }
    }
}

#[cfg(feature = "x")]
#[test]
fn x_says_of_itself_what_it_can_honestly_give() {
    let registry = registry();
    let of_provider = registry.provider("x").unwrap();
    assert_eq!(of_provider.descriptor().platform().as_str(), "x");
    let connector = registry.connector(&Platform::from("x")).unwrap();
    let descriptor = connector.descriptor();
    assert!(!descriptor.configured);
    assert!(descriptor.pricing.is_some());
    assert!(
        descriptor
            .setup_hint
            .en
            .contains("ANALYTICS_X_CLIENT_SECRET")
    );
    let profile = &descriptor.profile;
    let offers = |metric: &str, level| profile.offer(&MetricId::from(metric), level).is_some();
    for metric in ["impressions", "engagements", "link_clicks", "x.quotes"] {
        assert!(offers(metric, Level::Post), "{metric}");
        assert!(offers(metric, Level::Account), "{metric}");
        let lifetime = MetricId::from(metric).lifetime();
        assert!(offers(lifetime.as_str(), Level::Post), "{lifetime}");
        assert!(!offers(lifetime.as_str(), Level::Account), "{lifetime}");
    }
    for metric in ["followers", "x.following", "x.listed", "posts"] {
        assert!(offers(metric, Level::Account), "{metric}");
    }
    // X counts neither people nor visits of a profile.
    for metric in ["reach", "profile_views", "spend"] {
        assert!(!offers(metric, Level::Account), "{metric}");
    }
}

#[test]
fn registering_a_platform_again_replaces_it() {
    let mut registry = registry();
    let before = registry.connectors().len();
    let other = registry.connectors()[0].clone();
    registry.register(other);
    assert_eq!(registry.connectors().len(), before);
    let mut empty = Registry::empty();
    empty.register(registry.connectors()[0].clone());
    assert_eq!(empty.connectors().len(), 1);
}
