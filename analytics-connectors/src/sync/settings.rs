//! How far back, how often and how patiently accounts are synchronized.

use std::{fmt::Display, str::FromStr, time::Duration};

use analytics_core::{Error, Result};

use super::windows::WindowSpec;

/// The longest that a lease may last without being renewed.
const LONGEST_LEASE: Duration = Duration::from_secs(1_800);

/// Settings of synchronization; the defaults are what the platforms recommend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncSettings {
    /// Days of history at account level and right below it (campaigns, posts). The default is 25
    /// months, so that a whole last year can be compared.
    pub upper_history_days: u32,
    /// Days of history below (ad groups, ads).
    pub lower_history_days: u32,
    /// Ranges whose exact unique counts are fetched at account level, each with the period before it.
    pub account_windows: Vec<WindowSpec>,
    /// The same at campaign level, where one call answers for every campaign.
    pub campaign_windows: Vec<WindowSpec>,
    /// Whole calendar months before this one whose exact unique counts are fetched at account level.
    pub window_months: u32,
    /// The same of whole weeks, as the workspace counts them.
    pub window_weeks: u32,
    /// How long a lease lasts unless renewed, in the database's time; it is renewed three times as
    /// often. After a crash the account waits for at most this long.
    pub lease_ttl: Duration,
    /// Wait after the first failed attempt; doubles with each further one.
    pub first_backoff: Duration,
    /// Longest wait after failed attempts.
    pub max_backoff: Duration,
    /// Shortest pause of a platform whose app or quota fails the operator.
    pub unavailable_pause: Duration,
    /// Accounts whose day becomes ready at the same moment are spread over this long.
    pub refresh_jitter: Duration,
}

impl Default for SyncSettings {
    fn default() -> Self {
        Self {
            upper_history_days: 762,
            lower_history_days: 365,
            account_windows: vec![
                WindowSpec::CompleteDays(7),
                WindowSpec::CompleteDays(28),
                WindowSpec::CompleteDays(30),
                WindowSpec::LastDays(7),
                WindowSpec::LastDays(28),
                WindowSpec::LastDays(30),
                WindowSpec::LastDays(90),
                WindowSpec::ThisMonth,
                WindowSpec::LastMonth,
            ],
            campaign_windows: vec![WindowSpec::LastDays(30)],
            window_months: 13,
            window_weeks: 13,
            lease_ttl: Duration::from_secs(60),
            first_backoff: Duration::from_secs(60),
            max_backoff: Duration::from_secs(3600),
            unavailable_pause: Duration::from_secs(600),
            refresh_jitter: Duration::from_secs(900),
        }
    }
}

impl SyncSettings {
    /// The defaults, changed by the variables that `lookup` knows:
    /// `ANALYTICS_SYNC_UPPER_HISTORY_DAYS`, `ANALYTICS_SYNC_LOWER_HISTORY_DAYS`,
    /// `ANALYTICS_SYNC_WINDOW_MONTHS`, `ANALYTICS_SYNC_WINDOW_WEEKS`, and in seconds `ANALYTICS_SYNC_LEASE_SECONDS`,
    /// `ANALYTICS_SYNC_JITTER_SECONDS`, `ANALYTICS_SYNC_FIRST_BACKOFF_SECONDS`,
    /// `ANALYTICS_SYNC_MAX_BACKOFF_SECONDS` and `ANALYTICS_SYNC_PAUSE_SECONDS`.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the variable whose value is no number.
    pub fn from_env(lookup: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let mut settings = Self::default();
        set(
            &lookup,
            "ANALYTICS_SYNC_UPPER_HISTORY_DAYS",
            &mut settings.upper_history_days,
        )?;
        set(
            &lookup,
            "ANALYTICS_SYNC_LOWER_HISTORY_DAYS",
            &mut settings.lower_history_days,
        )?;
        set(
            &lookup,
            "ANALYTICS_SYNC_WINDOW_MONTHS",
            &mut settings.window_months,
        )?;
        set(
            &lookup,
            "ANALYTICS_SYNC_WINDOW_WEEKS",
            &mut settings.window_weeks,
        )?;
        for (name, value, least) in [
            ("ANALYTICS_SYNC_LEASE_SECONDS", &mut settings.lease_ttl, 1),
            (
                "ANALYTICS_SYNC_JITTER_SECONDS",
                &mut settings.refresh_jitter,
                0,
            ),
            (
                "ANALYTICS_SYNC_FIRST_BACKOFF_SECONDS",
                &mut settings.first_backoff,
                1,
            ),
            (
                "ANALYTICS_SYNC_MAX_BACKOFF_SECONDS",
                &mut settings.max_backoff,
                1,
            ),
            (
                "ANALYTICS_SYNC_PAUSE_SECONDS",
                &mut settings.unavailable_pause,
                1,
            ),
        ] {
            let mut seconds = value.as_secs();
            set(&lookup, name, &mut seconds)?;
            *value = Duration::from_secs(seconds.max(least));
        }
        // The store takes a longer one for a lease of before the clock was set back.
        settings.lease_ttl = settings.lease_ttl.min(LONGEST_LEASE);
        Ok(settings)
    }
}

fn set<T>(lookup: impl Fn(&str) -> Option<String>, name: &str, value: &mut T) -> Result<()>
where
    T: FromStr<Err: Display>,
{
    if let Some(text) = lookup(name) {
        *value = text.trim().parse().map_err(|error| {
            Error::invalid(name, &text, format!("expected a whole number: {error}"))
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_is_no_number_is_named() {
        let error = SyncSettings::from_env(|name| {
            (name == "ANALYTICS_SYNC_LOWER_HISTORY_DAYS").then(|| "a year".to_owned())
        })
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default();
        assert!(
            error.contains("ANALYTICS_SYNC_LOWER_HISTORY_DAYS"),
            "{error}"
        );
    }

    #[test]
    fn history_is_twenty_five_months_above_and_a_year_below() {
        let settings = SyncSettings::default();
        assert_eq!(settings.upper_history_days, 762);
        assert_eq!(settings.lower_history_days, 365);
    }
}
