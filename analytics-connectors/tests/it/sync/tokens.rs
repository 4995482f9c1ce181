//! Tokens of stored grants: renewed in time, by one caller, and given up honestly.

use std::sync::Arc;

use analytics_connectors::{
    Connector, ErrorKind,
    sync::{GrantLocks, StoredTokens},
};
use analytics_core::model::{GrantState, GrantTokens};
use chrono::Duration;
use secrecy::{ExposeSecret, SecretString};

use super::{
    pretend::PretendAds,
    stage::{Stage, at},
};

fn tokens(stage: &Stage, locks: &GrantLocks) -> StoredTokens {
    let connector: Arc<dyn Connector> = Arc::new(PretendAds(stage.platform.clone()));
    StoredTokens::new(
        stage.store.clone(),
        connector,
        stage.clock.clone(),
        locks,
        stage.workspace,
        stage.grant.id,
    )
}

/// The grant's token now expires so many days from now.
async fn expire_in(stage: &Stage, days: i64) {
    let grant = stage
        .store
        .grant(stage.workspace, stage.grant.id)
        .await
        .unwrap();
    let tokens = GrantTokens {
        expires_at: Some(at("2026-11-23T12:00:00Z") + Duration::days(days)),
        ..grant.tokens
    };
    stage
        .store
        .renew_grant(stage.workspace, grant.id, grant.version, &tokens)
        .await
        .unwrap()
        .unwrap();
}

async fn state(stage: &Stage) -> GrantState {
    stage
        .store
        .grant(stage.workspace, stage.grant.id)
        .await
        .unwrap()
        .state
}

#[tokio::test]
async fn a_token_with_time_left_is_used_as_it_is() {
    let stage = Stage::new().await;
    expire_in(&stage, 15).await;
    let token = tokens(&stage, &GrantLocks::default())
        .source()
        .token()
        .await
        .unwrap();
    assert_eq!(token.expose_secret(), "first");
    assert_eq!(stage.platform.renewals(), 0);
}

#[tokio::test]
async fn many_callers_renew_an_expiring_token_once() {
    let stage = Stage::new().await;
    expire_in(&stage, 13).await;
    stage.platform.renewed_expire_at(at("2027-01-20T00:00:00Z"));
    let locks = GrantLocks::default();
    let sources: Vec<_> = (0..20).map(|_| tokens(&stage, &locks).source()).collect();
    let all = futures_util::future::join_all(sources.iter().map(|source| source.token())).await;
    for token in all {
        assert_eq!(token.unwrap().expose_secret(), "renewed 1");
    }
    assert_eq!(stage.platform.renewals(), 1);
    let stored = stage
        .store
        .grant(stage.workspace, stage.grant.id)
        .await
        .unwrap();
    assert_eq!(stored.tokens.access_token.expose_secret(), "renewed 1");
}

#[tokio::test]
async fn processes_take_turns_and_renew_a_token_once() {
    let stage = Stage::new().await;
    expire_in(&stage, 13).await;
    stage.platform.renewed_expire_at(at("2027-01-20T00:00:00Z"));
    let sources: Vec<_> = (0..8)
        .map(|_| tokens(&stage, &GrantLocks::default()).source())
        .collect();
    let all = futures_util::future::join_all(sources.iter().map(|source| source.token())).await;
    let stored = stage
        .store
        .grant(stage.workspace, stage.grant.id)
        .await
        .unwrap();
    for token in all {
        assert_eq!(
            token.unwrap().expose_secret(),
            stored.tokens.access_token.expose_secret()
        );
    }
    assert_eq!(
        stage.platform.renewals(),
        1,
        "a refresh token may work once only"
    );
}

#[tokio::test]
async fn new_tokens_that_cannot_be_stored_are_kept_until_they_can() {
    let stage = Stage::new().await;
    expire_in(&stage, 0).await;
    stage.platform.renewed_expire_at(at("2027-01-20T00:00:00Z"));
    let file = stage.folder.path().join("test.db");
    let database = sqlx::SqlitePool::connect(&format!("sqlite://{}", file.display()))
        .await
        .unwrap();
    let run = async |sql: &'static str| {
        sqlx::query(sql).execute(&database).await.unwrap();
    };
    run(
        "CREATE TRIGGER full BEFORE UPDATE OF sealed_tokens ON grants
         BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
    )
    .await;
    let locks = GrantLocks::default();
    let refused = tokens(&stage, &locks).source().token().await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Transient);
    run("DROP TRIGGER full").await;
    // Another run of the same process.
    let token = tokens(&stage, &locks).source().token().await.unwrap();
    assert_eq!(token.expose_secret(), "renewed 1");
    assert_eq!(
        stage.platform.renewals(),
        1,
        "the old refresh token is not sent again"
    );
    assert_eq!(state(&stage).await, GrantState::Active);
}

#[tokio::test]
async fn a_renewal_that_fails_for_the_moment_does_not_stop_a_living_token() {
    let stage = Stage::new().await;
    expire_in(&stage, 5).await;
    stage.platform.fail_renewals(Some(ErrorKind::Transient));
    let source = tokens(&stage, &GrantLocks::default()).source();
    for _ in 0..3 {
        assert_eq!(source.token().await.unwrap().expose_secret(), "first");
    }
    assert_eq!(
        stage.platform.renewals(),
        1,
        "the next renewal waits a little"
    );

    stage.platform.fail_renewals(None);
    stage.clock.set(at("2026-11-23T12:11:00Z"));
    assert_eq!(source.token().await.unwrap().expose_secret(), "renewed 2");
}

#[tokio::test]
async fn an_expired_token_that_cannot_be_renewed_for_the_moment_is_a_passing_failure() {
    let stage = Stage::new().await;
    expire_in(&stage, -1).await;
    stage.platform.fail_renewals(Some(ErrorKind::Transient));
    let source = tokens(&stage, &GrantLocks::default()).source();
    assert_eq!(source.token().await.unwrap_err().kind, ErrorKind::Transient);
    assert_eq!(state(&stage).await, GrantState::Active);
}

#[tokio::test]
async fn a_renewal_that_the_provider_refuses_ends_the_grant() {
    let stage = Stage::new().await;
    expire_in(&stage, 5).await;
    stage.platform.fail_renewals(Some(ErrorKind::AuthExpired));
    let source = tokens(&stage, &GrantLocks::default()).source();
    assert_eq!(
        source.token().await.unwrap_err().kind,
        ErrorKind::AuthExpired
    );
    assert_eq!(state(&stage).await, GrantState::Dead);
    assert_eq!(
        source.token().await.unwrap_err().kind,
        ErrorKind::AuthExpired
    );
    assert_eq!(
        stage.platform.renewals(),
        1,
        "a dead grant is not renewed again"
    );
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_then_given_up() {
    let stage = Stage::new().await;
    let source = tokens(&stage, &GrantLocks::default()).source();
    source.refused(&SecretString::from("first")).await.unwrap();
    let renewed = source.token().await.unwrap();
    assert_eq!(renewed.expose_secret(), "renewed 1");
    let given_up = source.refused(&renewed).await.unwrap_err();
    assert_eq!(given_up.kind, ErrorKind::AuthExpired);
    assert_eq!(state(&stage).await, GrantState::Dead);
    assert_eq!(stage.platform.renewals(), 1);
}

#[tokio::test]
async fn a_token_that_was_renewed_elsewhere_is_taken_from_the_store() {
    let stage = Stage::new().await;
    let locks = GrantLocks::default();
    let mine = tokens(&stage, &locks).source();
    let old = mine.token().await.unwrap();
    let others = tokens(&stage, &locks).source();
    others.refused(&old).await.unwrap();
    mine.refused(&old).await.unwrap();
    assert_eq!(mine.token().await.unwrap().expose_secret(), "renewed 1");
    assert_eq!(stage.platform.renewals(), 1);
}

#[tokio::test]
async fn giving_up_spares_a_grant_that_its_user_renewed_meanwhile() {
    let stage = Stage::new().await;
    let mine = tokens(&stage, &GrantLocks::default());
    mine.source().token().await.unwrap();
    expire_in(&stage, 50).await; // stored by somebody else: the version rose
    assert!(!mine.give_up().await.unwrap());
    assert_eq!(state(&stage).await, GrantState::Active);
    assert!(mine.give_up().await.unwrap());
    assert_eq!(state(&stage).await, GrantState::Dead);
}

#[tokio::test]
async fn nothing_of_a_token_is_ever_shown() {
    let stage = Stage::new().await;
    let mine = tokens(&stage, &GrantLocks::default());
    mine.source().token().await.unwrap();
    let shown = format!("{mine:?} {:?}", mine.source());
    assert!(!shown.contains("first"), "{shown}");
}
