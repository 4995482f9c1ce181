//! More than one of a kind: schedulers that find the same accounts due, workers that find the same
//! token expired.

use std::time::Duration;

use analytics_core::model::GrantTokens;
use chrono::Utc;

use crate::harness::{Plan, Setup, Stage, on_every_setup};

on_every_setup!(two_schedulers, three_workers_renew_one_token);

/// Every due account is handed over exactly once.
async fn two_schedulers(setup: Setup) {
    let plan = Plan {
        accounts: 3,
        history: (30, 10),
        ..Plan::without_accidents()
    };
    let stage = Stage::set(setup, plan).await;
    let mut services = stage.start_all();
    services.push(stage.start("scheduler-2", setup.scheduler()));
    stage.all_is_well(0).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    for account in &stage.accounts {
        assert_eq!(
            stage.runs(account).await,
            1,
            "an account was handed over twice"
        );
    }
    stage.all_is_well(0).await;
    drop(services);
}

/// A refresh token may work once only: whoever comes later takes what the first one got.
async fn three_workers_renew_one_token(setup: Setup) {
    let plan = Plan {
        accounts: 6,
        history: (10, 5),
        latency: Duration::from_millis(60),
        env: vec![("ANALYTICS_WORKERS", "1".to_owned())],
        ..Plan::without_accidents()
    };
    let stage = Stage::set(setup, plan).await;
    let grant = stage
        .store
        .grant(stage.workspace, stage.grant)
        .await
        .unwrap();
    let expired = GrantTokens {
        expires_at: Some(Utc::now() - chrono::Duration::minutes(5)),
        ..grant.tokens
    };
    stage
        .store
        .renew_grant(stage.workspace, grant.id, grant.version, &expired)
        .await
        .unwrap()
        .unwrap();
    let mut services = stage.start_all();
    while services.iter().filter(|one| one.works()).count() < 3 {
        let name = format!("worker-{}", services.len() + 1);
        services.push(stage.start(&name, "worker"));
    }
    stage.all_is_well(0).await;
    assert_eq!(stage.vendor.renewals(), 1);
    drop(services);
}
