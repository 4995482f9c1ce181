//! What X counts of a post, and what it amounts to in normalized metrics.

use analytics_core::model::DateRange;
use chrono::NaiveDate;

use super::blueprints;
use crate::simulator::world::{
    AsOf,
    media::{MediaAccount, MediaKind, MediaMetric, MediaRules, PostMetric},
    posts::{Post, PostMeasure},
};

/// Days after its publication on which a post's private figures are still stored: X tells them for
/// thirty days of 24 hours, of which a day that ends at midnight may lack one.
const PRIVATE_DAYS: i64 = 28;

/// Something that X tells of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    Public(PostMeasure),
    /// What everybody did, and clicks that lead nowhere.
    Engagements,
    LinkClicks,
    ProfileClicks,
    /// The part of a measure that was not paid for.
    Organic(PostMeasure),
    OrganicLinkClicks,
    OrganicProfileClicks,
}

/// What was done with a post, by everybody.
const DONE: [PostMeasure; 7] = [
    PostMeasure::Likes,
    PostMeasure::Replies,
    PostMeasure::Reposts,
    PostMeasure::Quotes,
    PostMeasure::Saves,
    PostMeasure::Clicks,
    PostMeasure::ProfileVisits,
];

impl Figure {
    /// Its counter at the end of a day; none where a post has no such figure.
    pub(super) fn of(self, post: &Post, date: NaiveDate) -> Option<i64> {
        let counter = |measure| post.counter(measure, date);
        let organic = |value: i64| value * post.dice.of("organic").days(620, 1_000) / 1_000;
        let clicks = || {
            post.link
                .is_some()
                .then(|| counter(PostMeasure::LinkClicks))
        };
        Some(match self {
            Self::Public(measure) => counter(measure),
            Self::Engagements => {
                DONE.map(counter).iter().sum::<i64>() + clicks().unwrap_or_default()
            }
            Self::LinkClicks => clicks()?,
            Self::ProfileClicks => counter(PostMeasure::ProfileVisits),
            Self::Organic(measure) => organic(counter(measure)),
            Self::OrganicLinkClicks => organic(clicks()?),
            Self::OrganicProfileClicks => organic(counter(PostMeasure::ProfileVisits)),
        })
    }

    fn is_private(self) -> bool {
        !matches!(self, Self::Public(_))
    }

    /// The counter as the truth has it: none once the post is gone, or too old to be asked about.
    fn told(self, post: &Post, date: NaiveDate) -> Option<i64> {
        let age = (date - post.day()).num_days();
        let there = post.is_there(date.succ_opt()?);
        if age < 0 || !there || (self.is_private() && age > PRIVATE_DAYS) {
            return None;
        }
        self.of(post, date)
    }

    /// What a post gained on a day.
    fn gained(self, post: &Post, date: NaiveDate) -> Option<i64> {
        let total = self.told(post, date)?;
        let before = date.pred_opt().and_then(|before| self.told(post, before));
        Some(total - before.unwrap_or(0))
    }

    /// What all posts of a user gained on some days that are over.
    fn gained_by(self, account: &MediaAccount, days: DateRange, as_of: AsOf) -> Option<i64> {
        let mut total = None;
        for date in days.iter().filter(|date| *date < as_of.today) {
            // Older ones no longer move.
            let first = date - chrono::Duration::days(PRIVATE_DAYS);
            let Ok(published) = DateRange::new(first, date) else {
                continue;
            };
            let posts = account.posts_of(published).filter(|post| !post.is_repost());
            for gained in posts.filter_map(|post| self.gained(post, date)) {
                *total.get_or_insert(0) += gained;
            }
        }
        total
    }
}

macro_rules! stock {
    ($id:literal, $level:expr) => {
        MediaMetric {
            id: $id,
            kind: MediaKind::Stock,
            value: |account, days, as_of| {
                let level: fn(&MediaAccount, NaiveDate) -> i64 = $level;
                (days.end < as_of.today).then(|| level(account, days.end) * 1000)
            },
        }
    };
}

macro_rules! figures {
    ($($id:literal => $figure:expr),+ $(,)?) => {
        &[
            $(MediaMetric {
                id: $id,
                kind: MediaKind::Additive,
                value: |account, days, as_of| {
                    Some($figure.gained_by(account, days, as_of)? * 1000)
                },
            },)+
            stock!("followers", |account, date| account.followers_on(date)),
            stock!("x.following", |account, _| blueprints::following(account)),
            stock!("x.listed", blueprints::listed),
            MediaMetric {
                id: "posts",
                kind: MediaKind::Additive,
                value: published,
            },
        ]
    };
}

macro_rules! of_post {
    ($($id:literal => $figure:expr),+ $(,)?) => {
        &[$(PostMetric {
            id: $id,
            value: |_, post, date| Some($figure.told(post, date)? * 1000),
        }),+]
    };
}

macro_rules! table {
    ($make:ident) => {
        $make! {
            "impressions" => Figure::Public(PostMeasure::Views),
            "likes" => Figure::Public(PostMeasure::Likes),
            "replies" => Figure::Public(PostMeasure::Replies),
            "reposts" => Figure::Public(PostMeasure::Reposts),
            "x.quotes" => Figure::Public(PostMeasure::Quotes),
            "saves" => Figure::Public(PostMeasure::Saves),
            "engagements" => Figure::Engagements,
            "link_clicks" => Figure::LinkClicks,
            "x.profile_clicks" => Figure::ProfileClicks,
            "x.impressions_organic" => Figure::Organic(PostMeasure::Views),
            "x.likes_organic" => Figure::Organic(PostMeasure::Likes),
            "x.replies_organic" => Figure::Organic(PostMeasure::Replies),
            "x.reposts_organic" => Figure::Organic(PostMeasure::Reposts),
        }
    };
}

/// What the platform's answers amount to in normalized metrics.
pub(super) static RULES: MediaRules = MediaRules {
    metrics: table!(figures),
    posts: table!(of_post),
    // What is repeated is somebody else's.
    lasts: |post| !post.is_repost(),
};

/// Posts of some days that are over which are still there.
fn published(account: &MediaAccount, days: DateRange, as_of: AsOf) -> Option<i64> {
    let there =
        |post: &&Post| post.day() < as_of.today && post.is_there(as_of.today) && !post.is_repost();
    let posts = account.posts_of(days).filter(there).count();
    i64::try_from(posts).ok().map(|count| count * 1000)
}
