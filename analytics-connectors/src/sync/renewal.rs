//! Whose turn it is to renew a grant: a refresh token may work once only, whoever sends it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use analytics_core::{
    Result, Store,
    model::{Grant, GrantId, GrantTokens},
};
use tokio::sync::Mutex as AsyncMutex;

/// A turn lasts this long at most: who died in the middle does not hold it up for ever. Longer than
/// a call with its usual time-outs and all its tries.
const TURN: Duration = Duration::from_secs(600);
/// Nobody waits longer for somebody else's turn to end.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often to look whether somebody else's turn is over.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// One lock per grant: share one value among everything that uses grants in a process. Processes
/// take turns through the store.
#[derive(Debug, Clone, Default)]
pub struct GrantLocks(Arc<Mutex<HashMap<GrantId, GrantLock>>>);

/// The lock of a grant, with what a renewal brought that the store did not take yet.
pub(super) type GrantLock = Arc<AsyncMutex<Option<Unsaved>>>;

/// New tokens in place of those of a version: that may work no more, so these must not get lost.
#[derive(Debug, Clone)]
pub(super) struct Unsaved {
    pub(super) version: i64,
    pub(super) tokens: GrantTokens,
}

impl GrantLocks {
    pub(super) fn of(&self, grant: GrantId) -> GrantLock {
        // Nothing panics while the lock is held.
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(locks.entry(grant).or_default())
    }
}

/// What waiting for the turn came to.
pub(super) enum Turn {
    /// It is ours, under this name.
    Ours(String),
    /// Somebody else was faster: the grant has another version now.
    Done,
    /// Somebody else is at it for too long.
    Busy,
}

/// Waits until it is this process's turn to renew `grant`, or somebody else has renewed it.
pub(super) async fn wait_for_turn(store: &dyn Store, grant: &Grant) -> Result<Turn> {
    let owner = name();
    let begun = Instant::now();
    loop {
        let (workspace, id, version) = (grant.workspace, grant.id, grant.version);
        if store
            .claim_renewal(workspace, id, version, &owner, TURN)
            .await?
        {
            return Ok(Turn::Ours(owner));
        }
        let stored = store.grant(workspace, id).await?;
        if stored.version != version {
            return Ok(Turn::Done);
        }
        if begun.elapsed() > PATIENCE {
            return Ok(Turn::Busy);
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// A name that no other renewal has.
fn name() -> String {
    let mut random = [0_u8; 16];
    // Without randomness the process id still tells processes of one machine apart.
    let _ = getrandom::fill(&mut random);
    let random = data_encoding::HEXLOWER.encode(&random);
    format!("{}-{random}", std::process::id())
}
