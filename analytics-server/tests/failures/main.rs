//! What happens to such systems, done to this one: each scenario on every set-up, against the real
//! program as processes of their own. In the end what is stored equals the truth exactly, nothing
//! was fetched more often than the fault explains, and every account is well.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop where it is"
)]

mod harness;

mod clock;
mod crowd;
mod database;
mod kill;
mod panics;
mod pause;
mod several;
mod transport;
mod wait;
