//! The schema, built into the binary: what is the same for every database.
//!
//! Released migrations are never edited; changes are new files.

use sqlx::{
    SqlSafeStr,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

use crate::error::{Error, Result};

/// Number, description and text of a migration.
pub(crate) type Written = (i64, &'static str, &'static str);

/// First line of a migration that runs outside a transaction, such as one that builds an index
/// while others write.
const OUTSIDE: &str = "-- no-transaction\n";

/// What runs these migrations.
pub(crate) fn migrator(written: &[Written]) -> Migrator {
    let migrations = written
        .iter()
        .map(|(version, description, sql)| {
            Migration::new(
                *version,
                (*description).into(),
                MigrationType::Simple,
                sql.into_sql_str(),
                sql.starts_with(OUTSIDE),
            )
        })
        .collect();
    Migrator::with_migrations(migrations)
}

/// How many migrations are lacking where these (number, checksum) ran.
///
/// # Errors
/// [`Error::Config`] for a schema of another version.
pub(crate) fn lacking(applied: &[(i64, Vec<u8>)], written: &[Written]) -> Result<usize> {
    let migrator = migrator(written);
    for (version, checksum) in applied {
        let known = migrator
            .iter()
            .find(|migration| migration.version == *version)
            .ok_or_else(|| failure(MigrateError::VersionMissing(*version), written))?;
        if *known.checksum != **checksum {
            return Err(failure(MigrateError::VersionMismatch(*version), written));
        }
    }
    Ok(written.len().saturating_sub(applied.len()))
}

/// Why the schema could not be brought up to date. Nothing was written where another version wrote
/// it: migrations that are there are looked at before the first is applied.
pub(crate) fn failure(error: MigrateError, written: &[Written]) -> Error {
    let newest = written.last().map_or(0, |(version, ..)| *version);
    let message = match &error {
        MigrateError::VersionMissing(version) => format!(
            "the database was written by a newer version of Analytics (its schema has migration \
             {version}, this version knows {newest}); install that version or a later one, or \
             restore a backup from before the upgrade"
        ),
        MigrateError::VersionMismatch(version) => format!(
            "the database was not written by a released version of Analytics (migration {version} \
             of its schema differs from this version's); use the version that wrote it"
        ),
        MigrateError::Dirty(version) => format!(
            "migration {version} of the database's schema did not finish; restore a backup from \
             before the upgrade"
        ),
        _ => {
            return Error::Storage {
                operation: "bringing the schema up to date",
                source: Box::new(error),
            };
        }
    };
    Error::Config { message }
}
