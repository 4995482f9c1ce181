//! Platforms that charge for reading: what was read, and what it cost.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use analytics_core::model::{Charge, Millionths};
use chrono::NaiveDate;

/// What the operator pays for reading a platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pricing {
    /// US dollars that reading may cost in a calendar month in UTC, over all accounts: then the
    /// platform is paused until the next one. None: no cap.
    pub monthly_cap: Option<Millionths>,
}

/// A kind of thing that is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// What it is, for example `post`.
    pub kind: &'static str,
    /// US dollars for each.
    pub each: Millionths,
}

/// Counts what was read, account by account, until somebody stores it. What is read twice on a day
/// in UTC is billed once.
#[derive(Debug, Clone, Default)]
pub struct ReadLedger(Arc<Mutex<HashMap<String, Reads>>>);

#[derive(Debug, Default)]
struct Reads {
    day: Option<NaiveDate>,
    /// What was read on that day.
    seen: HashSet<(&'static str, String)>,
    charges: Vec<Charge>,
}

impl ReadLedger {
    /// Counts things that an answer held.
    pub fn count<'a>(
        &self,
        account: &str,
        day: NaiveDate,
        price: Price,
        ids: impl IntoIterator<Item = &'a str>,
    ) {
        let mut accounts = self.accounts();
        let reads = accounts.entry(account.to_owned()).or_default();
        if reads.day != Some(day) {
            reads.day = Some(day);
            reads.seen.clear();
        }
        let fresh = ids
            .into_iter()
            .filter(|id| reads.seen.insert((price.kind, (*id).to_owned())))
            .count();
        let count = u64::try_from(fresh).unwrap_or(u64::MAX);
        let cost = price
            .each
            .0
            .saturating_mul(i64::try_from(count).unwrap_or(i64::MAX));
        if count == 0 {
            return;
        }
        let known = reads
            .charges
            .iter_mut()
            .find(|charge| charge.day == day && charge.kind == price.kind);
        match known {
            Some(charge) => {
                charge.count = charge.count.saturating_add(count);
                charge.amount = Millionths(charge.amount.0.saturating_add(cost));
            }
            None => reads.charges.push(Charge {
                day,
                kind: price.kind.to_owned(),
                count,
                amount: Millionths(cost),
            }),
        }
    }

    /// What was read of an account since this was last asked.
    #[must_use]
    pub fn take(&self, account: &str) -> Vec<Charge> {
        self.accounts()
            .get_mut(account)
            .map(|reads| std::mem::take(&mut reads.charges))
            .unwrap_or_default()
    }

    /// Puts back what could not be stored.
    pub fn put_back(&self, account: &str, charges: Vec<Charge>) {
        let mut accounts = self.accounts();
        let reads = accounts.entry(account.to_owned()).or_default();
        reads.charges.extend(charges);
    }

    fn accounts(&self) -> MutexGuard<'_, HashMap<String, Reads>> {
        // Nothing panics while the lock is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POST: Price = Price {
        kind: "post",
        each: Millionths(5_000),
    };
    const USER: Price = Price {
        kind: "user",
        each: Millionths(10_000),
    };

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, number).unwrap_or_default()
    }

    fn told(ledger: &ReadLedger, account: &str) -> Vec<(NaiveDate, String, u64, i64)> {
        let charges = ledger.take(account).into_iter();
        charges
            .map(|charge| (charge.day, charge.kind, charge.count, charge.amount.0))
            .collect()
    }

    #[test]
    fn what_is_read_twice_on_a_day_is_billed_once() {
        let ledger = ReadLedger::default();
        ledger.count("a", day(1), POST, ["1", "2"]);
        ledger.count("a", day(1), POST, ["2", "3"]);
        ledger.count("a", day(1), USER, ["1"]);
        ledger.count("b", day(1), POST, ["1"]);
        assert_eq!(
            told(&ledger, "a"),
            [
                (day(1), "post".to_owned(), 3, 15_000),
                (day(1), "user".to_owned(), 1, 10_000),
            ]
        );
        // What was stored already is not billed again on the same day, but on the next.
        ledger.count("a", day(1), POST, ["1"]);
        assert_eq!(told(&ledger, "a"), []);
        ledger.count("a", day(2), POST, ["1"]);
        assert_eq!(told(&ledger, "a"), [(day(2), "post".to_owned(), 1, 5_000)]);
        assert_eq!(told(&ledger, "b").len(), 1);
    }

    #[test]
    fn what_could_not_be_stored_is_told_again() {
        let ledger = ReadLedger::default();
        ledger.count("a", day(1), POST, ["1"]);
        let charges = ledger.take("a");
        ledger.put_back("a", charges);
        assert_eq!(told(&ledger, "a").len(), 1);
    }
}
