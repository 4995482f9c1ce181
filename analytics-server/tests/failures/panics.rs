//! A job that panics: its account waits like any that failed, and nothing else suffers.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use analytics_connectors::{
    AccountRef, Batch, Connector, Descriptor, FetchRequest, Registry, Result,
    oauth::{OAuthProvider, TokenSource},
};
use analytics_core::model::FoundAccount;
use async_trait::async_trait;
use chrono::Utc;
use futures_util::stream::BoxStream;

use crate::harness::{AT_ONCE, PLATFORM, Plan, Setup, Stage, on_every_setup};

on_every_setup!(a_panic_is_a_failure_like_others);

/// A connector that panics when it is asked about one account, so often.
#[derive(Debug)]
struct Panicking {
    real: Arc<dyn Connector>,
    account: String,
    left: AtomicU32,
}

#[async_trait]
impl Connector for Panicking {
    fn descriptor(&self) -> &Descriptor {
        self.real.descriptor()
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
        tokens: TokenSource,
    ) -> BoxStream<'static, Result<Batch>> {
        if account.external_id == self.account
            && self
                .left
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                    left.checked_sub(1)
                })
                .is_ok()
        {
            panic!("the connector has a bug");
        }
        self.real.fetch(account, request, tokens)
    }
}

async fn a_panic_is_a_failure_like_others(setup: Setup) {
    let plan = Plan {
        accounts: 2,
        history: (30, 10),
        ..Plan::default()
    };
    let stage = Stage::set(setup, plan).await;
    let unlucky = &stage.accounts[0];
    let mut registry = Registry::clone(&stage.registry);
    registry.register(Arc::new(Panicking {
        real: stage.registry.connector(&PLATFORM.into()).unwrap(),
        account: unlucky.external_id.clone(),
        left: AtomicU32::new(2),
    }));
    let app = stage.app_with(registry, 2).await;
    app.start_jobs().await;
    let row = stage
        .until(unlucky, 30, |row| row.last_error.is_some())
        .await;
    assert!(row.attempts > 0);
    assert!(row.next_attempt_at.is_some_and(|at| at > Utc::now()));
    stage.all_is_well(2 * AT_ONCE).await;
    app.shut_down().await;
}
