//! Answers as the API writes them, in the old names, the new ones, or both. Unknown fields are
//! ignored.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::http::Number;

/// One thing, or why it is not there.
#[derive(Debug, Deserialize)]
pub(super) struct Single<T> {
    pub(super) data: Option<T>,
    #[serde(default)]
    pub(super) errors: Vec<Problem>,
}

/// A page of a list. Without anything in it there is no `data`.
#[derive(Debug, Deserialize)]
pub(super) struct Listed<T> {
    #[serde(default = "Vec::new")]
    pub(super) data: Vec<T>,
    #[serde(default)]
    pub(super) errors: Vec<Problem>,
    pub(super) meta: Option<Meta>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Meta {
    pub(super) next_token: Option<String>,
}

/// What is missing from an answer and why; also a whole refusal.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Problem {
    pub(super) title: Option<String>,
    pub(super) detail: Option<String>,
    /// An address; what follows `/problems/` is the stable name.
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) reason: Option<String>,
    /// Of a quota that is used up: `Daily` or `Monthly`.
    pub(super) period: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) username: Option<String>,
    pub(super) name: Option<String>,
    pub(super) profile_image_url: Option<String>,
    pub(super) public_metrics: Option<UserMetrics>,
}

#[derive(Debug, Deserialize)]
pub(super) struct UserMetrics {
    pub(super) followers_count: Option<Number>,
    pub(super) following_count: Option<Number>,
    pub(super) listed_count: Option<Number>,
    pub(super) tweet_count: Option<Number>,
    pub(super) post_count: Option<Number>,
}

pub(super) const USER_FIELDS: &str =
    "public_metrics,created_at,username,name,profile_image_url,verified,protected";

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Post {
    pub(super) id: String,
    pub(super) text: Option<String>,
    pub(super) created_at: Option<DateTime<Utc>>,
    /// Oldest first; an edit makes a new id.
    #[serde(default)]
    pub(super) edit_history_tweet_ids: Vec<String>,
    #[serde(default)]
    pub(super) edit_history_post_ids: Vec<String>,
    pub(super) in_reply_to_user_id: Option<String>,
    #[serde(default)]
    pub(super) referenced_tweets: Vec<Reference>,
    #[serde(default)]
    pub(super) referenced_posts: Vec<Reference>,
    pub(super) attachments: Option<Attachments>,
    pub(super) public_metrics: Option<PublicMetrics>,
    pub(super) non_public_metrics: Option<PrivateMetrics>,
    pub(super) organic_metrics: Option<OrganicMetrics>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Reference {
    /// `retweeted`, `quoted` or `replied_to`; by the new names `reposted`.
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Attachments {
    #[serde(default)]
    pub(super) media_keys: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct PublicMetrics {
    pub(super) impression_count: Option<Number>,
    pub(super) like_count: Option<Number>,
    pub(super) reply_count: Option<Number>,
    pub(super) retweet_count: Option<Number>,
    pub(super) repost_count: Option<Number>,
    pub(super) quote_count: Option<Number>,
    pub(super) bookmark_count: Option<Number>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct PrivateMetrics {
    pub(super) engagements: Option<Number>,
    /// Only of posts with a link.
    pub(super) url_link_clicks: Option<Number>,
    pub(super) user_profile_clicks: Option<Number>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct OrganicMetrics {
    pub(super) impression_count: Option<Number>,
    pub(super) like_count: Option<Number>,
    pub(super) reply_count: Option<Number>,
    pub(super) retweet_count: Option<Number>,
    pub(super) repost_count: Option<Number>,
}

/// Whatever is only counted.
pub(super) const COUNTED_FIELDS: &str = "created_at,referenced_tweets";
/// What everybody sees of a post.
pub(super) const POST_FIELDS: &str = "created_at,public_metrics,conversation_id,\
    in_reply_to_user_id,referenced_tweets,edit_history_tweet_ids,attachments";
/// What its author alone sees, for a month.
pub(super) const PRIVATE_FIELDS: &str =
    "created_at,edit_history_tweet_ids,referenced_tweets,non_public_metrics,organic_metrics";
