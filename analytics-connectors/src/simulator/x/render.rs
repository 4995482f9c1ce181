//! A post as the API shows it.

use chrono::{DateTime, Duration, NaiveDate, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::{blueprints, error, metrics::Figure, shape::Shape};
use crate::simulator::world::{
    media::MediaAccount,
    posts::{Post, PostKind, PostMeasure, Relation},
};

/// How long the author may read the private figures of a post.
const PRIVATE: Duration = Duration::days(30);
const PRIVATE_FIELDS: [&str; 2] = ["non_public_metrics", "organic_metrics"];

/// A moment as the API writes it.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A version of a post: the first, or the one it was edited into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) post: &'a Post,
    first: bool,
}

impl<'a> Shown<'a> {
    /// The version that timelines show at a moment.
    pub(super) fn newest(post: &'a Post, now: DateTime<Utc>) -> Self {
        let first = post.edit.as_ref().is_none_or(|edit| now < edit.at);
        Self { post, first }
    }

    /// The version that has this id at a moment.
    pub(super) fn named(post: &'a Post, id: &str, now: DateTime<Utc>) -> Option<Self> {
        let newest = Self::newest(post, now);
        let original = Self { post, first: true };
        [original, newest]
            .into_iter()
            .find(|shown| shown.id() == id)
    }

    pub(super) fn id(&self) -> &'a str {
        match &self.post.edit {
            Some(edit) if !self.first => &edit.id,
            _ => &self.post.id,
        }
    }

    /// When this version was made.
    pub(super) fn created(&self) -> DateTime<Utc> {
        match &self.post.edit {
            Some(edit) if !self.first => edit.at,
            _ => self.post.published,
        }
    }

    /// The ids of all versions so far, oldest first.
    fn history(&self, now: DateTime<Utc>) -> Vec<&'a str> {
        let mut ids = vec![self.post.id.as_str()];
        ids.extend(
            self.post
                .edit
                .iter()
                .filter(|edit| edit.at <= now)
                .map(|edit| edit.id.as_str()),
        );
        ids
    }
}

/// Who looks at whose posts, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) author: &'a MediaAccount,
    /// The author's number among the users.
    pub(super) number: usize,
    /// Whether the author looks.
    pub(super) own: bool,
    pub(super) now: DateTime<Utc>,
}

impl View<'_> {
    /// A post, and an error for each field that may not be read.
    pub(super) fn render(self, shown: Shown<'_>, shape: &Shape<'_>) -> (Value, Vec<Value>) {
        let post = shown.post;
        let mut body = json!({ "id": shown.id(), "text": post.text });
        let history = shape.name("edit_history_tweet_ids", "edit_history_post_ids");
        body[history] = json!(shown.history(self.now));
        let mut errors = Vec::new();
        for field in &shape.post {
            if PRIVATE_FIELDS.contains(field) && !self.may_read_private(post) {
                errors.push(not_authorized(shown.id(), field));
            } else if let Some(value) = self.field(shown, shape, field) {
                body[*field] = value;
            }
        }
        (body, errors)
    }

    fn may_read_private(self, post: &Post) -> bool {
        self.own && !post.is_repost() && self.now - post.published <= PRIVATE
    }

    fn field(self, shown: Shown<'_>, shape: &Shape<'_>, field: &str) -> Option<Value> {
        let post = shown.post;
        let yesterday = self.author.as_of(self.now).yesterday();
        Some(match field {
            "created_at" => json!(moment(shown.created())),
            "author_id" => json!(self.author.id),
            "lang" => json!(blueprints::language(self.number)),
            "conversation_id" => match &post.relation {
                Relation::Reply { post, .. } => json!(post),
                _ => json!(post.id),
            },
            "in_reply_to_user_id" => match &post.relation {
                Relation::Reply { user, .. } => json!(user),
                _ => return None,
            },
            "referenced_tweets" if !shape.new => references(&post.relation)?,
            "referenced_posts" if shape.new => references(&post.relation)?,
            "attachments" => json!({ "media_keys": [media_key(post)?] }),
            "entities" => {
                let mut words = post.text.as_deref()?.split_whitespace();
                let short = words.find(|word| word.starts_with("https://t.co/"));
                json!({ "urls": [{ "url": short, "expanded_url": post.link.as_ref()? }] })
            }
            "public_metrics" if !shape.bare => public(post, shape, yesterday),
            "non_public_metrics" => non_public(post, yesterday),
            "organic_metrics" => organic(post, shape, yesterday),
            _ => return None,
        })
    }
}

fn references(relation: &Relation) -> Option<Value> {
    let (kind, id) = match relation {
        Relation::Own => return None,
        Relation::Reply { post, .. } => ("replied_to", post),
        Relation::Repost { post } => ("retweeted", post),
    };
    Some(json!([{ "type": kind, "id": id }]))
}

/// The key of what a post shows.
pub(super) fn media_key(post: &Post) -> Option<String> {
    (post.kind == PostKind::Video).then(|| format!("13_{}", post.id))
}

fn not_authorized(id: &str, field: &str) -> Value {
    json!({
        "resource_id": id, "resource_type": "tweet", "parameter": field, "field": field,
        "section": "data", "title": "Field Authorization Error",
        "detail": format!("Sorry, you are not authorized to access '{field}' on the Tweet with ids : [{id}]."),
        "type": error::kind("not-authorized-for-field"),
    })
}

fn public(post: &Post, shape: &Shape<'_>, date: NaiveDate) -> Value {
    let count = |measure| {
        let value = post.counter(measure, date);
        // Whose post was repeated has many readers.
        if post.is_repost() {
            40_000 + value * 3_000
        } else {
            value
        }
    };
    let mut metrics = json!({
        "reply_count": count(PostMeasure::Replies),
        "like_count": count(PostMeasure::Likes),
        "quote_count": count(PostMeasure::Quotes),
        "bookmark_count": count(PostMeasure::Saves),
        "impression_count": count(PostMeasure::Views),
    });
    metrics[shape.name("retweet_count", "repost_count")] = json!(count(PostMeasure::Reposts));
    metrics
}

fn non_public(post: &Post, date: NaiveDate) -> Value {
    let figure = |figure: Figure| figure.of(post, date);
    let mut metrics = json!({
        "impression_count": figure(Figure::Public(PostMeasure::Views)),
        "engagements": figure(Figure::Engagements),
        "user_profile_clicks": figure(Figure::ProfileClicks),
    });
    if let Some(clicks) = figure(Figure::LinkClicks) {
        metrics["url_link_clicks"] = json!(clicks);
    }
    metrics
}

fn organic(post: &Post, shape: &Shape<'_>, date: NaiveDate) -> Value {
    let figure = |figure: Figure| figure.of(post, date);
    let of = |measure| figure(Figure::Organic(measure));
    let mut metrics = json!({
        "impression_count": of(PostMeasure::Views),
        "like_count": of(PostMeasure::Likes),
        "reply_count": of(PostMeasure::Replies),
        "user_profile_clicks": figure(Figure::OrganicProfileClicks),
    });
    metrics[shape.name("retweet_count", "repost_count")] = json!(of(PostMeasure::Reposts));
    if let Some(clicks) = figure(Figure::OrganicLinkClicks) {
        metrics["url_link_clicks"] = json!(clicks);
    }
    metrics
}
