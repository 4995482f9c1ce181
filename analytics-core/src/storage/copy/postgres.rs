//! PostgreSQL as a side of a copy.

use async_trait::async_trait;
use sqlx::{
    Arguments, AssertSqlSafe, Column as _, ConnectOptions, Connection, PgConnection, Row, TypeInfo,
    postgres::{PgArguments, PgRow},
};

use super::{
    cell::{Cell, Page, Values},
    failed,
    schema::{Kind, Table},
    side::Side,
    sql::{Dialect, Leases},
};
use crate::{error::Result, storage::postgres::PostgresOptions};

/// A connection to a server.
#[derive(Debug)]
pub(super) struct PostgresSide(PgConnection);

impl PostgresSide {
    /// Connects. What a crash of the server takes away goes with its mark, so no batch waits for the
    /// disk; the last one does.
    pub(super) async fn open(options: &PostgresOptions) -> Result<Self> {
        let wrong = |error| failed("opening the database", "", error);
        // Says in one line what is wrong.
        options.probe().await?;
        let connection = options
            .single()
            .clone()
            .application_name("analytics copy")
            .disable_statement_logging()
            .connect()
            .await
            .map_err(wrong)?;
        let mut side = Self(connection);
        for setting in [
            "SET synchronous_commit = off",
            "SET client_min_messages = warning",
            "SET jit = off",
            "SET statement_timeout = 0",
            "SET idle_in_transaction_session_timeout = 0",
        ] {
            side.run(setting, &[]).await?;
        }
        Ok(side)
    }
}

fn bind_all(cells: &[Cell]) -> Result<PgArguments> {
    let mut arguments = PgArguments::default();
    for cell in cells {
        match cell {
            Cell::Null => arguments.add(None::<String>),
            Cell::Integer(number) => arguments.add(*number),
            Cell::Text(text) => arguments.add(text.as_str()),
            Cell::Blob(bytes) => arguments.add(bytes.as_slice()),
        }
        .map_err(|error| failed("preparing a statement", "", error))?;
    }
    Ok(arguments)
}

fn cells(row: &PgRow) -> Result<Vec<Cell>> {
    row.columns()
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let cell = match column.type_info().name() {
                "INT8" => row
                    .try_get::<Option<_>, _>(at)
                    .map(|v| v.map(Cell::Integer)),
                "INT4" => row
                    .try_get::<Option<i32>, _>(at)
                    .map(|v| v.map(|number| Cell::Integer(number.into()))),
                "BYTEA" => row.try_get::<Option<_>, _>(at).map(|v| v.map(Cell::Blob)),
                "BOOL" => row
                    .try_get::<Option<bool>, _>(at)
                    .map(|v| v.map(|yes| Cell::Integer(i64::from(yes)))),
                _ => row.try_get::<Option<_>, _>(at).map(|v| v.map(Cell::Text)),
            };
            let cell = cell.map_err(|error| failed("reading a row", "", error))?;
            Ok(cell.unwrap_or(Cell::Null))
        })
        .collect()
}

/// PostgreSQL keeps any text but those with a NUL character.
fn refuse_nul(table: &Table, page: &Page) -> Result<()> {
    for (column, values) in table.columns.iter().zip(&page.columns) {
        if let Values::Texts(texts) = values
            && texts.iter().flatten().any(|text| text.contains('\0'))
        {
            let what = format!("{}.{}", table.name, column.name);
            let why = "a text holds a NUL character, which PostgreSQL cannot keep";
            return Err(failed("writing rows", &what, why));
        }
    }
    Ok(())
}

#[async_trait]
impl Side for PostgresSide {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
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
        let sql = Dialect::Postgres.page(table, after.is_some(), leases);
        let row = sqlx::query_with(AssertSqlSafe(sql), bind_all(after.unwrap_or_default())?)
            .fetch_one(&mut self.0)
            .await
            .map_err(broken)?;
        let rows: i64 = row.try_get(0).map_err(broken)?;
        let mut columns = Vec::with_capacity(table.columns.len());
        for (at, column) in table.columns.iter().enumerate() {
            if rows == 0 {
                break;
            }
            let values = match column.kind {
                Kind::Integer => row.try_get(at + 1).map(Values::Integers),
                Kind::Text => row.try_get(at + 1).map(Values::Texts),
                Kind::Blob => row.try_get(at + 1).map(Values::Blobs),
            };
            columns.push(values.map_err(broken)?);
        }
        Page::new(table, rows, columns)
    }

    async fn insert(&mut self, table: &Table, page: &Page) -> Result<()> {
        refuse_nul(table, page)?;
        let mut arguments = PgArguments::default();
        for column in &page.columns {
            match column {
                Values::Integers(values) => arguments.add(values),
                Values::Texts(values) => arguments.add(values),
                Values::Blobs(values) => arguments.add(values),
            }
            .map_err(|error| failed("preparing a statement", &table.name, error))?;
        }
        let sql = Dialect::Postgres.insert(table, page.rows);
        sqlx::query_with(AssertSqlSafe(sql), arguments)
            .execute(&mut self.0)
            .await
            .map_err(|error| failed("writing rows", &table.name, error))?;
        Ok(())
    }

    async fn close(self: Box<Self>) -> Result<()> {
        self.0
            .close()
            .await
            .map_err(|error| failed("closing the database", "", error))
    }
}
