//! SQLite as a side of a copy.

use std::{path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use sqlx::{
    Arguments, AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection, TypeInfo, Value,
    ValueRef,
    sqlite::{SqliteArguments, SqliteConnectOptions, SqliteRow},
};

use super::{
    cell::{Cell, Page, Values},
    failed,
    schema::{Kind, Table},
    side::Side,
    sql::{Dialect, Leases},
};
use crate::error::Result;

/// Parameters of the largest statement.
const PARAMETERS: usize = 2_048;

/// How long to wait for another process' write.
const BUSY_TIMEOUT: Duration = Duration::from_secs(15);

/// A connection to a file.
#[derive(Debug)]
pub(super) struct SqliteSide(SqliteConnection);

impl SqliteSide {
    /// Opens a file to read it.
    pub(super) async fn source(path: &Path) -> Result<Self> {
        Self::open(options(path)).await
    }

    /// Opens a file to fill it. What a power cut takes away of it goes with its mark.
    pub(super) async fn target(path: &Path) -> Result<Self> {
        let options = options(path)
            .foreign_keys(false)
            .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
            .synchronous(sqlx::sqlite::SqliteSynchronous::Normal)
            .pragma("cache_size", "-65536");
        Self::open(options).await
    }

    async fn open(options: SqliteConnectOptions) -> Result<Self> {
        let connection = options
            .connect()
            .await
            .map_err(|error| failed("opening the database", "", error))?;
        Ok(Self(connection))
    }
}

/// How a file is opened, by whatever is done with it.
pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("temp_store", "memory")
        .disable_statement_logging()
}

fn bind(arguments: &mut SqliteArguments, cell: &Cell) -> Result<()> {
    match cell {
        Cell::Null => arguments.add(None::<i64>),
        Cell::Integer(number) => arguments.add(*number),
        Cell::Text(text) => arguments.add(text.as_str()),
        Cell::Blob(bytes) => arguments.add(bytes.as_slice()),
    }
    .map_err(|error| failed("preparing a statement", "", error))
}

fn bind_all(cells: &[Cell]) -> Result<SqliteArguments> {
    let mut arguments = SqliteArguments::default();
    for cell in cells {
        bind(&mut arguments, cell)?;
    }
    Ok(arguments)
}

fn cells(row: &SqliteRow) -> Result<Vec<Cell>> {
    let broken = |error: sqlx::Error| failed("reading a row", "", error);
    (0..row.len())
        .map(|at| {
            let value = row.try_get_raw(at).map_err(broken)?;
            if value.is_null() {
                return Ok(Cell::Null);
            }
            let value = ValueRef::to_owned(&value);
            Ok(match value.type_info().name() {
                "INTEGER" => Cell::Integer(row.try_get(at).map_err(broken)?),
                "BLOB" => Cell::Blob(row.try_get(at).map_err(broken)?),
                _ => Cell::Text(row.try_get_unchecked(at).map_err(broken)?),
            })
        })
        .collect()
}

/// A packed column: JSON, with blobs in hexadecimal digits.
fn unpack(kind: Kind, text: &str) -> std::result::Result<Values, String> {
    let wrong = |error: serde_json::Error| error.to_string();
    Ok(match kind {
        Kind::Integer => Values::Integers(serde_json::from_str(text).map_err(wrong)?),
        Kind::Text => Values::Texts(serde_json::from_str(text).map_err(wrong)?),
        Kind::Blob => {
            let digits: Vec<Option<&str>> = serde_json::from_str(text).map_err(wrong)?;
            let bytes = |digits: &str| {
                data_encoding::HEXUPPER
                    .decode(digits.as_bytes())
                    .map_err(|error| error.to_string())
            };
            let blobs = digits.into_iter().map(|one| one.map(bytes).transpose());
            Values::Blobs(blobs.collect::<std::result::Result<_, _>>()?)
        }
    })
}

#[async_trait]
impl Side for SqliteSide {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn run(&mut self, sql: &str, arguments: &[Cell]) -> Result<u64> {
        let done = sqlx::query_with(AssertSqlSafe(sql), bind_all(arguments)?)
            .execute(&mut self.0)
            .await
            .map_err(|error| failed("running a statement", "", error))?;
        Ok(done.rows_affected())
    }

    async fn rows(&mut self, sql: &str, arguments: &[Cell]) -> Result<Vec<Vec<Cell>>> {
        let rows = sqlx::query_with(AssertSqlSafe(sql), bind_all(arguments)?)
            .fetch_all(&mut self.0)
            .await
            .map_err(|error| failed("reading from the database", "", error))?;
        rows.iter().map(cells).collect()
    }

    async fn page(
        &mut self,
        table: &Table,
        after: Option<&[Cell]>,
        leases: Leases,
    ) -> Result<Page> {
        let broken = |error: sqlx::Error| failed("reading a page", &table.name, error);
        let sql = Dialect::Sqlite.page(table, after.is_some(), leases);
        let row = sqlx::query_with(AssertSqlSafe(sql), bind_all(after.unwrap_or_default())?)
            .fetch_one(&mut self.0)
            .await
            .map_err(broken)?;
        let mut columns = Vec::with_capacity(table.columns.len());
        for (at, column) in table.columns.iter().enumerate() {
            let text: &str = row.try_get(at + 1).map_err(broken)?;
            let values = unpack(column.kind, text).map_err(|error| {
                let what = format!("{}.{}", table.name, column.name);
                failed("reading a page", &what, error)
            })?;
            columns.push(values);
        }
        Page::new(table, row.try_get(0).map_err(broken)?, columns)
    }

    async fn insert(&mut self, table: &Table, page: &Page) -> Result<()> {
        let wide = table.columns.len().max(1);
        let most = (PARAMETERS / wide).max(1);
        let mut statement: (usize, Arc<str>) = (0, "".into());
        let mut done = 0;
        while done < page.rows {
            let rows = most.min(page.rows - done);
            if statement.0 != rows {
                statement = (rows, Dialect::Sqlite.insert(table, rows).into());
            }
            let mut arguments = SqliteArguments::default();
            arguments.reserve(rows * wide, 0);
            for row in done..done + rows {
                for column in &page.columns {
                    match column {
                        Values::Integers(values) => arguments.add(values[row]),
                        Values::Texts(values) => arguments.add(values[row].as_deref()),
                        Values::Blobs(values) => arguments.add(values[row].as_deref()),
                    }
                    .map_err(|error| failed("preparing a statement", &table.name, error))?;
                }
            }
            sqlx::query_with(AssertSqlSafe(Arc::clone(&statement.1)), arguments)
                .execute(&mut self.0)
                .await
                .map_err(|error| failed("writing rows", &table.name, error))?;
            done += rows;
        }
        Ok(())
    }

    async fn close(self: Box<Self>) -> Result<()> {
        self.0
            .close()
            .await
            .map_err(|error| failed("closing the database", "", error))
    }
}
