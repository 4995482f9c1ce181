//! How posts and users look: in the old names or the new ones, with the fields that were asked for.

use std::collections::BTreeSet;

use super::{gate, params::Params};
use crate::simulator::Inner;

/// The shape of an answer.
#[derive(Debug)]
pub(super) struct Shape<'a> {
    /// Whether posts have the new names.
    pub(super) new: bool,
    /// Whether posts lack their public figures, whatever was asked for.
    pub(super) bare: bool,
    pub(super) post: BTreeSet<&'a str>,
    pub(super) user: BTreeSet<&'a str>,
    pub(super) media: BTreeSet<&'a str>,
    pub(super) expansions: BTreeSet<&'a str>,
}

impl<'a> Shape<'a> {
    /// What was asked for, and what becomes of it.
    pub(super) fn of(sim: &Inner, params: &'a Params) -> Self {
        let mut post = params.names("tweet.fields");
        let new = params.get("post.fields").is_some();
        post.extend(params.names("post.fields"));
        let mut expansions = params.names("expansions");
        // Among the new names this is no field: it brings the user.
        if new && post.contains("author_id") {
            expansions.insert("author_id");
        }
        Self {
            new: new || gate::changed(sim, "dialect"),
            bare: false,
            post,
            user: params.names("user.fields"),
            media: params.names("media.fields"),
            expansions,
        }
    }

    /// The same of an answer with posts.
    pub(super) fn of_posts(sim: &Inner, params: &'a Params) -> Self {
        Self {
            bare: gate::changed(sim, "no-metrics"),
            ..Self::of(sim, params)
        }
    }

    /// One of two names of the same thing.
    pub(super) fn name(&self, old: &'static str, new: &'static str) -> &'static str {
        if self.new { new } else { old }
    }
}
