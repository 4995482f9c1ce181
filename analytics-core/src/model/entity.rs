//! What a row is about: accounts, campaigns, ad groups, ads, posts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AccountId, EntityId, PublicId};
use crate::error::{Error, Result};

/// Levels of entities, coarsest first within a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The account as a whole.
    Account,
    /// A campaign.
    Campaign,
    /// An ad group (Meta ad set, X line item).
    AdGroup,
    /// An ad.
    Ad,
    /// A post of a page or profile.
    Post,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 5] = [
        Self::Account,
        Self::Campaign,
        Self::AdGroup,
        Self::Ad,
        Self::Post,
    ];

    /// `account`, `campaign`, `ad_group`, `ad` or `post`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Campaign => "campaign",
            Self::AdGroup => "ad_group",
            Self::Ad => "ad",
            Self::Post => "post",
        }
    }

    /// The level with this name; `field` names where it came from in the error.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the nearest valid name.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|level| level.as_str() == text)
            .ok_or_else(|| Error::unknown("level", field, text, Self::ALL.map(Self::as_str)))
    }

    /// The level above: ad → ad group → campaign → account; post → account.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        match self {
            Self::Account => None,
            Self::Campaign | Self::Post => Some(Self::Account),
            Self::AdGroup => Some(Self::Campaign),
            Self::Ad => Some(Self::AdGroup),
        }
    }

    /// Steps below the account, 0 for the account itself.
    #[must_use]
    pub fn depth(self) -> u8 {
        match self {
            Self::Account => 0,
            Self::Campaign | Self::Post => 1,
            Self::AdGroup => 2,
            Self::Ad => 3,
        }
    }
}

/// What a post is, beside what every entity has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostDetails {
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// Its type in the platform's lower-cased words, for example `photo`, `reels`, `story`.
    pub kind: Option<String>,
    /// Its whole text.
    pub text: Option<String>,
    /// When the platform takes it down by itself, as it does with stories; none if it stays.
    pub ends_at: Option<DateTime<Utc>>,
}

/// An entity as a connector delivers it, by the platform's own ids. Attributes are as of now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityRecord {
    /// Level.
    pub level: Level,
    /// The platform's id.
    pub external_id: String,
    /// The platform's id of the entity one level above; none right below the account.
    pub parent_external_id: Option<String>,
    /// Name, if the platform gives one.
    pub name: Option<String>,
    /// Status in the platform's lower-cased words, for example `active`, `paused`, `deleted`.
    pub status: Option<String>,
    /// Where it can be seen on the platform.
    pub permalink: Option<String>,
    /// Small picture.
    pub thumbnail_url: Option<String>,
    /// Of posts only.
    pub post: Option<PostDetails>,
}

impl EntityRecord {
    /// An entity of which nothing but its identity is known.
    #[must_use]
    pub fn new(level: Level, external_id: impl Into<String>) -> Self {
        Self {
            level,
            external_id: external_id.into(),
            parent_external_id: None,
            name: None,
            status: None,
            permalink: None,
            thumbnail_url: None,
            post: None,
        }
    }
}

/// A stored entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Internal id.
    pub id: EntityId,
    /// Id outside, `ent_…`.
    pub public_id: PublicId,
    /// The account it belongs to.
    pub account: AccountId,
    /// Level.
    pub level: Level,
    /// The platform's id.
    pub external_id: String,
    /// The entity one level above; none for the account's own entity. Campaigns and posts have
    /// the account's entity as parent.
    pub parent: Option<EntityId>,
    /// Latest known name.
    pub name: Option<String>,
    /// Latest known status.
    pub status: Option<String>,
    /// Where it can be seen on the platform.
    pub permalink: Option<String>,
    /// Small picture.
    pub thumbnail_url: Option<String>,
    /// Of posts only.
    pub post: Option<PostDetails>,
}
