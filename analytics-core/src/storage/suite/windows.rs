//! Window values.

use super::fixture::{ACCOUNT, World, at, days, slice};
use crate::{
    Error,
    model::{Level, Millionths, Slice, WindowRecord},
    storage::Store,
};

fn window(entity: &str, first: i64, last: i64, value: i64) -> WindowRecord {
    WindowRecord {
        entity: entity.into(),
        metric: "reach".into(),
        range: days(first, last),
        value: Millionths(value),
    }
}

/// A window is known by exactly its range; fetching it again replaces it.
pub async fn windows_are_exact_ranges_that_can_change(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    let save = async |level, windows: &[WindowRecord], fetched| {
        store
            .save_windows(home, None, id, level, windows, at(fetched))
            .await
    };
    let version = world.account.data_version;
    save(
        Level::Account,
        &[window(ACCOUNT, 0, 6, 100), window(ACCOUNT, 0, 7, 110)],
        10,
    )
    .await
    .unwrap();
    save(Level::Campaign, &[window("c1", 0, 6, 60)], 10)
        .await
        .unwrap();
    save(Level::Account, &[window(ACCOUNT, 0, 6, 90)], 20)
        .await
        .unwrap();
    assert!(store.data_versions(home).await.unwrap()[&id] >= version + 3);

    let told = async |level| -> Vec<_> {
        let windows = store.windows(home, id, level).await.unwrap();
        windows
            .iter()
            .map(|one| {
                (
                    one.metric.to_string(),
                    one.range,
                    one.value.0,
                    one.fetched_at,
                )
            })
            .collect()
    };
    let reach = || "reach".to_owned();
    assert_eq!(
        told(Level::Account).await,
        [
            (reach(), days(0, 6), 90, at(20)),
            (reach(), days(0, 7), 110, at(10)),
        ]
    );
    assert_eq!(
        told(Level::Campaign).await,
        [(reach(), days(0, 6), 60, at(10))]
    );
    assert!(told(Level::Ad).await.is_empty());
    assert!(world.names(store).await.values().any(|name| name == "c1"));
    assert_eq!(store.stored_metrics(home).await.unwrap(), ["reach".into()]);
    assert!(
        world.facts(store, Level::Account).await.is_empty(),
        "windows are no facts"
    );

    for bad in [
        vec![window(ACCOUNT, 0, 1, 5), window(ACCOUNT, 0, 1, 6)],
        vec![window(ACCOUNT, 0, 1, 5), window("act_2", 0, 1, 6)],
    ] {
        let refused = save(Level::Account, &bad, 30).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })));
    }
    assert_eq!(told(Level::Account).await.len(), 2);
}

/// Rolling values that a feed brings with its days are saved with them, or not at all.
pub async fn windows_may_come_with_their_days(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    let with = |windows: &[WindowRecord]| Slice {
        windows: windows.to_vec(),
        ..slice(
            id,
            Level::Account,
            days(6, 7),
            10,
            &[(ACCOUNT, "spend", 6, 1)],
        )
    };
    let bad = with(&[window(ACCOUNT, 0, 6, 5), window(ACCOUNT, 0, 6, 6)]);
    let refused = store.save_slice(home, None, &bad).await;
    assert!(matches!(refused, Err(Error::Invalid { .. })));
    assert!(store.coverage(home, id).await.unwrap().is_empty());

    let good = with(&[window(ACCOUNT, 0, 6, 5), window(ACCOUNT, 1, 7, 6)]);
    store.save_slice(home, None, &good).await.unwrap();
    let windows = store.windows(home, id, Level::Account).await.unwrap();
    let told: Vec<_> = windows.iter().map(|one| (one.range, one.value.0)).collect();
    assert_eq!(told, [(days(0, 6), 5), (days(1, 7), 6)]);
}
