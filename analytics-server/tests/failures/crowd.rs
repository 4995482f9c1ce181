//! A crowd of accounts is due at once, as after an outage: all get done, each once, and what is handed
//! over never is more than the workers can take. (The load tool does it with 20,000 and more, built
//! for release.)

use std::{sync::Arc, time::Duration};

use analytics_connectors::{
    AccountRef, Batch, Connector, Descriptor, FetchRequest, Registry, Result,
    oauth::{OAuthProvider, TokenSource},
};
use analytics_core::model::{FactRecord, FoundAccount, Level, Millionths, NewAccount};
use async_trait::async_trait;
use chrono::Utc;
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};

use crate::harness::{PLATFORM, Plan, Setup, Stage, is_up_to_date, on_every_setup};

on_every_setup!(a_crowd_due_at_once);

const ACCOUNTS: usize = 2_000;
/// Accounts worked on at the same time.
const WORKERS: usize = 64;

/// A connector that answers at once, with one figure.
#[derive(Debug)]
struct Instant {
    real: Arc<dyn Connector>,
    descriptor: Descriptor,
}

impl Instant {
    fn new(real: Arc<dyn Connector>) -> Self {
        let mut descriptor = real.descriptor().clone();
        descriptor.profile.levels = vec![Level::Account];
        let feed = &mut descriptor.profile.feeds[0];
        feed.levels = vec![Level::Account];
        feed.metrics.truncate(1);
        feed.metrics[0].levels = vec![Level::Account];
        Self { real, descriptor }
    }
}

#[async_trait]
impl Connector for Instant {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn oauth(&self) -> &dyn OAuthProvider {
        self.real.oauth()
    }

    async fn list_accounts(&self, tokens: &TokenSource) -> Result<Vec<FoundAccount>> {
        self.real.list_accounts(tokens).await
    }

    fn fetch(
        &self,
        account: &AccountRef,
        request: FetchRequest,
        _: TokenSource,
    ) -> BoxStream<'static, Result<Batch>> {
        let FetchRequest::Daily { range, .. } = request else {
            return stream::empty().boxed();
        };
        let metric = self.descriptor.profile.feeds[0].metrics[0].metric.clone();
        let facts = range.iter().map(|date| FactRecord {
            entity: account.external_id.as_str().into(),
            metric: metric.clone(),
            date,
            value: Millionths(1_000_000),
        });
        let batch = Batch {
            facts: facts.collect(),
            ..Batch::default()
        };
        stream::iter([Ok(batch)]).boxed()
    }
}

async fn a_crowd_due_at_once(setup: Setup) {
    let plan = Plan {
        // Nothing to fetch: what a run of an account takes beside that is what is measured.
        history: (0, 0),
        ..Plan::without_accidents()
    };
    let stage = Stage::set(setup, plan).await;
    let template = &stage.accounts[0];
    let linked_at = template.linked_at;
    let account = |number: usize| NewAccount {
        found: FoundAccount {
            platform: PLATFORM.into(),
            external_id: format!("crowd-{number}"),
            name: format!("Account {number}"),
            currency: template.currency.clone(),
            time_zone: Some(template.time_zone),
            picture_url: None,
            status: "active".to_owned(),
            access: serde_json::Value::Null,
        },
        grant: stage.grant,
        linked_at,
    };
    let link = |number| {
        let (store, workspace, account) = (stage.store.clone(), stage.workspace, account(number));
        async move { store.link_account(workspace, &account).await.unwrap() }
    };
    let linking = stream::iter(1..ACCOUNTS).map(link).buffer_unordered(8);
    linking.for_each(|_| async {}).await;

    let mut registry = Registry::clone(&stage.registry);
    let real = stage.registry.connector(&PLATFORM.into()).unwrap();
    registry.register(Arc::new(Instant::new(real)));
    let app = stage.app_with(registry, WORKERS).await;
    let begun = std::time::Instant::now();
    app.start_jobs().await;
    let mut most = 0;
    loop {
        assert!(begun.elapsed().as_secs() < 400, "accounts are still due");
        let occupied = stage.store.occupied().await.unwrap();
        let handed_over = occupied.values().map(|one| one.handed_over).sum();
        let running: u64 = occupied.values().map(|one| one.running).sum();
        most = most.max(handed_over);
        if handed_over + running == 0 {
            let health = stage.store.platform_health(Utc::now()).await.unwrap();
            if health.iter().all(|one| one.due == 0) {
                break;
            }
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    eprintln!("{ACCOUNTS} accounts took {:?}", begun.elapsed());
    assert!(
        most <= 2 * WORKERS as u64,
        "{most} accounts were handed over"
    );
    let accounts = stage.store.accounts(stage.workspace).await.unwrap();
    assert_eq!(accounts.len(), ACCOUNTS);
    let health = stage.store.platform_health(Utc::now()).await.unwrap();
    assert_eq!(
        health.iter().map(|one| one.failing + one.due).sum::<u64>(),
        0
    );
    // Each a single time; every fortieth stands for all.
    for account in accounts.iter().step_by(40) {
        assert_eq!(stage.runs(account).await, 1);
        assert!(is_up_to_date(&stage.row(account).await));
    }
    app.shut_down().await;
}
