//! A conformance kit: what every connector must keep to, an embedder's own included.
//!
//! Implement [`Harness`] for the connector and its platform (simulated or recorded), then run
//! [`conformance::check_all`], or let [`conformance_tests!`](crate::conformance_tests) make a test
//! of every check.

mod checks;
pub mod conformance;
mod descriptor;
mod harness;
#[cfg(feature = "simulator")]
mod stored;

pub use harness::{Breakage, Harness, Truth, Violation, fetch_all};
#[cfg(feature = "simulator")]
pub use stored::{Comparison, compare_with_truth};
