//! Tests of the connectors as their users meet them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails by panicking"
)]

mod config;
#[cfg(feature = "facebook_ads")]
mod facebook_ads;
mod http;
mod layout;
#[cfg(feature = "facebook_ads")]
mod oauth;
mod registry;
#[cfg(feature = "sync")]
mod sync;
