//! What a call asks for.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDateTime, Utc};
use url::form_urlencoded;

use super::{error::Problem, ids};

/// The parameters of every route: which fields there shall be.
const FIELDS: [&str; 8] = [
    "tweet.fields",
    "post.fields",
    "user.fields",
    "media.fields",
    "place.fields",
    "poll.fields",
    "expansions",
    "community.fields",
];

/// The parameters of a call.
#[derive(Debug)]
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    /// Those of a query, of which a route knows these besides fields.
    pub(super) fn parse(query: &str, known: &[&str]) -> Result<Self, Problem> {
        let mut all: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()).into_owned() {
            if !known.contains(&name.as_str()) && !FIELDS.contains(&name.as_str()) {
                let message = format!(
                    "The query parameter [{name}] is not one of [{}]",
                    known.join(",")
                );
                return Err(Problem::invalid(&name, &value, message));
            }
            if value.is_empty() || all.iter().any(|(given, _)| *given == name) {
                let message = format!("The `{name}` query parameter can not be empty or repeated");
                return Err(Problem::invalid(&name, &value, message));
            }
            all.push((name, value));
        }
        Ok(Self(all))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The names in a list. Unknown ones do no harm.
    pub(super) fn names(&self, name: &str) -> BTreeSet<&str> {
        let text = self.get(name).unwrap_or_default();
        text.split(',').filter(|name| !name.is_empty()).collect()
    }

    /// A number within bounds.
    pub(super) fn number(
        &self,
        name: &str,
        (least, most): (usize, usize),
        otherwise: usize,
    ) -> Result<usize, Problem> {
        let Some(text) = self.get(name) else {
            return Ok(otherwise);
        };
        let number = text.parse().ok();
        number
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| {
                let message = format!(
                    "The `{name}` query parameter value [{text}] is not between {least} and {most}"
                );
                Problem::invalid(name, text, message)
            })
    }

    /// A moment in whole seconds.
    pub(super) fn moment(&self, name: &str) -> Result<Option<DateTime<Utc>>, Problem> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        let moment = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ");
        let moment = moment.ok().filter(|_| text.len() == 20);
        let moment = moment.ok_or_else(|| {
            let message = format!(
                "The `{name}` query parameter value [{text}] does not match yyyy-MM-dd'T'HH:mm:ss'Z'"
            );
            Problem::invalid(name, text, message)
        })?;
        Ok(Some(moment.and_utc()))
    }

    /// An id.
    pub(super) fn id(&self, name: &str) -> Result<Option<u64>, Problem> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        match ids::parse(text) {
            Some(id) => Ok(Some(id)),
            None => Err(bad_id(name, text)),
        }
    }
}

/// The refusal of what is no id.
pub(super) fn bad_id(name: &str, text: &str) -> Problem {
    let message =
        format!("The `{name}` query parameter value [{text}] does not match ^[0-9]{{1,19}}$");
    Problem::invalid(name, text, message)
}
