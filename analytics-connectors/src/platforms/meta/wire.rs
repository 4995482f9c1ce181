//! What every Graph answer has in common, as Meta spells it.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

#[derive(Debug, Deserialize)]
pub(super) struct Failure {
    pub(super) error: FailureBody,
}

#[derive(Debug, Deserialize)]
pub(super) struct FailureBody {
    #[serde(default)]
    pub(super) message: String,
    #[serde(default, rename = "type")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "code")]
    pub(super) code: i64,
    #[serde(default, deserialize_with = "optional_code")]
    pub(super) error_subcode: Option<i64>,
    #[serde(default)]
    pub(super) is_transient: bool,
    #[serde(default)]
    pub(super) error_user_msg: Option<String>,
    #[serde(default)]
    pub(super) fbtrace_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Code {
    Number(i64),
    Text(String),
}

impl Code {
    fn number(self) -> i64 {
        match self {
            Self::Number(number) => number,
            Self::Text(text) => text.trim().parse().unwrap_or_default(),
        }
    }
}

fn code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Code::deserialize(deserializer).map(Code::number)
}

fn optional_code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Option::<Code>::deserialize(deserializer).map(|code| code.map(Code::number))
}

/// A list and where it goes on. `next` is only looked at for whether it is there.
#[derive(Debug, Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
pub(super) struct List<T> {
    pub(super) data: Vec<T>,
    #[serde(default)]
    pub(super) paging: Option<Paging>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Paging {
    #[serde(default)]
    pub(super) cursors: Option<Cursors>,
    #[serde(default)]
    pub(super) next: Option<serde::de::IgnoredAny>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Cursors {
    #[serde(default)]
    pub(super) after: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Token {
    pub(super) access_token: SecretString,
    #[serde(default)]
    pub(super) expires_in: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Me {
    pub(super) id: String,
    #[serde(default)]
    pub(super) name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Permission {
    pub(super) permission: String,
    pub(super) status: String,
}
