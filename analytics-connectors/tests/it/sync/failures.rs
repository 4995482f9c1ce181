//! Every way in which a platform can fail, and what becomes of the account.

use analytics_connectors::{ErrorKind, FetchRequest, clock::Clock as _, sync::Ended};
use analytics_core::model::{AccountState, GrantState, Level, NewAccount};
use chrono::{DateTime, Duration, Utc};

use super::{
    pretend::{Pretend, found},
    stage::{Stage, at, date, grant, range},
};

fn touches(level: Level, day: &'static str) -> impl Fn(&FetchRequest) -> bool + Send + Sync {
    move |request| {
        matches!(request, FetchRequest::Daily { level: asked, range, .. }
            if *asked == level && range.contains(date(day)))
    }
}

fn minutes(from: DateTime<Utc>, to: Option<DateTime<Utc>>) -> i64 {
    let seconds = (to.unwrap() - from).num_seconds();
    // Waits are within a tenth of whole minutes.
    (seconds + 30) / 60
}

#[tokio::test]
async fn a_malformed_answer_fails_its_slice_alone_and_is_tried_again_later() {
    let stage = Stage::new().await;
    stage
        .platform
        .fail(ErrorKind::Decode, 0, touches(Level::Account, "2026-10-10"));
    let outcome = stage.reconcile().await;
    assert_eq!(outcome.ended, Ended::WithFailures);
    assert_eq!((outcome.slices_saved, outcome.slices_failed), (5, 1));

    let row = stage.row().await;
    let error = row.last_error.unwrap();
    assert_eq!(
        (error.code.as_str(), error.operation.as_str()),
        ("decode", "insights (account)")
    );
    let coverage = stage
        .store
        .coverage(stage.workspace, stage.account.id)
        .await
        .unwrap();
    let account = coverage
        .iter()
        .find(|known| known.level == Level::Account)
        .unwrap();
    assert_eq!(account.failed[0].range, range("2026-10-01", "2026-10-31"));
    assert!(account.failed[0].reason.contains("insights (account)"));
    assert_eq!(stage.account().await.state, AccountState::Active);

    stage.platform.heal();
    stage.platform.asked();
    stage.clock.set(row.next_attempt_at.unwrap());
    assert_eq!(stage.due().await, [stage.account.id]);
    assert_eq!(stage.reconcile().await.ended, Ended::Complete);
    assert_eq!(
        stage.platform.asked(),
        [(Level::Account, range("2026-10-01", "2026-10-31"))]
    );
    stage
        .holds(Level::Account, range("2026-09-24", "2026-11-22"), 0)
        .await;
    assert_eq!(stage.row().await.last_error, None);
}

#[tokio::test]
async fn a_failed_refetch_keeps_the_stored_days() {
    let stage = Stage::new().await;
    stage.reconcile().await;
    stage.clock.set(at("2026-11-24T06:00:00Z"));
    stage.platform.fail(
        ErrorKind::InvalidRequest,
        0,
        touches(Level::Account, "2026-11-20"),
    );
    assert_eq!(stage.reconcile().await.ended, Ended::WithFailures);
    stage
        .holds(Level::Account, range("2026-09-24", "2026-11-22"), 0)
        .await;
    stage
        .holds(Level::Campaign, range("2026-09-24", "2026-11-23"), 0)
        .await;
}

#[tokio::test]
async fn too_much_data_is_asked_for_in_halves_down_to_a_day() {
    let stage = Stage::new().await;
    stage.platform.fail(ErrorKind::TooMuchData, 0, |request| {
        matches!(request, FetchRequest::Daily { level: Level::Account, range, .. } if range.days() > 3)
    });
    let outcome = stage.reconcile().await;
    assert_eq!(outcome.ended, Ended::Complete);
    stage
        .holds(Level::Account, range("2026-09-24", "2026-11-22"), 0)
        .await;
}

#[tokio::test]
async fn a_day_that_is_too_much_by_itself_fails_alone() {
    let stage = Stage::new().await;
    stage.platform.fail(
        ErrorKind::TooMuchData,
        0,
        touches(Level::Account, "2026-10-10"),
    );
    let outcome = stage.reconcile().await;
    assert_eq!(
        (outcome.ended, outcome.slices_failed),
        (Ended::WithFailures, 1)
    );
    assert_eq!(stage.stored(Level::Account).await.len(), 59);
    assert_eq!(outcome.error.unwrap().code, "too_much_data");
}

#[tokio::test]
async fn a_rate_limit_parks_the_account_until_the_platform_says() {
    let stage = Stage::new().await;
    let until = at("2026-11-23T12:47:00Z");
    let limit = ErrorKind::RateLimited { until: Some(until) };
    stage
        .platform
        .fail(limit, 1, touches(Level::Account, "2026-10-10"));
    let outcome = stage.reconcile().await;
    assert_eq!((outcome.ended, outcome.slices_saved), (Ended::Waiting, 1));
    assert_eq!(outcome.next_attempt_at, Some(until));
    assert!(stage.due().await.is_empty());

    stage.clock.set(until);
    assert_eq!(stage.due().await, [stage.account.id]);
    stage.platform.asked();
    assert_eq!(stage.reconcile().await.ended, Ended::Complete);
    // What had been stored before was not asked for again.
    assert_eq!(stage.platform.asked().len(), 5);
}

#[tokio::test]
async fn a_passing_failure_is_tried_again_after_one_two_four_minutes_at_most_an_hour() {
    let stage = Stage::new().await;
    stage.platform.fail(ErrorKind::Transient, 0, |_| true);
    let mut waits = Vec::new();
    for _ in 0..8 {
        let now = at("2026-11-23T12:00:00Z");
        let outcome = stage.reconcile().await;
        assert_eq!(outcome.ended, Ended::Waiting);
        waits.push(minutes(now, outcome.next_attempt_at));
    }
    let expected = [1, 2, 4, 8, 16, 32, 60, 60];
    for (wait, expected) in waits.iter().zip(expected) {
        assert!((wait - expected).abs() <= expected / 10 + 1, "{waits:?}");
    }

    stage.platform.heal();
    assert_eq!(stage.reconcile().await.ended, Ended::Complete);
    assert_eq!(stage.row().await.attempts, 0);
}

#[tokio::test]
async fn a_story_that_is_read_does_not_shorten_the_wait() {
    let stage = Stage::of(Pretend::with_story()).await;
    stage.reconcile().await;
    stage.clock.set(at("2026-11-24T06:00:00Z"));
    stage
        .platform
        .fail(ErrorKind::Transient, 0, |request| match request {
            FetchRequest::Daily { .. } => true,
            FetchRequest::Snapshot { .. }
            | FetchRequest::Window { .. }
            | FetchRequest::Fleeting { .. } => false,
        });
    let mut waits = Vec::new();
    for _ in 0..5 {
        let now = stage.clock.now();
        let outcome = stage.reconcile().await;
        assert_eq!(outcome.ended, Ended::Waiting);
        waits.push(minutes(now, outcome.next_attempt_at));
        stage.clock.set(outcome.next_attempt_at.unwrap());
    }
    // The first attempt saved the snapshot of the day before.
    assert!(waits[1..].is_sorted_by(|one, next| one < next), "{waits:?}");
}

#[tokio::test]
async fn an_attempt_that_got_somewhere_does_not_lengthen_the_wait() {
    let stage = Stage::new().await;
    for day in ["2026-10-31", "2026-09-30", "2026-11-22"] {
        let level = if day == "2026-11-22" {
            Level::Campaign
        } else {
            Level::Account
        };
        stage
            .platform
            .fail(ErrorKind::Transient, 1, touches(level, day));
    }
    for _ in 0..3 {
        let now = at("2026-11-23T12:00:00Z");
        let outcome = stage.reconcile().await;
        assert_eq!((outcome.ended, outcome.slices_saved), (Ended::Waiting, 1));
        assert_eq!(minutes(now, outcome.next_attempt_at), 1);
    }
    assert_eq!(stage.reconcile().await.ended, Ended::Complete);
}

#[tokio::test]
async fn a_dead_grant_asks_for_relinking_keeps_the_data_and_a_new_consent_revives_it() {
    let stage = Stage::new().await;
    stage.reconcile().await;
    stage.clock.set(at("2026-11-24T06:00:00Z"));
    stage.platform.refuse("first");
    stage.platform.fail_renewals(Some(ErrorKind::AuthExpired));
    let outcome = stage.reconcile().await;
    assert_eq!(outcome.ended, Ended::NeedsRelink);
    assert_eq!(outcome.next_attempt_at, None);
    assert_eq!(stage.account().await.state, AccountState::NeedsRelink);
    let dead = stage
        .store
        .grant(stage.workspace, stage.grant.id)
        .await
        .unwrap();
    assert_eq!(dead.state, GrantState::Dead);
    stage
        .holds(Level::Account, range("2026-09-24", "2026-11-22"), 0)
        .await;
    stage.clock.set(at("2026-11-30T12:00:00Z"));
    assert!(
        stage.due().await.is_empty(),
        "it is not tried until somebody links it again"
    );

    let consent = analytics_connectors::oauth::Consent {
        subject: "user".to_owned(),
        subject_name: None,
        scopes: Vec::new(),
        tokens: analytics_core::model::GrantTokens {
            access_token: secrecy::SecretString::from("second"),
            refresh_token: None,
            expires_at: None,
        },
    };
    let linked = stage
        .engine
        .link(stage.workspace, "pretend", consent)
        .await
        .unwrap();
    assert_eq!(
        linked.grant.id, stage.grant.id,
        "the same user's grant, renewed"
    );
    assert_eq!(linked.reached.accounts.len(), 2);
    assert_eq!(
        linked.revived.len(),
        1,
        "only the account that was linked before"
    );
    assert_eq!(stage.account().await.state, AccountState::Active);
    assert_eq!(stage.due().await, [stage.account.id]);
    assert_eq!(stage.reconcile().await.ended, Ended::Complete);
    let last = stage.stored(Level::Account).await.last().unwrap().0;
    assert_eq!(last, date("2026-11-29"));
}

#[tokio::test]
async fn another_grant_that_reaches_the_account_takes_over() {
    let stage = Stage::new().await;
    let other = grant(&stage.store, stage.workspace, "colleague", "colleague's").await;
    stage
        .store
        .link_account(
            stage.workspace,
            &NewAccount {
                found: Pretend::account(),
                grant: other.id,
                linked_at: at("2026-11-23T12:00:00Z"),
            },
        )
        .await
        .unwrap();
    for token in ["first", "renewed 1"] {
        stage.platform.refuse(token);
    }
    let outcome = stage.reconcile().await;
    assert_eq!(outcome.ended, Ended::Complete);
    assert_eq!(stage.account().await.state, AccountState::Active);
    stage
        .holds(Level::Account, range("2026-09-24", "2026-11-22"), 0)
        .await;
}

#[tokio::test]
async fn a_lost_permission_marks_this_account_and_leaves_the_grant_alive() {
    let stage = Stage::new().await;
    stage
        .platform
        .fail(ErrorKind::PermissionDenied, 0, |_| true);
    let outcome = stage.reconcile().await;
    assert_eq!(outcome.ended, Ended::Refused);
    assert_eq!(stage.account().await.state, AccountState::Error);
    let grant = stage
        .store
        .grant(stage.workspace, stage.grant.id)
        .await
        .unwrap();
    assert_eq!(grant.state, GrantState::Active);

    stage.platform.heal();
    assert_eq!(stage.reconcile().await.ended, Ended::Complete);
    assert_eq!(stage.account().await.state, AccountState::Active);
}

#[tokio::test]
async fn the_operators_trouble_pauses_the_platform_for_every_account() {
    let stage = Stage::new().await;
    let now = at("2026-11-23T12:00:00Z");
    let more = analytics_connectors::sync::choose(&stage.store, &stage.grant, [found("1002")], now)
        .await
        .unwrap();
    stage.platform.fail(ErrorKind::Unavailable, 1, |_| true);
    let outcome = stage.reconcile().await;
    assert_eq!(outcome.ended, Ended::Waiting);
    assert_eq!(outcome.error.unwrap().code, "unavailable");
    assert_eq!(
        stage.account().await.state,
        AccountState::Active,
        "no customer's fault"
    );
    stage.platform.asked();

    let other = stage
        .engine
        .reconcile(stage.workspace, more[0].id)
        .await
        .unwrap();
    assert_eq!(other.ended, Ended::Waiting);
    assert_eq!(
        stage.platform.asked(),
        [],
        "nobody asks while the platform is paused"
    );
    assert_eq!(minutes(now, other.next_attempt_at), 10);

    stage.clock.set(now + Duration::minutes(11));
    assert_eq!(stage.reconcile().await.ended, Ended::Complete);
}

#[tokio::test]
async fn an_account_of_a_platform_without_a_connector_waits() {
    let stage = Stage::new().await;
    let nothing = analytics_connectors::sync::SyncEngine::new(
        stage.store.clone(),
        std::sync::Arc::new(analytics_connectors::Registry::empty()),
        stage.clock.clone(),
        super::stage::settings(),
    );
    let outcome = nothing
        .reconcile(stage.workspace, stage.account.id)
        .await
        .unwrap();
    assert_eq!(outcome.ended, Ended::Waiting);
    assert_eq!(outcome.error.unwrap().code, "unavailable");
}
