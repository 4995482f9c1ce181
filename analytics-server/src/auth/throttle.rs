//! Slows down guessing: after a few wrong passwords, each further one for the same e-mail address
//! from the same network address must wait twice as long.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use sha2::{Digest, Sha256};

/// Wrong attempts that cost nothing.
const FREE_ATTEMPTS: u32 = 3;
/// Wait after the first one that costs.
const FIRST_DELAY: Duration = Duration::from_secs(1);
/// Longest wait.
const LONGEST_DELAY: Duration = Duration::from_secs(15 * 60);
/// Attempts older than this are forgotten.
const MEMORY: Duration = Duration::from_secs(60 * 60);
/// Most pairs remembered at once; a flood of made-up addresses must not eat the memory.
const CAPACITY: usize = 10_000;

/// What is remembered of an e-mail address and a network address.
#[derive(Debug, Clone, Copy)]
struct Attempts {
    failures: u32,
    last: Instant,
    blocked_until: Instant,
}

type Key = [u8; 32];

/// Counts wrong passwords.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    attempts: Mutex<HashMap<Key, Attempts>>,
}

impl Throttle {
    /// Takes an attempt at `now`: how long to wait instead, if one must. The attempt counts as
    /// wrong until [`Self::forgive`], so that parallel guesses cannot share a free one.
    pub(crate) fn attempt(
        &self,
        email: &str,
        address: IpAddr,
        now: Instant,
    ) -> Result<(), Duration> {
        let mut attempts = self.lock();
        if attempts.len() >= CAPACITY {
            attempts.retain(|_, known| now.saturating_duration_since(known.last) < MEMORY);
        }
        if attempts.len() >= CAPACITY
            && let Some(oldest) = attempts
                .iter()
                // Whoever waits is forgotten last: a flood must not free a guesser.
                .min_by_key(|(_, known)| (known.blocked_until, known.last))
                .map(|(key, _)| *key)
        {
            attempts.remove(&oldest);
        }
        let known = attempts.entry(key(email, address)).or_insert(Attempts {
            failures: 0,
            last: now,
            blocked_until: now,
        });
        if now.saturating_duration_since(known.last) >= MEMORY {
            known.failures = 0;
        }
        if known.blocked_until > now {
            return Err(known.blocked_until - now);
        }
        known.failures += 1;
        known.last = now;
        if known.failures > FREE_ATTEMPTS {
            let doublings = (known.failures - FREE_ATTEMPTS - 1).min(20);
            known.blocked_until = now + (FIRST_DELAY * 2_u32.pow(doublings)).min(LONGEST_DELAY);
        }
        Ok(())
    }

    /// Forgets the attempts of somebody whose password was right.
    pub(crate) fn forgive(&self, email: &str, address: IpAddr) {
        self.lock().remove(&key(email, address));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Attempts>> {
        // Nothing panics while it is held; a poisoned map would still be a valid one.
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(email: &str, address: IpAddr) -> Key {
    let mut hash = Sha256::new();
    hash.update(email.trim().to_lowercase());
    hash.update([0]);
    hash.update(address.to_string());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn the_wait_doubles_after_three_wrong_passwords_and_ends_with_a_right_one() {
        let throttle = Throttle::default();
        let mut now = Instant::now();
        for _ in 0..=FREE_ATTEMPTS {
            assert_eq!(throttle.attempt("a@example.com", HERE, now), Ok(()));
        }
        for seconds in [1, 2, 4, 8] {
            let wait = Duration::from_secs(seconds);
            assert_eq!(throttle.attempt("A@example.com", HERE, now), Err(wait));
            now += wait;
            assert_eq!(throttle.attempt("a@example.com", HERE, now), Ok(()));
        }
        assert_eq!(throttle.attempt("b@example.com", HERE, now), Ok(()));
        throttle.forgive("a@example.com", HERE);
        assert_eq!(throttle.attempt("a@example.com", HERE, now), Ok(()));
    }

    #[test]
    fn a_flood_of_addresses_does_not_free_whoever_must_wait() {
        let throttle = Throttle::default();
        let now = Instant::now();
        let guess = |now| throttle.attempt("owner@example.com", HERE, now);
        while guess(now).is_ok() {}
        for n in 0..CAPACITY + 10 {
            let _ = throttle.attempt(&format!("{n}@example.com"), HERE, now);
        }
        assert!(guess(now).is_err());
    }

    #[test]
    fn a_flood_of_addresses_does_not_grow_the_memory_without_bound() {
        let throttle = Throttle::default();
        let now = Instant::now();
        for n in 0..CAPACITY + 10 {
            let _ = throttle.attempt(&format!("{n}@example.com"), HERE, now);
        }
        assert!(throttle.lock().len() <= CAPACITY);
    }
}
