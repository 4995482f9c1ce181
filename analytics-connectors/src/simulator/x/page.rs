//! Posts put together into an answer, with what was to be expanded and what could not be read.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{
    gate::Reply,
    render::{Shown, View, media_key},
    shape::Shape,
    users,
};

/// An answer in the making.
#[derive(Debug)]
pub(super) struct Page<'a> {
    shape: &'a Shape<'a>,
    now: DateTime<Utc>,
    data: Vec<Value>,
    errors: Vec<Value>,
    users: BTreeMap<String, Value>,
    media: Vec<Value>,
    posts: Vec<String>,
}

impl<'a> Page<'a> {
    pub(super) fn new(shape: &'a Shape<'a>, now: DateTime<Utc>) -> Self {
        Self {
            shape,
            now,
            data: Vec::new(),
            errors: Vec::new(),
            users: BTreeMap::new(),
            media: Vec::new(),
            posts: Vec::new(),
        }
    }

    /// Adds a post.
    pub(super) fn add(&mut self, view: View<'_>, shown: Shown<'_>) {
        let (body, errors) = view.render(shown, self.shape);
        self.data.push(body);
        self.errors.extend(errors);
        self.posts.push(shown.id().to_owned());
        let wants = |name| self.shape.expansions.contains(name);
        if wants("author_id") {
            let author = view.author;
            let user = users::render(author, view.number, self.shape, self.now);
            self.users.insert(author.id.clone(), user);
        }
        if let Some(key) = media_key(shown.post).filter(|_| wants("attachments.media_keys")) {
            let mut medium = json!({ "media_key": key, "type": "video" });
            if self.shape.media.contains("duration_ms") {
                medium["duration_ms"] = json!(shown.post.dice.of("length").days(6_000, 90_000));
            }
            self.media.push(medium);
        }
    }

    /// Adds what is wrong with a post that was asked for.
    pub(super) fn fail(&mut self, error: Value) {
        self.errors.push(error);
    }

    /// The answer. There is no list of nothing.
    pub(super) fn reply(self) -> Reply {
        let mut reply = Reply::from(json!({}));
        let mut put = |name: &str, list: Vec<Value>| {
            if !list.is_empty() {
                reply.body[name] = list.into();
            }
        };
        put("data", self.data);
        put("errors", self.errors);
        let mut includes = json!({});
        let (ids, users): (Vec<String>, Vec<Value>) = self.users.into_iter().unzip();
        for (name, list) in [("users", users), ("media", self.media)] {
            if !list.is_empty() {
                includes[name] = list.into();
                reply.body["includes"] = includes.clone();
            }
        }
        reply.returned.posts = self.posts;
        reply.returned.users = ids;
        reply
    }
}
