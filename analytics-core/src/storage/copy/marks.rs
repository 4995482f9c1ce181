//! How far a copy has come, kept in the target beside the rows.

#[cfg(feature = "postgres")]
use super::sql::quoted;
use super::{
    cell::{self, Cell, Page},
    schema::Table,
    side::{self, Side},
    sql::Dialect,
};
use crate::error::{Error, Result};

/// The table of the marks. A database that has it is the target of a copy that is not finished.
pub(super) const TABLE: &str = "copy_progress";
/// Foreign keys of PostgreSQL that wait to be put back.
#[cfg(feature = "postgres")]
const KEYS: &str = "copy_foreign_keys";

/// How far a table is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// The key of the last row copied; none: no row yet.
    pub(super) last: Option<Vec<Cell>>,
    /// The rows copied.
    pub(super) rows: u64,
}

/// The marks of a target.
#[derive(Debug)]
pub(super) struct Marks {
    /// One a table, in the order of the tables.
    pub(super) tables: Vec<Mark>,
    /// Whether they are those of an interrupted copy.
    pub(super) resumed: bool,
}

/// The source of an unfinished copy into this database.
pub(super) async fn source_name(side: &mut dyn Side) -> Result<Option<String>> {
    if !side::has_table(side, TABLE).await? {
        return Ok(None);
    }
    let sql = format!("SELECT source FROM {TABLE} LIMIT 1");
    Ok(Some(side::value(side, &sql, &[]).await?.text()))
}

/// Makes the marks of a new copy and empties the tables of what the schema and an idle service put
/// there.
pub(super) async fn begin(side: &mut dyn Side, source: &str, tables: &[Table]) -> Result<()> {
    begin_transaction(side).await?;
    let create = format!(
        "CREATE TABLE {TABLE} (table_name TEXT PRIMARY KEY, source TEXT NOT NULL, last_key TEXT, row_count BIGINT NOT NULL)"
    );
    side.run(&create, &[]).await?;
    rest_keys(side, tables).await?;
    let insert = format!("INSERT INTO {TABLE} (table_name, source, row_count) VALUES ($1, $2, 0)");
    for table in tables {
        let values = [table.name.as_str(), source].map(|text| Cell::Text(text.to_owned()));
        side.run(&insert, &values).await?;
        side.run(&side.dialect().delete(table, false), &[]).await?;
    }
    side.run("COMMIT", &[]).await.map(drop)
}

/// The marks of every table.
pub(super) async fn load(side: &mut dyn Side, tables: &[Table], resumed: bool) -> Result<Marks> {
    let sql = format!("SELECT last_key, row_count FROM {TABLE} WHERE table_name = $1");
    let mut marks = Vec::with_capacity(tables.len());
    for table in tables {
        let rows = side.rows(&sql, &[Cell::Text(table.name.clone())]).await?;
        let mark = match rows.into_iter().next().as_deref() {
            Some([Cell::Text(key), rows]) => Mark {
                last: cell::key_from_text(key, table),
                rows: u64::try_from(rows.number()).unwrap_or_default(),
            },
            Some(_) => Mark::default(),
            // A table that an update of the program brought since.
            None => {
                let sql = format!(
                    "INSERT INTO {TABLE} (table_name, source, row_count) SELECT $1, min(source), 0 FROM {TABLE}"
                );
                side.run(&sql, &[Cell::Text(table.name.clone())]).await?;
                Mark::default()
            }
        };
        marks.push(mark);
    }
    Ok(Marks {
        tables: marks,
        resumed,
    })
}

/// Writes a page and moves the mark behind it, in one transaction.
pub(super) async fn write(
    side: &mut dyn Side,
    table: &Table,
    page: &Page,
    mark: &mut Mark,
) -> Result<()> {
    begin_transaction(side).await?;
    side.insert(table, page).await?;
    let after = Mark {
        last: page.last_key(table),
        rows: mark.rows + page.rows as u64,
    };
    commit_move(side, table, mark, after).await
}

/// Takes a mark back, and the rows behind it away.
pub(super) async fn cut(
    side: &mut dyn Side,
    table: &Table,
    mark: &mut Mark,
    after: Mark,
) -> Result<()> {
    begin_transaction(side).await?;
    let delete = side.dialect().delete(table, after.last.is_some());
    side.run(&delete, after.last.as_deref().unwrap_or_default())
        .await?;
    commit_move(side, table, mark, after).await
}

async fn commit_move(
    side: &mut dyn Side,
    table: &Table,
    mark: &mut Mark,
    after: Mark,
) -> Result<()> {
    let sql = format!(
        "UPDATE {TABLE} SET last_key = $1, row_count = $2 WHERE table_name = $3 AND row_count = $4"
    );
    let count = |rows: u64| Cell::Integer(i64::try_from(rows).unwrap_or(i64::MAX));
    let key = after.last.as_deref().map(cell::key_to_text);
    let values = [
        key.map_or(Cell::Null, Cell::Text),
        count(after.rows),
        Cell::Text(table.name.clone()),
        count(mark.rows),
    ];
    if side.run(&sql, &values).await? != 1 {
        return Err(Error::Conflict {
            message: "another copy writes to the same target: let it finish".to_owned(),
        });
    }
    side.run("COMMIT", &[]).await?;
    *mark = after;
    Ok(())
}

/// A transaction that writes.
pub(super) async fn begin_transaction(side: &mut dyn Side) -> Result<()> {
    let begin = match side.dialect() {
        Dialect::Sqlite => "BEGIN IMMEDIATE",
        #[cfg(feature = "postgres")]
        Dialect::Postgres => "BEGIN",
    };
    side.run(begin, &[]).await.map(drop)
}

/// Lets foreign keys and triggers of PostgreSQL rest; a connection to SQLite has its own switch.
async fn rest_keys(side: &mut dyn Side, tables: &[Table]) -> Result<()> {
    #[cfg(feature = "postgres")]
    if side.dialect() == Dialect::Postgres {
        let create = format!(
            "CREATE TABLE {KEYS} AS
             SELECT c.relname::text AS table_name, k.conname::text AS name,
                    pg_get_constraintdef(k.oid) AS definition
             FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
             WHERE k.contype = 'f' AND c.relnamespace = current_schema()::text::regnamespace"
        );
        side.run(&create, &[]).await?;
        for key in side.rows(&format!("SELECT * FROM {KEYS}"), &[]).await? {
            if let [Cell::Text(table), Cell::Text(name), _] = key.as_slice()
                && tables.iter().any(|one| one.name == *table)
            {
                let (table, name) = (quoted(table), quoted(name));
                side.run(&format!("ALTER TABLE {table} DROP CONSTRAINT {name}"), &[])
                    .await?;
            }
        }
        switch_triggers(side, tables, "DISABLE").await?;
    }
    let _ = (side, tables);
    Ok(())
}

/// Puts foreign keys, which checks them, and triggers of PostgreSQL back.
pub(super) async fn restore_keys(side: &mut dyn Side, tables: &[Table]) -> Result<()> {
    #[cfg(feature = "postgres")]
    if side.dialect() == Dialect::Postgres {
        for key in side.rows(&format!("SELECT * FROM {KEYS}"), &[]).await? {
            if let [Cell::Text(table), Cell::Text(name), Cell::Text(definition)] = key.as_slice()
                && tables.iter().any(|one| one.name == *table)
            {
                let (table, name) = (quoted(table), quoted(name));
                let add = format!("ALTER TABLE {table} ADD CONSTRAINT {name} {definition}");
                side.run(&add, &[]).await?;
            }
        }
        switch_triggers(side, tables, "ENABLE").await?;
        side.run(&format!("DROP TABLE {KEYS}"), &[]).await?;
    }
    let _ = (side, tables);
    Ok(())
}

#[cfg(feature = "postgres")]
async fn switch_triggers(side: &mut dyn Side, tables: &[Table], switch: &str) -> Result<()> {
    for table in tables {
        let sql = format!("ALTER TABLE {} {switch} TRIGGER USER", quoted(&table.name));
        side.run(&sql, &[]).await?;
    }
    Ok(())
}
