//! Accounts.

use secrecy::ExposeSecret;
use serde_json::json;

use super::fixture::{ACCOUNT, World, at, days, new_account, new_grant, record, slice};
use crate::{
    Error,
    model::{
        AccountId, AccountState, AgencyFee, CostTerm, CostTerms, FeeKind, FoundAccount, Level,
        Millionths, NewAccount, Share, WindowRecord,
    },
    storage::{EntityFilter, Store},
};

/// Everything found reads back, by either id.
pub async fn an_account_keeps_what_was_found(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, linked) = (world.workspace, &world.account);
    assert_eq!(linked.platform.as_str(), "facebook_ads");
    assert_eq!(linked.external_id, ACCOUNT);
    assert_eq!(linked.name, "Shop act_1");
    assert_eq!(linked.currency.as_ref().unwrap().as_str(), "JPY");
    assert_eq!(linked.time_zone, chrono_tz::Asia::Tokyo);
    assert_eq!(linked.access, json!({ "business": "42" }));
    assert_eq!(linked.state, AccountState::Active);
    assert_eq!(linked.linked_at, at(0));
    assert_eq!(store.account(home, linked.id).await.unwrap(), *linked);
    let by_public_id = store
        .account_by_public_id(home, &linked.public_id)
        .await
        .unwrap();
    assert_eq!(by_public_id, *linked);

    let second = world.link(store, "act_2").await;
    assert_eq!(
        store.accounts(home).await.unwrap(),
        [linked.clone(), second.clone()]
    );
    assert_eq!(
        store.account_refs().await.unwrap(),
        [(home, linked.id), (home, second.id)]
    );
    for missing in [
        store.account(home, AccountId(9_999)).await.err(),
        store
            .account_by_public_id(home, &"acc_nonsense".into())
            .await
            .err(),
        store
            .set_account_state(home, AccountId(9_999), AccountState::Error)
            .await
            .err(),
        store.purge_account(home, AccountId(9_999)).await.err(),
    ] {
        assert!(matches!(missing, Some(Error::NotFound { .. })));
    }
}

/// An account without a name gets the platform's once it is told, under whatever the user calls it.
pub async fn a_name_is_learnt_once_and_the_users_own_stays(store: &dyn Store) {
    let world = World::new(store).await;
    let home = world.workspace;
    let nameless = async |id: &str| {
        let new = new_account(id, &world.grant, at(0));
        let found = FoundAccount {
            name: id.to_owned(),
            ..new.found
        };
        let new = NewAccount { found, ..new };
        store.link_account(home, &new).await.unwrap().id
    };
    let name = async |id| store.account(home, id).await.unwrap().name;
    let (first, second) = (nameless("act_8").await, nameless("act_9").await);
    store.learn_account_name(home, first, "Shop").await.unwrap();
    assert_eq!(name(first).await, "Shop");
    store
        .learn_account_name(home, first, "Other")
        .await
        .unwrap();
    assert_eq!(name(first).await, "Shop", "it has a name");
    store.rename_account(home, second, "Mine").await.unwrap();
    store
        .learn_account_name(home, second, "Shop")
        .await
        .unwrap();
    assert_eq!(name(second).await, "Mine");
    let named = world.account.id;
    let before = name(named).await;
    store.learn_account_name(home, named, "Shop").await.unwrap();
    assert_eq!(name(named).await, before);
}

/// An account that is linked again is the same one, with its data and the user's name for it.
pub async fn linking_again_keeps_id_name_and_data(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    let facts = [(ACCOUNT, "spend", 1, 5)];
    let saved = slice(id, Level::Account, days(0, 3), 10, &facts);
    store.save_slice(home, None, &saved).await.unwrap();
    store.rename_account(home, id, "My shop").await.unwrap();
    store
        .set_account_state(home, id, AccountState::NeedsRelink)
        .await
        .unwrap();

    let grant = store
        .save_grant(home, &new_grant("user-2", "b"))
        .await
        .unwrap();
    let again = NewAccount {
        found: FoundAccount {
            name: "Renamed on the platform".to_owned(),
            access: json!({ "business": "43" }),
            ..new_account(ACCOUNT, &grant, at(0)).found
        },
        grant: grant.id,
        linked_at: at(500),
    };
    let linked = store.link_account(home, &again).await.unwrap();
    assert_eq!(
        (linked.id, &linked.public_id),
        (id, &world.account.public_id)
    );
    assert_eq!(linked.name, "My shop");
    assert_eq!(linked.access, json!({ "business": "43" }));
    assert_eq!(linked.state, AccountState::Active);
    assert_eq!(linked.linked_at, at(0), "its history is counted from there");
    assert_eq!(world.facts(store, Level::Account).await.len(), 1);
    assert_eq!(store.grants_of_account(home, id).await.unwrap().len(), 2);
    assert_eq!(store.due_accounts(at(500), 9).await.unwrap(), [(home, id)]);
}

/// An account without a zone has days in the workspace's at linking, whatever becomes of that.
pub async fn a_zone_that_the_workspace_lent_stays(store: &dyn Store) {
    let world = World::new(store).await;
    let mut home = store.workspace(world.workspace).await.unwrap();
    home.settings.time_zone = chrono_tz::Asia::Tokyo;
    store.save_workspace(&home).await.unwrap();
    let new = NewAccount {
        found: FoundAccount {
            time_zone: None,
            ..new_account("without", &world.grant, at(0)).found
        },
        grant: world.grant.id,
        linked_at: at(0),
    };
    let linked = store.link_account(home.id, &new).await.unwrap();
    assert_eq!(linked.time_zone, chrono_tz::Asia::Tokyo);
    home.settings.time_zone = chrono_tz::Europe::Berlin;
    store.save_workspace(&home).await.unwrap();
    let again = store.link_account(home.id, &new).await.unwrap();
    assert_eq!(
        (again.id, again.time_zone),
        (linked.id, chrono_tz::Asia::Tokyo)
    );
}

/// Nobody refreshes what the user put away or must link again.
pub async fn an_archived_account_is_not_due(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    for state in [AccountState::NeedsRelink, AccountState::Archived] {
        store.set_account_state(home, id, state).await.unwrap();
        assert_eq!(store.account(home, id).await.unwrap().state, state);
        assert_eq!(
            store.sync_row(home, id).await.unwrap().next_attempt_at,
            None
        );
        assert!(store.due_accounts(at(9_999), 9).await.unwrap().is_empty());
    }
    store
        .set_account_state(home, id, AccountState::Active)
        .await
        .unwrap();
    let kept = store.account(home, id).await.unwrap();
    assert_eq!(kept.state, AccountState::Archived);
    let grant = store.grants_of_account(home, id).await.unwrap().remove(0);
    store
        .link_account(home, &new_account(ACCOUNT, &grant, at(20)))
        .await
        .unwrap();
    assert_eq!(store.due_accounts(at(20), 9).await.unwrap().len(), 1);
}

/// Purging takes all of the account and nothing of its neighbour.
pub async fn purging_removes_the_account_and_grants_that_reach_nothing(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    let own = store
        .save_grant(home, &new_grant("user-2", "b"))
        .await
        .unwrap();
    store
        .link_account(home, &new_account(ACCOUNT, &own, at(0)))
        .await
        .unwrap();
    let unused = store
        .save_grant(home, &new_grant("user-3", "c"))
        .await
        .unwrap();
    let neighbour = world.link(store, "act_2").await;
    for (account, external_id) in [(id, ACCOUNT), (neighbour.id, "act_2")] {
        let mut saved = slice(
            account,
            Level::Campaign,
            days(0, 3),
            10,
            &[("c1", "spend", 1, 5)],
        );
        saved.entities = vec![record(Level::AdGroup, "g1", Some("c1"), Some("Group"))];
        store.save_slice(home, None, &saved).await.unwrap();
        let window = WindowRecord {
            entity: external_id.into(),
            metric: "reach".into(),
            range: days(0, 3),
            value: crate::model::Millionths(7),
        };
        store
            .save_windows(home, None, account, Level::Account, &[window], at(10))
            .await
            .unwrap();
    }

    let contents = store.account_contents(home, id).await.unwrap();
    assert!(
        contents.facts > 0 && contents.windows > 0 && contents.grants == 1,
        "{contents:?}"
    );
    let removed = store.purge_account(home, id).await.unwrap();
    assert_eq!(removed, contents, "what was shown is what went");
    for missing in [
        store.account(home, id).await.err(),
        store.series(home, id, Level::Campaign).await.err(),
        store.coverage(home, id).await.err(),
        store.sync_row(home, id).await.err(),
        store.grant(home, own.id).await.err(),
    ] {
        assert!(matches!(missing, Some(Error::NotFound { .. })));
    }
    let (entities, _) = store
        .entities(home, &EntityFilter::default())
        .await
        .unwrap();
    assert!(entities.iter().all(|entity| entity.account == neighbour.id));
    assert_eq!(entities.len(), 3);
    assert_eq!(
        store
            .series(home, neighbour.id, Level::Campaign)
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        store
            .windows(home, neighbour.id, Level::Account)
            .await
            .unwrap()
            .len(),
        1
    );
    let kept = store.grant(home, world.grant.id).await.unwrap();
    assert_eq!(kept.tokens.access_token.expose_secret(), "access-1");
    assert!(
        store.grant(home, unused.id).await.is_ok(),
        "a new consent is kept"
    );

    let linked_anew = world.link(store, ACCOUNT).await;
    assert_ne!(linked_anew.id, id, "caches are keyed by the id");
    assert!(
        store
            .series(home, linked_anew.id, Level::Campaign)
            .await
            .unwrap()
            .is_empty()
    );
}

/// Fee and tax are applied when somebody asks: what is stored stays the plain cost.
pub async fn cost_terms_are_kept_and_change_no_fact(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    assert!(world.account.cost_terms.is_empty());
    let facts = [(ACCOUNT, "spend", 1, 5), (ACCOUNT, "spend", 2, 7)];
    let saved = slice(id, Level::Account, days(0, 3), 10, &facts);
    store.save_slice(home, None, &saved).await.unwrap();
    let before = world.facts(store, Level::Account).await;
    let version = store.account(home, id).await.unwrap().data_version;

    let term = CostTerm {
        from: days(2, 2).start,
        fee: Some(AgencyFee {
            kind: FeeKind::Within,
            rate: Share(Millionths(200_000)),
        }),
        tax: Some(Share(Millionths(100_000))),
    };
    let terms = CostTerms::new(vec![term]).unwrap();
    store.save_cost_terms(home, id, &terms).await.unwrap();
    let account = store.account(home, id).await.unwrap();
    assert_eq!(account.cost_terms, terms);
    assert!(
        account.data_version > version,
        "reports are worked out anew"
    );
    assert_eq!(store.accounts(home).await.unwrap()[0].cost_terms, terms);
    assert_eq!(world.facts(store, Level::Account).await, before);

    // A fetch afterwards brings the plain cost too, and nothing is restated.
    let receipt = store.save_slice(home, None, &saved).await.unwrap();
    assert_eq!(receipt.revisions, 0);
    assert_eq!(world.facts(store, Level::Account).await, before);
    store
        .save_cost_terms(home, id, &CostTerms::default())
        .await
        .unwrap();
    assert!(store.account(home, id).await.unwrap().cost_terms.is_empty());
}
