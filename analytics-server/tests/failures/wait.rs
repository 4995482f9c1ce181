//! "Come back in an hour", across a restart.

use std::time::Duration;

use analytics_connectors::simulator::Fault;
use chrono::Utc;

use crate::harness::{AT_ONCE, Plan, Setup, Stage, faketime, on_every_setup};

on_every_setup!(an_hour_is_waited_for_across_a_restart);

async fn an_hour_is_waited_for_across_a_restart(setup: Setup) {
    let stage = Stage::set(setup, Plan::default()).await;
    let account = &stage.accounts[0];
    let faults = stage.vendor.simulator.faults();
    faults.inject_flavour(Fault::RateLimited, "google_ads", 1, 9, Some("hour"));
    let services = stage.start_all();
    let row = stage
        .until(account, 30, |row| {
            row.last_error.is_some() && row.running_since.is_none()
        })
        .await;
    assert_eq!(row.last_error.unwrap().code, "rate_limited");
    let wait = row.next_attempt_at.unwrap() - Utc::now();
    assert!((58..=61).contains(&wait.num_minutes()), "{wait}");
    let asked = stage.vendor.fetches().len();

    for service in services {
        service.kill();
    }
    let services = stage.start_all();
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(stage.vendor.fetches().len(), asked, "asked within the hour");
    assert_eq!(
        stage.row(account).await.next_attempt_at,
        row.next_attempt_at
    );
    for service in services {
        service.terminate();
    }

    let later = Utc::now() + chrono::Duration::minutes(61);
    stage.vendor.simulator.clock().set(later);
    let an_hour_on = faketime("+3660");
    let services = stage.start_all_with(&an_hour_on);
    // What the platform refused, and what was under way beside it.
    stage.all_is_well(AT_ONCE).await;
    drop(services);
}
