//! Requests and answers as the Instagram API spells them. A field without a value is left out.

use serde::Deserialize;

use crate::{http::Number, platforms::meta::GraphTime};

/// The profile as it is now.
#[derive(Debug, Deserialize)]
pub(super) struct Profile {
    #[serde(default)]
    pub(super) followers_count: Option<Number>,
}

pub(super) const PUBLICATION_FIELDS: &str = "id,timestamp";

/// Media with everything that is told of it.
#[derive(Debug, Deserialize)]
pub(super) struct Media {
    pub(super) id: String,
    pub(super) timestamp: GraphTime,
    #[serde(default)]
    pub(super) caption: Option<String>,
    /// `IMAGE`, `VIDEO` or `CAROUSEL_ALBUM`.
    #[serde(default)]
    pub(super) media_type: Option<String>,
    /// `FEED`, `REELS`, `STORY` or `AD`.
    #[serde(default)]
    pub(super) media_product_type: Option<String>,
    #[serde(default)]
    pub(super) permalink: Option<String>,
    /// Of a picture the picture itself; of a video the video.
    #[serde(default)]
    pub(super) media_url: Option<String>,
    #[serde(default)]
    pub(super) thumbnail_url: Option<String>,
}

pub(super) const MEDIA_FIELDS: &str =
    "id,timestamp,caption,media_type,media_product_type,permalink,media_url,thumbnail_url";
