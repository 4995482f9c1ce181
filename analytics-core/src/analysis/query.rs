//! What can be asked: the request of a report, with the names of its JSON form.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::{
    error::{Error, Result},
    model::{DateRange, WeekStart},
};

/// A request for a report. Only `metrics` and `range` are required; see the crate's semantics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Accounts by outside id; none: every account of the workspace that is not archived.
    #[serde(default)]
    pub accounts: Option<Vec<String>>,
    /// Metric ids, in the order wanted.
    pub metrics: Vec<String>,
    /// Preset name or explicit range.
    pub range: RangeSpec,
    /// Bucket size of the series; none: totals only.
    #[serde(default)]
    pub grain: Option<Grain>,
    /// Comparison; none: no previous side.
    #[serde(default)]
    pub compare: Option<CompareSpec>,
    /// `equal_age`; not supported yet.
    #[serde(default)]
    pub compare_at: Option<String>,
    /// Dimensions to split by.
    #[serde(default)]
    pub group_by: Vec<String>,
    /// Filters, all of which must hold.
    #[serde(default)]
    pub filters: Vec<Filter>,
    /// Level of the facts; none: the deepest dimension grouped or filtered by.
    #[serde(default)]
    pub level: Option<String>,
    /// First day of a week; none: the workspace's.
    #[serde(default)]
    pub week_start: Option<WeekStart>,
    /// First month of the fiscal year, 1 to 12; none: the workspace's.
    #[serde(default)]
    pub fiscal_year_start: Option<u32>,
    /// Target currency; not supported yet.
    #[serde(default)]
    pub currency: Option<String>,
    /// Moment of knowledge; not supported yet.
    #[serde(default)]
    pub as_of: Option<String>,
    /// The workspace's day; none: worked out by the caller.
    #[serde(default)]
    pub today: Option<NaiveDate>,
    /// Last complete day; none: worked out from coverage.
    #[serde(default)]
    pub complete_through: Option<NaiveDate>,
    /// Metric id or dimension to order groups by; a leading `-` for descending.
    #[serde(default)]
    pub order_by: Option<String>,
    /// At most this many groups.
    #[serde(default)]
    pub limit: Option<u32>,
    /// Skip this many groups.
    #[serde(default)]
    pub offset: Option<u32>,
    /// `decimal`: values are exact decimal text instead of JSON numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<String>,
}

impl Query {
    /// A query of `metrics` over `range` with every other field at its default.
    #[must_use]
    pub fn new(metrics: &[&str], range: RangeSpec) -> Self {
        Self {
            accounts: None,
            metrics: metrics.iter().map(|id| (*id).to_owned()).collect(),
            range,
            grain: None,
            compare: None,
            compare_at: None,
            group_by: Vec::new(),
            filters: Vec::new(),
            level: None,
            week_start: None,
            fiscal_year_start: None,
            currency: None,
            as_of: None,
            today: None,
            complete_through: None,
            order_by: None,
            limit: None,
            offset: None,
            numbers: None,
        }
    }
}

/// Size of the buckets of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// Calendar days.
    Day,
    /// Weeks from the week start.
    Week,
    /// Calendar months.
    Month,
    /// Quarters of the fiscal year.
    Quarter,
    /// Fiscal years.
    Year,
}

impl Grain {
    /// Every grain.
    pub const ALL: [Self; 5] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
    ];

    /// `day`, `week`, `month`, `quarter` or `year`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The grain with this name.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the nearest name.
    pub fn parse(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|grain| grain.as_str() == text)
            .ok_or_else(|| Error::unknown("grain", "grain", text, Self::ALL.map(Self::as_str)))
    }
}

/// A range: a preset by name, or two days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RangeSpec {
    /// For example `last_30_days`; checked when it is resolved.
    Preset(String),
    /// As given.
    Custom(DateRange),
}

/// A comparison: a mode by name, or two days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompareSpec {
    /// For example `previous_period`; checked when it is resolved.
    Mode(String),
    /// As given, never cut.
    Custom(DateRange),
}

/// One condition on the rows or groups of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Dimension it looks at. Exactly one of `dimension` and `metric` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimension: Option<String>,
    /// Metric it looks at; not supported yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// `in` or `not in`.
    pub op: String,
    /// The values of `in` and `not in`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// The value of a metric filter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
}

fn name_or_range<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<std::result::Result<String, DateRange>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(name) => Ok(Ok(name)),
        object @ Value::Object(_) => serde_json::from_value(object)
            .map(Err)
            .map_err(serde::de::Error::custom),
        _ => Err(serde::de::Error::custom(
            "expected a name or {\"start\": …, \"end\": …}",
        )),
    }
}

macro_rules! name_or_range_serde {
    ($type:ident, $named:ident) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(
                &self,
                serializer: S,
            ) -> std::result::Result<S::Ok, S::Error> {
                match self {
                    Self::$named(name) => serializer.serialize_str(name),
                    Self::Custom(range) => range.serialize(serializer),
                }
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(
                deserializer: D,
            ) -> std::result::Result<Self, D::Error> {
                name_or_range(deserializer).map(|parsed| match parsed {
                    Ok(name) => Self::$named(name),
                    Err(range) => Self::Custom(range),
                })
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    Self::$named(name) => f.write_str(name),
                    Self::Custom(range) => range.fmt(f),
                }
            }
        }
    };
}

name_or_range_serde!(RangeSpec, Preset);
name_or_range_serde!(CompareSpec, Mode);
