//! The commands, one a file.

pub(crate) mod accounts;
pub(crate) mod backup;
pub(crate) mod copy;
#[cfg(feature = "simulator")]
pub(crate) mod demo;
pub(crate) mod doctor;
mod error;
pub(crate) mod fetch;
mod metrics_port;
pub(crate) mod migrate;
mod moving;
mod open;
mod output;
pub(crate) mod report;
mod report_table;
pub(crate) mod restore;
pub(crate) mod serve;
#[cfg(feature = "simulator")]
pub(crate) mod simulator;
mod stop;
pub(crate) mod sync;
pub(crate) mod user;
mod user_operator;
pub(crate) mod version;

pub(crate) use error::CommandError;

use clap::Args;

/// Flags of commands that look into a workspace.
#[derive(Debug, Clone, Args)]
pub(crate) struct InWorkspace {
    /// Workspace by name or id [default: the only one]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) workspace: Option<String>,
    /// Prints JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
}
