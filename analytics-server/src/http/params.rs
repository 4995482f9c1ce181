//! Query parameters: unknown and unusable ones are refused by name.

use std::collections::BTreeMap;

use analytics_core::model::Level;
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use chrono::NaiveDate;

use super::dates;
use crate::error::Problem;

/// The query string of a request.
#[derive(Debug, Default)]
pub(crate) struct Params(BTreeMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

impl Params {
    pub(crate) fn parse(query: &str) -> Self {
        Self(
            url::form_urlencoded::parse(query.as_bytes())
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        )
    }

    /// Refuses parameters that are not among `names`.
    pub(crate) fn only(self, names: &[&str]) -> Result<Self, Problem> {
        match self.0.keys().find(|name| !names.contains(&name.as_str())) {
            Some(name) => Err(Problem::unknown(
                "parameter",
                name,
                name,
                names.iter().copied(),
            )),
            None => Ok(self),
        }
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(crate) fn level(&self, name: &str) -> Result<Option<Level>, Problem> {
        self.text(name)
            .map(|text| Level::parse(name, text).map_err(Problem::from))
            .transpose()
    }

    pub(crate) fn date(&self, name: &str) -> Result<Option<NaiveDate>, Problem> {
        self.text(name)
            .map(|text| dates::parse(name, text))
            .transpose()
    }

    /// A whole number of at most `most`.
    pub(crate) fn number(&self, name: &str, most: u32) -> Result<Option<u32>, Problem> {
        self.text(name)
            .map(|text| {
                text.parse::<u32>()
                    .ok()
                    .filter(|number| *number <= most)
                    .ok_or_else(|| {
                        Problem::new(
                            StatusCode::UNPROCESSABLE_ENTITY,
                            "invalid_query",
                            format!("`{name}`: `{text}` is no whole number from 0 to {most}"),
                        )
                        .with("field", name)
                        .with("value", text)
                    })
            })
            .transpose()
    }
}
