//! What Meta's platforms share: the Graph API's errors, usage headers and paging, and Facebook
//! Login. No connector itself.

mod error;
mod graph;
mod login;
mod usage;
mod wire;

pub(crate) use error::{GraphError, Means, Row, When, classify, reported};
pub(crate) use graph::{Graph, GraphCall, GraphSettings};
pub(crate) use login::{LOGIN_VENDOR, Login, PROVIDER};
pub(crate) use usage::usage;
