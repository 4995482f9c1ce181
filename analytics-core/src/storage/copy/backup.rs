//! Backup files: SQLite databases with everything in them but the master key.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use sqlx::{ConnectOptions as _, Connection as _};

use super::{
    Copied, CopiedTable, OnProgress,
    address::{Address, Place},
    cell::Cell,
    failed, open, run, schema, side,
    sql::quoted,
    sqlite::options,
};
use crate::{
    error::{Error, Result},
    storage::sqlite::{create_file, migrations},
};

/// Writes everything in the database at `url` into a new SQLite file that only its owner may read,
/// while a service may be running on it. The file appears when it is complete. With `overwrite` it
/// takes the place of one that is there.
///
/// The master key is not in it: without the key, sealed secrets stay sealed.
///
/// # Errors
/// [`Error::Invalid`] for a URL or a file that cannot be meant, [`Error::Conflict`] if the file exists
/// or the store was written by a newer version, [`Error::Storage`].
pub async fn backup(
    url: &str,
    file: &Path,
    overwrite: bool,
    progress: OnProgress<'_>,
) -> Result<Copied> {
    let from = Address::parse("DATABASE_URL", url)?;
    let to = Address::file("FILE", file);
    let Some(path) = to.path() else {
        return Err(to.wrong("it is no file"));
    };
    if from.is_same_file(&to) {
        return Err(to.wrong("it is the database itself: give another file"));
    }
    refuse_existing(&to, path, overwrite)?;
    let partial = Partial::beside(&to, path)?;
    let copied = match &from.place {
        Place::File(source) => vacuum(&from, source, &partial.0).await?,
        #[cfg(feature = "postgres")]
        Place::Server(_) => {
            let to = Address::file("FILE", &partial.0);
            let copied = run::transfer(&from, &from.name, &to, progress).await?;
            leave_log(&partial.0).await?;
            copied
        }
    };
    let _ = progress;
    refuse_existing(&to, path, overwrite)?;
    let unwritten = |error: io::Error| to.wrong(format!("it cannot be written: {error}"));
    partial.keep_as(path).map_err(unwritten)?;
    Ok(Copied {
        from: from.name,
        to: to.name,
        ..copied
    })
}

/// Brings a backup file back into the database at `url`, which is new, empty, or the target of the
/// same restore when it was interrupted. A backup of an older version is brought up to date on the
/// way; the file stays as it is.
///
/// # Errors
/// As [`super::copy`].
pub async fn restore(file: &Path, url: &str, progress: OnProgress<'_>) -> Result<Copied> {
    let from = Address::file("FILE", file);
    let to = Address::parse("DATABASE_URL", url)?;
    let (side, version) = open::store(&from).await?;
    side.close().await?;
    if version == migrations::latest() {
        return run::transfer(&from, &from.name, &to, progress).await;
    }
    let Some(path) = from.path() else {
        return Err(from.wrong("it is no file"));
    };
    let newer = std::env::temp_dir().join("analytics-restore.db");
    let newer = Partial::beside(&from, &newer)?;
    vacuum(&from, path, &newer.0).await?;
    let current = Address::file("FILE", &newer.0);
    open::migrate(&current).await?;
    run::transfer(&current, &from.name, &to, progress).await
}

fn refuse_existing(to: &Address, path: &Path, overwrite: bool) -> Result<()> {
    match fs::metadata(path) {
        Ok(data) if data.is_dir() => Err(to.wrong("it is a folder: name a file")),
        Ok(_) if !overwrite => Err(Error::Conflict {
            message: format!(
                "{} exists already, and is only replaced with --force",
                path.display()
            ),
        }),
        _ => Ok(()),
    }
}

/// Copies a database into an empty file, compactly and as it is at one moment.
async fn vacuum(from: &Address, source: &Path, into: &Path) -> Result<Copied> {
    let (side, _) = open::store(from).await?;
    side.close().await?;
    let broken = |error: sqlx::Error| failed("writing the backup", "", error);
    let mut connection = options(source).connect().await.map_err(broken)?;
    let into_text = into
        .to_str()
        .ok_or_else(|| from.wrong("the path of the backup is not UTF-8"))?;
    sqlx::query("VACUUM INTO $1")
        .bind(into_text)
        .execute(&mut connection)
        .await
        .map_err(broken)?;
    connection.close().await.map_err(broken)?;
    count(&Address::file("FILE", into)).await
}

/// The rows of every table that is in a backup.
async fn count(file: &Address) -> Result<Copied> {
    let (mut side, _) = open::store(file).await?;
    let mut tables = Vec::new();
    for table in schema::tables().await? {
        // A backup of an older version has fewer.
        if side::has_table(&mut *side, &table.name).await? {
            let sql = format!("SELECT count(*) FROM {}", quoted(&table.name));
            let rows: Cell = side::value(&mut *side, &sql, &[]).await?;
            tables.push(CopiedTable {
                name: table.name,
                rows: u64::try_from(rows.number()).unwrap_or_default(),
            });
        }
    }
    side.close().await?;
    Ok(Copied {
        from: String::new(),
        to: String::new(),
        tables,
        resumed: false,
        copied_again: Vec::new(),
    })
}

/// Turns the write-ahead log off, so that the database is one file.
#[cfg(feature = "postgres")]
async fn leave_log(path: &Path) -> Result<()> {
    let broken = |error: sqlx::Error| failed("writing the backup", "", error);
    let mut connection = options(path).connect().await.map_err(broken)?;
    sqlx::query("PRAGMA journal_mode = DELETE")
        .execute(&mut connection)
        .await
        .map_err(broken)?;
    connection.close().await.map_err(broken)
}

/// A file that is being written; dropped, it is gone.
#[derive(Debug)]
struct Partial(PathBuf);

impl Partial {
    fn beside(address: &Address, path: &Path) -> Result<Self> {
        let folder = path.parent().unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(address.wrong(format!("there is no folder {}", folder.display())));
        }
        let mut bytes = [0_u8; 6];
        getrandom::fill(&mut bytes).map_err(|error| failed("choosing a name", "", error))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let random = data_encoding::HEXLOWER.encode(&bytes);
        let path = folder.join(format!(".{name}.{random}.partial"));
        create_file(&path)?;
        Ok(Self(path))
    }

    /// Gives it its name, once its contents are on the disk.
    fn keep_as(self, path: &Path) -> io::Result<()> {
        fs::File::open(&self.0)?.sync_all()?;
        fs::rename(&self.0, path)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        // Not every file system can do this, and the file is complete without it.
        if let Ok(folder) = fs::File::open(folder) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        for ending in ["", "-wal", "-shm", "-journal"] {
            let mut path = self.0.clone().into_os_string();
            path.push(ending);
            let _ = fs::remove_file(path);
        }
    }
}
