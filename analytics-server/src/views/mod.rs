//! The JSON forms of the API's resources. Names here are the contract with scripts and pages.

mod account;
mod catalogue;
mod contents;
mod cost_terms;
mod offers;
mod operations;
mod session;

pub(crate) use account::{AccountList, AccountView, account, accounts};
pub(crate) use catalogue::{EntityView, MetricView, PlatformView, TextView, feed_kind};
pub(crate) use contents::{ContentsView, PurgedView};
pub(crate) use cost_terms::CostTermSchema;
pub(crate) use operations::{FailureView, OperationsView, platform_states};
pub(crate) use session::{SessionView, WorkspaceView};
