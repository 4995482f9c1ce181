//! The operations that Google allows the operator's Cloud project in a day.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::America::Los_Angeles;

use super::config::AccessLevel;

/// Days of quotas begin at midnight there.
const ZONE: chrono_tz::Tz = Los_Angeles;

/// What this process has used of a day; other processes of the same project are not known.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    allowed: Option<u32>,
    used: Arc<Mutex<(NaiveDate, u32)>>,
}

impl Budget {
    pub(super) fn of(level: AccessLevel) -> Self {
        Self {
            allowed: level.daily_operations(),
            used: Arc::new(Mutex::new((NaiveDate::MIN, 0))),
        }
    }

    /// Takes an operation.
    ///
    /// # Errors
    /// Until when there is none.
    pub(super) fn take(&self, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        let Some(allowed) = self.allowed else {
            return Ok(());
        };
        let today = now.with_timezone(&ZONE).date_naive();
        // Nothing panics while the lock is held.
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.0 != today {
            *used = (today, 0);
        }
        if used.1 >= allowed {
            return Err(next_day(now));
        }
        used.1 += 1;
        Ok(())
    }
}

/// When the next day of quotas begins.
pub(super) fn next_day(now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.with_timezone(&ZONE).date_naive();
    let next = today.succ_opt().unwrap_or(today).and_time(NaiveTime::MIN);
    // Clocks change at two there: every midnight happens once.
    ZONE.from_local_datetime(&next)
        .earliest()
        .map_or(now, |midnight| midnight.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_so_many_operations_and_the_next_one_has_them_again() {
        let budget = Budget::of(AccessLevel::Explorer);
        let now = DateTime::<Utc>::UNIX_EPOCH + chrono::TimeDelta::days(20_000);
        for _ in 0..2_880 {
            assert_eq!(budget.take(now), Ok(()));
        }
        let until = budget.take(now);
        let Err(until) = until else {
            panic!("the budget is used up: {until:?}");
        };
        assert!(now < until && until <= now + chrono::TimeDelta::hours(24));
        assert_eq!(budget.take(until), Ok(()));
    }

    #[test]
    fn standard_access_has_no_limit() {
        let budget = Budget::of(AccessLevel::Standard);
        for _ in 0..20_000 {
            assert_eq!(budget.take(DateTime::<Utc>::UNIX_EPOCH), Ok(()));
        }
    }
}
