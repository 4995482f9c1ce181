//! The kinds of things an account has.

use analytics_core::model::Level;

use super::{error::ApiError, ids};
use crate::simulator::world::{AsOf, ads::AdAccount};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entity {
    Account,
    FundingInstrument,
    Campaign,
    LineItem,
    PromotedTweet,
}

impl Entity {
    const ALL: [Self; 5] = [
        Self::Account,
        Self::FundingInstrument,
        Self::Campaign,
        Self::LineItem,
        Self::PromotedTweet,
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entity| entity.name() == name)
    }

    /// The one with such a list.
    pub(super) fn listed(list: &str) -> Option<Self> {
        let below = Self::ALL.into_iter().skip(1);
        below.into_iter().find(|entity| entity.list() == list)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Account => "ACCOUNT",
            Self::FundingInstrument => "FUNDING_INSTRUMENT",
            Self::Campaign => "CAMPAIGN",
            Self::LineItem => "LINE_ITEM",
            Self::PromotedTweet => "PROMOTED_TWEET",
        }
    }

    /// Its list, as addresses call it.
    pub(super) fn list(self) -> &'static str {
        match self {
            Self::Account => "accounts",
            Self::FundingInstrument => "funding_instruments",
            Self::Campaign => "campaigns",
            Self::LineItem => "line_items",
            Self::PromotedTweet => "promoted_tweets",
        }
    }

    /// The parameter that names some of them.
    pub(super) fn ids(self) -> &'static str {
        match self {
            Self::Account => "account_ids",
            Self::FundingInstrument => "funding_instrument_ids",
            Self::Campaign => "campaign_ids",
            Self::LineItem => "line_item_ids",
            Self::PromotedTweet => "promoted_tweet_ids",
        }
    }

    #[rustfmt::skip]
    pub(super) fn list_parameters(self) -> &'static [&'static str] {
        match self {
            Self::Account | Self::FundingInstrument => &[
                "funding_instrument_ids", "count", "cursor", "with_deleted", "sort_by", "with_total_count",
            ],
            Self::Campaign => &[
                "campaign_ids", "funding_instrument_ids",
                "count", "cursor", "with_deleted", "with_draft", "sort_by", "with_total_count",
            ],
            Self::LineItem => &[
                "line_item_ids", "campaign_ids", "funding_instrument_ids",
                "count", "cursor", "with_deleted", "with_draft", "sort_by", "with_total_count",
            ],
            Self::PromotedTweet => &[
                "promoted_tweet_ids", "line_item_ids",
                "count", "cursor", "with_deleted", "sort_by", "with_total_count",
            ],
        }
    }

    pub(super) fn level(self) -> Level {
        match self {
            Self::Account | Self::FundingInstrument => Level::Account,
            Self::Campaign => Level::Campaign,
            Self::LineItem => Level::AdGroup,
            Self::PromotedTweet => Level::Ad,
        }
    }

    /// The index of the one with this id, if there is such a one by now.
    pub(super) fn find(
        self,
        account: &AdAccount,
        id: &str,
        as_of: AsOf,
    ) -> Result<usize, ApiError> {
        let found = match self {
            Self::Account => (id == account.id).then_some(0),
            Self::FundingInstrument => (id == funding_instrument(account)).then_some(0),
            Self::Campaign | Self::LineItem | Self::PromotedTweet => ids::read(id)
                .and_then(|number| account.find(number))
                .filter(|(level, index)| {
                    *level == self.level() && account.started(*level, *index) <= as_of.today
                })
                .map(|(_, index)| index),
        };
        found.ok_or_else(|| {
            let (code, what) = match self {
                Self::Account | Self::FundingInstrument => ("NOT_FOUND", "Resource"),
                Self::Campaign => ("CAMPAIGN_NOT_FOUND", "Campaign"),
                Self::LineItem => ("LINE_ITEM_NOT_FOUND", "Line item"),
                Self::PromotedTweet => ("PROMOTED_TWEET_NOT_FOUND", "Promoted tweet"),
            };
            let message = format!("{what} {id} was not found");
            ApiError::new(404, code, message).about("entity_ids", id)
        })
    }
}

/// The one that pays for all of an account.
pub(super) fn funding_instrument(account: &AdAccount) -> String {
    let number = ids::read(&account.id).unwrap_or_default();
    ids::spell(40_000_000 + number % 17_000_000)
}
