//! A database as copying sees it.

use async_trait::async_trait;

use super::{
    cell::{Cell, Page},
    schema::Table,
    sql::{Dialect, Leases},
};
use crate::error::Result;

/// One connection to a database. Transactions are begun and ended by statements; closing the
/// connection, or dropping it, ends what is open without keeping it.
#[async_trait]
pub(super) trait Side: Send {
    /// Whose SQL it speaks.
    fn dialect(&self) -> Dialect;

    /// Runs a statement; how many rows it changed.
    async fn run(&mut self, sql: &str, arguments: &[Cell]) -> Result<u64>;

    /// The rows of a small answer.
    async fn rows(&mut self, sql: &str, arguments: &[Cell]) -> Result<Vec<Vec<Cell>>>;

    /// The page of a table after a key.
    async fn page(&mut self, table: &Table, after: Option<&[Cell]>, leases: Leases)
    -> Result<Page>;

    /// Adds the rows of a page.
    async fn insert(&mut self, table: &Table, page: &Page) -> Result<()>;

    /// Ends the connection in good order.
    async fn close(self: Box<Self>) -> Result<()>;
}

/// The first value of the first row; null if there is none.
pub(super) async fn value(side: &mut dyn Side, sql: &str, arguments: &[Cell]) -> Result<Cell> {
    let rows = side.rows(sql, arguments).await?;
    Ok(rows
        .into_iter()
        .next()
        .and_then(|row| row.into_iter().next())
        .unwrap_or(Cell::Null))
}

/// Whether it has this table.
pub(super) async fn has_table(side: &mut dyn Side, name: &str) -> Result<bool> {
    let sql = side.dialect().has_table();
    let count = value(side, sql, &[Cell::Text(name.to_owned())]).await?;
    Ok(count.number() > 0)
}
