//! Synchronization: first against a pretended platform, then against the simulator.

mod engine;
mod failures;
#[cfg(all(feature = "simulator", feature = "facebook_ads"))]
mod faults;
#[cfg(all(feature = "simulator", feature = "google_ads"))]
mod google;
#[cfg(all(feature = "simulator", feature = "facebook_ads"))]
mod killed;
mod leases;
mod media;
mod pretend;
#[cfg(feature = "simulator")]
mod scenarios;
mod scopes;
#[cfg(all(feature = "simulator", feature = "facebook_ads"))]
mod simulated;
mod stage;
mod stories;
mod tokens;
#[cfg(all(feature = "simulator", feature = "facebook_ads"))]
pub(crate) mod world;
#[cfg(all(feature = "simulator", feature = "x_ads"))]
mod x;
mod x_ads;
#[cfg(all(
    feature = "simulator",
    feature = "yahoo_search_ads",
    feature = "yahoo_display_ads"
))]
mod yahoo;
