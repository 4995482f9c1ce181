//! Grants.

use std::time::Duration;

use secrecy::ExposeSecret;

use super::fixture::{ACCOUNT, LONG, World, at, new_account, new_grant, tokens, workspace};
use crate::{
    Error,
    model::{GrantId, GrantState, GrantTokens, NewGrant},
    storage::Store,
};

/// Secrets come back as they were given, by either id.
pub async fn a_grant_keeps_its_secrets(store: &dyn Store) {
    let home = workspace(store, "One").await.id;
    let saved = store
        .save_grant(home, &new_grant("user-1", "secret-access"))
        .await
        .unwrap();
    for grant in [
        store.grant(home, saved.id).await.unwrap(),
        store
            .grant_by_public_id(home, &saved.public_id)
            .await
            .unwrap(),
    ] {
        assert_eq!(grant.id, saved.id);
        assert_eq!(grant.tokens.access_token.expose_secret(), "secret-access");
        let refresh = grant.tokens.refresh_token.as_ref().unwrap();
        assert_eq!(refresh.expose_secret(), "refresh");
        assert_eq!(grant.tokens.expires_at, Some(at(5_000)));
        assert_eq!(grant.scopes, ["ads_read", "business_management"]);
        assert_eq!(grant.subject_name.as_deref(), Some("Aiko Mori"));
        assert_eq!((grant.version, grant.state), (1, GrantState::Active));
        assert_eq!(grant.granted_at, at(0));
        assert!(!format!("{grant:?}").contains("secret-access"));
    }
    for missing in [
        store.grant(home, GrantId(9_999)).await.err(),
        store
            .grant_by_public_id(home, &"gr_nonsense".into())
            .await
            .err(),
        store.mark_grant_dead(home, GrantId(9_999), 1).await.err(),
        store
            .renew_grant(home, GrantId(9_999), 1, &tokens("x"))
            .await
            .err(),
    ] {
        assert!(matches!(missing, Some(Error::NotFound { .. })));
    }
}

/// The same user of the same provider is the same grant, alive again.
pub async fn consenting_again_renews_the_same_grant(store: &dyn Store) {
    let home = workspace(store, "One").await.id;
    let first = store
        .save_grant(home, &new_grant("user-1", "old"))
        .await
        .unwrap();
    let outdated = first.version - 1;
    assert!(
        !store
            .mark_grant_dead(home, first.id, outdated)
            .await
            .unwrap()
    );
    let living = store.grant(home, first.id).await.unwrap();
    assert_eq!(
        living.state,
        GrantState::Active,
        "tokens that came since are not meant"
    );
    assert!(
        store
            .mark_grant_dead(home, first.id, first.version)
            .await
            .unwrap()
    );
    let dead = store.grant(home, first.id).await.unwrap();
    assert_eq!(dead.state, GrantState::Dead);
    assert_eq!(dead.tokens.access_token.expose_secret(), "old");

    let again = NewGrant {
        scopes: vec!["ads_read".to_owned()],
        granted_at: at(60),
        ..new_grant("user-1", "new")
    };
    let second = store.save_grant(home, &again).await.unwrap();
    assert_eq!((second.id, &second.public_id), (first.id, &first.public_id));
    assert_eq!(second.state, GrantState::Active);
    assert!(second.version > first.version);
    assert_eq!(second.tokens.access_token.expose_secret(), "new");
    assert_eq!(second.scopes, ["ads_read"]);
    assert_eq!(second.granted_at, at(60));

    let other = store
        .save_grant(home, &new_grant("user-2", "x"))
        .await
        .unwrap();
    assert_ne!(other.id, first.id);
}

/// Two workers that renew the same token: one wins, the other learns it.
pub async fn one_of_two_renewals_wins(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id, version) = (world.workspace, world.grant.id, world.grant.version);
    let (one, two) = (
        tokens("one"),
        GrantTokens {
            refresh_token: None,
            expires_at: None,
            ..tokens("two")
        },
    );
    let (first, second) = futures_util::join!(
        store.renew_grant(home, id, version, &one),
        store.renew_grant(home, id, version, &two),
    );
    let winners: Vec<_> = [first.unwrap(), second.unwrap()]
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(winners.len(), 1, "exactly one renewal wins");
    let stored = store.grant(home, id).await.unwrap();
    assert_eq!(stored.version, version + 1);
    assert_eq!(
        stored.tokens.access_token.expose_secret(),
        winners[0].tokens.access_token.expose_secret()
    );
    assert!(
        store
            .renew_grant(home, id, version, &one)
            .await
            .unwrap()
            .is_none()
    );
    let next = store
        .renew_grant(home, id, version + 1, &two)
        .await
        .unwrap()
        .unwrap();
    assert!(next.tokens.refresh_token.is_none());
    assert_eq!(next.tokens.expires_at, None);
}

/// A refresh token that works once is used by one process at a time: who has the turn renews, the
/// others wait until it is over or the grant has another version.
pub async fn one_renews_at_a_time_until_its_turn_ends(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id, version) = (world.workspace, world.grant.id, world.grant.version);
    let claim = async |version, owner: &'static str, ttl| {
        let claimed = store.claim_renewal(home, id, version, owner, ttl).await;
        claimed.unwrap()
    };
    assert!(claim(version, "one", LONG).await);
    assert!(!claim(version, "two", LONG).await, "somebody is at it");
    store.release_renewal(home, id, "two").await.unwrap();
    assert!(
        !claim(version, "two", LONG).await,
        "a turn is its owner's to give back"
    );
    store.release_renewal(home, id, "one").await.unwrap();
    assert!(
        claim(version, "two", Duration::ZERO).await,
        "one that was given back is free"
    );
    assert!(
        claim(version, "three", LONG).await,
        "one that ran out is free"
    );
    let renewed = store
        .renew_grant(home, id, version, &tokens("next"))
        .await
        .unwrap()
        .unwrap();
    assert!(
        !claim(version, "four", LONG).await,
        "the grant has another version by now"
    );
    assert!(
        claim(renewed.version, "four", LONG).await,
        "renewing ended the turn"
    );
}

/// A worker tries the grants of an account in this order.
pub async fn active_and_newest_grants_come_first(store: &dyn Store) {
    let world = World::new(store).await;
    for (subject, granted) in [("user-2", 20), ("user-3", 30), ("user-4", 10)] {
        let grant = NewGrant {
            granted_at: at(granted),
            ..new_grant(subject, subject)
        };
        let grant = store.save_grant(world.workspace, &grant).await.unwrap();
        let account = new_account(ACCOUNT, &grant, at(40));
        store.link_account(world.workspace, &account).await.unwrap();
        if subject == "user-3" {
            store
                .mark_grant_dead(world.workspace, grant.id, grant.version)
                .await
                .unwrap();
        }
    }
    let grants = store
        .grants_of_account(world.workspace, world.account.id)
        .await
        .unwrap();
    let subjects: Vec<_> = grants.iter().map(|grant| grant.subject.as_str()).collect();
    assert_eq!(subjects, ["user-2", "user-4", "user-1", "user-3"]);
}
