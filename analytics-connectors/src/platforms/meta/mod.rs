//! What Meta's platforms share: the Graph API's errors, usage headers and paging, and Facebook
//! Login. No connector itself.
#![doc = ""]
#![doc = include_str!("docs.md")]

mod config;
mod error;
pub(crate) mod gaps;
mod graph;
mod insight;
mod login;
mod notice;
mod page;
mod posts_feed;
mod published;
mod time;
mod unsupported;
mod usage;
mod wire;

pub use config::{API_VERSION, BASE_URL, GraphConfig};
pub(crate) use error::{GraphError, Means, Row, When, classify, reported, row};
pub(crate) use graph::{Graph, GraphCall, PageSize};
pub(crate) use insight::{Insight, Insights, Point};
pub(crate) use login::{Login, PROVIDER, setup_hint};
pub(crate) use page::{Page, pages};
pub(crate) use posts_feed::posts_feed;
pub(crate) use published::posts_per_day;
pub(crate) use time::{GraphTime, PACIFIC, bounds, day_start};
pub(crate) use unsupported::Unsupported;
pub(crate) use usage::usage;
