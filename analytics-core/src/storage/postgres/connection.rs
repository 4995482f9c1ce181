//! Reaching the database, and saying in one line why it cannot be reached.

use std::{str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, Connection, Executor, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    error::{Error, Result},
    storage::convert::During,
};

/// Connections of one process, unless the URL or the caller says otherwise.
const MAX_CONNECTIONS: u32 = 10;
/// How long a caller waits for a connection: saves of large slices hold one for seconds, and a
/// restart of the database takes as long.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(60);
/// How long opening the store waits for the server's answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Said of every connection. A worker that is gone must not hold its locks for ever; a report is too
/// short to be compiled.
const SETTINGS: &str = "SET idle_in_transaction_session_timeout = '30s';
     SET lock_timeout = '2min';
     SET tcp_keepalives_idle = 60;
     SET tcp_keepalives_interval = 10;
     SET tcp_keepalives_count = 3;
     SET client_min_messages = warning;
     SET jit = off";
/// What this code is tested with.
const OLDEST_VERSION: i32 = 150_000;
/// Parameters of a URL that sqlx knows.
const KNOWN: [&str; 19] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
    MAXIMUM,
];
const MAXIMUM: &str = "max_connections";

/// Where a PostgreSQL database is, and how many connections to it a process may have.
#[derive(Clone)]
pub struct PostgresOptions {
    connect: PgConnectOptions,
    max_connections: u32,
}

impl std::fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("place", &place(&self.connect))
            .field("max_connections", &self.max_connections)
            .finish_non_exhaustive()
    }
}

impl PostgresOptions {
    /// Options from a URL: `postgresql://user:password@host:port/database`, with libpq's parameters
    /// (`sslmode`, `sslrootcert`, …) and `max_connections` behind a `?`.
    ///
    /// # Errors
    /// [`Error::Config`]; never with the password in it.
    pub fn parse(url: &str) -> Result<Self> {
        let (url, max_connections) = split(url)?;
        let connect = PgConnectOptions::from_str(&url).map_err(|error| {
            let why = match &error {
                sqlx::Error::Configuration(why) => why.to_string(),
                _ => "it cannot be read".to_owned(),
            };
            config(format!(
                "the database's URL is wrong: {why}; expected \
                 `postgresql://user:password@host:5432/database`, with special characters of the \
                 password percent-encoded"
            ))
        })?;
        let named = connect.get_application_name().is_some();
        let connect = if named {
            connect
        } else {
            connect.application_name("analytics")
        };
        Ok(Self {
            connect: connect.disable_statement_logging(),
            max_connections: max_connections.unwrap_or(MAX_CONNECTIONS),
        })
    }

    /// At most so many connections of this process, at least two: some work holds one and reads by
    /// another.
    #[must_use]
    pub fn max_connections(mut self, number: u32) -> Self {
        self.max_connections = number.max(2);
        self
    }

    /// What a single connection is opened with.
    #[cfg(feature = "sqlite")]
    pub(in crate::storage) fn single(&self) -> &PgConnectOptions {
        &self.connect
    }

    /// Connections to a database that answers.
    pub(in crate::storage) async fn open(self) -> Result<PgPool> {
        self.probe().await?;
        Ok(PgPoolOptions::new()
            .max_connections(self.max_connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // One that the server closed is replaced, not handed out.
            .test_before_acquire(true)
            .after_connect(|connection, _| {
                Box::pin(async move { connection.execute(SETTINGS).await.map(drop) })
            })
            .connect_lazy_with(self.connect))
    }

    /// Connects once, to tell at once and plainly what is wrong.
    pub(in crate::storage) async fn probe(&self) -> Result<()> {
        let place = place(&self.connect);
        let connected = PgConnection::connect_with(&self.connect);
        let mut connection = tokio::time::timeout(CONNECT_TIMEOUT, connected)
            .await
            .map_err(|_| config(format!("cannot reach PostgreSQL at {place}: no answer")))?
            .map_err(|error| unreachable(&self.connect, &error))?;
        let (version, encoding): (i32, String) = sqlx::query_as(
            "SELECT current_setting('server_version_num')::int,
                    current_setting('server_encoding')",
        )
        .fetch_one(&mut connection)
        .await
        .during("reading the database's version")?;
        if version < OLDEST_VERSION {
            return Err(config(format!(
                "PostgreSQL at {place} has version {}; version {} or later is needed",
                version / 10_000,
                OLDEST_VERSION / 10_000
            )));
        }
        if encoding != "UTF8" {
            return Err(config(format!(
                "the database at {place} is encoded as {encoding}; create one with \
                 `ENCODING 'UTF8'`"
            )));
        }
        // It told what it was asked; how it ends does not matter.
        let _ = connection.close().await;
        Ok(())
    }
}

/// The URL without what is ours alone, and the number of connections in it.
fn split(url: &str) -> Result<(String, Option<u32>)> {
    let Some((base, query)) = url.split_once('?') else {
        return Ok((url.to_owned(), None));
    };
    let mut maximum = None;
    let mut rest = Vec::new();
    for part in query.split('&') {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        if key == MAXIMUM {
            let number: Option<u32> = value.parse().ok().filter(|number| *number >= 2);
            maximum = Some(number.ok_or_else(|| {
                config(format!(
                    "the database's URL is wrong: `{MAXIMUM}` must be a number from 2 on"
                ))
            })?);
        } else if KNOWN.contains(&key) || key.starts_with("options[") {
            rest.push(part);
        } else {
            // Not by name: behind a password that was not encoded it may be a part of it.
            tracing::warn!("a parameter of the database's URL is not known and has no effect");
        }
    }
    let url = if rest.is_empty() {
        base.to_owned()
    } else {
        format!("{base}?{}", rest.join("&"))
    };
    Ok((url, maximum))
}

/// Host, port and database, for messages.
fn place(options: &PgConnectOptions) -> String {
    let database = options.get_database().unwrap_or(options.get_username());
    match options.get_socket() {
        Some(socket) => format!("{}/{database}", socket.display()),
        None => format!("{}:{}/{database}", options.get_host(), options.get_port()),
    }
}

/// Why the first connection failed, in one line.
fn unreachable(options: &PgConnectOptions, error: &sqlx::Error) -> Error {
    let (place, user) = (place(options), options.get_username());
    let code = error.as_database_error().and_then(|error| error.code());
    config(match code.as_deref() {
        Some("28P01" | "28000") => format!(
            "PostgreSQL at {place} refuses user `{user}`: check name, password and pg_hba.conf"
        ),
        Some("3D000") => format!(
            "there is no database at {place}; create it with `createdb -E UTF8 -T template0 {}`",
            options.get_database().unwrap_or(user)
        ),
        Some("53300") => {
            format!("PostgreSQL at {place} has no connection left; raise its max_connections")
        }
        Some("57P03") => format!("PostgreSQL at {place} is starting up or shutting down"),
        Some("42501") => format!("user `{user}` may not connect to the database at {place}"),
        _ => format!("cannot reach PostgreSQL at {place}: {}", first_line(error)),
    })
}

fn first_line(error: &sqlx::Error) -> String {
    let text = match error {
        sqlx::Error::Io(error) => error.to_string(),
        sqlx::Error::Database(error) => error.message().to_owned(),
        other => other.to_string(),
    };
    text.lines().next().unwrap_or_default().to_owned()
}

fn config(message: String) -> Error {
    Error::Config { message }
}
