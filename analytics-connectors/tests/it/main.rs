//! Tests of the connectors as their users meet them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails by panicking"
)]

mod config;
#[cfg(all(feature = "simulator", feature = "facebook_ads", feature = "testing"))]
mod conformance;
#[cfg(feature = "facebook_ads")]
mod facebook_ads;
#[cfg(feature = "facebook_page")]
mod facebook_page;
#[cfg(feature = "google_ads")]
mod google_ads;
#[cfg(any(feature = "facebook_page", feature = "instagram"))]
mod graph;
mod http;
#[cfg(feature = "instagram")]
mod instagram;
mod layout;
#[cfg(feature = "facebook_ads")]
mod oauth;
mod registry;
#[cfg(feature = "simulator")]
mod simulator;
#[cfg(any(
    feature = "google_ads",
    feature = "x",
    feature = "x_ads",
    all(feature = "yahoo_search_ads", feature = "yahoo_display_ads")
))]
mod stand_in;
#[cfg(feature = "sync")]
mod sync;
#[cfg(feature = "x")]
mod x;
#[cfg(feature = "x_ads")]
mod x_ads;
#[cfg(all(feature = "yahoo_search_ads", feature = "yahoo_display_ads"))]
mod yahoo;
