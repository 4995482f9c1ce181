//! Posts and what they count. A counter moves once a day, when the platform's day ends, and that of a
//! story every minute; now and then one falls, when what nobody meant is taken away again.

use std::sync::LazyLock;

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::{HISTORY_DAYS, HORIZON_DAYS, dice::Dice, names::Language};

/// Stories are gone after this long.
pub(crate) const STORY_LIFE: Duration = Duration::hours(24);

/// What a post is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PostKind {
    Status,
    Photo,
    Album,
    Video,
    Reels,
    Story,
}

/// Something counted of a post, over its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum PostMeasure {
    Views,
    Reach,
    Likes,
    Comments,
    Shares,
    Saves,
    Reposts,
    Replies,
    Clicks,
    LinkClicks,
    ProfileVisits,
    Follows,
    VideoViews,
    WatchMilliseconds,
    Quotes,
}

impl PostMeasure {
    fn rate(self) -> f64 {
        match self {
            Self::Views => 1.0,
            Self::Reach => 0.71,
            Self::Likes => 0.034,
            Self::Comments => 0.0031,
            Self::Shares => 0.0027,
            Self::Saves => 0.0044,
            Self::Reposts => 0.0012,
            Self::Replies => 0.0021,
            Self::Clicks => 0.017,
            Self::LinkClicks => 0.0052,
            Self::ProfileVisits => 0.011,
            Self::Follows => 0.0014,
            Self::VideoViews => 0.46,
            Self::WatchMilliseconds => 4_100.0,
            Self::Quotes => 0.0007,
        }
    }

    /// Whether people can take it back.
    fn can_fall(self) -> bool {
        matches!(self, Self::Likes | Self::Comments | Self::Reposts)
    }
}

/// How a post stands to those of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Relation {
    Own,
    /// An answer to a post of somebody.
    Reply {
        post: String,
        user: String,
    },
    /// Somebody's post, shown again: its figures are theirs.
    Repost {
        post: String,
    },
}

/// A correction: the post has another id from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) at: DateTime<Utc>,
    pub(crate) id: String,
}

/// A post.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    /// Its first id.
    pub(crate) id: String,
    pub(crate) published: DateTime<Utc>,
    pub(crate) kind: PostKind,
    pub(crate) text: Option<String>,
    pub(crate) relation: Relation,
    /// Where a link in it leads to.
    pub(crate) link: Option<String>,
    pub(crate) edit: Option<Edit>,
    /// The first day on which its author has taken it away.
    pub(crate) gone: Option<NaiveDate>,
    /// Views in the end.
    views: f64,
    /// Days for which its counters move; none: always.
    moves_for: Option<i64>,
    /// Whose days count.
    zone: Tz,
    pub(crate) dice: Dice,
}

impl Post {
    /// The day of its publication.
    pub(crate) fn day(&self) -> NaiveDate {
        self.published.with_timezone(&self.zone).date_naive()
    }

    /// Whether it is there on a day, once published.
    pub(crate) fn is_there(&self, date: NaiveDate) -> bool {
        self.gone.is_none_or(|gone| date < gone)
    }

    /// Whether it is somebody else's.
    pub(crate) fn is_repost(&self) -> bool {
        matches!(self.relation, Relation::Repost { .. })
    }

    /// Whether it is one that plays.
    pub(crate) fn is_video(&self) -> bool {
        matches!(self.kind, PostKind::Video | PostKind::Reels)
    }

    /// A counter at the end of a day.
    pub(crate) fn counter(&self, measure: PostMeasure, date: NaiveDate) -> i64 {
        let age = (date - self.day()).num_days();
        if age < 0 {
            return 0;
        }
        if self.kind == PostKind::Story {
            return self.of_story(measure, end_of(self.zone, date));
        }
        let age = self.moves_for.map_or(age, |days| age.min(days - 1));
        let (dice, total) = self.in_the_end(measure);
        let risen = total * (age + 1) * 10 / ((age + 1) * 10 + 14);
        if !measure.can_fall() {
            return risen;
        }
        let taken_away: i64 = (1..=age.min(400).unsigned_abs())
            .filter(|day| dice.at(10 + day).chance(0.04))
            .map(|day| dice.at(500 + day).days(1, 3))
            .sum();
        (risen - taken_away).max(0)
    }

    /// What the platform tells at some moment, when `yesterday` is the last day that has ended.
    pub(crate) fn told(
        &self,
        measure: PostMeasure,
        now: DateTime<Utc>,
        yesterday: NaiveDate,
    ) -> i64 {
        match self.kind {
            PostKind::Story => self.of_story(measure, now),
            _ => self.counter(measure, yesterday),
        }
    }

    /// A story collects evenly as long as it lives.
    fn of_story(&self, measure: PostMeasure, at: DateTime<Utc>) -> i64 {
        let (_, total) = self.in_the_end(measure);
        let life = STORY_LIFE.num_minutes();
        total * (at - self.published).num_minutes().clamp(0, life) / life
    }

    /// What a counter tends to.
    fn in_the_end(&self, measure: PostMeasure) -> (Dice, i64) {
        let dice = self.dice.at(2_000 + measure as u64);
        let total = dice.round(self.views * measure.rate() * dice.at(1).between(0.8, 1.25));
        (dice, total)
    }
}

/// When a day is over.
fn end_of(zone: Tz, date: NaiveDate) -> DateTime<Utc> {
    let next = date.checked_add_days(Days::new(1)).unwrap_or(date);
    let midnight = zone.from_local_datetime(&next.and_time(NaiveTime::MIN));
    // Midnights happen once where days count: clocks change at two, or never.
    midnight.earliest().map_or_else(
        || next.and_time(NaiveTime::MIN).and_utc(),
        |midnight| midnight.with_timezone(&Utc),
    )
}

/// Posts that are made when somebody asks for them: there may be tens of thousands.
pub(crate) type Posts = LazyLock<Vec<Post>, Box<dyn FnOnce() -> Vec<Post> + Send>>;

/// What posts are made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PostPlan {
    /// Posts a day, on average.
    pub(crate) per_day: f64,
    /// Views of an ordinary one.
    pub(crate) views: f64,
    pub(crate) kinds: &'static [PostKind],
    pub(crate) language: Language,
    /// Where whoever posts lives.
    pub(crate) zone: Tz,
    /// Whose days count.
    pub(crate) counted_in: Tz,
    /// Days for which counters move; none: always.
    pub(crate) moves_for: Option<i64>,
}

/// Posts from `created` on, oldest first; `name` gives each its id.
pub(crate) fn posts(
    plan: PostPlan,
    created: NaiveDate,
    dice: Dice,
    name: impl Fn(u64) -> String,
) -> Vec<Post> {
    let mut posts = Vec::new();
    for number in 0..(HISTORY_DAYS + HORIZON_DAYS).unsigned_abs() {
        let Some(date) = created.checked_add_days(Days::new(number)) else {
            break;
        };
        let of_day = dice.at(number);
        let count = of_day.round(plan.per_day);
        for nth in 0..count.unsigned_abs() {
            let one = of_day.of("post").at(nth);
            let minute = one.of("time").days(7 * 60, 22 * 60 + 59);
            let Some(published) = moment(plan.zone, date, minute) else {
                continue;
            };
            let kind = *one.of("kind").pick(plan.kinds);
            let texts = plan.language.posts();
            let silent = kind == PostKind::Story || one.of("silent").chance(0.04);
            posts.push(Post {
                id: name(number * 10 + nth),
                published,
                kind,
                text: (!silent || kind == PostKind::Status)
                    .then(|| (*one.of("text").pick(texts)).to_owned()),
                relation: Relation::Own,
                link: None,
                edit: None,
                gone: None,
                views: plan.views * one.of("views").between(0.25, 2.4),
                moves_for: plan.moves_for,
                zone: plan.counted_in,
                dice: one,
            });
        }
    }
    posts.sort_by_key(|post| post.published);
    posts
}

fn moment(zone: Tz, date: NaiveDate, minute: i64) -> Option<DateTime<Utc>> {
    let seconds = u32::try_from(minute * 60).ok()?;
    let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0)?;
    let local = zone.from_local_datetime(&date.and_time(time)).earliest()?;
    Some(local.with_timezone(&Utc))
}
