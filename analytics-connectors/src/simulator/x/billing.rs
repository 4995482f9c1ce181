//! What the app's owner pays for: posts and users that were returned, each once a day (UTC).

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, NaiveDate, Utc};

/// Reads that were billed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Billed {
    /// Posts, each once a UTC day.
    pub posts: u64,
    /// Users, each once a UTC day.
    pub users: u64,
}

/// What one answer returned.
#[derive(Debug, Default)]
pub(super) struct Returned {
    pub(super) posts: Vec<String>,
    pub(super) users: Vec<String>,
}

#[derive(Debug, Default)]
struct Reads {
    posts: BTreeSet<(NaiveDate, String)>,
    users: BTreeSet<(NaiveDate, String)>,
}

/// The bill, by the user whose token was used.
#[derive(Debug, Default)]
pub(super) struct Billing(Mutex<HashMap<String, Reads>>);

impl Billing {
    /// Notes what was returned.
    pub(super) fn note(&self, user: &str, returned: Returned, now: DateTime<Utc>) {
        let today = now.date_naive();
        // Nothing panics while the lock is held.
        let mut bills = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let reads = bills.entry(user.to_owned()).or_default();
        let dated = |id| (today, id);
        reads.posts.extend(returned.posts.into_iter().map(dated));
        reads.users.extend(returned.users.into_iter().map(dated));
    }

    /// What a user's token has cost so far.
    pub(super) fn of(&self, user: &str) -> Billed {
        let bills = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bills
            .get(user)
            .map_or_else(Billed::default, |reads| Billed {
                posts: reads.posts.len() as u64,
                users: reads.users.len() as u64,
            })
    }
}
