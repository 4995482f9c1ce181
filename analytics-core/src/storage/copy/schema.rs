//! The tables of a store and their columns, from the schema itself: what SQLite's migrations make of
//! an empty database. Both databases have the same tables with the same columns.

use sqlx::SqlitePool;

use super::failed;
use crate::{error::Result, storage::sqlite::migrations};

/// Columns that are not copied but stay empty: who holds a lease, and until when. The holders are
/// processes that work on the source.
pub(super) const LEASES: &[(&str, &str)] = &[
    ("grants", "renewal_owner"),
    ("grants", "renewal_until"),
    ("sync", "handed_over_until"),
    ("sync", "lease_owner"),
    ("sync", "lease_expires_at"),
    ("sync", "running_since"),
];

/// Tables that are not copied at all: processes that are alive beside the source.
pub(super) const STAYS: &[&str] = &["workers"];

/// Rows of a page of nothing but numbers.
const NUMBERS_A_PAGE: usize = 20_000;
/// Rows of a page that holds texts: memory is bounded by their length.
const TEXTS_A_PAGE: usize = 2_000;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Text,
    Blob,
}

/// A column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) nullable: bool,
    /// Whether it tells of a lease of the source.
    pub(super) lease: bool,
}

/// A table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// The primary key, as places in `columns`.
    pub(super) key: Vec<usize>,
    /// Whether ids of removed rows are never given again.
    pub(super) never_reused: bool,
}

impl Table {
    pub(super) fn key_columns(&self) -> impl Iterator<Item = &Column> {
        self.key.iter().filter_map(|at| self.columns.get(*at))
    }

    /// The column that numbers its rows, if one does.
    pub(super) fn id(&self) -> Option<&Column> {
        let mut key = self.key_columns();
        let first = key.next()?;
        (key.next().is_none() && first.kind == Kind::Integer && first.name == "id").then_some(first)
    }

    /// How many rows a page of it has.
    pub(super) fn page_rows(&self) -> usize {
        let only_numbers = |column: &Column| column.kind == Kind::Integer;
        if self.columns.iter().all(only_numbers) {
            NUMBERS_A_PAGE
        } else {
            TEXTS_A_PAGE
        }
    }
}

/// Every table of a store of this version that is copied, by name.
pub(super) async fn tables() -> Result<Vec<Table>> {
    let broken = |error| failed("reading the schema", "", error);
    let pool = sqlx::sqlite::SqlitePoolOptions::new()
        .max_connections(1)
        .connect("sqlite::memory:")
        .await
        .map_err(broken)?;
    migrations::run(&pool).await?;
    let names: Vec<(String, bool)> = sqlx::query_as(
        "SELECT name, sql LIKE '%AUTOINCREMENT%' FROM sqlite_schema
         WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
           AND name <> '_sqlx_migrations'
         ORDER BY name",
    )
    .fetch_all(&pool)
    .await
    .map_err(broken)?;
    let mut tables = Vec::with_capacity(names.len());
    for (name, never_reused) in names {
        if STAYS.contains(&name.as_str()) {
            continue;
        }
        tables.push(table(&pool, name, never_reused).await?);
    }
    pool.close().await;
    Ok(tables)
}

async fn table(pool: &SqlitePool, name: String, never_reused: bool) -> Result<Table> {
    let rows: Vec<(String, String, bool, i64)> = sqlx::query_as(
        "SELECT name, type, \"notnull\", pk FROM pragma_table_info($1) ORDER BY cid",
    )
    .bind(&name)
    .fetch_all(pool)
    .await
    .map_err(|error| failed("reading the schema", &name, error))?;
    let mut columns = Vec::with_capacity(rows.len());
    let mut key = Vec::new();
    for (at, (column, kind, not_null, place)) in rows.into_iter().enumerate() {
        let kind = match kind.as_str() {
            "INTEGER" | "INT" => Kind::Integer,
            "TEXT" => Kind::Text,
            "BLOB" => Kind::Blob,
            other => {
                let text = format!("a column of type {other} cannot be copied");
                return Err(failed("reading the schema", &name, text));
            }
        };
        if place > 0 {
            key.push((place, at));
        }
        columns.push(Column {
            kind,
            nullable: !not_null && place == 0,
            lease: LEASES.contains(&(name.as_str(), column.as_str())),
            name: column,
        });
    }
    key.sort_unstable();
    if key.is_empty() {
        return Err(failed("reading the schema", &name, "it has no primary key"));
    }
    Ok(Table {
        key: key.into_iter().map(|(_, at)| at).collect(),
        name,
        columns,
        never_reused,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_table_is_known_with_its_key() -> Result<()> {
        let tables = tables().await?;
        let find = |name: &str| tables.iter().find(|table| table.name == name).cloned();
        let facts = find("facts").map(|table| (table.key, table.never_reused));
        assert_eq!(facts, Some((vec![0, 1, 2], false)));
        let accounts = find("accounts").map(|table| (table.key, table.never_reused));
        assert_eq!(accounts, Some((vec![0], true)));
        assert!(find("sqlite_sequence").is_none());
        for (table, column) in LEASES {
            let known = find(table).is_some_and(|table| {
                let column = table.columns.iter().find(|one| one.name == *column);
                column.is_some_and(|column| column.nullable)
            });
            assert!(
                known,
                "{table}.{column} does not exist or must not be empty"
            );
        }
        Ok(())
    }
}
