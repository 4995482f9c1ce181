//! The JSON forms of the API's resources. Names here are the contract with scripts and pages.

mod account;
mod catalogue;
mod session;

pub(crate) use account::{AccountList, AccountView, account, accounts};
pub(crate) use catalogue::{EntityView, MetricView, PlatformView, TextView};
pub(crate) use session::SessionView;
