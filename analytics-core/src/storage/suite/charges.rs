//! What platforms charge for reading.

use super::fixture::{World, day};
use crate::{
    Error,
    model::{AccountId, Charge, Millionths},
    storage::Store,
};

fn charge(date: i64, kind: &str, count: u64, amount: i64) -> Charge {
    Charge {
        day: day(date),
        kind: kind.to_owned(),
        count,
        amount: Millionths(amount),
    }
}

/// Charges of a day and kind add up; other days, kinds, accounts and workspaces are apart.
pub async fn charges_add_up_by_account_day_and_kind(store: &dyn Store) {
    let world = World::new(store).await;
    let there = World::named(store, "Another").await;
    let second = world.link(store, "act_2").await.id;
    let (home, first) = (world.workspace, world.account.id);
    for (account, charges) in [
        (
            first,
            vec![charge(3, "post", 20, 100_000), charge(3, "user", 1, 10_000)],
        ),
        (
            first,
            vec![charge(3, "post", 5, 25_000), charge(4, "post", 1, 5_000)],
        ),
        (second, vec![charge(3, "post", 7, 35_000)]),
    ] {
        store.add_charges(home, account, &charges).await.unwrap();
    }
    let told = store.charges(home, day(3), day(3)).await.unwrap();
    assert_eq!(
        told,
        [
            (first, charge(3, "post", 25, 125_000)),
            (first, charge(3, "user", 1, 10_000)),
            (second, charge(3, "post", 7, 35_000)),
        ]
    );
    let elsewhere = store.charges(there.workspace, day(0), day(9)).await;
    assert_eq!(elsewhere.unwrap(), []);
    let foreign = store
        .add_charges(there.workspace, first, &[charge(3, "post", 1, 1)])
        .await;
    assert!(matches!(foreign, Err(Error::NotFound { .. })));
    let unknown = store.add_charges(home, AccountId(9_999), &[]).await;
    assert!(matches!(unknown, Err(Error::NotFound { .. })));
}

/// The operator pays for every workspace.
pub async fn a_platforms_charges_are_those_of_every_workspace(store: &dyn Store) {
    let one = World::new(store).await;
    let other = World::named(store, "Another").await;
    for world in [&one, &other] {
        let charges = [charge(1, "post", 2, 10_000), charge(5, "post", 4, 20_000)];
        store
            .add_charges(world.workspace, world.account.id, &charges)
            .await
            .unwrap();
    }
    let since = |date| store.platform_charged(&one.account.platform, day(date));
    assert_eq!(since(0).await.unwrap(), Millionths(60_000));
    assert_eq!(since(2).await.unwrap(), Millionths(40_000));
    assert_eq!(since(6).await.unwrap(), Millionths(0));
    // What was paid stays paid.
    let purged = store.purge_account(one.workspace, one.account.id).await;
    purged.unwrap();
    assert_eq!(since(0).await.unwrap(), Millionths(60_000));
    assert_eq!(since(2).await.unwrap(), Millionths(40_000));
    let none = store.platform_charged(&"x".into(), day(0)).await.unwrap();
    assert_eq!(none, Millionths(0));
}
