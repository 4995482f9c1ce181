//! What arrives is what was there.

use analytics_core::{
    connect,
    storage::{
        Cipher,
        copy::{Stage, copy},
    },
};

use super::fixture::*;

#[tokio::test]
async fn a_copy_has_the_same_rows_but_no_leases() {
    let home = Home::new().await;
    let target = home.path("target.db");
    let mut stages = Vec::new();
    let copied = copy(&url(&home.source), &url(&target), &mut |progress| {
        assert!(progress.done <= progress.total, "{progress:?}");
        if stages.last() != Some(&progress.stage) {
            stages.push(progress.stage);
        }
    })
    .await
    .unwrap();
    assert_eq!(stages, [Stage::Copying, Stage::Verifying]);
    assert!(!copied.resumed && copied.copied_again.is_empty());
    let facts = copied.tables.iter().find(|table| table.name == "facts");
    assert!(facts.unwrap().rows > 45_000);

    let leases = dump(&target).await;
    assert!(leases["sync"].iter().all(|row| !row.contains("worker")));
    assert_eq!(leases["workers"], Vec::<String>::new());
    let_go(&home.source).await;
    assert_same(&home.source, &target).await;
    connect(&url(&target), Cipher::generate().unwrap())
        .await
        .unwrap()
        .close()
        .await;
}

#[tokio::test]
async fn ids_of_removed_rows_are_not_given_again() {
    let home = Home::new().await;
    let target = home.path("target.db");
    copied(&url(&home.source), &url(&target)).await;
    let sequence = dump(&target).await["sqlite_sequence"].clone();
    assert!(
        sequence.contains(&"'accounts',2".to_owned()),
        "{sequence:?}"
    );
}

#[tokio::test]
async fn a_service_that_writes_meanwhile_is_not_in_the_way() {
    let home = Home::new().await;
    let target = home.path("target.db");
    let before = home.path("before.db");
    copied(&url(&home.source), &url(&before)).await;
    let mut is_first = true;
    copy(&url(&home.source), &url(&target), &mut |progress| {
        if progress.stage == Stage::Copying && std::mem::take(&mut is_first) {
            let source = home.source.clone();
            let busy = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build();
                runtime
                    .unwrap()
                    .block_on(change(&source, "UPDATE facts SET value = value + 1"))
            });
            assert!(busy.join().unwrap() > 0);
        }
    })
    .await
    .unwrap();
    assert_same(&before, &target).await;
}
