//! A store, a pretended platform with one linked account, and an engine between them.

use std::{sync::Arc, time::Duration};

use analytics_connectors::{
    Registry,
    clock::{Clock, SettableClock, SharedClock},
    sync::{Outcome, SyncEngine, SyncSettings, choose},
};
use analytics_core::{
    Store,
    model::{
        Account, AccountId, DateRange, Grant, GrantTokens, Level, NewGrant, SyncRow, WorkspaceId,
        WorkspaceSettings,
    },
    storage::Cipher,
};
use chrono::{DateTime, NaiveDate, Utc};
use secrecy::SecretString;

use super::pretend::{Pretend, PretendAds};

pub(super) struct Stage {
    pub(super) store: Arc<dyn Store>,
    pub(super) platform: Arc<Pretend>,
    pub(super) clock: Arc<SettableClock>,
    pub(super) engine: Arc<SyncEngine>,
    pub(super) registry: Arc<Registry>,
    pub(super) workspace: WorkspaceId,
    pub(super) grant: Grant,
    pub(super) account: Account,
    /// Keeps the database's folder alive.
    pub(super) folder: tempfile::TempDir,
    pub(super) cipher: Cipher,
}

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn range(start: &str, end: &str) -> DateRange {
    DateRange::new(date(start), date(end)).unwrap()
}

/// Two months of both levels, two windows, no jitter, leases that expire quickly.
pub(super) fn settings() -> SyncSettings {
    SyncSettings {
        upper_history_days: 60,
        lower_history_days: 60,
        account_windows: vec![analytics_connectors::sync::WindowSpec::LastDays(7)],
        campaign_windows: Vec::new(),
        window_months: 0,
        lease_ttl: Duration::from_secs(4),
        refresh_jitter: Duration::ZERO,
        ..SyncSettings::default()
    }
}

impl Stage {
    /// Linked on 2026-11-23 at noon; nothing fetched yet.
    pub(super) async fn new() -> Self {
        Self::of(Pretend::new()).await
    }

    pub(super) async fn of(platform: Arc<Pretend>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cipher = Cipher::generate().unwrap();
        let store = open(&folder, &cipher).await;
        let clock = Arc::new(SettableClock::fixed(at("2026-11-23T12:00:00Z")));
        let mut registry = Registry::empty();
        registry.register(Arc::new(PretendAds(Arc::clone(&platform))));
        let registry = Arc::new(registry);
        let workspace = store
            .create_workspace("Test", &WorkspaceSettings::default())
            .await
            .unwrap()
            .id;
        let grant = grant(&store, workspace, "user", "first").await;
        let account = choose(&store, &grant, [Pretend::account()], clock.now())
            .await
            .unwrap()
            .remove(0);
        let shared: SharedClock = clock.clone();
        let engine = SyncEngine::new(
            Arc::clone(&store),
            Arc::clone(&registry),
            shared,
            settings(),
        );
        Self {
            engine: Arc::new(engine),
            store,
            platform,
            clock,
            registry,
            workspace,
            grant,
            account,
            folder,
            cipher,
        }
    }

    /// Another engine on the same store, as another process would have.
    pub(super) fn another_engine(&self) -> SyncEngine {
        SyncEngine::new(
            Arc::clone(&self.store),
            Arc::clone(&self.registry),
            self.clock.clone(),
            settings(),
        )
    }

    pub(super) async fn reconcile(&self) -> Outcome {
        self.engine
            .reconcile(self.workspace, self.account.id)
            .await
            .unwrap()
    }

    pub(super) async fn row(&self) -> SyncRow {
        self.store
            .sync_row(self.workspace, self.account.id)
            .await
            .unwrap()
    }

    pub(super) async fn account(&self) -> Account {
        self.store
            .account(self.workspace, self.account.id)
            .await
            .unwrap()
    }

    /// Accounts that are due now.
    pub(super) async fn due(&self) -> Vec<AccountId> {
        let due = self
            .store
            .due_accounts(self.clock.now(), 100)
            .await
            .unwrap();
        due.into_iter().map(|(_, account)| account).collect()
    }

    /// The stored spend of a level, by day.
    pub(super) async fn stored(&self, level: Level) -> Vec<(NaiveDate, i64)> {
        let series = self
            .store
            .series(self.workspace, self.account.id, level)
            .await
            .unwrap();
        let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        let mut days: Vec<(NaiveDate, i64)> = series
            .iter()
            .flat_map(|one| one.dates.iter().zip(&one.values))
            .map(|(day, value)| (epoch + chrono::Duration::days(i64::from(*day)), *value))
            .collect();
        days.sort_unstable();
        days
    }

    /// Demands that exactly these days of a level are stored, each with its value.
    pub(super) async fn holds(&self, level: Level, days: DateRange, extra: i64) {
        let expected: Vec<(NaiveDate, i64)> = days
            .iter()
            .map(|date| (date, super::pretend::spend(date) + extra))
            .collect();
        assert_eq!(self.stored(level).await, expected);
    }
}

pub(super) async fn open(folder: &tempfile::TempDir, cipher: &Cipher) -> Arc<dyn Store> {
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    analytics_core::connect(&url, cipher.clone()).await.unwrap()
}

pub(super) async fn grant(
    store: &Arc<dyn Store>,
    workspace: WorkspaceId,
    subject: &str,
    token: &str,
) -> Grant {
    grant_with(store, workspace, subject, token, &[]).await
}

/// A grant of these scopes.
pub(super) async fn grant_with(
    store: &Arc<dyn Store>,
    workspace: WorkspaceId,
    subject: &str,
    token: &str,
    scopes: &[&str],
) -> Grant {
    let grant = NewGrant {
        provider: "pretend".to_owned(),
        subject: subject.to_owned(),
        subject_name: None,
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        tokens: GrantTokens {
            access_token: SecretString::from(token),
            refresh_token: None,
            expires_at: None,
        },
        granted_at: at("2026-11-23T12:00:00Z"),
    };
    store.save_grant(workspace, &grant).await.unwrap()
}
