//! JSON answers into types, with errors that name the place.

use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};

/// Decodes a vendor's JSON.
///
/// # Errors
/// `Decode`, naming operation and path (`data[3].spend`). What stood there is not repeated beyond
/// its type: an answer can carry tokens.
pub fn decode<T: DeserializeOwned>(platform: &str, operation: &str, body: &[u8]) -> Result<T> {
    let json = &mut serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        let place = if path == "." {
            "the answer".to_owned()
        } else {
            format!("`{path}`")
        };
        let what = match inner.classify() {
            serde_json::error::Category::Syntax => "is no valid JSON",
            serde_json::error::Category::Eof => "ends in the middle of the JSON",
            serde_json::error::Category::Io => "could not be read",
            serde_json::error::Category::Data => "is not what was expected",
        };
        let detail = safe_detail(&inner.to_string());
        Error::new(
            ErrorKind::Decode,
            platform,
            operation,
            format!(
                "{place} {what}{detail} (line {}, column {}, {} bytes)",
                inner.line(),
                inner.column(),
                body.len()
            ),
        )
    })
}

/// serde's own words without the values it quotes: `missing field`, `invalid type: map, …`.
fn safe_detail(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or_default();
    if let Some(field) = message.strip_prefix("missing field ") {
        return format!(": missing field {field}");
    }
    match message.split_once(", expected ") {
        Some((found, expected)) => {
            let found = found.split(['"', '`']).next().unwrap_or_default().trim();
            format!(": {found}, expected {expected}")
        }
        None => String::new(),
    }
}
