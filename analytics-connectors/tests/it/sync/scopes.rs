//! Grants that open only some of an account's feeds.

use analytics_connectors::{
    ErrorKind, FetchRequest,
    sync::{Ended, choose},
};
use analytics_core::model::{AccountState, GrantState, GrantTokens, Level, NewAccount};
use secrecy::SecretString;

use super::{
    pretend::{FEED, PEOPLE, PEOPLE_SCOPE, Pretend},
    stage::{Stage, at, grant_with, range},
};

const NOON: &str = "2026-11-23T12:00:00Z";

impl Stage {
    /// A colleague who may read people links the account too.
    async fn a_colleague_links(&self) {
        let scopes = [PEOPLE_SCOPE];
        let colleague = grant_with(&self.store, self.workspace, "b", "theirs", &scopes).await;
        let account = NewAccount {
            found: Pretend::account(),
            grant: colleague.id,
            linked_at: at(NOON),
        };
        self.store
            .link_account(self.workspace, &account)
            .await
            .unwrap();
    }

    /// A report asks for the people of a week; whether it is answered after a reconciliation, and
    /// whether with a value.
    async fn people_of_a_week(&self) -> (bool, bool) {
        let (home, id) = (self.workspace, self.account.id);
        let week = range("2026-10-05", "2026-10-11");
        let wanted = [("reach".into(), week)];
        self.store
            .request_windows(home, id, Level::Account, &wanted, at(NOON))
            .await
            .unwrap();
        self.reconcile().await;
        let requests = self.store.window_requests(home, id).await.unwrap();
        let windows = self.store.windows(home, id, Level::Account).await.unwrap();
        (
            requests.iter().all(|one| one.answered_at.is_some()),
            windows.iter().any(|window| window.range == week),
        )
    }
}

#[tokio::test]
async fn what_one_grant_does_not_open_is_fetched_with_another() {
    let stage = Stage::of(Pretend::with_people()).await;
    stage.a_colleague_links().await;
    assert_eq!(stage.people_of_a_week().await, (true, true));
    let coverage = stage.store.coverage(stage.workspace, stage.account.id);
    let coverage = coverage.await.unwrap();
    assert!(coverage.iter().any(|feed| feed.feed.as_str() == PEOPLE));
}

#[tokio::test]
async fn what_no_grant_opens_is_answered_at_once_without_a_value() {
    let stage = Stage::of(Pretend::with_people()).await;
    assert_eq!(stage.people_of_a_week().await, (true, false));
    assert_eq!(stage.account().await.state, AccountState::Active);
}

#[tokio::test]
async fn a_grant_that_is_denied_what_only_it_opens_says_why_it_is_missing() {
    let stage = Stage::of(Pretend::with_people()).await;
    stage.a_colleague_links().await;
    stage.platform.fail(
        ErrorKind::PermissionDenied,
        0,
        |request| matches!(request, FetchRequest::Daily { feed, .. } if feed.as_str() == PEOPLE),
    );
    let outcome = stage.reconcile().await;
    assert_eq!(outcome.ended, Ended::WithFailures);
    assert_eq!(outcome.error.unwrap().code, "permission_denied");
    let account = stage.account().await;
    assert_eq!(account.state, AccountState::Active, "the rest is read");
    stage
        .holds(Level::Account, range("2026-09-24", "2026-11-22"), 0)
        .await;
}

#[tokio::test]
async fn whoever_waits_for_what_only_a_denied_grant_opens_is_told() {
    let stage = Stage::of(Pretend::with_people()).await;
    stage.a_colleague_links().await;
    let of_people = |request: &FetchRequest| match request {
        FetchRequest::Daily { feed, .. } => feed.as_str() == PEOPLE,
        FetchRequest::Window { .. } => true,
        _ => false,
    };
    stage
        .platform
        .fail(ErrorKind::PermissionDenied, 0, of_people);
    assert_eq!(stage.people_of_a_week().await, (true, false));
}

#[tokio::test]
async fn grants_that_open_everything_together_leave_nothing_to_another() {
    let scopes = [(PEOPLE_SCOPE, PEOPLE), ("days.read", FEED)];
    let stage = Stage::of(Pretend::with_scopes(&scopes)).await;
    let home = stage.workspace;
    stage.a_colleague_links().await;
    let third = grant_with(&stage.store, home, "c", "third", &["days.read"]).await;
    let account = NewAccount {
        found: Pretend::account(),
        grant: third.id,
        linked_at: at(NOON),
    };
    stage.store.link_account(home, &account).await.unwrap();
    // The first grant is the last to be tried.
    for token in ["first", "renewed 1"] {
        stage.platform.refuse(token);
    }
    assert_eq!(stage.reconcile().await.ended, Ended::Complete);
    let first = stage.store.grant(home, stage.grant.id).await.unwrap();
    assert_eq!(first.state, GrantState::Active, "nobody tried it");
    stage
        .holds(Level::Account, range("2026-09-24", "2026-11-22"), 0)
        .await;
}

#[tokio::test]
async fn a_consent_that_opens_more_makes_its_accounts_due() {
    let stage = Stage::of(Pretend::with_people()).await;
    stage.reconcile().await;
    assert!(stage.due().await.is_empty());
    let consent = analytics_connectors::oauth::Consent {
        subject: "user".to_owned(),
        subject_name: None,
        scopes: vec![PEOPLE_SCOPE.to_owned()],
        tokens: GrantTokens {
            access_token: SecretString::from("second"),
            refresh_token: None,
            expires_at: None,
        },
    };
    let linked = stage
        .engine
        .link(stage.workspace, "pretend", consent)
        .await
        .unwrap();
    assert_eq!(linked.grant.id, stage.grant.id);
    assert_eq!(stage.due().await, [stage.account.id]);
    stage.reconcile().await;
    let coverage = stage.store.coverage(stage.workspace, stage.account.id);
    let coverage = coverage.await.unwrap();
    assert!(coverage.iter().any(|feed| feed.feed.as_str() == PEOPLE));
}

#[tokio::test]
async fn linking_again_keeps_when_an_account_was_linked_first() {
    let stage = Stage::new().await;
    let later = at("2026-11-30T12:00:00Z");
    choose(&stage.store, &stage.grant, [Pretend::account()], later)
        .await
        .unwrap();
    assert_eq!(stage.account().await.linked_at, at(NOON));
}
