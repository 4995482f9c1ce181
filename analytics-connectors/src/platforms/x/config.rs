//! Settings of this platform.

use std::num::NonZeroU32;

use analytics_core::model::Millionths;
use url::Url;

use crate::{
    clock::SharedClock,
    config::{ConfigError, Env},
    http::{Throttle, ThrottleSettings},
};

const BASE_URL: &str = "https://api.x.com";
/// As far back as posts are looked at.
const MOST_DAYS: u32 = 365;

/// Settings of X. It holds no secret: the app's are the provider's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Base URL of the API, without version.
    pub base_url: Url,
    /// Posts of the last so many days are read every day; their texts are kept.
    pub daily_days: u32,
    /// Posts of the last so many days are read once a week.
    pub weekly_days: u32,
    /// Posts of the last so many days are read once every four weeks.
    pub monthly_days: u32,
    /// Whether replies are read and counted too. Without them the platform reaches back 800 posts
    /// instead of 3,200.
    pub replies: bool,
    /// US dollars for each post that is read.
    pub post_price: Millionths,
    /// US dollars for each profile that is read.
    pub user_price: Millionths,
    /// US dollars that reading may cost in a month; none: no cap.
    pub monthly_cap: Option<Millionths>,
    /// Requests a second and account.
    pub requests_per_second: NonZeroU32,
}

impl Default for Config {
    fn default() -> Self {
        #[expect(clippy::expect_used, reason = "a constant that a test parses")]
        let base_url = Url::parse(BASE_URL).expect("the base URL is one");
        Self {
            base_url,
            daily_days: 30,
            weekly_days: 90,
            monthly_days: 365,
            replies: true,
            post_price: Millionths(5_000),
            user_price: Millionths(10_000),
            monthly_cap: None,
            requests_per_second: NonZeroU32::MIN.saturating_add(9),
        }
    }
}

impl Config {
    /// From `ANALYTICS_X_…`: `BASE_URL`, `DAILY_DAYS`, `WEEKLY_DAYS`, `MONTHLY_DAYS`, `REPLIES`,
    /// `POST_PRICE_USD`, `USER_PRICE_USD`, `MONTHLY_CAP_USD`, `REQUESTS_PER_SECOND`.
    ///
    /// # Errors
    /// The first one that cannot be used, by name.
    pub fn from_env(env: Env<'_>) -> Result<Self, ConfigError> {
        let default = Self::default();
        let own = env.platform("X");
        let days = |what, least, otherwise| own.number(what, [least, MOST_DAYS], otherwise);
        Ok(Self {
            base_url: own.url("BASE_URL", default.base_url)?,
            // Yesterday's posts at least: otherwise no amount of a day would be known.
            daily_days: days("DAILY_DAYS", 1, default.daily_days)?,
            weekly_days: days("WEEKLY_DAYS", 0, default.weekly_days)?,
            monthly_days: days("MONTHLY_DAYS", 0, default.monthly_days)?,
            replies: env
                .number(&own.name("REPLIES"), 0_u8, 1)?
                .map_or(default.replies, |replies| replies == 1),
            post_price: own.amount("POST_PRICE_USD", default.post_price)?,
            user_price: own.amount("USER_PRICE_USD", default.user_price)?,
            monthly_cap: env.amount(&own.name("MONTHLY_CAP_USD"))?,
            requests_per_second: own.requests_per_second(default.requests_per_second)?,
        })
    }

    /// The pacing of this platform.
    pub(super) fn throttle(&self, clock: &SharedClock) -> Throttle {
        let settings = ThrottleSettings {
            per_second: self.requests_per_second,
            ..ThrottleSettings::default()
        };
        Throttle::new(settings, clock.clone())
    }
}
