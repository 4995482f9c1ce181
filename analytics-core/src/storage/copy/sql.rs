//! The statements, in both dialects.

use super::schema::{Column, Kind, Table};

/// Whose SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    #[cfg(feature = "postgres")]
    Postgres,
}

/// What is read of the columns that tell of leases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leases {
    /// Nothing: as they shall be in the target.
    Cleared,
    /// What they hold.
    Kept,
}

impl Leases {
    fn hides(self, column: &Column) -> bool {
        self == Self::Cleared && column.lease
    }
}

/// A name in SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

pub(super) fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

impl Dialect {
    /// The type that values of this kind travel as.
    #[cfg(feature = "postgres")]
    fn wire_type(kind: Kind) -> &'static str {
        match kind {
            Kind::Integer => "bigint",
            Kind::Text => "text",
            Kind::Blob => "bytea",
        }
    }

    /// The page after a key (or the first one), packed: its number of rows, then a value a column. A
    /// row each would cost many times as much.
    pub(super) fn page(self, table: &Table, after: bool, leases: Leases) -> String {
        let packed = list(table.columns.iter().map(|column| self.packed(column)));
        let columns = list(table.columns.iter().map(|column| {
            let name = quoted(&column.name);
            if leases.hides(column) {
                format!("{} AS {name}", self.null(column.kind))
            } else {
                name
            }
        }));
        let from = quoted(&table.name);
        let after = if after {
            format!("WHERE {}", self.after(table))
        } else {
            String::new()
        };
        let order = list(table.key_columns().map(|column| self.ordered(column)));
        let limit = table.page_rows();
        format!(
            "SELECT count(*), {packed} FROM
               (SELECT {columns} FROM {from} {after} ORDER BY {order} LIMIT {limit}) p"
        )
    }

    /// Removes the rows after a key, or all of them.
    pub(super) fn delete(self, table: &Table, after: bool) -> String {
        let from = quoted(&table.name);
        if after {
            format!("DELETE FROM {from} WHERE {}", self.after(table))
        } else {
            format!("DELETE FROM {from}")
        }
    }

    /// A row of exact sums: the number of rows, then for every column the two parts of its total (see
    /// [`Self::total`]) and, where it may be empty, how many values it has.
    pub(super) fn sums(self, table: &Table, leases: Leases) -> String {
        let mut parts = vec!["count(*)".to_owned()];
        for column in &table.columns {
            let name = if leases.hides(column) {
                self.null(column.kind)
            } else {
                quoted(&column.name)
            };
            parts.extend(self.total(&name, column.kind));
            if column.nullable {
                parts.push(format!("count({name})"));
            }
        }
        format!("SELECT {} FROM {}", parts.join(", "), quoted(&table.name))
    }

    /// Facts of every account: its id, their number and the two parts of their total.
    pub(super) fn facts_by_account(self) -> String {
        let [high, low] = self.total("f.value", Kind::Integer);
        format!(
            "SELECT e.account_id, count(*), {high}, {low} FROM entities e CROSS JOIN facts f
             WHERE f.entity = e.id GROUP BY e.account_id ORDER BY e.account_id"
        )
    }

    /// The sum of numbers, or of lengths in bytes, as `first * 2^32 + second`. SQLite adds up 64 bits
    /// and no more; PostgreSQL says any number, as text.
    fn total(self, column: &str, kind: Kind) -> [String; 2] {
        match (self, kind) {
            (Self::Sqlite, Kind::Integer) => [
                format!("coalesce(sum({column} >> 32), 0)"),
                format!("coalesce(sum({column} & 4294967295), 0)"),
            ],
            (Self::Sqlite, Kind::Text | Kind::Blob) => [
                "0".to_owned(),
                format!("coalesce(sum(length(CAST({column} AS BLOB))), 0)"),
            ],
            #[cfg(feature = "postgres")]
            (Self::Postgres, kind) => {
                let number = match kind {
                    Kind::Integer => column.to_owned(),
                    Kind::Text => format!("octet_length(convert_to({column}, 'UTF8'))"),
                    Kind::Blob => format!("octet_length({column})"),
                };
                ["0".to_owned(), format!("coalesce(sum({number}), 0)::text")]
            }
        }
    }

    fn packed(self, column: &Column) -> String {
        let name = quoted(&column.name);
        match self {
            Self::Sqlite if column.kind == Kind::Blob => {
                format!("json_group_array(iif({name} IS NULL, NULL, hex({name})))")
            }
            Self::Sqlite => format!("json_group_array({name})"),
            #[cfg(feature = "postgres")]
            Self::Postgres => format!("array_agg({name}::{})", Self::wire_type(column.kind)),
        }
    }

    fn null(self, kind: Kind) -> String {
        let _ = kind;
        match self {
            Self::Sqlite => "NULL".to_owned(),
            #[cfg(feature = "postgres")]
            Self::Postgres => format!("NULL::{}", Self::wire_type(kind)),
        }
    }

    /// A column of a key, compared as SQLite compares: texts by their bytes.
    fn ordered(self, column: &Column) -> String {
        let name = quoted(&column.name);
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres if column.kind == Kind::Text => format!("{name} COLLATE \"C\""),
            _ => name,
        }
    }

    fn after(self, table: &Table) -> String {
        let columns = list(table.key_columns().map(|column| self.ordered(column)));
        let values = list((1..=table.key.len()).map(|number| format!("${number}")));
        format!("({columns}) > ({values})")
    }

    /// Adds rows: to SQLite `rows` of them with a parameter a value, to PostgreSQL any number with a
    /// parameter a column.
    pub(super) fn insert(self, table: &Table, rows: usize) -> String {
        let into = quoted(&table.name);
        let columns = list(table.columns.iter().map(|column| quoted(&column.name)));
        match self {
            Self::Sqlite => {
                let row = vec!["?"; table.columns.len()].join(",");
                let rows = vec![format!("({row})"); rows].join(",");
                format!("INSERT INTO {into} ({columns}) VALUES {rows}")
            }
            #[cfg(feature = "postgres")]
            Self::Postgres => {
                let arrays = list(table.columns.iter().enumerate().map(|(at, column)| {
                    format!("${}::{}[]", at + 1, Self::wire_type(column.kind))
                }));
                // In the order of their index, so that its pages become full.
                let order = match table.name.as_str() {
                    "facts" => "ORDER BY entity, date DESC, metric",
                    _ => "",
                };
                format!(
                    "INSERT INTO {into} ({columns}) OVERRIDING SYSTEM VALUE
                     SELECT * FROM unnest({arrays}) AS p ({columns}) {order}"
                )
            }
        }
    }

    /// The table of the migrations that were applied.
    pub(super) fn migrations(self) -> &'static str {
        match self {
            Self::Sqlite => "_sqlx_migrations",
            #[cfg(feature = "postgres")]
            Self::Postgres => crate::storage::postgres::migrations::TABLE,
        }
    }

    /// Whether a table is there: a number that is not zero.
    pub(super) fn has_table(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1",
            #[cfg(feature = "postgres")]
            Self::Postgres => {
                "SELECT count(*) FROM information_schema.tables
                 WHERE table_schema = current_schema() AND table_name = $1"
            }
        }
    }

    /// The names of a table's columns.
    pub(super) fn columns(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT name FROM pragma_table_info($1) ORDER BY name",
            #[cfg(feature = "postgres")]
            Self::Postgres => {
                "SELECT column_name::text FROM information_schema.columns
                 WHERE table_schema = current_schema() AND table_name = $1
                 ORDER BY column_name::text COLLATE \"C\""
            }
        }
    }
}
