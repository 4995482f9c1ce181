//! The handlers, one resource a file.

pub(crate) mod accounts;
pub(crate) mod connect;
pub(crate) mod cost_terms;
pub(crate) mod costs;
pub(crate) mod coverage;
pub(crate) mod entities;
pub(crate) mod events;
pub(crate) mod grants;
pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod notices;
pub(crate) mod openapi;
pub(crate) mod operations;
pub(crate) mod platforms;
pub(crate) mod prometheus;
pub(crate) mod report;
pub(crate) mod session;
pub(crate) mod setup;
pub(crate) mod workspace;
