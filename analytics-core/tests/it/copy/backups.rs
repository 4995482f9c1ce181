//! Backups, there and back.

use std::fs;

use analytics_core::{
    Error,
    storage::copy::{backup, restore},
};

use super::fixture::*;

#[tokio::test]
async fn a_backup_comes_back_as_it_was() {
    let home = Home::new().await;
    let_go(&home.source).await;
    let file = home.path("backup.db");
    let saved = backup(&url(&home.source), &file, false, &mut |_| ())
        .await
        .unwrap();
    assert!(saved.rows() > 50_000);
    assert_same(&home.source, &file).await;
    let target = home.path("new/target.db");
    let back = restore(&file, &url(&target), &mut |_| ()).await.unwrap();
    assert_eq!(saved.tables, back.tables);
    assert_same(&home.source, &target).await;

    let error = restore(&file, &url(&target), &mut |_| ())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("never overwritten"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_backup_is_private_whole_and_never_in_the_way_of_another() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new().await;
    let file = home.path("backup.db");
    let source = url(&home.source);
    backup(&source, &file, false, &mut |_| ()).await.unwrap();
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let before = fs::read(&file).unwrap();
    let error = backup(&source, &file, false, &mut |_| ())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("--force"), "{error}");
    assert!(before == fs::read(&file).unwrap());
    change(&home.source, "UPDATE workspaces SET name = 'Later'").await;
    backup(&source, &file, true, &mut |_| ()).await.unwrap();
    assert!(dump(&file).await["workspaces"][0].contains("Later"));
    let rest: Vec<_> = fs::read_dir(home.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().contains("partial"))
        .collect();
    assert!(rest.is_empty(), "{rest:?}");
}

#[tokio::test]
async fn what_cannot_be_backed_up_or_restored_is_named() {
    let home = Home::new().await;
    let source = url(&home.source);
    let missing = home.path("missing.db");
    for (from, file, says) in [
        (source.clone(), home.source.clone(), "the database itself"),
        (source.clone(), home.path(""), "folder"),
        (source.clone(), home.path("no/such/backup.db"), "no folder"),
        (url(&missing), home.path("backup.db"), "no such file"),
    ] {
        let error = backup(&from, &file, true, &mut |_| ()).await.unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
        assert!(error.to_string().contains(says), "{error}");
    }
    let text = home.path("notes.txt");
    fs::write(&text, "x".repeat(5_000)).unwrap();
    for (file, says) in [(text, "not a backup"), (missing, "no such file")] {
        let error = restore(&file, &url(&home.path("target.db")), &mut |_| ())
            .await
            .unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
    assert!(!home.path("target.db").exists());
}

#[tokio::test]
async fn a_backup_of_an_older_version_comes_back_too() {
    let home = Home::new().await;
    let stores = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/stores");
    let mut number = 0;
    for old in fs::read_dir(stores).unwrap() {
        let old = old.unwrap().path();
        let before = fs::read(&old).unwrap();
        number += 1;
        let target = home.path(&format!("target{number}.db"));
        restore(&old, &url(&target), &mut |_| ()).await.unwrap();
        assert!(
            before == fs::read(&old).unwrap(),
            "the backup stays as it is"
        );
        assert!(dump(&target).await["workspaces"][0].contains("Kumo Shoes"));
    }
    assert!(number > 0);
}
