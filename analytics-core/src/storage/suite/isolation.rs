//! One workspace never sees another's.

use super::fixture::{ACCOUNT, LONG, World, at, days, failure, record, slice, tokens};
use crate::{
    Error,
    model::{AccountState, CostTerms, Level, Priority},
    storage::{EntityFilter, Store},
};

/// Every call with another workspace's id says that there is no such thing, and changes nothing.
pub async fn ids_of_another_workspace_are_not_found(store: &dyn Store) {
    let mine = World::named(store, "Mine").await;
    let theirs = World::named(store, "Theirs").await;
    let facts = [(ACCOUNT, "spend", 0, 1)];
    let saved = slice(theirs.account.id, Level::Account, days(0, 3), 10, &facts);
    store
        .save_slice(theirs.workspace, None, &saved)
        .await
        .unwrap();
    let (own, account, grant) = (mine.workspace, theirs.account.id, theirs.grant.id);
    let feed = "insights".into();
    let new = crate::model::NewAccount {
        grant,
        ..super::fixture::new_account("act_9", &mine.grant, at(0))
    };
    for (call, error) in [
        ("grant", store.grant(own, grant).await.err()),
        (
            "grant_by_public_id",
            store
                .grant_by_public_id(own, &theirs.grant.public_id)
                .await
                .err(),
        ),
        (
            "renew_grant",
            store.renew_grant(own, grant, 1, &tokens("x")).await.err(),
        ),
        (
            "mark_grant_dead",
            store.mark_grant_dead(own, grant, 1).await.err(),
        ),
        ("link_account", store.link_account(own, &new).await.err()),
        ("account", store.account(own, account).await.err()),
        (
            "account_by_public_id",
            store
                .account_by_public_id(own, &theirs.account.public_id)
                .await
                .err(),
        ),
        (
            "set_account_state",
            store
                .set_account_state(own, account, AccountState::Archived)
                .await
                .err(),
        ),
        (
            "rename_account",
            store.rename_account(own, account, "x").await.err(),
        ),
        (
            "learn_account_name",
            store.learn_account_name(own, account, "x").await.err(),
        ),
        (
            "save_cost_terms",
            store
                .save_cost_terms(own, account, &CostTerms::default())
                .await
                .err(),
        ),
        (
            "purge_account",
            store.purge_account(own, account).await.err(),
        ),
        (
            "save_entities",
            store.save_entities(own, account, &[]).await.err(),
        ),
        (
            "save_slice",
            store.save_slice(own, None, &saved).await.err(),
        ),
        (
            "save_failure",
            store
                .save_failure(
                    own,
                    account,
                    Level::Account,
                    &feed,
                    failure(days(0, 1), 20, "x"),
                )
                .await
                .err(),
        ),
        (
            "save_windows",
            store
                .save_windows(own, None, account, Level::Account, &[], at(20))
                .await
                .err(),
        ),
        (
            "series",
            store.series(own, account, Level::Account).await.err(),
        ),
        (
            "windows",
            store.windows(own, account, Level::Account).await.err(),
        ),
        ("coverage", store.coverage(own, account).await.err()),
        (
            "revisions",
            store.revisions(own, account, at(0)).await.err(),
        ),
        ("fact_span", store.fact_span(own, account).await.err()),
        ("sync_row", store.sync_row(own, account).await.err()),
        (
            "request_sync",
            store
                .request_sync(own, account, Priority::Refresh, at(0))
                .await
                .err(),
        ),
        (
            "acquire_lease",
            store
                .acquire_lease(own, account, "w", LONG, at(0))
                .await
                .err(),
        ),
    ] {
        assert!(
            matches!(error, Some(Error::NotFound { .. })),
            "{call}: {error:?}"
        );
    }

    assert!(
        store
            .grants_of_account(own, account)
            .await
            .unwrap()
            .is_empty()
    );
    let accounts = store.accounts(own).await.unwrap();
    assert_eq!(accounts, std::slice::from_ref(&mine.account));
    assert!(
        !store
            .data_versions(own)
            .await
            .unwrap()
            .contains_key(&account)
    );
    assert!(store.stored_metrics(own).await.unwrap().is_empty());
    let filter = EntityFilter {
        accounts: vec![account],
        ..EntityFilter::default()
    };
    assert_eq!(store.entities(own, &filter).await.unwrap(), (vec![], 0));
    let (their_entities, _) = store.entities(theirs.workspace, &filter).await.unwrap();
    let ids = [their_entities[0].public_id.clone()];
    assert!(
        store
            .entities_by_public_id(own, &ids)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        store
            .entities_by_public_id(theirs.workspace, &ids)
            .await
            .unwrap()
            .len(),
        1
    );

    let untouched = store.account(theirs.workspace, account).await.unwrap();
    assert_eq!(untouched.name, theirs.account.name);
    assert_eq!(theirs.facts(store, Level::Account).await.len(), 1);
    let grant = store.grant(theirs.workspace, grant).await.unwrap();
    assert_eq!(grant.version, theirs.grant.version);
}

/// An ad account that two tenants link is stored twice, each with its own data.
pub async fn the_same_account_in_two_workspaces_is_two_accounts(store: &dyn Store) {
    let one = World::named(store, "One").await;
    let two = World::named(store, "Two").await;
    assert_eq!(one.account.external_id, two.account.external_id);
    assert_ne!(one.account.id, two.account.id);
    assert_ne!(one.grant.id, two.grant.id);
    let campaign = [record(Level::Campaign, "c1", None, Some("Only mine"))];
    store
        .save_entities(one.workspace, one.account.id, &campaign)
        .await
        .unwrap();
    let facts = [("c1", "spend", 0, 1)];
    let saved = slice(two.account.id, Level::Campaign, days(0, 3), 10, &facts);
    store.save_slice(two.workspace, None, &saved).await.unwrap();
    assert!(one.facts(store, Level::Campaign).await.is_empty());
    let search = EntityFilter {
        search: Some("only".to_owned()),
        ..EntityFilter::default()
    };
    assert_eq!(store.entities(two.workspace, &search).await.unwrap().1, 0);

    store
        .purge_account(one.workspace, one.account.id)
        .await
        .unwrap();
    assert_eq!(two.facts(store, Level::Campaign).await.len(), 1);
}
