//! What a provider tells of its users.

use super::fixture::{World, at, new_account, new_grant};
use crate::{
    Error,
    model::{AccountState, GrantState, PublicId},
    storage::Store,
};

/// A user who takes the authorization back closes the accounts that nobody else opens, everywhere.
pub async fn a_revoked_user_closes_only_what_nobody_else_opens(store: &dyn Store) {
    let here = World::new(store).await;
    let there = World::named(store, "Another").await;
    let shared = here.link(store, "act_2").await;
    let second = store
        .save_grant(here.workspace, &new_grant("user-2", "b"))
        .await
        .unwrap();
    store
        .link_account(here.workspace, &new_account("act_2", &second, at(5)))
        .await
        .unwrap();

    let mut closed = store
        .revoke_subject("meta", "user-1", at(90))
        .await
        .unwrap();
    closed.sort_unstable();
    assert_eq!(
        closed,
        [
            (here.workspace, here.account.id),
            (there.workspace, there.account.id),
        ]
    );
    let state = async |workspace, id| store.account(workspace, id).await.unwrap().state;
    assert_eq!(
        state(here.workspace, here.account.id).await,
        AccountState::NeedsRelink
    );
    assert_eq!(state(here.workspace, shared.id).await, AccountState::Active);
    let row = store
        .sync_row(here.workspace, here.account.id)
        .await
        .unwrap();
    assert_eq!(row.next_attempt_at, None);
    let grant = store.grant(here.workspace, here.grant.id).await.unwrap();
    assert_eq!(grant.state, GrantState::Dead);
    let other = store.grant(here.workspace, second.id).await.unwrap();
    assert_eq!(other.state, GrantState::Active);
    assert!(
        store
            .revoke_subject("meta", "nobody", at(90))
            .await
            .unwrap()
            .is_empty()
    );
}

/// A user who wants to be forgotten leaves a receipt that does not name him, and the figures stay.
pub async fn a_deleted_user_leaves_a_receipt_and_the_figures(store: &dyn Store) {
    let world = World::new(store).await;
    let (deletion, closed) = store
        .delete_subject("meta", "user-1", at(50), at(50))
        .await
        .unwrap();
    assert_eq!((deletion.grants, deletion.accounts), (1, 1));
    assert_eq!(closed, [(world.workspace, world.account.id)]);
    assert!(matches!(
        store.grant(world.workspace, world.grant.id).await,
        Err(Error::NotFound { .. })
    ));
    let account = store
        .account(world.workspace, world.account.id)
        .await
        .unwrap();
    assert_eq!(account.state, AccountState::NeedsRelink);

    assert_eq!(
        store.deletion(&deletion.code).await.unwrap(),
        Some(deletion)
    );
    assert_eq!(
        store.deletion(&PublicId::generate("del")).await.unwrap(),
        None
    );
    let (nobody, closed) = store
        .delete_subject("meta", "user-1", at(60), at(60))
        .await
        .unwrap();
    assert_eq!((nobody.grants, nobody.accounts), (0, 0));
    assert!(closed.is_empty());
}

/// A notice that comes late does not end a consent that was given after it.
pub async fn a_late_notice_spares_a_newer_consent(store: &dyn Store) {
    let world = World::new(store).await;
    let before = world.grant.granted_at - chrono::Duration::seconds(1);
    let closed = store
        .revoke_subject("meta", "user-1", before)
        .await
        .unwrap();
    assert!(closed.is_empty());
    let (deletion, closed) = store
        .delete_subject("meta", "user-1", before, at(50))
        .await
        .unwrap();
    assert_eq!((deletion.grants, closed.len()), (0, 0));
    let grant = store.grant(world.workspace, world.grant.id).await.unwrap();
    assert_eq!(grant.state, GrantState::Active);
    let account = store
        .account(world.workspace, world.account.id)
        .await
        .unwrap();
    assert_eq!(account.state, AccountState::Active);
}

/// Where a provider has one grant of a user, that of another workspace is found as long as it keeps
/// accounts up to date there.
pub async fn a_users_grant_elsewhere_is_found_while_it_opens_accounts(store: &dyn Store) {
    let here = World::new(store).await;
    let there = World::named(store, "Another").await;
    let find = async |subject, besides| {
        let found = store.grants_elsewhere("meta", subject, besides).await;
        found.unwrap()
    };
    assert_eq!(
        find("user-1", here.workspace).await,
        [(there.workspace, there.grant.id)]
    );
    assert_eq!(find("user-2", here.workspace).await, []);
    let other = store
        .grants_elsewhere("x", "user-1", here.workspace)
        .await
        .unwrap();
    assert_eq!(other, [], "of another provider");

    let idle = store
        .save_grant(there.workspace, &new_grant("user-2", "b"))
        .await
        .unwrap();
    assert_eq!(
        find("user-2", here.workspace).await,
        [],
        "it opens nothing: {:?}",
        idle.id
    );
    store
        .set_account_state(there.workspace, there.account.id, AccountState::Archived)
        .await
        .unwrap();
    assert_eq!(
        find("user-1", here.workspace).await,
        [],
        "what it opened is put away"
    );
    store
        .set_account_state(here.workspace, here.account.id, AccountState::NeedsRelink)
        .await
        .unwrap();
    store
        .mark_grant_dead(here.workspace, here.grant.id, here.grant.version)
        .await
        .unwrap();
    assert_eq!(find("user-1", there.workspace).await, [], "it is dead");
}
