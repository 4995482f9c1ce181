//! Where the service keeps its data while it is measured.

use analytics_core::testing::{PrivatePostgres, PrivateRedis};
use tempfile::TempDir;

use crate::{Failure, Setup};

/// A database and, where there is one, a transport of its own.
#[derive(Debug)]
pub(crate) struct Servers {
    pub(crate) folder: TempDir,
    pub(crate) database_url: String,
    pub(crate) queue_url: Option<String>,
    pub(crate) postgres: Option<PrivatePostgres>,
    _redis: Option<PrivateRedis>,
}

impl Servers {
    pub(crate) fn start(setup: Setup) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let postgres = match setup {
            Setup::Sqlite => None,
            Setup::Postgres | Setup::Redis => Some(PrivatePostgres::start()?),
        };
        let redis = match setup {
            Setup::Sqlite | Setup::Postgres => None,
            Setup::Redis => Some(PrivateRedis::start()?),
        };
        let database_url = match &postgres {
            None => format!("sqlite://{}", folder.path().join("load.db").display()),
            Some(postgres) => postgres.database()?,
        };
        let queue_url = match setup {
            Setup::Sqlite => None,
            Setup::Postgres => Some(database_url.clone()),
            Setup::Redis => redis.as_ref().map(PrivateRedis::url),
        };
        Ok(Self {
            folder,
            database_url,
            queue_url,
            postgres,
            _redis: redis,
        })
    }

    /// Bytes that facts take, with their index.
    pub(crate) fn bytes_of_facts(&self) -> Result<u64, Failure> {
        match &self.postgres {
            None => {
                let file = self.folder.path().join("load.db");
                Ok(std::fs::metadata(file)?.len())
            }
            Some(postgres) => {
                let name = self.database_url.rsplit('/').next().unwrap_or_default();
                // Partitions, if there are any, together.
                let sizes = "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c
                    WHERE c.relkind = 'r' AND c.relname LIKE 'facts%'";
                Ok(postgres.sql(name, sizes)?.parse()?)
            }
        }
    }
}
