//! The whole road against the simulator: what is stored is what is true, to the digit.

use analytics_connectors::{clock::Clock, sync::Ended};
use analytics_core::model::{AccountState, Currency, DateRange, Level};
use chrono::{Datelike, Duration};

use super::world::{LEVELS, World, same, settings};

#[tokio::test]
async fn what_a_consent_reaches_is_backfilled_to_the_digit_at_every_level() {
    let world = World::new(3, settings(100, 60)).await;
    let accounts = world.link_all().await;
    assert_eq!(accounts.len(), 3);
    let currencies = accounts
        .iter()
        .filter_map(|account| account.currency.as_ref());
    let currencies: Vec<&str> = currencies.map(Currency::as_str).collect();
    assert!(currencies.contains(&"JPY") && currencies.contains(&"USD"));

    for (account, outcome) in world.engine.reconcile_due().await.unwrap() {
        let outcome = outcome.unwrap();
        assert_eq!(outcome.ended, Ended::Complete, "{account}: {outcome:?}");
        assert_eq!(outcome.revisions, 0, "a first fetch restates nothing");
    }
    for account in &accounts {
        let days = world.equals_truth(account).await;
        let today = world.clock.today(account.time_zone);
        let ready = analytics_connectors::sync::calendar::last_ready(
            account.time_zone,
            6,
            world.clock.now(),
        );
        let last = (today - ready.date).num_days();
        assert_eq!(days[&Level::Account], 101 - last);
        assert_eq!(days[&Level::Campaign], 101 - last);
        assert_eq!(days[&Level::AdGroup], 61 - last);
        assert_eq!(days[&Level::Ad], 61 - last);
        assert!(world.windows_equal_truth(account, Level::Account).await >= 6);
        assert!(world.windows_equal_truth(account, Level::Campaign).await >= 2);

        let progress = world
            .engine
            .progress(world.workspace, account.id)
            .await
            .unwrap();
        assert!(!progress.backfilling);
        assert_eq!(progress.complete_through, Some(ready.date));
        let row = world
            .store
            .sync_row(world.workspace, account.id)
            .await
            .unwrap();
        let due = row.next_attempt_at.unwrap();
        assert!(due > world.clock.now() && due <= world.clock.now() + Duration::hours(24));
    }
}

#[tokio::test]
async fn levels_do_not_add_up_where_ads_were_deleted_and_are_stored_as_they_are() {
    let world = World::new(1, settings(60, 60)).await;
    let account = world.link_all().await.remove(0);
    world.until_complete(&account).await;
    let total = |rows: Vec<super::world::Row>| -> i64 {
        rows.iter()
            .filter(|(_, metric, _, _)| metric.as_str() == "spend")
            .map(|(_, _, _, value)| value)
            .sum()
    };
    let above = total(world.stored(&account, Level::Account).await);
    let below = total(world.stored(&account, Level::Ad).await);
    assert!(0 < below && below < above, "{below} of {above}");
}

#[tokio::test]
async fn ten_days_of_daily_refreshes_follow_every_restatement_and_keep_what_was_known_before() {
    let world = World::new(1, settings(45, 45)).await;
    let account = world.link_all().await.remove(0);
    let mut moments = Vec::new();
    let mut revisions = 0;
    for _ in 0..=10 {
        for outcome in world.until_complete(&account).await {
            revisions += outcome.revisions;
        }
        world.equals_truth(&account).await;
        moments.push(world.clock.now());
        let due = world
            .store
            .sync_row(world.workspace, account.id)
            .await
            .unwrap();
        world.clock.set(due.next_attempt_at.unwrap());
    }
    assert!(revisions > 100, "late results were restated: {revisions}");

    // Every earlier evening's knowledge can still be told.
    for moment in [moments[0], moments[4], moments[9]] {
        let last = analytics_connectors::sync::calendar::last_ready(account.time_zone, 6, moment);
        let range = DateRange {
            start: last.date - Duration::days(27),
            end: last.date,
        };
        for level in LEVELS {
            let known = world.known_at(&account, level, moment, range).await;
            same(level, &world.truth(&account, level, range, moment), &known);
        }
    }
}

#[tokio::test]
async fn a_month_of_absence_is_made_good_in_one_reconciliation() {
    let world = World::new(1, settings(40, 40)).await;
    let account = world.link_all().await.remove(0);
    world.until_complete(&account).await;
    world.clock.set(world.clock.now() + Duration::days(35));
    world.until_complete(&account).await;
    world.equals_truth(&account).await;
    // Every day that could still move was fetched after it settled.
    let now = world.clock.today(account.time_zone);
    for run in world.covered(&account, Level::Account).await {
        let fetched = run
            .last_fetched_at
            .with_timezone(&account.time_zone)
            .date_naive();
        assert!(
            fetched == now || fetched >= run.range.end + Duration::days(28),
            "{} was last fetched on {fetched}",
            run.range
        );
    }
}

#[tokio::test]
async fn a_revoked_token_keeps_the_data_and_relinking_catches_up() {
    let world = World::new(2, settings(40, 35)).await;
    let accounts = world.link_all().await;
    world.engine.reconcile_due().await.unwrap();
    let before = world.stored(&accounts[0], Level::Ad).await;

    let revoke = analytics_connectors::simulator::Fault::RevokeToken;
    world
        .sim
        .faults()
        .inject(revoke, super::world::PLATFORM, 1, 0);
    world.clock.set(world.clock.now() + Duration::days(3));
    for account in &accounts {
        let outcome = world.reconcile(account).await;
        assert_eq!(outcome.ended, Ended::NeedsRelink, "{outcome:?}");
        assert_eq!(outcome.error.unwrap().code, "auth_expired");
        let account = world
            .store
            .account(world.workspace, account.id)
            .await
            .unwrap();
        assert_eq!(account.state, AccountState::NeedsRelink);
    }
    assert_eq!(world.stored(&accounts[0], Level::Ad).await, before);
    let due = world
        .store
        .due_accounts(world.clock.now(), 10)
        .await
        .unwrap();
    assert!(due.is_empty(), "nobody tries a dead grant: {due:?}");

    let linked = world.consent().await;
    assert_eq!(linked.revived.len(), 2);
    for (_, outcome) in world.engine.reconcile_due().await.unwrap() {
        assert_eq!(outcome.unwrap().ended, Ended::Complete);
    }
    for account in &accounts {
        world.equals_truth(account).await;
        let last = world
            .covered(account, Level::Ad)
            .await
            .last()
            .unwrap()
            .range
            .end;
        assert!(last.day() >= 24 && last.month() == 11, "{last}");
    }
}

#[tokio::test]
async fn a_lost_permission_marks_one_account_and_the_others_go_on() {
    let world = World::new(2, settings(35, 30)).await;
    let accounts = world.link_all().await;
    let lost = analytics_connectors::simulator::Fault::PermissionLost;
    let id = accounts[0].external_id.clone();
    world
        .sim
        .faults()
        .inject_flavour(lost, super::world::PLATFORM, 0, 0, Some(&id));
    assert_eq!(world.reconcile(&accounts[0]).await.ended, Ended::Refused);
    let first = world
        .store
        .account(world.workspace, accounts[0].id)
        .await
        .unwrap();
    assert_eq!(first.state, AccountState::Error);
    assert_eq!(world.reconcile(&accounts[1]).await.ended, Ended::Complete);
    world.equals_truth(&accounts[1]).await;

    world.sim.faults().clear();
    world.until_complete(&accounts[0]).await;
    world.equals_truth(&accounts[0]).await;
    let first = world
        .store
        .account(world.workspace, accounts[0].id)
        .await
        .unwrap();
    assert_eq!(first.state, AccountState::Active);
}
