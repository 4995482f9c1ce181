//! Insights of pages, profiles and posts: one item a metric, with a value a day, one for the whole
//! range, or one of a lifetime.

use std::collections::BTreeMap;

use analytics_core::model::Millionths;
use serde::Deserialize;

use super::time::GraphTime;
use crate::http::Number;

/// The answer of an `insights` edge. Its paging leads through time without an end, and is not read.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Insights {
    pub(crate) data: Vec<Insight>,
}

/// One metric.
#[derive(Debug, Deserialize)]
pub(crate) struct Insight {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) period: Option<String>,
    #[serde(default)]
    pub(crate) values: Vec<Point>,
    #[serde(default)]
    pub(crate) total_value: Option<TotalValue>,
}

/// A value of one day or of a lifetime.
#[derive(Debug, Deserialize)]
pub(crate) struct Point {
    #[serde(default)]
    pub(crate) value: Option<Amount>,
    /// The end of what it is about; none for a lifetime.
    #[serde(default)]
    pub(crate) end_time: Option<GraphTime>,
    /// `"1"` or `"0"` in answers broken down by it.
    #[serde(default)]
    pub(crate) is_from_ads: Option<String>,
}

/// A number, or one for each kind of something.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Amount {
    One(Number),
    ByKind(BTreeMap<String, Number>),
}

/// A value of a whole range.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct TotalValue {
    #[serde(default)]
    pub(crate) value: Option<Amount>,
    #[serde(default)]
    pub(crate) breakdowns: Vec<Breakdown>,
}

/// A value split by dimensions.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Breakdown {
    #[serde(default)]
    pub(crate) results: Vec<Bucket>,
}

/// One part of it.
#[derive(Debug, Deserialize)]
pub(crate) struct Bucket {
    pub(crate) dimension_values: Vec<String>,
    #[serde(default)]
    pub(crate) value: Option<Number>,
}

impl Insights {
    /// The item of a metric, if the answer has it.
    pub(crate) fn metric(&self, name: &str) -> Option<&Insight> {
        self.data.iter().find(|insight| insight.name == name)
    }
}

impl Insight {
    /// The only value of a lifetime or of a whole range, in whichever of the two places it stands.
    pub(crate) fn single(&self) -> Option<&Amount> {
        let total = self
            .total_value
            .as_ref()
            .and_then(|total| total.value.as_ref());
        total.or_else(|| self.values.first()?.value.as_ref())
    }
}

impl Amount {
    /// The number, or the sum over every kind.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(crate) fn sum(&self) -> Result<Millionths, String> {
        let number = |number: &Number| {
            number
                .exact()
                .map_err(|shown| format!("is no exact number: `{shown}`"))
        };
        match self {
            Self::One(one) => number(one),
            Self::ByKind(parts) => parts.values().try_fold(Millionths(0), |sum, part| {
                sum.0
                    .checked_add(number(part)?.0)
                    .map(Millionths)
                    .ok_or_else(|| "adds up to more than can be stored".to_owned())
            }),
        }
    }
}
