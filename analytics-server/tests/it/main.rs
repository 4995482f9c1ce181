//! The service from outside: HTTP against a whole application on the simulated platforms. The
//! files mirror the URLs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop where it is"
)]
#![allow(missing_docs, reason = "tests are named as sentences")]

mod support;

mod accounts;
mod bad_input;
mod base_path;
mod cli;
mod connect;
mod connect_oauth1;
#[cfg(unix)]
mod copy;
mod coverage;
mod demo;
mod entities;
mod events;
mod fetch;
mod jobs;
mod logs;
mod media;
mod notices;
mod openapi;
mod operations;
mod pages;
mod platforms;
mod problems;
mod prometheus;
mod queues;
mod readiness;
mod report;
mod roles;
mod serve;
mod session;
mod setup;
mod terms;
mod x;
