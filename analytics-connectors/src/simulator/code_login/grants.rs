//! Consents whose refresh tokens work once: each user has one, and the tokens that came of it live
//! and die together.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The tokens of one consent.
#[derive(Debug, Default)]
struct Family {
    access: HashSet<String>,
    refresh: Option<String>,
    /// Refresh tokens that have been used.
    used: HashSet<String>,
}

impl Family {
    fn take(&mut self, access: &str, refresh: Option<&str>) {
        self.access.insert(access.to_owned());
        self.refresh = refresh.map(str::to_owned);
    }
}

/// The consents of an app, by user; none: it has ended. Of a user who is not in it no token was
/// issued by this process, so that one of an earlier process is good.
#[derive(Debug, Default)]
pub(crate) struct Grants(Mutex<HashMap<u64, Option<Family>>>);

impl Grants {
    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Option<Family>>> {
        // Nothing panics while the lock is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new consent, which ends the user's older one.
    pub(crate) fn begin(&self, user: u64, access: &str, refresh: Option<&str>) {
        let mut family = Family::default();
        family.take(access, refresh);
        self.lock().insert(user, Some(family));
    }

    /// Whether an access token belongs to the user's consent.
    pub(crate) fn holds(&self, user: u64, access: &str) -> bool {
        match self.lock().get(&user) {
            Some(Some(family)) => family.access.contains(access),
            Some(None) => false,
            None => true,
        }
    }

    /// Replaces a refresh token, if it is the one that is due. One that has been used before ends
    /// the whole consent: somebody has stolen it.
    pub(crate) fn rotate(&self, user: u64, old: &str, access: &str, refresh: &str) -> bool {
        let mut grants = self.lock();
        let family = grants.entry(user).or_insert_with(|| {
            Some(Family {
                refresh: Some(old.to_owned()),
                ..Family::default()
            })
        });
        let Some(known) = family else { return false };
        if known.refresh.as_deref() == Some(old) {
            known.used.insert(old.to_owned());
            known.take(access, Some(refresh));
            return true;
        }
        if known.used.contains(old) {
            *family = None;
        }
        false
    }

    /// Gives a token back: an access token alone, a refresh token with all the rest.
    pub(crate) fn give_back(&self, user: u64, token: &str) {
        let mut grants = self.lock();
        let family = grants.entry(user).or_default();
        let Some(known) = family else { return };
        if !known.access.remove(token) && known.refresh.as_deref() == Some(token) {
            *family = None;
        }
    }
}
