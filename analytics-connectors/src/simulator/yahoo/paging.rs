//! Lists in pages.

use serde_json::{Value, json};

use super::envelope::ApiError;

/// The part of a list that was asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    /// Counted from 1.
    start: usize,
    most: usize,
}

impl Page {
    /// The page that `body` asks for; as long as possible, unless told otherwise.
    pub(super) fn parse(body: &Value, longest: u64) -> Result<Self, ApiError> {
        let number = |key: &str, default: u64, most: u64| match &body[key] {
            Value::Null => Ok(default),
            given => match given.as_u64() {
                Some(0) | None => Err("must be greater than or equal to 1".to_owned()),
                Some(number) if number > most => {
                    Err(format!("must be less than or equal to {most}"))
                }
                Some(number) => Ok(number),
            }
            .map_err(|wrong| ApiError::new("0001", key, wrong)),
        };
        Ok(Self {
            start: number("startIndex", 1, u64::from(u32::MAX))? as usize,
            most: number("numberResults", longest, longest)? as usize,
        })
    }

    /// That page of a list, with how long the whole is. Nothing is null.
    pub(super) fn of(self, entries: Vec<Value>) -> Value {
        let total = entries.len();
        let page: Vec<Value> = entries
            .into_iter()
            .skip(self.start - 1)
            .take(self.most)
            .collect();
        let values = if page.is_empty() {
            Value::Null
        } else {
            Value::Array(page)
        };
        json!({ "totalNumEntries": total, "values": values })
    }
}

/// Whole numbers of a list, at most so many; none if there is no such list.
pub(super) fn numbers(
    body: &Value,
    key: &'static str,
    most: usize,
) -> Result<Option<Vec<u64>>, ApiError> {
    let list = match &body[key] {
        Value::Null => return Ok(None),
        Value::Array(list) => list,
        _ => return Err(ApiError::new("0001", key, "must be a list")),
    };
    if list.len() > most {
        return Err(ApiError::new("L0002", key, format!("at most {most}")));
    }
    let numbers: Option<Vec<u64>> = list.iter().map(Value::as_u64).collect();
    numbers
        .map(Some)
        .ok_or_else(|| ApiError::new("0001", key, "must hold numbers"))
}
