//! What can go wrong in the core. Every variant says what was wrong, where, and what would be
//! right, so that front ends only have to render it.

/// Result of the core.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of the core.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A name that nobody knows: metric, preset, dimension, account.
    #[error("unknown {what} `{value}` in `{field}`{}", nearest.as_deref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    Unknown {
        /// What kind of name was expected, for example `metric`.
        what: &'static str,
        /// Path of the field that holds it, for example `metrics[1]`.
        field: String,
        /// The value as given.
        value: String,
        /// The nearest valid one, if any comes near.
        nearest: Option<String>,
    },
    /// A value that is known but cannot be used: a bad date, an inverted range.
    #[error("`{field}`: {message} (got `{value}`)")]
    Invalid {
        /// Path of the field.
        field: String,
        /// The value as given.
        value: String,
        /// What is wrong and what would be right.
        message: String,
    },
    /// Something the contract names but this version does not do yet.
    #[error("`{field}`: {message}")]
    Unsupported {
        /// Path of the field.
        field: String,
        /// What is not supported, and what to do instead.
        message: String,
    },
    /// A thing that does not exist (in this workspace).
    #[error("no {what} `{id}`")]
    NotFound {
        /// Kind of thing, for example `account`.
        what: &'static str,
        /// The identifier asked for.
        id: String,
    },
    /// The write would contradict what is stored.
    #[error("{message}")]
    Conflict {
        /// What contradicts what.
        message: String,
    },
    /// The caller's lease on an account has expired or was taken over; nothing was written.
    #[error("the lease on account {account} was lost; nothing was written")]
    LeaseLost {
        /// The account's internal id.
        account: i64,
    },
    /// A sum left the range of a signed 64-bit integer in millionths.
    #[error("the total of `{metric}` does not fit into a signed 64-bit number of millionths")]
    Overflow {
        /// The metric whose total overflowed.
        metric: String,
    },
    /// A sealed value could not be opened: wrong key, or moved to another row.
    #[error("a sealed value could not be opened: {message}")]
    Sealed {
        /// Why; never contains the value.
        message: String,
    },
    /// Bad configuration of the core itself, such as a database URL of an unknown scheme.
    #[error("{message}")]
    Config {
        /// What is wrong and what to do.
        message: String,
    },
    /// The database failed.
    #[error("{operation} failed in the database")]
    Storage {
        /// What was being done.
        operation: &'static str,
        /// The database's own error.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The frame engine failed, or a user's frame does not have the expected shape.
    #[error("frame: {message}")]
    Frame {
        /// What is wrong with the frame.
        message: String,
    },
}

impl Error {
    /// Stable machine-readable code, as problem details carry it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { what, .. } => match *what {
                "metric" => "unknown_metric",
                "account" => "unknown_account",
                "preset" => "unknown_preset",
                "dimension" => "unknown_dimension",
                _ => "unknown_name",
            },
            Self::Invalid { .. } => "invalid_query",
            Self::Unsupported { .. } => "not_supported",
            Self::NotFound { .. } => "not_found",
            Self::Conflict { .. } => "conflict",
            Self::LeaseLost { .. } => "lease_lost",
            Self::Overflow { .. } => "overflow",
            Self::Sealed { .. } => "sealed",
            Self::Config { .. } => "config",
            Self::Storage { .. } => "storage",
            Self::Frame { .. } => "frame",
        }
    }

    /// An [`Error::Invalid`] from its three parts.
    pub fn invalid(
        field: impl Into<String>,
        value: impl ToString,
        message: impl Into<String>,
    ) -> Self {
        Self::Invalid {
            field: field.into(),
            value: value.to_string(),
            message: message.into(),
        }
    }

    /// An [`Error::Unknown`] that names the nearest of `valid`.
    pub fn unknown<'a>(
        what: &'static str,
        field: impl Into<String>,
        value: &str,
        valid: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self::Unknown {
            what,
            field: field.into(),
            value: value.to_owned(),
            nearest: nearest(value, valid),
        }
    }

    /// An [`Error::NotFound`].
    pub fn not_found(what: &'static str, id: impl ToString) -> Self {
        Self::NotFound {
            what,
            id: id.to_string(),
        }
    }
}

/// Longest text, in bytes, that a name is compared with.
const LONGEST_NAME: usize = 256;

/// The valid name nearest to `value` by edit distance; none if nothing comes near enough to help.
#[must_use]
pub fn nearest<'a>(value: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<String> {
    // Comparing takes as long as both texts are; no name is this long, and input may be.
    if value.len() > LONGEST_NAME {
        return None;
    }
    let value = value.to_lowercase();
    valid
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&value, &name.to_lowercase()),
                name,
            )
        })
        .min()
        .filter(|(distance, name)| *distance <= name.len().max(value.len()) / 2)
        .map(|(_, name)| name.to_owned())
}
