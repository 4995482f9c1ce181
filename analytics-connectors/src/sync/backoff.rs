//! How long to wait: doubling, bounded, and spread so that many accounts do not come at once.
//! Everything is derived from ids, so a restart waits just as long.

use std::time::Duration;

use super::SyncSettings;

/// The wait after a failure that followed `attempts` earlier ones in a row, within a tenth of
/// 1, 2, 4 … 60 minutes by default.
#[must_use]
pub(super) fn wait(settings: &SyncSettings, attempts: u32, account: i64) -> Duration {
    let doubled = settings
        .first_backoff
        .saturating_mul(1_u32.checked_shl(attempts).unwrap_or(u32::MAX));
    let wait = doubled.min(settings.max_backoff);
    let tenth = wait / 10;
    let spread = scatter(account, u64::from(attempts) + 1, tenth.as_millis() * 2);
    wait - tenth + Duration::from_millis(spread)
}

/// Where in `span` this account's daily refresh falls.
#[must_use]
pub(super) fn jitter(span: Duration, account: i64) -> Duration {
    Duration::from_millis(scatter(account, 0, span.as_millis()))
}

/// An even number in `0..=limit`, always the same for the same account and salt (SplitMix64).
fn scatter(account: i64, salt: u64, limit: u128) -> u64 {
    let mut x = account
        .cast_unsigned()
        .wrapping_add(salt.wrapping_mul(0x9E37_79B9_7F4A_7C15))
        .wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^= x >> 31;
    let limit = u64::try_from(limit).unwrap_or(u64::MAX - 1);
    x % (limit + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_a_minute_to_an_hour() {
        let settings = SyncSettings::default();
        for (attempts, minutes) in [(0, 1), (1, 2), (2, 4), (5, 32), (6, 60), (40, 60)] {
            let around = Duration::from_secs(minutes * 60);
            for account in 1..50 {
                let wait = wait(&settings, attempts, account);
                assert!(
                    wait >= around * 9 / 10 && wait <= around * 11 / 10,
                    "{wait:?}"
                );
            }
        }
    }

    #[test]
    fn an_account_always_has_the_same_jitter_and_accounts_differ() {
        let span = Duration::from_secs(900);
        let all: std::collections::BTreeSet<Duration> =
            (1..100).map(|account| jitter(span, account)).collect();
        assert!(all.len() > 90);
        assert!(all.iter().all(|jitter| *jitter <= span));
        assert_eq!(jitter(span, 7), jitter(span, 7));
        assert_eq!(jitter(Duration::ZERO, 7), Duration::ZERO);
    }
}
