//! Pages and profiles: what happened on each day, and what of it was known when. Their days are
//! those of the platform, wherever they are.

use std::sync::OnceLock;

use analytics_core::model::{DateRange, Platform};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{
    HORIZON_DAYS,
    ads::Business,
    dice::Dice,
    posts::{Post, Posts},
    reach::saturate,
    rhythm::{Market, Rhythm},
    settle::AsOf,
};

/// Where the days of Meta's media begin and end.
pub(crate) const PACIFIC: Tz = Tz::America__Los_Angeles;

/// Something counted per account and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum MediaMeasure {
    Views,
    ViewsFromAds,
    Like,
    Love,
    Wow,
    Haha,
    Sorry,
    Anger,
    Comments,
    Shares,
    Saves,
    Replies,
    Reposts,
    Clicks,
    ProfileViews,
    Follows,
    Unfollows,
    VideoViews,
    WatchMilliseconds,
    ContactClicks,
    LinkClicks,
    Engaged,
}

use MediaMeasure::{
    Anger, Clicks, Comments, ContactClicks, Engaged, Follows, Haha, Like, LinkClicks, Love,
    ProfileViews, Replies, Reposts, Saves, Shares, Sorry, Unfollows, VideoViews, Views,
    ViewsFromAds, WatchMilliseconds, Wow,
};

impl MediaMeasure {
    /// Reactions of every kind, with the vendor's names of them.
    pub(crate) const REACTIONS: [(Self, &'static str); 6] = [
        (Like, "like"),
        (Love, "love"),
        (Wow, "wow"),
        (Haha, "haha"),
        (Sorry, "sorry"),
        (Anger, "anger"),
    ];

    /// How many there are for each view.
    fn rate(self) -> f64 {
        match self {
            Views => 1.0,
            ViewsFromAds => 0.18,
            Like => 0.022,
            Love => 0.004,
            Wow => 0.0006,
            Haha => 0.0008,
            Sorry => 0.0002,
            Anger => 0.0001,
            Comments => 0.0022,
            Shares => 0.0018,
            Saves => 0.0031,
            Replies => 0.0004,
            Reposts => 0.0009,
            Clicks => 0.013,
            ProfileViews => 0.016,
            Follows => 0.0013,
            Unfollows => 0.0006,
            VideoViews => 0.21,
            WatchMilliseconds => 1_730.0,
            ContactClicks => 0.0007,
            LinkClicks => 0.0035,
            Engaged => 0.019,
        }
    }
}

/// A metric of an account: its exact value in whole units over some days (one, unless it counts
/// people), as known at a moment; none where the platform has none.
#[derive(Debug)]
pub(crate) struct MediaMetric {
    /// The normalized metric.
    pub(crate) id: &'static str,
    /// How it combines over days.
    pub(crate) kind: MediaKind,
    /// The value in thousandths of whole units: times are milliseconds.
    pub(crate) value: fn(&MediaAccount, DateRange, AsOf) -> Option<i64>,
}

/// How a metric of an account combines over days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaKind {
    Additive,
    Stock,
    /// With exact values of ranges of up to so many days, or of just these lengths.
    Unique {
        longest: i64,
        lengths: &'static [i64],
    },
}

/// A lifetime total of a post at the end of a day, in thousandths of whole units; none where the
/// platform has none for such a post.
#[derive(Debug)]
pub(crate) struct PostMetric {
    /// The metric it is the lifetime total of.
    pub(crate) id: &'static str,
    pub(crate) value: fn(&MediaAccount, &Post, NaiveDate) -> Option<i64>,
}

/// What a platform makes of the world.
#[derive(Debug)]
pub(crate) struct MediaRules {
    pub(crate) metrics: &'static [MediaMetric],
    pub(crate) posts: &'static [PostMetric],
    /// Whether a post is in lists for good.
    pub(crate) lasts: fn(&Post) -> bool,
}

/// A page or a profile.
#[derive(Debug)]
pub(crate) struct MediaAccount {
    pub(crate) platform: Platform,
    pub(crate) rules: &'static MediaRules,
    pub(crate) id: String,
    pub(crate) name: String,
    /// Of profiles only.
    pub(crate) username: Option<String>,
    /// The page itself, or the one the profile is connected to.
    pub(crate) page: String,
    pub(crate) business: Option<Business>,
    /// Whether the user may analyse it.
    pub(crate) readable: bool,
    /// Whether it is among the user's own, and not only in its portfolio.
    pub(crate) listed: bool,
    /// Where its days begin and end.
    pub(crate) zone: Tz,
    /// First day.
    pub(crate) created: NaiveDate,
    /// Since when it is a professional one; media from before have no figures.
    pub(crate) professional: NaiveDate,
    /// Followers on that day.
    pub(crate) followers: i64,
    /// People it could reach.
    pub(crate) pool: i64,
    /// Views on an ordinary day.
    pub(crate) base: f64,
    pub(crate) market: Market,
    pub(crate) rhythm: Rhythm,
    /// From this day on a view is counted anew: before it there were more.
    pub(crate) views_break: NaiveDate,
    /// The same of people reached.
    pub(crate) reach_break: Option<NaiveDate>,
    /// Thousandths of a day that are known so many days after it; all of them after the last.
    pub(crate) known: &'static [i64],
    /// What the platform has no figures of here.
    pub(crate) lacks: &'static [MediaMeasure],
    /// Oldest first.
    pub(crate) posts: Posts,
    pub(crate) dice: Dice,
    /// Followers by day since `created`.
    pub(crate) levels: OnceLock<Vec<i64>>,
}

impl MediaAccount {
    /// A moment as the account sees it.
    pub(crate) fn as_of(&self, moment: DateTime<Utc>) -> AsOf {
        AsOf::new(moment, self.zone)
    }

    /// Too few people follow it for figures about them.
    pub(crate) fn is_small(&self, as_of: AsOf) -> bool {
        self.followers_on(as_of.yesterday()) < 100
    }

    fn demand(&self, date: NaiveDate) -> f64 {
        let years = (date - self.created).num_days() as f64 / 365.0;
        let dice = self.of_day(date);
        self.rhythm.factor(date)
            * self.market.factor(date)
            * (1.0 + 0.12 * years)
            * dice.of("mood").between(0.82, 1.22)
    }

    fn of_day(&self, date: NaiveDate) -> Dice {
        self.dice.at(date.num_days_from_ce().unsigned_abs().into())
    }

    /// What happened on a day, once everything is known.
    pub(crate) fn settled(&self, measure: MediaMeasure, date: NaiveDate) -> i64 {
        if date < self.created {
            return 0;
        }
        let dice = self.of_day(date).at(1_000 + measure as u64);
        let mut expected = self.base * self.demand(date) * measure.rate();
        if matches!(measure, Views | ViewsFromAds) && date < self.views_break {
            expected *= 1.31;
        }
        let amount = dice.round(expected * dice.at(1).between(0.88, 1.13));
        match measure {
            ViewsFromAds => amount.min(self.settled(Views, date)),
            _ => amount,
        }
    }

    /// What is known of a day; none of a day that has not begun.
    pub(crate) fn observed(
        &self,
        measure: MediaMeasure,
        date: NaiveDate,
        as_of: AsOf,
    ) -> Option<i64> {
        let age = usize::try_from(as_of.age(date)).ok()?;
        let known = self.known.get(age).copied().unwrap_or(1_000);
        Some(self.settled(measure, date) * known / 1_000)
    }

    /// The same over several days.
    pub(crate) fn total(&self, measure: MediaMeasure, days: DateRange, as_of: AsOf) -> i64 {
        days.iter()
            .filter_map(|date| self.observed(measure, date, as_of))
            .sum()
    }

    /// People reached on these days together.
    pub(crate) fn reach(&self, days: DateRange, as_of: AsOf) -> i64 {
        let before = |date| self.reach_break.is_some_and(|at| date < at);
        let views: i64 = days
            .iter()
            .map(|date| {
                let views = self.observed(Views, date, as_of).unwrap_or(0);
                if before(date) { views * 5 / 4 } else { views }
            })
            .sum();
        saturate(self.pool, views)
    }

    /// People who did something on these days together.
    pub(crate) fn engaged(&self, days: DateRange, as_of: AsOf) -> i64 {
        saturate(self.pool / 8, self.total(Engaged, days, as_of))
    }

    /// Followers at the end of a day.
    pub(crate) fn followers_on(&self, date: NaiveDate) -> i64 {
        let levels = self.levels.get_or_init(|| {
            let mut level = self.followers;
            (0..super::HISTORY_DAYS + HORIZON_DAYS)
                .filter_map(|days| {
                    self.created
                        .checked_add_signed(chrono::Duration::days(days))
                })
                .map(|date| {
                    level += self.settled(Follows, date) - self.settled(Unfollows, date);
                    level = level.max(0);
                    level
                })
                .collect()
        });
        usize::try_from((date - self.created).num_days())
            .ok()
            .and_then(|at| levels.get(at).or(levels.last()))
            .copied()
            .unwrap_or(self.followers)
    }

    /// The posts that are there at a moment, newest first.
    pub(crate) fn published(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Post> {
        let today = self.as_of(now).today;
        let until = self.posts.partition_point(|post| post.published <= now);
        let posts = self.posts[..until].iter().rev();
        posts.filter(move |post| post.is_there(today))
    }

    /// The posts published on these days, oldest first.
    pub(crate) fn posts_of(&self, days: DateRange) -> impl Iterator<Item = &Post> {
        let first = self.posts.partition_point(|post| post.day() < days.start);
        let posts = self.posts[first..].iter();
        posts.take_while(move |post| post.day() <= days.end)
    }

    /// The post with this id.
    pub(crate) fn post(&self, id: &str) -> Option<&Post> {
        self.posts.iter().find(|post| post.id == id)
    }
}
