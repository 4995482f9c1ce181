//! The ways to run the service, and what each keeps its data in.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use analytics_core::testing::{PrivatePostgres, PrivateRedis};
use sqlx::Row;

/// A way to run the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setup {
    /// One process with an embedded database and its workers inside.
    Sqlite,
    /// Processes of their own on PostgreSQL, which also is the transport between them.
    Postgres,
    /// The same with Redis as the transport.
    Redis,
}

impl Setup {
    /// The processes that make up a service: name and role.
    pub(crate) fn processes(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::Sqlite => vec![("worker-1", "worker")],
            Self::Postgres | Self::Redis => vec![
                ("scheduler-1", "scheduler"),
                ("worker-1", "worker"),
                ("worker-2", "worker"),
            ],
        }
    }

    /// The role of a process that finds due accounts.
    pub(crate) fn scheduler(self) -> &'static str {
        match self {
            Self::Sqlite => "worker",
            Self::Postgres | Self::Redis => "scheduler",
        }
    }
}

/// Where a stage keeps its data.
#[derive(Debug)]
pub(crate) enum Database {
    /// A file.
    Sqlite(PathBuf),
    /// A database of a private server.
    Postgres {
        server: Arc<PrivatePostgres>,
        url: String,
        redis: Option<PrivateRedis>,
    },
}

impl Database {
    /// An empty one; `alone` if the scenario does something to the server.
    pub(crate) fn start(setup: Setup, folder: &Path, alone: bool) -> Self {
        if setup == Setup::Sqlite {
            return Self::Sqlite(folder.join("analytics.db"));
        }
        let server = if alone {
            Arc::new(PrivatePostgres::start_small().unwrap())
        } else {
            shared()
        };
        let redis = (setup == Setup::Redis).then(|| PrivateRedis::start().unwrap());
        let url = server.database().unwrap();
        Self::Postgres { server, url, redis }
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite://{}", path.display()),
            Self::Postgres { url, .. } => url.clone(),
        }
    }

    /// What a statement says of the database, past the store.
    pub(crate) async fn sql(&self, statement: &str) -> String {
        match self {
            Self::Sqlite(_) => {
                let pool = sqlx::SqlitePool::connect(&self.url()).await.unwrap();
                let statement = sqlx::AssertSqlSafe(statement.to_owned());
                let row = sqlx::query(statement).fetch_optional(&pool).await.unwrap();
                let answer = row.and_then(|row| row.try_get_unchecked::<String, _>(0).ok());
                pool.close().await;
                answer.unwrap_or_default()
            }
            Self::Postgres { server, url, .. } => {
                let name = url.rsplit('/').next().unwrap();
                server.sql(name, statement).unwrap()
            }
        }
    }

    /// The transport between scheduler and workers, where it is not within a process.
    pub(crate) fn queue_url(&self) -> Option<String> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres {
                redis: Some(redis), ..
            } => Some(redis.url()),
            Self::Postgres { url, .. } => Some(url.clone()),
        }
    }
}

/// One server for all scenarios that leave it alone; it ends with this process.
fn shared() -> Arc<PrivatePostgres> {
    static SHARED: Mutex<Option<Arc<PrivatePostgres>>> = Mutex::new(None);
    let mut shared = SHARED.lock().unwrap();
    let server = shared.get_or_insert_with(|| Arc::new(PrivatePostgres::start().unwrap()));
    Arc::clone(server)
}
