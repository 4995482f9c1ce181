//! The Analytics service: HTTP API, background jobs and the bundled dashboard, for the binary
//! `analytics` and for whoever embeds it.
//!
//! [`App`] takes a store, a registry of connectors and a clock ([`AppConfig`]), gives an
//! [`axum::Router`] and runs the jobs.

mod addresses;
mod app;
mod auth;
mod cli;
mod commands;
mod config;
mod error;
mod http;
pub mod jobs;
mod master_key;
mod metrics;
mod readiness;
mod router;
mod routes;
mod telemetry;
mod ui;
mod views;
mod watch;

pub use app::{App, AppConfig, Demo, Role, SetupLink};
pub use cli::run;
pub use error::Problem;
pub use http::proxies::TrustedProxies;
pub use metrics::Metrics;
