//! What Meta's platforms share: the Graph API's errors, usage headers and paging, and Facebook
//! Login. No connector itself.

mod config;
mod error;
mod graph;
mod login;
mod usage;
mod wire;

pub use config::{API_VERSION, BASE_URL, GraphConfig};
pub(crate) use error::{GraphError, Means, Row, When, classify, reported};
pub(crate) use graph::{Graph, GraphCall};
pub(crate) use login::{Login, PROVIDER};
pub(crate) use usage::usage;
