//! `filtering`, as far as insights and lists share it.

use analytics_core::model::Level;
use serde::Deserialize;
use serde_json::Value;

use super::structure::status_word;
use crate::simulator::{
    meta::{error::GraphError, request::Params},
    world::{AsOf, Figures, ads::AdAccount, counts::Measure},
};

const OPERATORS: [&str; 8] = [
    "EQUAL",
    "NOT_EQUAL",
    "IN",
    "NOT_IN",
    "GREATER_THAN",
    "GREATER_THAN_OR_EQUAL",
    "LESS_THAN",
    "CONTAIN",
];

/// One condition.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Filter {
    field: String,
    operator: String,
    value: Value,
}

/// The conditions of a request.
pub(super) fn parse(params: &Params) -> Result<Vec<Filter>, GraphError> {
    let Some(text) = params.get("filtering") else {
        return Ok(Vec::new());
    };
    let filters: Vec<Filter> = serde_json::from_str(text).map_err(|_| {
        GraphError::parameter("param filtering must be an array of {field, operator, value}")
    })?;
    for (at, filter) in filters.iter().enumerate() {
        if !OPERATORS.contains(&filter.operator.as_str()) {
            return Err(GraphError::parameter(format!(
                "param filtering[{at}][operator] must be one of the following values: {}",
                OPERATORS.join(", ")
            )));
        }
    }
    Ok(filters)
}

impl Filter {
    /// Whether it asks for archived things by name.
    pub(super) fn names_archived(&self) -> bool {
        self.field.ends_with("effective_status")
            && self.texts().iter().any(|text| text == "ARCHIVED")
    }

    fn texts(&self) -> Vec<String> {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        match &self.value {
            Value::Array(values) => values.iter().map(text).collect(),
            value => vec![text(value)],
        }
    }

    fn keeps_text(&self, text: &str) -> Result<bool, GraphError> {
        let values = self.texts();
        match self.operator.as_str() {
            "IN" | "EQUAL" => Ok(values.iter().any(|value| value == text)),
            "NOT_IN" | "NOT_EQUAL" => Ok(values.iter().all(|value| value != text)),
            "CONTAIN" => Ok(values.iter().any(|value| text.contains(value.as_str()))),
            _ => Err(self.unsuitable()),
        }
    }

    fn keeps_number(&self, number: i64) -> Result<bool, GraphError> {
        let bound = self
            .texts()
            .first()
            .and_then(|text| text.parse::<i64>().ok())
            .ok_or_else(|| self.unsuitable())?;
        match self.operator.as_str() {
            "GREATER_THAN" => Ok(number > bound),
            "GREATER_THAN_OR_EQUAL" => Ok(number >= bound),
            "LESS_THAN" => Ok(number < bound),
            "EQUAL" => Ok(number == bound),
            "NOT_EQUAL" => Ok(number != bound),
            _ => Err(self.unsuitable()),
        }
    }

    fn unsuitable(&self) -> GraphError {
        GraphError::parameter(format!(
            "Filtering field {} with operation {} is not supported",
            self.field, self.operator
        ))
    }

    /// The level and attribute the field names; a bare attribute is one of the listed level.
    fn target(&self, listed: Level) -> Result<(Level, &str), GraphError> {
        let Some((prefix, attribute)) = self.field.split_once('.') else {
            return Ok((listed, &self.field));
        };
        let level = match prefix {
            "campaign" => Level::Campaign,
            "adset" => Level::AdGroup,
            "ad" => Level::Ad,
            _ => return Err(self.unsuitable()),
        };
        Ok((level, attribute))
    }

    fn keeps(
        &self,
        account: &AdAccount,
        level: Level,
        index: usize,
        as_of: AsOf,
    ) -> Result<bool, GraphError> {
        let (at, attribute) = self.target(level)?;
        if at.depth() > level.depth() {
            return Err(self.unsuitable());
        }
        let Some(first) = account.ads_of(level, index).next() else {
            return Ok(true);
        };
        let holder = account.holder(first, at);
        match attribute {
            "id" => self.keeps_text(&account.entity_id(at, holder)),
            "effective_status" => {
                self.keeps_text(status_word(at, account.status(at, holder, as_of)))
            }
            "name" => self.keeps_text(account.entity_name(at, holder)),
            "updated_time" | "created_time" => {
                let start = account
                    .started(at, holder)
                    .and_hms_opt(0, 0, 0)
                    .unwrap_or_default();
                self.keeps_number(start.and_utc().timestamp())
            }
            _ => Err(self.unsuitable()),
        }
    }

    /// Whether it looks at figures of the level itself.
    pub(super) fn is_about_figures(&self, level: Level) -> bool {
        self.measure(level).is_some()
    }

    fn measure(&self, level: Level) -> Option<Measure> {
        let (at, attribute) = self.target(level).ok()?;
        match attribute {
            _ if at != level => None,
            "impressions" => Some(Measure::Impressions),
            "clicks" => Some(Measure::Clicks),
            _ => None,
        }
    }
}

/// Whether every condition keeps an entity.
pub(super) fn keeps_entity(
    filters: &[Filter],
    account: &AdAccount,
    level: Level,
    index: usize,
    as_of: AsOf,
) -> Result<bool, GraphError> {
    for filter in filters {
        if !filter.keeps(account, level, index, as_of)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether every condition keeps a row of figures.
pub(super) fn keeps_row(
    filters: &[Filter],
    account: &AdAccount,
    level: Level,
    row: &Figures,
    as_of: AsOf,
) -> Result<bool, GraphError> {
    for filter in filters {
        let kept = match filter.measure(level) {
            Some(measure) => filter.keeps_number(row.counts[measure])?,
            None => filter.keeps(account, level, row.entity, as_of)?,
        };
        if !kept {
            return Ok(false);
        }
    }
    Ok(true)
}
