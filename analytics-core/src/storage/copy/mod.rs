//! Moving whole stores: from one database to another, into a backup file and out of it.
//!
//! One mechanism for every direction. The source is read in one snapshot, table by table in the
//! order of its keys, in pages. Every page is one transaction of the target, together with a mark
//! that says how far the table has come (the table `copy_progress` of the target). A copy that was
//! interrupted is run again: what is there already is compared with the source row by row, what
//! changed in between is copied again from the first difference on, and the rest is added. In the
//! end, counts and sums of every table are computed by both databases; only if they agree, the marks
//! are removed and the target is a store like any other. Until then nothing opens it.
//!
//! While rows arrive, foreign keys and triggers of the target rest, so that tables can come in any
//! order; the keys are checked in the end.
//!
//! Everything is copied, sealed secrets sealed: the target needs the same master key. Only leases
//! (whose turn it is to collect an account, to renew a grant) and signs of life stay behind: they are
//! those of processes that work on the source.

mod address;
mod backup;
mod cell;
mod finish;
mod marks;
mod open;
#[cfg(feature = "postgres")]
mod postgres;
mod resume;
mod run;
mod schema;
mod side;
mod sql;
mod sqlite;
mod sums;
mod unfinished;
mod verify;

pub use backup::{backup, restore};
pub use run::copy;
pub(super) use unfinished::refuse_in_file;
#[cfg(feature = "postgres")]
pub(super) use unfinished::refuse_on_server;

use crate::error::Error;

/// What a copy is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// Rows that an interrupted copy brought over are compared with the source.
    Comparing,
    /// Rows are copied.
    Copying,
    /// Both sides are added up; progress counts tables.
    Verifying,
}

/// How far a copy is.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// What it is doing.
    pub stage: Stage,
    /// The table it is at.
    pub table: &'a str,
    /// Steps done: rows, or tables while verifying.
    pub done: u64,
    /// Steps of this stage in all.
    pub total: u64,
}

/// Where progress is told.
pub type OnProgress<'a> = &'a mut (dyn FnMut(Progress<'_>) + Send);

/// A table that was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub name: String,
    /// The rows it has.
    pub rows: u64,
}

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Where it came from, without user and password.
    pub from: String,
    /// Where it went.
    pub to: String,
    /// Every table, by name.
    pub tables: Vec<CopiedTable>,
    /// Whether an interrupted copy was taken up.
    pub resumed: bool,
    /// Tables whose rows had changed since they were copied the first time, and were copied again.
    pub copied_again: Vec<String>,
}

impl Copied {
    /// The rows of all tables.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

/// A database's error, with what was being done and to what.
fn failed(operation: &'static str, what: &str, source: impl std::fmt::Display) -> Error {
    let text = if what.is_empty() {
        source.to_string()
    } else {
        format!("{what}: {source}")
    };
    Error::Storage {
        operation,
        source: text.into(),
    }
}
