//! Notices what other processes do to accounts that somebody looks at here.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use analytics_core::model::{AccountId, AccountMark, WorkspaceId};
use tokio::time::MissedTickBehavior;

use crate::app::{AccountChanged, AppState};

/// How soon a page hears of what another process did.
const EVERY: Duration = Duration::from_secs(1);

/// What accounts looked like the last time.
type Marks = BTreeMap<AccountId, AccountMark>;

/// Workspaces that somebody looks at: how many do, and what was seen last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watched(Arc<Mutex<HashMap<WorkspaceId, (usize, Marks)>>>);

/// Somebody looks at a workspace until this is dropped.
#[derive(Debug)]
pub(crate) struct Watching(Watched, WorkspaceId);

impl Watched {
    /// Somebody looks at a workspace from now on, when its accounts look like `marks`.
    pub(crate) fn look_at(&self, workspace: WorkspaceId, marks: Marks) -> Watching {
        self.lock().entry(workspace).or_insert((0, marks)).0 += 1;
        Watching(self.clone(), workspace)
    }

    fn workspaces(&self) -> Vec<WorkspaceId> {
        self.lock().keys().copied().collect()
    }

    /// What was seen last, in exchange for what is seen now; none if nobody looks any more.
    fn exchange(&self, workspace: WorkspaceId, now: Marks) -> Option<Marks> {
        let mut watched = self.lock();
        let (_, marks) = watched.get_mut(&workspace)?;
        Some(std::mem::replace(marks, now))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<WorkspaceId, (usize, Marks)>> {
        // Nothing panics while it is held; a poisoned map would still be a valid one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let mut watched = self.0.lock();
        if let Some((count, _)) = watched.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                watched.remove(&self.1);
            }
        }
    }
}

/// Looks every second at what is looked at, until the application ends.
pub(crate) fn start(app: AppState) {
    tokio::spawn(async move {
        let mut every = tokio::time::interval(EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = app.shutdown.cancelled() => return,
                _ = every.tick() => {}
            }
            for workspace in app.watched.workspaces() {
                match app.store.account_marks(workspace).await {
                    Ok(now) => {
                        if let Some(before) = app.watched.exchange(workspace, now.clone()) {
                            tell(&app, workspace, &before, &now);
                        }
                    }
                    Err(error) => {
                        tracing::warn!(error = %crate::error::chain(&error), "cannot look for changed accounts");
                    }
                }
            }
        }
    });
}

fn tell(app: &AppState, workspace: WorkspaceId, before: &Marks, now: &Marks) {
    let send = |account, fresh, removed| {
        // Nobody listening any more is fine.
        let _ = app.changes.send(AccountChanged {
            workspace,
            account,
            fresh,
            removed,
        });
    };
    for (id, mark) in now {
        match before.get(id) {
            Some(known) if known == mark => {}
            known => send(
                *id,
                known.is_none_or(|known| known.data_version != mark.data_version),
                None,
            ),
        }
    }
    for (id, mark) in before {
        if !now.contains_key(id) {
            send(*id, false, Some(mark.public_id.clone()));
        }
    }
}
