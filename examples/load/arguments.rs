//! What to measure, and how much of it.

use std::str::FromStr;

use crate::Failure;

const USAGE: &str = "usage: load [schedule|ingest|refresh|scale] [--accounts N] [--workers N] \
[--at-once N] [--setup sqlite|postgres|redis] [--platform NAME] [--latency MS] [--per-second N] [--days N] \
[--faults none|kill|429|mixed]";

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Accounts filled with their history, and whether all of it arrived once.
    Backfill,
    /// Finding and handing over due accounts.
    Schedule,
    /// Storing facts.
    Ingest,
    /// Days that pass for accounts which are up to date.
    Refresh,
    /// Two workers beside one.
    Scale,
}

/// Database and transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setup {
    /// One file, workers inside the process that plans.
    Sqlite,
    /// PostgreSQL for both.
    Postgres,
    /// PostgreSQL, and Redis between scheduler and workers.
    Redis,
}

impl Setup {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Redis => "redis",
        }
    }
}

/// What goes wrong meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Faults {
    None,
    /// Workers are killed, one after the other.
    Kill,
    /// The platform asks to wait.
    RateLimits,
    /// Both, broken connections, and failures of the platform.
    Mixed,
}

impl Faults {
    pub(crate) fn kills(self) -> bool {
        matches!(self, Self::Kill | Self::Mixed)
    }
}

/// The command line.
#[derive(Debug, Clone)]
pub(crate) struct Arguments {
    pub(crate) mode: Mode,
    pub(crate) accounts: usize,
    pub(crate) workers: usize,
    /// Accounts that a worker works on at the same time.
    pub(crate) at_once: usize,
    pub(crate) setup: Setup,
    pub(crate) platform: String,
    /// Milliseconds of every answer.
    pub(crate) latency: u64,
    /// Calls a second and account that the platform allows; none: as many as there can be.
    pub(crate) per_second: Option<u32>,
    /// Days of history.
    pub(crate) days: u32,
    pub(crate) faults: Faults,
}

impl Arguments {
    pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut words = words.peekable();
        let mode = match words.peek().map(String::as_str) {
            Some("schedule") => Mode::Schedule,
            Some("ingest") => Mode::Ingest,
            Some("refresh") => Mode::Refresh,
            Some("scale") => Mode::Scale,
            _ => Mode::Backfill,
        };
        if mode != Mode::Backfill {
            words.next();
        }
        let mut arguments = Self {
            mode,
            accounts: match mode {
                Mode::Backfill => 20,
                Mode::Schedule => 1_000_000,
                Mode::Ingest => 4,
                Mode::Refresh => 10_000,
                Mode::Scale => 200,
            },
            workers: if mode == Mode::Refresh { 2 } else { 3 },
            at_once: 4,
            setup: Setup::Sqlite,
            platform: "google_ads".to_owned(),
            latency: if mode == Mode::Refresh { 0 } else { 30 },
            per_second: None,
            days: match mode {
                Mode::Ingest => 730,
                Mode::Refresh => 2,
                _ => 365,
            },
            faults: Faults::None,
        };
        while let Some(word) = words.next() {
            let mut value = || {
                words
                    .next()
                    .ok_or_else(|| format!("{word} needs a value\n{USAGE}"))
            };
            match word.as_str() {
                "--accounts" => arguments.accounts = parsed(&word, &value()?)?,
                "--workers" => arguments.workers = parsed(&word, &value()?)?,
                "--at-once" => arguments.at_once = parsed(&word, &value()?)?,
                "--latency" => arguments.latency = parsed(&word, &value()?)?,
                "--per-second" => arguments.per_second = Some(parsed(&word, &value()?)?),
                "--days" => arguments.days = parsed(&word, &value()?)?,
                "--platform" => arguments.platform = value()?,
                "--setup" => {
                    arguments.setup = match value()?.as_str() {
                        "sqlite" => Setup::Sqlite,
                        "postgres" => Setup::Postgres,
                        "redis" => Setup::Redis,
                        other => return Err(format!("no set-up `{other}`\n{USAGE}").into()),
                    }
                }
                "--faults" => {
                    arguments.faults = match value()?.as_str() {
                        "none" => Faults::None,
                        "kill" => Faults::Kill,
                        "429" => Faults::RateLimits,
                        "mixed" => Faults::Mixed,
                        other => return Err(format!("no faults `{other}`\n{USAGE}").into()),
                    }
                }
                _ => return Err(format!("unknown `{word}`\n{USAGE}").into()),
            }
        }
        Ok(arguments)
    }
}

fn parsed<T: FromStr>(name: &str, text: &str) -> Result<T, Failure> {
    let wrong = |_| format!("{name}: `{text}` is no whole number\n{USAGE}").into();
    text.parse().map_err(wrong)
}
