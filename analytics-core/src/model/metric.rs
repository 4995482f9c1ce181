//! Metrics: unit, kind, direction and words.

use serde::{Deserialize, Serialize};

use super::platform::open_name;

open_name!(
    /// A metric's id: `spend`, or `<platform>.<name>` for one that only a platform has.
    MetricId
);
use std::{fmt, sync::Arc};

/// What the id of a lifetime total ends in.
const LIFETIME: &str = "_lifetime";

impl MetricId {
    /// What ads cost.
    pub const SPEND: &str = "spend";
    /// The same with an agency's fee and tax; worked out when somebody asks, never stored.
    pub const BILLED_SPEND: &str = "billed_spend";

    /// The id of this metric's lifetime total, a stock of posts: `likes_lifetime`.
    #[must_use]
    pub fn lifetime(&self) -> Self {
        Self::from(format!("{self}{LIFETIME}"))
    }

    /// The metric this is the lifetime total of.
    #[must_use]
    pub fn of_lifetime(&self) -> Option<Self> {
        self.as_str().strip_suffix(LIFETIME).map(Self::from)
    }
}

/// A text in every language of the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// English.
    pub en: String,
    /// Japanese.
    pub ja: String,
}

impl Text {
    /// A text from its English and Japanese form.
    #[must_use]
    pub fn new(en: &str, ja: &str) -> Self {
        Self {
            en: en.to_owned(),
            ja: ja.to_owned(),
        }
    }
}

/// What a metric's whole units are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Pieces; may be fractional (attributed conversions).
    Count,
    /// The account's currency, in major units.
    Currency,
    /// A plain quotient; 0.031 is 3.1 %.
    Ratio,
    /// Seconds.
    Seconds,
}

/// Which direction is good news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Neither; never coloured.
    Neutral,
}

/// How a ratio is made from stored parts: numerator ÷ denominator × scale.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// The stored metric above the line.
    pub numerator: MetricId,
    /// The stored metric below the line: the first of these that the platform offers.
    pub denominators: Vec<MetricId>,
    /// Factor, for example 1000 for cost per mille.
    pub scale: i64,
}

/// How values of a metric combine over days and entities.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MetricKind {
    /// Daily amounts that add up.
    Additive,
    /// Never stored; made from sums of its parts when asked.
    Ratio(Ratio),
    /// A level at the day's end; the last known one counts, then sums over accounts.
    Stock,
    /// A daily de-duplicated count; never summed.
    Unique,
}

impl MetricKind {
    /// `additive`, `ratio`, `stock` or `unique`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Additive => "additive",
            Self::Ratio(_) => "ratio",
            Self::Stock => "stock",
            Self::Unique => "unique",
        }
    }
}

/// One row of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// Id.
    pub id: MetricId,
    /// Unit of its values.
    pub unit: Unit,
    /// How it combines.
    pub kind: MetricKind,
    /// Which direction is good.
    pub better: Direction,
    /// Short name for people.
    pub label: Text,
    /// One sentence that says what it counts.
    pub description: Text,
}
