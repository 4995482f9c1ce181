//! Cursor paging.

use data_encoding::BASE64;
use serde_json::{Map, Value, json};

use super::{error::GraphError, request::GraphRequest};

/// Rows on a page unless asked otherwise.
const DEFAULT_LIMIT: usize = 25;

/// Which rows a request wants.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    /// Index of the first row.
    pub(crate) start: usize,
    /// Most rows.
    pub(crate) limit: usize,
}

/// The cursor that points at a row: base64 with its padding spelt `ZD`.
fn cursor(row: i64) -> String {
    BASE64.encode(row.to_string().as_bytes()).replace('=', "ZD")
}

fn parse_cursor(text: &str) -> Option<i64> {
    let bare = text.trim_end_matches("ZD");
    let padding = (text.len() - bare.len()) / 2;
    let padded = format!("{bare}{}", "=".repeat(padding));
    let bytes = BASE64.decode(padded.as_bytes()).ok()?;
    std::str::from_utf8(&bytes).ok()?.parse().ok()
}

impl Page {
    pub(crate) fn of(request: &GraphRequest) -> Result<Self, GraphError> {
        let limit = match request.params.get("limit") {
            None => DEFAULT_LIMIT,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| *limit > 0)
                .ok_or_else(|| GraphError::parameter("param limit must be a positive integer"))?,
        };
        let start = match request.params.get("after") {
            None => 0,
            Some(text) => parse_cursor(text)
                .and_then(|row| usize::try_from(row + 1).ok())
                .ok_or_else(|| {
                    GraphError::parameter("Invalid parameter: the cursor is invalid or has expired")
                })?,
        };
        Ok(Self { start, limit })
    }

    /// The part of `count` rows that lies on the page.
    pub(crate) fn within(self, count: usize) -> std::ops::Range<usize> {
        let start = self.start.min(count);
        start..start.saturating_add(self.limit).min(count)
    }

    /// `paging` of an answer with these of `count` rows. Even an empty answer has cursors; only
    /// `next` says that there is more.
    pub(crate) fn paging(self, request: &GraphRequest, count: usize) -> Map<String, Value> {
        let rows = self.within(count);
        let last = rows.end as i64 - 1;
        let mut paging = Map::new();
        paging.insert(
            "cursors".to_owned(),
            json!({ "before": cursor(rows.start as i64), "after": cursor(last) }),
        );
        if rows.end < count {
            paging.insert("next".to_owned(), request.next_page(&cursor(last)).into());
        }
        paging
    }
}
