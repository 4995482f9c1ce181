//! What reading costs: X bills every post and every profile that it returns.

use analytics_core::model::Millionths;
use chrono::NaiveDate;

use super::Config;
use crate::pricing::Price;

/// Days of the month that an estimate is for.
const MONTH: i128 = 30;
/// Days between two readings of posts that are read once a week, and once every four weeks.
const WEEK: i128 = 7;
const FOUR_WEEKS: i128 = 28;

pub(super) fn post(config: &Config) -> Price {
    Price {
        kind: "post",
        each: config.post_price,
    }
}

pub(super) fn user(config: &Config) -> Price {
    Price {
        kind: "user",
        each: config.user_price,
    }
}

/// What a month of reading an account costs whose posts were published on these days: the profile
/// once a day, each post as often as its age wants.
pub(super) fn of_a_month(config: &Config, published: &[NaiveDate], today: NaiveDate) -> Millionths {
    let posts = |days: u32| {
        let of_age = published.iter().filter(|date| {
            let age = (today - **date).num_days();
            (0..=i64::from(days)).contains(&age)
        });
        i128::try_from(of_age.count()).unwrap_or(i128::MAX)
    };
    let daily = posts(config.daily_days);
    // What is read every day is not billed again by the weekly round of the same day.
    let weekly = posts(config.daily_days.max(config.weekly_days)) - daily;
    let most = config.daily_days.max(config.weekly_days);
    let monthly = posts(most.max(config.monthly_days)) - weekly - daily;
    let post = i128::from(config.post_price.0);
    let cost = i128::from(config.user_price.0) * MONTH
        + post * daily * MONTH
        + post * weekly * MONTH / WEEK
        + post * monthly * MONTH / FOUR_WEEKS;
    Millionths(i64::try_from(cost).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_counts_each_post_as_often_as_it_is_read() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 26).unwrap_or_default();
        let ago = |days| today - chrono::Duration::days(days);
        let config = Config::default();
        let none = of_a_month(&config, &[], today);
        assert_eq!(none, Millionths(300_000), "the profile, once a day");
        let cost = |days| of_a_month(&config, &[ago(days)], today).0 - none.0;
        assert_eq!(cost(3), 150_000);
        assert_eq!(cost(60), 5_000 * 30 / 7);
        assert_eq!(cost(200), 5_000 * 30 / 28);
        assert_eq!(cost(400), 0);
        // Two posts a day, as a small brand has.
        let many: Vec<_> = (0..30).flat_map(|days| [ago(days), ago(days)]).collect();
        assert_eq!(of_a_month(&config, &many, today), Millionths(9_300_000));
    }
}
