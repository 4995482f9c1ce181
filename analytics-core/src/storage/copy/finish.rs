//! The last transaction: the target becomes a store like any other.

use super::{
    cell::Cell,
    failed,
    marks::{self, begin_transaction, restore_keys},
    schema::Table,
    side::{self, Side},
    sql::{Dialect, quoted},
};
use crate::error::{Error, Result};

/// Sets the numbering of new rows, puts foreign keys back and removes the marks.
pub(super) async fn finish(
    source: &mut dyn Side,
    target: &mut dyn Side,
    tables: &[Table],
) -> Result<()> {
    if target.dialect() == Dialect::Sqlite {
        check_keys(target).await?;
        target.run("PRAGMA synchronous = FULL", &[]).await?;
    }
    begin_transaction(target).await?;
    #[cfg(feature = "postgres")]
    if target.dialect() == Dialect::Postgres {
        target.run("SET LOCAL synchronous_commit = on", &[]).await?;
    }
    restore_keys(target, tables).await?;
    for table in tables {
        number(source, target, table).await?;
    }
    let drop_marks = format!("DROP TABLE {}", marks::TABLE);
    target.run(&drop_marks, &[]).await?;
    target.run("COMMIT", &[]).await?;
    settle(target, tables).await
}

/// Looks for rows whose parent is missing.
async fn check_keys(target: &mut dyn Side) -> Result<()> {
    let sql = "SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT 1";
    let rows = target.rows(sql, &[]).await?;
    match rows.into_iter().next() {
        None => Ok(()),
        Some(row) => {
            let names: Vec<String> = row.into_iter().map(Cell::text).collect();
            Err(Error::Conflict {
                message: format!(
                    "the copy is not finished: a row of table `{}` belongs to one of `{}` that is not there, in the source neither",
                    names.first().map(String::as_str).unwrap_or_default(),
                    names.get(1).map(String::as_str).unwrap_or_default()
                ),
            })
        }
    }
}

/// Sees to it that the target gives no id that the source gave already, even to a row that is gone.
async fn number(source: &mut dyn Side, target: &mut dyn Side, table: &Table) -> Result<()> {
    let Some(id) = table.id() else {
        return Ok(());
    };
    let sql = format!(
        "SELECT coalesce(max({}), 0) FROM {}",
        quoted(&id.name),
        quoted(&table.name)
    );
    let highest = side::value(target, &sql, &[]).await?.number();
    let given = last_given(source, table, &id.name).await?;
    let last = i64::try_from(highest.max(given))
        .map_err(|error| failed("numbering rows", &table.name, error))?;
    let name = Cell::Text(table.name.clone());
    match target.dialect() {
        Dialect::Sqlite if table.never_reused => {
            let forget = "DELETE FROM sqlite_sequence WHERE name = $1";
            target.run(forget, std::slice::from_ref(&name)).await?;
            let set = "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)";
            target.run(set, &[name, Cell::Integer(last)]).await?;
        }
        Dialect::Sqlite => {}
        #[cfg(feature = "postgres")]
        Dialect::Postgres => {
            let set = "SELECT setval(s, greatest($2, 1), $2 > 0)
                       FROM pg_get_serial_sequence(quote_ident($1), $3) s WHERE s IS NOT NULL";
            let column = Cell::Text(id.name.clone());
            target
                .rows(set, &[name, Cell::Integer(last), column])
                .await?;
        }
    }
    Ok(())
}

/// The last id that the source gave.
async fn last_given(source: &mut dyn Side, table: &Table, id: &str) -> Result<i128> {
    let _ = id;
    let name = Cell::Text(table.name.clone());
    match source.dialect() {
        Dialect::Sqlite if table.never_reused => {
            let sql = "SELECT seq FROM sqlite_sequence WHERE name = $1";
            Ok(side::value(source, sql, &[name]).await?.number())
        }
        Dialect::Sqlite => Ok(0),
        #[cfg(feature = "postgres")]
        Dialect::Postgres => {
            let find = "SELECT pg_get_serial_sequence(quote_ident($1), $2)";
            let column = Cell::Text(id.to_owned());
            let sequence = side::value(source, find, &[name, column]).await?.text();
            if sequence.is_empty() {
                return Ok(0);
            }
            // It comes quoted.
            let sql = format!("SELECT last_value - (NOT is_called)::integer FROM {sequence}");
            Ok(side::value(source, &sql, &[]).await?.number())
        }
    }
}

/// What makes a new database quick from the start.
async fn settle(target: &mut dyn Side, tables: &[Table]) -> Result<()> {
    let _ = tables;
    match target.dialect() {
        Dialect::Sqlite => {
            let rows = target.rows("PRAGMA wal_checkpoint(TRUNCATE)", &[]).await?;
            drop(rows);
        }
        #[cfg(feature = "postgres")]
        Dialect::Postgres => {
            let names = tables.iter().map(|table| quoted(&table.name));
            let sql = format!("ANALYZE {}", super::sql::list(names));
            target.run(&sql, &[]).await?;
        }
    }
    Ok(())
}
