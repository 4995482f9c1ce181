//! Dimensions: what a report can be split and filtered by.

use crate::{
    error::{Error, Result},
    model::Level,
};

/// A dimension of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::analysis) enum Dimension {
    Platform,
    Family,
    Account,
    Currency,
    Campaign,
    AdGroup,
    Ad,
    Post,
}

impl Dimension {
    const ALL: [Self; 8] = [
        Self::Platform,
        Self::Family,
        Self::Account,
        Self::Currency,
        Self::Campaign,
        Self::AdGroup,
        Self::Ad,
        Self::Post,
    ];

    pub(in crate::analysis) fn as_str(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Family => "family",
            Self::Account => "account",
            Self::Currency => "currency",
            Self::Campaign => "campaign",
            Self::AdGroup => "ad_group",
            Self::Ad => "ad",
            Self::Post => "post",
        }
    }

    /// The dimension that `field` names.
    pub(in crate::analysis) fn parse(field: &str, name: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|dimension| dimension.as_str() == name)
            .ok_or_else(|| Error::unknown("dimension", field, name, Self::ALL.map(Self::as_str)))
    }

    /// The level of entities it names; none for properties of accounts.
    pub(in crate::analysis) fn level(self) -> Option<Level> {
        match self {
            Self::Campaign => Some(Level::Campaign),
            Self::AdGroup => Some(Level::AdGroup),
            Self::Ad => Some(Level::Ad),
            Self::Post => Some(Level::Post),
            Self::Platform | Self::Family | Self::Account | Self::Currency => None,
        }
    }
}
