//! What can be asked, by method and address.

use axum::http::Method;

use super::{entity::Entity, error::ApiError};

/// A resource of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route<'a> {
    Accounts,
    Account(&'a str),
    /// A list of things of an account.
    List(&'a str, Entity),
    Tweets(&'a str),
    Access(&'a str),
    Stats(&'a str),
    ActiveEntities(&'a str),
    Reach(&'a str),
    Jobs(&'a str),
    Job(&'a str, &'a str),
}

impl<'a> Route<'a> {
    pub(super) fn named(path: &'a str) -> Result<Self, ApiError> {
        let parts: Vec<&str> = path.split('/').collect();
        Ok(match parts[..] {
            ["accounts"] => Self::Accounts,
            ["accounts", id] => Self::Account(id),
            ["accounts", id, "tweets"] => Self::Tweets(id),
            ["accounts", id, "authenticated_user_access"] => Self::Access(id),
            ["accounts", id, list] => {
                let entity = Entity::listed(list).ok_or_else(ApiError::no_route)?;
                Self::List(id, entity)
            }
            ["stats", "accounts", id] => Self::Stats(id),
            ["stats", "accounts", id, "active_entities"] => Self::ActiveEntities(id),
            ["stats", "accounts", id, "reach", "campaigns"] => Self::Reach(id),
            ["stats", "jobs", "accounts", id] => Self::Jobs(id),
            ["stats", "jobs", "accounts", id, job] => Self::Job(id, job),
            _ => return Err(ApiError::no_route()),
        })
    }

    /// Its address without ids.
    pub(super) fn name(self) -> String {
        let rest = match self {
            Self::Accounts => "accounts".to_owned(),
            Self::Account(_) => "accounts/{id}".to_owned(),
            Self::List(_, entity) => format!("accounts/{{id}}/{}", entity.list()),
            Self::Tweets(_) => "accounts/{id}/tweets".to_owned(),
            Self::Access(_) => "accounts/{id}/authenticated_user_access".to_owned(),
            Self::Stats(_) => "stats/accounts/{id}".to_owned(),
            Self::ActiveEntities(_) => "stats/accounts/{id}/active_entities".to_owned(),
            Self::Reach(_) => "stats/accounts/{id}/reach/campaigns".to_owned(),
            Self::Jobs(_) => "stats/jobs/accounts/{id}".to_owned(),
            Self::Job(..) => "stats/jobs/accounts/{id}/{job}".to_owned(),
        };
        format!("/x_ads/{{version}}/{rest}")
    }

    /// The account that is asked.
    pub(super) fn account(self) -> Option<&'a str> {
        match self {
            Self::Accounts => None,
            Self::Account(id)
            | Self::List(id, _)
            | Self::Tweets(id)
            | Self::Access(id)
            | Self::Stats(id)
            | Self::ActiveEntities(id)
            | Self::Reach(id)
            | Self::Jobs(id)
            | Self::Job(id, _) => Some(id),
        }
    }

    pub(super) fn takes(self, method: &Method) -> Result<(), ApiError> {
        let known = match self {
            Self::Jobs(_) => method == Method::GET || method == Method::POST,
            Self::Job(..) => method == Method::DELETE,
            _ => method == Method::GET,
        };
        if known {
            return Ok(());
        }
        let message = format!("{method} is not allowed here");
        Err(ApiError::new(405, "METHOD_NOT_ALLOWED", message))
    }

    /// The parameters it knows.
    pub(super) fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Accounts => &[
                "account_ids",
                "count",
                "cursor",
                "with_deleted",
                "sort_by",
                "with_total_count",
            ],
            Self::Account(_) => &["with_deleted"],
            Self::Access(_) | Self::Job(..) => &[],
            Self::List(_, entity) => entity.list_parameters(),
            Self::Tweets(_) => &[
                "tweet_ids",
                "tweet_type",
                "timeline_type",
                "trim_user",
                "count",
                "cursor",
            ],
            Self::Stats(_) => &[
                "entity",
                "entity_ids",
                "start_time",
                "end_time",
                "granularity",
                "metric_groups",
                "placement",
            ],
            Self::ActiveEntities(_) => &[
                "entity",
                "start_time",
                "end_time",
                "funding_instrument_ids",
                "campaign_ids",
                "line_item_ids",
            ],
            Self::Reach(_) => &["campaign_ids", "start_time", "end_time"],
            // Of an order, and of a poll.
            Self::Jobs(_) => &[
                "entity",
                "entity_ids",
                "start_time",
                "end_time",
                "granularity",
                "metric_groups",
                "placement",
                "segmentation_type",
                "country",
                "platform",
                "job_ids",
                "count",
                "cursor",
            ],
        }
    }
}
