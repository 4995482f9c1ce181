//! Connectors to marketing platforms.
//!
//! * [`Connector`]: what a platform must be able to do; [`Registry`]: the ones that are built in.
//! * [`platforms`]: one folder a platform, all of the same shape.
//! * [`sync`] (feature `sync`): plans what an account lacks, fetches and stores it.
//! * [`simulator`] (feature `simulator`): the platforms' APIs over a deterministic world.
//! * `testing` (feature of the same name): a conformance kit for connectors of one's own.

pub mod clock;
pub mod config;
mod connector;
mod env;
mod error;
pub mod http;
pub mod oauth;
mod observer;
#[cfg(any(feature = "yahoo", feature = "x_ads"))]
mod orders;
pub mod platforms;
mod pricing;
mod registry;
#[cfg(feature = "simulator")]
pub mod simulator;
#[cfg(feature = "sync")]
pub mod sync;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(any(feature = "meta", feature = "x", feature = "x_ads"))]
mod text;

pub use config::Config;
pub use connector::{AccountRef, Batch, Connector, Descriptor, FetchRequest, Limits, Scope};
pub use error::{Error, ErrorKind, Result, Retry};
pub use observer::{Observer, SlicesDone, VendorCall};
pub use pricing::{Price, Pricing, ReadLedger};
pub use registry::Registry;
