//! Integration tests of the core.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

#[cfg(feature = "analysis")]
mod change;
#[cfg(all(feature = "sqlite", feature = "testing"))]
mod copy;
mod cost_terms;
#[cfg(feature = "analysis")]
mod dates;
#[cfg(feature = "analysis")]
mod dates_bad_input;
#[cfg(feature = "analysis")]
mod engine_bad_input;
#[cfg(feature = "analysis")]
mod engine_coverage;
#[cfg(feature = "analysis")]
mod engine_figures;
#[cfg(feature = "analysis")]
mod engine_fixture;
#[cfg(feature = "analysis")]
mod engine_groups;
#[cfg(feature = "analysis")]
mod engine_json;
#[cfg(feature = "analysis")]
mod engine_limit;
#[cfg(all(feature = "analysis", feature = "sqlite"))]
mod engine_post_amounts;
#[cfg(all(feature = "analysis", feature = "sqlite"))]
mod engine_posts;
#[cfg(all(feature = "analysis", feature = "sqlite"))]
mod engine_posts_fixture;
#[cfg(feature = "analysis")]
mod engine_selection;
#[cfg(all(feature = "analysis", feature = "sqlite"))]
mod engine_store;
#[cfg(all(feature = "analysis", feature = "sqlite"))]
mod engine_sums;
#[cfg(all(feature = "analysis", feature = "sqlite"))]
mod engine_terms;
#[cfg(all(feature = "analysis", feature = "sqlite"))]
mod engine_windows;
#[cfg(all(feature = "testing", unix))]
mod private_servers;
#[cfg(feature = "analysis")]
mod properties_dates;
#[cfg(feature = "analysis")]
mod properties_engine;
#[cfg(feature = "analysis")]
mod spelled;
#[cfg(all(feature = "sqlite", feature = "testing"))]
mod storage;
#[cfg(feature = "analysis")]
mod vectors_aggregates;
#[cfg(feature = "analysis")]
mod vectors_dates;
