//! The simulated users of X.

use std::sync::OnceLock;

use analytics_core::model::Platform;
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use super::{PLATFORM, ZONE, dress, ids, metrics::RULES};
use crate::simulator::{
    meta::advertiser::market,
    world::{
        Dice, Language, Rhythm,
        media::MediaAccount,
        posts::{PostKind, PostPlan, Posts, posts},
        start_day,
    },
};

/// Days for which counters move. What is younger than this tells its private figures, too.
const MOVES_FOR: i64 = 28;

/// What is fixed about a user before the dice are rolled.
struct Row {
    name: &'static str,
    username: &'static str,
    language: Language,
    zone: Tz,
    followers: i64,
    following: i64,
    /// Posts a day, others' included.
    per_day: f64,
    /// Views of an ordinary post.
    views: f64,
    mix: dress::Mix,
    protected: bool,
}

const ORDINARY: dress::Mix = dress::Mix {
    reposts: 0.14,
    replies: 0.12,
};
/// A help desk: it answers.
const DESK: dress::Mix = dress::Mix {
    reposts: 0.03,
    replies: 0.86,
};

#[rustfmt::skip]
const ROWS: [Row; 6] = [
    Row { name: "みどり珈琲", username: "midori_coffee", language: Language::Japanese, zone: Tz::Asia__Tokyo, followers: 15_230, following: 310, per_day: 0.96, views: 3_100.0, mix: ORDINARY, protected: false },
    Row { name: "Northwind Outdoor", username: "northwind_out", language: Language::English, zone: Tz::America__New_York, followers: 4_105, following: 122, per_day: 0.5, views: 800.0, mix: ORDINARY, protected: false },
    Row { name: "さくら不動産 社内", username: "sakura_internal", language: Language::Japanese, zone: Tz::Asia__Tokyo, followers: 61, following: 58, per_day: 0.3, views: 40.0, mix: ORDINARY, protected: true },
    Row { name: "Lumen Skincare Help", username: "lumen_help", language: Language::English, zone: Tz::Europe__London, followers: 38_200, following: 1_904, per_day: 14.0, views: 260.0, mix: DESK, protected: false },
    Row { name: "海風トラベル", username: "umikaze_travel", language: Language::Japanese, zone: Tz::Asia__Tokyo, followers: 2_310, following: 640, per_day: 1.6, views: 520.0, mix: ORDINARY, protected: false },
    Row { name: "Harbour Café & Co.", username: "harbour_cafe", language: Language::English, zone: Tz::Australia__Sydney, followers: 940, following: 75, per_day: 0.7, views: 210.0, mix: ORDINARY, protected: false },
];

fn row(number: usize) -> &'static Row {
    &ROWS[number % ROWS.len()]
}

/// Whether only followers see the posts of the user with this number.
pub(super) fn is_protected(number: usize) -> bool {
    row(number).protected
}

/// How many accounts a user follows.
pub(super) fn following(user: &MediaAccount) -> i64 {
    let name = user.username.as_deref().unwrap_or_default();
    let mut rows = ROWS.iter();
    rows.find(|row| name.starts_with(row.username))
        .map_or(0, |row| row.following)
}

/// How many lists a user is on at the end of a day.
pub(super) fn listed(user: &MediaAccount, date: NaiveDate) -> i64 {
    user.followers_on(date) / 200
}

/// What language the user with this number posts in.
pub(super) fn language(number: usize) -> &'static str {
    match row(number).language {
        Language::Japanese => "ja",
        Language::English => "en",
        Language::German => "de",
    }
}

/// Makes `count` users.
pub(crate) fn accounts(seed: u64, count: usize) -> Vec<MediaAccount> {
    (0..count).map(|number| account(seed, number)).collect()
}

fn account(seed: u64, number: usize) -> MediaAccount {
    let row = row(number);
    let dice = Dice::new(seed).of(PLATFORM).at(number as u64);
    let created = start_day(dice);
    let id = ids::snowflake(joined(dice, number), dice).to_string();
    let plan = PostPlan {
        per_day: row.per_day,
        views: row.views,
        kinds: &[
            PostKind::Status,
            PostKind::Status,
            PostKind::Status,
            PostKind::Video,
        ],
        language: row.language,
        zone: row.zone,
        counted_in: ZONE,
        moves_for: Some(MOVES_FOR),
    };
    let (name, username) = match number / ROWS.len() {
        0 => (row.name.to_owned(), row.username.to_owned()),
        round => (
            format!("{} {}", row.name, round + 1),
            format!("{}_{}", row.username, round + 1),
        ),
    };
    MediaAccount {
        platform: Platform::from(PLATFORM),
        rules: &RULES,
        name,
        username: Some(username),
        page: id.clone(),
        business: None,
        readable: true,
        listed: true,
        zone: ZONE,
        created,
        professional: created,
        followers: row.followers,
        pool: row.followers * 9,
        base: row.views * row.per_day,
        market: market(row.language),
        rhythm: Rhythm::Even,
        views_break: created,
        reach_break: None,
        known: &[],
        lacks: &[],
        posts: Posts::new(Box::new({
            let id = id.clone();
            move || {
                let plain = posts(plan, created, dice.of("posts"), |_| String::new());
                dress::all(plain, &id, row.mix)
            }
        })),
        dice: dice.of("days"),
        levels: OnceLock::new(),
        id,
    }
}

/// When a user came to X: some time before the first day that is told of it.
fn joined(dice: Dice, number: usize) -> DateTime<Utc> {
    let days = 400 + dice.of("joined").below(600);
    let date = start_day(dice).checked_sub_days(Days::new(days));
    let noon = date.unwrap_or_default().and_time(NaiveTime::MIN).and_utc() + Duration::hours(12);
    // No two users came in the same second.
    noon + Duration::seconds(i64::try_from(number).unwrap_or(0))
}
