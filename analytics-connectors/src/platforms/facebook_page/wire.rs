//! Requests and answers as the Pages API spells them. A field without a value is left out.

use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    http::Number,
    platforms::meta::{GraphTime, Insights},
};

/// A page, asked for its token.
#[derive(Debug, Deserialize)]
pub(super) struct PageToken {
    #[serde(default)]
    pub(super) access_token: Option<SecretString>,
}

pub(super) const PUBLICATION_FIELDS: &str = "id,created_time";

/// A post with everything that is told of it.
#[derive(Debug, Deserialize)]
pub(super) struct Post {
    pub(super) id: String,
    pub(super) created_time: GraphTime,
    #[serde(default)]
    pub(super) message: Option<String>,
    #[serde(default)]
    pub(super) permalink_url: Option<String>,
    #[serde(default)]
    pub(super) full_picture: Option<String>,
    #[serde(default)]
    pub(super) attachments: Option<Attachments>,
    /// Left out while nobody shared it.
    #[serde(default)]
    pub(super) shares: Option<Shares>,
    #[serde(default)]
    pub(super) reactions: Option<Counted>,
    #[serde(default)]
    pub(super) comments: Option<Counted>,
    #[serde(default)]
    pub(super) insights: Option<Insights>,
}

pub(super) const POST_FIELDS: &str = "id,created_time,message,permalink_url,full_picture,\
    attachments{media_type,type},shares,reactions.summary(total_count).limit(0),\
    comments.summary(total_count).limit(0)";

#[derive(Debug, Default, Deserialize)]
pub(super) struct Attachments {
    #[serde(default)]
    pub(super) data: Vec<Attachment>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Attachment {
    #[serde(default)]
    pub(super) media_type: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Shares {
    pub(super) count: Number,
}

#[derive(Debug, Deserialize)]
pub(super) struct Counted {
    pub(super) summary: Summary,
}

#[derive(Debug, Deserialize)]
pub(super) struct Summary {
    pub(super) total_count: Number,
}
