//! What cannot be copied says why, and changes nothing.

use std::fs;

use analytics_core::{
    Error, connect,
    storage::{Cipher, copy::copy},
};

use super::fixture::*;

async fn refusal(from: &str, to: &str) -> Error {
    copy(from, to, &mut |_| ()).await.unwrap_err()
}

#[tokio::test]
async fn a_target_that_holds_a_store_stays_as_it_is() {
    let home = Home::new().await;
    let target = home.path("target.db");
    fs::copy(&home.source, &target).unwrap();
    change(&target, "UPDATE facts SET value = 3").await;
    let before = dump(&target).await;
    let error = refusal(&url(&home.source), &url(&target)).await;
    assert!(matches!(error, Error::Conflict { .. }), "{error:?}");
    assert!(error.to_string().contains("accounts: 1"), "{error}");
    assert!(before == dump(&target).await);
}

#[tokio::test]
async fn an_empty_store_is_a_target() {
    let home = Home::new().await;
    let_go(&home.source).await;
    let target = home.path("target.db");
    let store = connect(&url(&target), Cipher::generate().unwrap())
        .await
        .unwrap();
    assert!(
        store
            .use_once("set-up link", crate::storage::files::at(1))
            .await
            .unwrap()
    );
    store.close().await;
    copied(&url(&home.source), &url(&target)).await;
    assert_same(&home.source, &target).await;
}

#[tokio::test]
async fn stores_of_other_versions_are_refused_on_either_side() {
    let home = Home::new().await;
    let newer =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (900, 'later', true, x'00', 1)";
    let other = home.path("other.db");
    fs::copy(&home.source, &other).unwrap();
    change(&other, newer).await;
    let target = home.path("target.db");
    let error = refusal(&url(&other), &url(&target)).await;
    assert!(error.to_string().contains("newer version"), "{error}");
    assert!(!target.exists(), "nothing is made of a wrong source");

    let empty = home.path("empty.db");
    let store = connect(&url(&empty), Cipher::generate().unwrap())
        .await
        .unwrap();
    store.close().await;
    change(&empty, newer).await;
    let error = refusal(&url(&home.source), &url(&empty)).await;
    assert!(error.to_string().contains("newer version"), "{error}");

    let older = home.path("older.db");
    fs::copy(&home.source, &older).unwrap();
    change(&older, "DELETE FROM _sqlx_migrations WHERE version > 3").await;
    let error = refusal(&url(&older), &url(&target)).await;
    assert!(error.to_string().contains("analytics migrate"), "{error}");
}

#[tokio::test]
async fn what_is_no_store_is_named() {
    let home = Home::new().await;
    let good = url(&home.source);
    let notes = home.path("notes.txt");
    fs::write(&notes, "no database at all, but long enough").unwrap();
    let foreign = home.path("foreign.db");
    fs::write(&foreign, "").unwrap();
    change(&foreign, "CREATE TABLE t (x)").await;
    let missing = home.path("missing.db");
    let target = url(&home.path("target.db"));
    for (from, to, says) in [
        (url(&notes), target.clone(), "not a backup or a database"),
        (url(&foreign), target.clone(), "no store of this program"),
        (url(&missing), target.clone(), "no such file"),
        (url(&home.path("")), target.clone(), "read"),
        (good.clone(), good.clone(), "the source itself"),
        (good.clone(), url(&notes), "not a backup or a database"),
        (
            good.clone(),
            "mysql://x:secret@y/z".to_owned(),
            "expected `sqlite://",
        ),
        (good.clone(), "sqlite::memory:".to_owned(), "in memory"),
        (target.clone(), good.clone(), "no such file"),
    ] {
        let error = refusal(&from, &to).await;
        assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
        let text = error.to_string();
        assert!(text.contains(says), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
    assert!(!missing.exists() && !home.path("target.db").exists());
}

#[tokio::test]
async fn a_damaged_source_is_an_error() {
    let home = Home::new().await;
    change(&home.source, "PRAGMA wal_checkpoint(TRUNCATE)").await;
    let mut bytes = fs::read(&home.source).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 40_000].fill(0x5a);
    let damaged = home.path("damaged.db");
    fs::write(&damaged, &bytes).unwrap();
    let target = home.path("target.db");
    let error = refusal(&url(&damaged), &url(&target)).await;
    assert!(matches!(error, Error::Storage { .. }), "{error:?}");
    assert!(
        connect(&url(&target), Cipher::generate().unwrap())
            .await
            .is_err()
    );
}
