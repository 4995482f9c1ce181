//! Integration tests of the core.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

#[cfg(feature = "analysis")]
mod change;
#[cfg(feature = "analysis")]
mod dates;
#[cfg(feature = "analysis")]
mod dates_bad_input;
#[cfg(feature = "analysis")]
mod properties_dates;
#[cfg(feature = "analysis")]
mod vectors_dates;
