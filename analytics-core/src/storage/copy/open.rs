//! Opening both sides, and refusing what cannot be a side.

use std::{io::Read as _, path::Path};

use super::{
    address::{Address, Place},
    cell::Cell,
    marks::{self, Marks},
    schema::Table,
    side::{self, Side},
    sqlite::SqliteSide,
};
use crate::{
    error::{Error, Result},
    storage::sqlite::{create_file, migrations},
};

/// The source, in a transaction that sees one state of it.
pub(super) async fn source(from: &Address, tables: &[Table]) -> Result<Box<dyn Side>> {
    let (mut side, version) = store(from).await?;
    if version < migrations::latest() {
        return Err(from.wrong(format!(
            "its schema is of version {version}, this program's of {}: run `analytics migrate` on it first",
            migrations::latest()
        )));
    }
    let begin = match from.place {
        Place::File(_) => "BEGIN",
        #[cfg(feature = "postgres")]
        Place::Server(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    side.run(begin, &[]).await?;
    check_columns(&mut *side, from, tables).await?;
    Ok(side)
}

/// A store of this program that exists, and the version of its schema.
pub(super) async fn store(from: &Address) -> Result<(Box<dyn Side>, i64)> {
    if let Some(path) = from.path() {
        check_file(from, path)?;
    }
    let mut side = connect(from).await?;
    let version = version(&mut *side).await?;
    if let Some(version) = version
        && version > migrations::latest()
    {
        return Err(newer(from, version));
    }
    if side::has_table(&mut *side, marks::TABLE).await? {
        return Err(from.wrong("it is the unfinished target of a copy: finish that one first"));
    }
    match version {
        Some(version) if side::has_table(&mut *side, "workspaces").await? => Ok((side, version)),
        _ => Err(from.wrong("there is no store of this program in it")),
    }
}

/// The target, brought up to the schema of this program, with the marks of what is there.
pub(super) async fn target(
    to: &Address,
    source: &mut dyn Side,
    source_name: &str,
    tables: &[Table],
) -> Result<(Box<dyn Side>, Marks)> {
    if let Some(path) = to.path() {
        if std::fs::metadata(path).is_ok_and(|data| data.len() > 0) {
            check_file(to, path)?;
        }
        create_file(path)?;
    }
    let mut side = connect_to_fill(to).await?;
    refuse_same_database(to, source, &mut *side).await?;
    if let Some(version) = version(&mut *side).await?
        && version > migrations::latest()
    {
        return Err(newer(to, version));
    }
    let unfinished = marks::source_name(&mut *side).await?;
    match &unfinished {
        Some(other) if other != source_name => {
            return Err(Error::Conflict {
                message: format!(
                    "{} is the unfinished copy of {other}, not of {source_name}: finish that one, or give an empty database",
                    to.name
                ),
            });
        }
        Some(_) => {}
        None => refuse_used(to, &mut *side).await?,
    }
    migrate(to).await?;
    check_columns(&mut *side, to, tables).await?;
    if unfinished.is_none() {
        marks::begin(&mut *side, source_name, tables).await?;
    }
    let marks = marks::load(&mut *side, tables, unfinished.is_some()).await?;
    Ok((side, marks))
}

async fn connect(address: &Address) -> Result<Box<dyn Side>> {
    Ok(match &address.place {
        Place::File(path) => Box::new(SqliteSide::source(path).await?),
        #[cfg(feature = "postgres")]
        Place::Server(options) => Box::new(super::postgres::PostgresSide::open(options).await?),
    })
}

async fn connect_to_fill(address: &Address) -> Result<Box<dyn Side>> {
    Ok(match &address.place {
        Place::File(path) => Box::new(SqliteSide::target(path).await?),
        #[cfg(feature = "postgres")]
        Place::Server(_) => connect(address).await?,
    })
}

/// Brings a database up to the schema of this program.
pub(super) async fn migrate(address: &Address) -> Result<()> {
    let broken = |error| super::failed("opening the database", "", error);
    match &address.place {
        Place::File(path) => {
            let options = super::sqlite::options(path);
            let pool = sqlx::SqlitePool::connect_with(options)
                .await
                .map_err(broken)?;
            let done = migrations::run(&pool).await;
            pool.close().await;
            done.map(drop)
        }
        #[cfg(feature = "postgres")]
        Place::Server(options) => {
            let pool = options.as_ref().clone().open().await?;
            let done = crate::storage::postgres::migrations::run(&pool).await;
            pool.close().await;
            done.map(drop)
        }
    }
}

/// The version of its schema; none if it has none of this program.
async fn version(side: &mut dyn Side) -> Result<Option<i64>> {
    let table = side.dialect().migrations();
    if !side::has_table(side, table).await? {
        return Ok(None);
    }
    let sql = format!("SELECT max(version) FROM {table} WHERE success");
    Ok(match side::value(side, &sql, &[]).await? {
        Cell::Integer(version) => Some(version),
        _ => None,
    })
}

fn newer(address: &Address, version: i64) -> Error {
    Error::Conflict {
        message: format!(
            "{} was written by a newer version of this program (schema {version}; this one knows {}): use that version",
            address.name,
            migrations::latest()
        ),
    }
}

fn check_file(address: &Address, path: &Path) -> Result<()> {
    let mut header = [0_u8; 16];
    match std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut header)) {
        Ok(()) if header.starts_with(b"SQLite format 3\0") => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(address.wrong("there is no such file"))
        }
        Err(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            Err(address.wrong(format!("it cannot be read: {error}")))
        }
        _ => Err(address.wrong("it is not a backup or a database of this program")),
    }
}

/// Every column must be known to both sides.
async fn check_columns(side: &mut dyn Side, address: &Address, tables: &[Table]) -> Result<()> {
    for table in tables {
        let name = Cell::Text(table.name.clone());
        let rows = side.rows(side.dialect().columns(), &[name]).await?;
        let there: Vec<String> = rows.into_iter().flatten().map(Cell::text).collect();
        let mut wanted: Vec<&str> = table.columns.iter().map(|one| one.name.as_str()).collect();
        wanted.sort_unstable();
        if there != wanted {
            return Err(address.wrong(format!(
                "its table `{}` has the columns ({}) instead of ({})",
                table.name,
                there.join(", "),
                wanted.join(", ")
            )));
        }
    }
    Ok(())
}

async fn refuse_used(to: &Address, side: &mut dyn Side) -> Result<()> {
    let mut found = Vec::new();
    for table in ["workspaces", "users", "accounts"] {
        if side::has_table(side, table).await? {
            let sql = format!("SELECT count(*) FROM {table}");
            let rows = side::value(side, &sql, &[]).await?.number();
            if rows > 0 {
                found.push(format!("{table}: {rows}"));
            }
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(Error::Conflict {
        message: format!(
            "{} already holds a store ({}), and what is there is never overwritten: give a new or empty database, or move this one away first",
            to.name,
            found.join(", ")
        ),
    })
}

/// A server may have many names; its locks tell whether a database is the same.
async fn refuse_same_database(
    to: &Address,
    source: &mut dyn Side,
    target: &mut dyn Side,
) -> Result<()> {
    if source.dialect() != target.dialect() || matches!(to.place, Place::File(_)) {
        return Ok(());
    }
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(|error| super::failed("choosing a lock", "", error))?;
    let lock = [Cell::Integer(i64::from_le_bytes(bytes))];
    side::value(source, "SELECT pg_try_advisory_lock($1)", &lock).await?;
    let is_free = side::value(target, "SELECT pg_try_advisory_lock($1)", &lock).await?;
    side::value(source, "SELECT pg_advisory_unlock($1)", &lock).await?;
    if is_free.number() == 0 {
        return Err(to.wrong("it is the source itself: give another database"));
    }
    side::value(target, "SELECT pg_advisory_unlock($1)", &lock).await?;
    Ok(())
}
