//! Parameters of a call.

use serde_json::{Map, Value, json};

use super::{error::ApiError, ids, request::Call, route::Route};

/// Ids that may be named in one call.
pub(super) const MOST_IDS: usize = 200;
/// How far the numbers in cursors are from what they stand for.
const CURSOR: u64 = 2_176_782_336;

/// The parameters of a call, all of them known.
#[derive(Debug)]
pub(super) struct Params(Vec<(&'static str, String)>);

impl Params {
    pub(super) fn parse(route: Route<'_>, call: &Call) -> Result<Self, ApiError> {
        let mut known = Vec::new();
        for (name, value) in call.params() {
            let Some(name) = route.parameters().iter().find(|known| **known == name) else {
                return Err(ApiError::invalid(&name, &value, "is not known"));
            };
            if known.iter().any(|(other, _)| other == name) {
                return Err(ApiError::invalid(name, &value, "was given twice"));
            }
            known.push((*name, value));
        }
        Ok(Self(known))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn required(&self, name: &'static str) -> Result<&str, ApiError> {
        self.get(name).ok_or_else(|| {
            let message = format!("Expected parameter '{name}' is missing");
            ApiError::new(400, "MISSING_PARAMETER", message).about(name, "")
        })
    }

    pub(super) fn flag(&self, name: &'static str) -> Result<bool, ApiError> {
        match self.get(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(ApiError::invalid(name, other, "expected true or false")),
        }
    }

    /// The words of a list, at most so many.
    pub(super) fn list(
        &self,
        name: &'static str,
        most: usize,
    ) -> Result<Option<Vec<&str>>, ApiError> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        let words: Vec<&str> = text.split(',').collect();
        if words.iter().any(|word| word.is_empty()) {
            return Err(ApiError::invalid(name, text, "expected a list"));
        }
        if words.len() > most {
            let message = format!("expected at most {most}, got {}", words.len());
            return Err(ApiError::invalid(name, text, message));
        }
        Ok(Some(words))
    }

    /// The parameters as an answer repeats them.
    pub(super) fn echo(&self, account: Option<&str>) -> Value {
        let mut echo = Map::new();
        for (name, value) in &self.0 {
            let is_list = name.ends_with("_ids") || *name == "metric_groups";
            let told = match value.as_str() {
                list if is_list => json!(list.split(',').collect::<Vec<_>>()),
                "true" => json!(true),
                "false" => json!(false),
                text => json!(text),
            };
            echo.insert((*name).to_owned(), told);
        }
        if let Some(id) = account {
            echo.insert("account_id".to_owned(), json!(id));
        }
        Value::Object(echo)
    }

    /// That part of `rows` which is asked for, and how to go on.
    pub(super) fn page(&self, rows: Vec<Value>) -> Result<Page, ApiError> {
        let count = self.get("count").unwrap_or("200");
        let number = count.parse().ok().filter(|n| (1..=1000).contains(n));
        let number: usize =
            number.ok_or_else(|| ApiError::invalid("count", count, "expected 1 to 1000"))?;
        let start = match self.get("cursor") {
            None | Some("") => 0,
            Some(text) => ids::read(text)
                .and_then(|cursor| cursor.checked_sub(CURSOR))
                .ok_or_else(|| ApiError::invalid("cursor", text, "is no cursor"))?,
        };
        let total = rows.len();
        let rest = rows.into_iter().skip(start as usize);
        let next = start as usize + number;
        let counted = self.flag("with_total_count")?;
        if counted && self.get("cursor").is_some() {
            let message = "with_total_count and cursor exclude each other";
            return Err(ApiError::new(400, "EXCLUSIVE_PARAMETERS", message).about("cursor", ""));
        }
        Ok(Page {
            rows: rest.take(number).collect(),
            next: (next < total).then(|| cursor(next)),
            total: counted.then_some(total),
        })
    }
}

/// The cursor behind so many rows.
pub(super) fn cursor(rows: usize) -> String {
    ids::spell(CURSOR + rows as u64)
}

/// A part of a list.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) rows: Vec<Value>,
    next: Option<String>,
    total: Option<usize>,
}

impl Page {
    pub(super) fn body(self, params: &Value) -> Value {
        let mut body = json!({
            "request": { "params": params }, "next_cursor": self.next, "data": self.rows,
        });
        if let Some(total) = self.total {
            body["total_count"] = json!(total);
        }
        body
    }
}
