//! Server-sent events: account states, progress and new data, as they happen.

use std::{
    collections::{BTreeSet, HashMap},
    convert::Infallible,
    time::Duration,
};

use analytics_connectors::sync::{SyncEvent, SyncEventKind};
use analytics_core::{
    Error,
    model::{AccountId, PublicId, UserId, WorkspaceId},
};
use axum::{
    extract::State,
    response::{
        Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::Stream;
use serde_json::json;
use tokio::{
    sync::{
        broadcast::{Receiver, error::RecvError},
        mpsc,
    },
    time::MissedTickBehavior,
};
use tokio_stream::wrappers::ReceiverStream;
use tower_sessions::{Session, session::Id as SessionId};

use crate::{
    app::{AccountChanged, AppState, Shared},
    auth::{Caller, session},
    error::Problem,
    views,
    watch::Watching,
};

/// During a backfill slices arrive many times a second; a page hears of an account this often.
const PACE: Duration = Duration::from_millis(250);
/// How often a silent stream says that it is alive, and its user is looked up again.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Events a slow page may be behind before the stream waits for it.
const BUFFER: usize = 64;

/// `account` events carry an account, `data` events `{account, data_version}`, `removed` events
/// `{id}`; comments every 15 seconds.
#[utoipa::path(get, path = "/events", operation_id = "stream_events", tag = "accounts", responses((status = 200, content_type = "text/event-stream",
    description = "`account`: an account changed its state or progress. `data`: `{account, data_version}`. `removed`: `{id}` of an account whose data was deleted.")))]
pub(crate) async fn stream(
    State(app): State<AppState>,
    caller: Caller,
    session: Session,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let workspace = caller.workspace_id();
    let marks = app.store.account_marks(workspace).await?;
    let (sender, receiver) = mpsc::channel(BUFFER);
    let listener = Listener {
        workspace,
        user: caller.user.id,
        session: session.id(),
        sender,
        dirty: BTreeSet::new(),
        fresh: BTreeSet::new(),
        removed: Vec::new(),
        gone: BTreeSet::new(),
        sent: HashMap::new(),
        _watching: app.watched.look_at(workspace, marks),
    };
    // Heard from here on: a page that asks for its accounts once the stream stands misses nothing.
    let heard = (app.engine.subscribe(), app.changes.subscribe());
    tokio::spawn(listener.run(app, heard));
    Ok(Sse::new(ReceiverStream::new(receiver))
        .keep_alive(KeepAlive::new().interval(HEARTBEAT).text("alive")))
}

/// One page's stream.
struct Listener {
    workspace: WorkspaceId,
    user: UserId,
    session: Option<SessionId>,
    sender: mpsc::Sender<Result<Event, Infallible>>,
    /// Accounts whose state changed since they were last sent.
    dirty: BTreeSet<AccountId>,
    /// Accounts with new data since then.
    fresh: BTreeSet<AccountId>,
    /// Accounts that are gone since then.
    removed: Vec<PublicId>,
    /// Accounts that were ever gone.
    gone: BTreeSet<AccountId>,
    /// What the page knows: two processes may tell of the same change.
    sent: HashMap<AccountId, Known>,
    _watching: Watching,
}

/// An account as it was last sent.
#[derive(Default)]
struct Known {
    data_version: Option<i64>,
    view: String,
}

impl Listener {
    async fn run(mut self, app: AppState, heard: (Receiver<SyncEvent>, Receiver<AccountChanged>)) {
        let (mut synced, mut changed) = heard;
        let mut pace = tokio::time::interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        loop {
            tokio::select! {
                () = app.shutdown.cancelled() => return,
                () = self.sender.closed() => return,
                event = synced.recv() => match event {
                    Ok(event) => self.note(&event),
                    Err(RecvError::Lagged(_)) => self.note_all(&app).await,
                    Err(RecvError::Closed) => return,
                },
                change = changed.recv() => match change {
                    Ok(change) if change.workspace == self.workspace => {
                        if change.fresh {
                            self.fresh.insert(change.account);
                        }
                        match change.removed {
                            Some(id) if self.gone.insert(change.account) => self.removed.push(id),
                            _ => {}
                        }
                        self.dirty.insert(change.account);
                    }
                    Ok(_) => {}
                    // What is gone cannot be told any more: the page connects and reads anew.
                    Err(_) => return,
                },
                _ = heartbeat.tick() => if !self.may_listen(&app).await {
                    return;
                },
                _ = pace.tick(), if !self.dirty.is_empty() => if self.flush(&app).await.is_none() {
                    return;
                },
            }
        }
    }

    fn note(&mut self, event: &SyncEvent) {
        if event.workspace != self.workspace {
            return;
        }
        self.dirty.insert(event.account);
        let brought_data = matches!(
            event.kind,
            SyncEventKind::SliceSaved { .. } | SyncEventKind::WindowSaved { .. }
        );
        if brought_data {
            self.fresh.insert(event.account);
        }
    }

    /// After falling behind: everything may have changed.
    async fn note_all(&mut self, app: &Shared) {
        if let Ok(accounts) = app.store.accounts(self.workspace).await {
            for account in accounts {
                self.dirty.insert(account.id);
                self.fresh.insert(account.id);
            }
        }
    }

    /// Whether the page is still signed in, and its user still in the workspace.
    async fn may_listen(&self, app: &Shared) -> bool {
        let signed_in = match &self.session {
            Some(id) => session::is_alive(&*app.store, id).await,
            None => false,
        };
        signed_in && self.is_still_member(app).await
    }

    async fn is_still_member(&self, app: &Shared) -> bool {
        app.store.memberships(self.user).await.is_ok_and(|members| {
            members
                .iter()
                .any(|member| member.workspace.id == self.workspace)
        })
    }

    /// Sends what changed; none once the page is gone or signed out.
    async fn flush(&mut self, app: &Shared) -> Option<()> {
        if !self.may_listen(app).await {
            return None;
        }
        for id in std::mem::take(&mut self.removed) {
            self.send("removed", &json!({ "id": id })).await?;
        }
        for id in std::mem::take(&mut self.dirty) {
            let fresh = self.fresh.remove(&id);
            let account = match app.store.account(self.workspace, id).await {
                Ok(account) => account,
                Err(Error::NotFound { .. }) => continue,
                Err(error) => {
                    tracing::warn!(error = %crate::error::chain(&error), "cannot read a changed account");
                    continue;
                }
            };
            let known = self.sent.entry(id).or_default();
            if fresh && known.data_version != Some(account.data_version) {
                known.data_version = Some(account.data_version);
                let data =
                    json!({"account": account.public_id, "data_version": account.data_version});
                self.send("data", &data).await?;
            }
            if let Ok(view) = views::account(app, self.workspace, &account).await {
                let text = serde_json::to_string(&view).unwrap_or_default();
                let known = self.sent.entry(id).or_default();
                if known.view != text {
                    known.view = text;
                    self.send("account", &view).await?;
                }
            }
        }
        Some(())
    }

    async fn send(&self, name: &str, data: &impl serde::Serialize) -> Option<()> {
        match Event::default().event(name).json_data(data) {
            Ok(event) => self.sender.send(Ok(event)).await.ok(),
            Err(error) => {
                tracing::error!(%error, "an event is no JSON");
                Some(())
            }
        }
    }
}
