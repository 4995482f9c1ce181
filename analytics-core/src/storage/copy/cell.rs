//! Values on their way: single ones, and pages of a table by column.

use super::schema::{Kind, Table};
use crate::error::Result;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Null,
    Integer(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl Cell {
    /// The number it is, or the number that a text spells: exact sums do not fit into 64 bits.
    pub(super) fn number(&self) -> i128 {
        match self {
            Self::Integer(number) => i128::from(*number),
            Self::Text(text) => text.parse().unwrap_or_default(),
            Self::Null | Self::Blob(_) => 0,
        }
    }

    /// The text it is; empty if it is none.
    pub(super) fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            _ => String::new(),
        }
    }

    fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Integer(number) => (*number).into(),
            Self::Text(text) => text.as_str().into(),
            Self::Blob(bytes) => data_encoding::HEXUPPER.encode(bytes).into(),
        }
    }

    fn from_json(value: &serde_json::Value, kind: Kind) -> Option<Self> {
        Some(match kind {
            Kind::Integer => Self::Integer(value.as_i64()?),
            Kind::Text => Self::Text(value.as_str()?.to_owned()),
            Kind::Blob => Self::Blob(
                data_encoding::HEXUPPER
                    .decode(value.as_str()?.as_bytes())
                    .ok()?,
            ),
        })
    }
}

/// A primary key as a mark keeps it.
pub(super) fn key_to_text(key: &[Cell]) -> String {
    serde_json::Value::from_iter(key.iter().map(Cell::to_json)).to_string()
}

/// A primary key as a mark has it; none if it is none of this table.
pub(super) fn key_from_text(text: &str, table: &Table) -> Option<Vec<Cell>> {
    let values: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
    let kinds: Vec<Kind> = table.key_columns().map(|column| column.kind).collect();
    if values.len() != kinds.len() {
        return None;
    }
    values
        .iter()
        .zip(kinds)
        .map(|(value, kind)| Cell::from_json(value, kind))
        .collect()
}

/// The values of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Values {
    Integers(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Blobs(Vec<Option<Vec<u8>>>),
}

impl Values {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Integers(values) => values.len(),
            Self::Texts(values) => values.len(),
            Self::Blobs(values) => values.len(),
        }
    }

    fn cell(&self, row: usize) -> Cell {
        let cell = match self {
            Self::Integers(values) => values.get(row).copied().flatten().map(Cell::Integer),
            Self::Texts(values) => values.get(row).cloned().flatten().map(Cell::Text),
            Self::Blobs(values) => values.get(row).cloned().flatten().map(Cell::Blob),
        };
        cell.unwrap_or(Cell::Null)
    }

    fn starts_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Integers(values), Self::Integers(others)) => values.starts_with(others),
            (Self::Texts(values), Self::Texts(others)) => values.starts_with(others),
            (Self::Blobs(values), Self::Blobs(others)) => values.starts_with(others),
            _ => false,
        }
    }
}

/// Rows of a table in the order of its key, by column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Page {
    pub(super) rows: usize,
    /// In the order of [`Table::columns`]; none if there are no rows.
    pub(super) columns: Vec<Values>,
}

impl Page {
    /// A page of columns as a database sent them.
    pub(super) fn new(table: &Table, rows: i64, columns: Vec<Values>) -> Result<Self> {
        let rows = usize::try_from(rows).unwrap_or_default();
        if rows == 0 {
            return Ok(Self::default());
        }
        if columns.len() != table.columns.len() || columns.iter().any(|one| one.len() != rows) {
            return Err(super::failed(
                "reading a page",
                &table.name,
                "columns of different lengths",
            ));
        }
        Ok(Self { rows, columns })
    }

    /// The key of the last row; none without rows.
    pub(super) fn last_key(&self, table: &Table) -> Option<Vec<Cell>> {
        let last = self.rows.checked_sub(1)?;
        table
            .key
            .iter()
            .map(|column| Some(self.columns.get(*column)?.cell(last)))
            .collect()
    }

    /// Whether its first rows are all those of `other`.
    pub(super) fn starts_with(&self, other: &Self) -> bool {
        other.rows == 0
            || self.columns.len() == other.columns.len()
                && self
                    .columns
                    .iter()
                    .zip(&other.columns)
                    .all(|(values, others)| values.starts_with(others))
    }
}
