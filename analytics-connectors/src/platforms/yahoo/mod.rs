//! What both products of Yahoo! JAPAN Ads share: login, discovery, report jobs and their tables. No
//! connector itself.
#![doc = ""]
#![doc = include_str!("docs.md")]

mod accounts;
mod api;
mod config;

mod error;
mod fetch;
mod jobs;
mod login;
mod look;
mod metrics;
mod product;
mod rows;
mod table;
mod wire;

pub use config::{API_VERSION, ApiConfig};

pub(crate) use accounts::list_accounts;
pub(crate) use api::Api;
pub(crate) use error::{Means, Row, classify};
pub(crate) use fetch::Fetcher;
pub(crate) use login::{Login, scopes};
pub(crate) use metrics::{LATE, Metric, SOON, Spelt, metric};
pub(crate) use product::{FEED, Product};
