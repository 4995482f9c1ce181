//! The posts of a user, newest first, page by page.

use std::{
    collections::HashSet,
    pin::pin,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use futures_util::TryStreamExt;

use super::{
    PLATFORM,
    api::Call,
    error::{is_partial, of_problems},
    fetch::Session,
    wire::{Listed, Post, Problem},
};
use crate::{
    error::Result,
    http::{Page, pages},
};

/// Posts on a page; the platform has this many at most.
const PAGE: u32 = 100;
/// An end must lie this long ago at least.
const JUST_NOW: TimeDelta = TimeDelta::seconds(15);

/// Which posts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question {
    /// For messages.
    pub(super) operation: &'static str,
    /// What to tell of each.
    pub(super) fields: &'static str,
    /// Published then or later; none: as far back as the platform reaches.
    pub(super) start: Option<DateTime<Utc>>,
    /// Published before; none: until now.
    pub(super) end: Option<DateTime<Utc>>,
    /// At most as many as the smallest page has: to see whether there are any.
    pub(super) only_look: bool,
}

/// Posts of the user's own.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    /// Newest first, each once. Posts of others that the user reposted are none.
    pub(super) posts: Vec<Post>,
    /// What the platform left out, and why.
    pub(super) problems: Vec<Problem>,
    /// Whether the list ended by itself, and not because its pages began to repeat.
    pub(super) ended: bool,
}

/// Every post that a question is about.
pub(super) async fn read(session: &Session, question: Question) -> Result<Timeline> {
    let seen: Mutex<HashSet<String>> = Mutex::default();
    // A page is new if any post on it is: cursors may repeat for ever.
    let is_new = |page: &Listed<Post>| {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = page.data.iter().filter(|post| seen.insert(post.id.clone()));
        fresh.count() > 0 || page.data.is_empty()
    };
    let mut timeline = Timeline {
        ended: true,
        ..Timeline::default()
    };
    let mut known = HashSet::new();
    let mut list = pin!(pages(PLATFORM, question.operation, async |cursor| {
        let mut page = page(session, question, cursor).await?;
        let next = page.meta.take().and_then(|meta| meta.next_token);
        let next = next.filter(|next| !next.is_empty() && !question.only_look);
        let goes_on = is_new(&page);
        Ok(Page {
            next: next.clone().filter(|_| goes_on),
            items: vec![(page, goes_on || next.is_none())],
        })
    }));
    while let Some(pages) = list.try_next().await? {
        for (page, ended) in pages {
            timeline.ended &= ended;
            timeline.problems.extend(page.errors);
            let own = page.data.into_iter().filter(|post| !post.is_repost());
            timeline
                .posts
                .extend(own.filter(|post| known.insert(post.identity().to_owned())));
        }
    }
    Ok(timeline)
}

async fn page(
    session: &Session,
    question: Question,
    cursor: Option<String>,
) -> Result<Listed<Post>> {
    // The platform refuses an end that is hardly past; nothing can lie behind it then.
    let end = question
        .end
        .filter(|end| *end < session.api.now() - JUST_NOW);
    let moment = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let size = if question.only_look { 5 } else { PAGE };
    let exclude = if session.config.replies {
        "retweets"
    } else {
        "retweets,replies"
    };
    let params = [
        Some(("max_results", size.to_string())),
        Some(("exclude", exclude.to_owned())),
        Some(("tweet.fields", question.fields.to_owned())),
        question.start.map(|at| ("start_time", moment(at))),
        end.map(|at| ("end_time", moment(at))),
        cursor.map(|cursor| ("pagination_token", cursor)),
    ];
    let call = Call {
        operation: question.operation,
        account: &session.user,
        path: &["users", &session.user, "tweets"],
        params: params.into_iter().flatten().collect(),
    };
    let page: Listed<Post> = session.api.get(&call, &session.tokens).await?;
    session.api.bill_posts(&session.user, &page.data);
    let serious: Vec<Problem> = page
        .errors
        .iter()
        .filter(|problem| !is_partial(problem) || (page.data.is_empty() && page.meta.is_none()))
        .cloned()
        .collect();
    match of_problems(question.operation, &serious) {
        Some(error) => Err(error),
        None => Ok(page),
    }
}

impl Post {
    /// What names it for good: the id of its first version.
    pub(super) fn identity(&self) -> &str {
        let old = self.edit_history_tweet_ids.first();
        let first = old.or_else(|| self.edit_history_post_ids.first());
        first.unwrap_or(&self.id)
    }

    /// Whether it repeats a post of somebody else, with that post's figures.
    pub(super) fn is_repost(&self) -> bool {
        self.refers("retweeted") || self.refers("reposted")
    }

    pub(super) fn refers(&self, how: &str) -> bool {
        let mut kinds = self.referenced_tweets.iter().chain(&self.referenced_posts);
        kinds.any(|one| one.kind.as_deref() == Some(how))
    }
}
