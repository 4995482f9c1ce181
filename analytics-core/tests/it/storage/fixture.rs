//! Stores of released versions open and read.
//!
//! Each release commits one: `ANALYTICS_WRITE_STORE_FIXTURE=tests/fixtures/stores/X.Y.Z.db cargo
//! test -p analytics-core --test it store_of_this_version`. Committed ones are never edited.

use std::fs;

use analytics_core::model::{Level, Millionths, RevisionKind};
use secrecy::ExposeSecret;
use sqlx::{
    ConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};

use super::{
    files::{at, day, fill, slice},
    *,
};

/// The key of the committed stores; it protects nothing.
fn cipher() -> Cipher {
    let key = MasterKey::from_base64(&"Zml4dHVyZSBrZXksIG5vdCBhIHNlY3JldCBhdCBhbGw=".into());
    Cipher::new(vec![key.unwrap()]).unwrap()
}

async fn write(path: &Path) {
    let url = format!("sqlite://{}", path.display());
    let store = connect(&url, cipher()).await.unwrap();
    fill(&*store).await;
    store.close().await;
    // Small pages: a fixture is many tables with few rows.
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Delete)
        .page_size(512)
        .connect()
        .await
        .unwrap();
    sqlx::query("VACUUM")
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::Connection::close(connection).await.unwrap();
}

/// What a store that [`fill`] filled must tell, whatever version wrote it.
async fn read(path: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    fs::copy(path, &copy).unwrap();
    let store = connect(&format!("sqlite://{}", copy.display()), cipher())
        .await
        .unwrap();
    let workspace = &store.workspaces().await.unwrap()[0];
    assert_eq!(workspace.name, "Kumo Shoes");
    let account = &store.accounts(workspace.id).await.unwrap()[0];
    assert_eq!(
        (account.name.as_str(), account.time_zone.name()),
        ("Kumo EU", "Europe/Berlin")
    );
    assert_eq!(account.access["page_token"], "plain-page-token");
    let (workspace, account) = (workspace.id, account.id);
    let grants = store.grants_of_account(workspace, account).await.unwrap();
    assert_eq!(
        grants[0].tokens.access_token.expose_secret(),
        "plain-access-token"
    );

    let series = store
        .series(workspace, account, Level::Campaign)
        .await
        .unwrap();
    let series: Vec<_> = series
        .iter()
        .map(|one| (one.metric.as_str(), one.dates.clone(), one.values.clone()))
        .collect();
    let date = |text| vec![day(text).to_epoch_days()];
    assert_eq!(
        series,
        [
            ("clicks", date("2026-01-06"), vec![8_000_000]),
            ("spend", date("2026-01-05"), vec![12_340_000]),
        ]
    );
    let revisions = store.revisions(workspace, account, at(0)).await.unwrap();
    assert_eq!(revisions.len(), 1);
    assert_eq!(revisions[0].kind, RevisionKind::Changed);
    assert_eq!(revisions[0].former, Some(Millionths(7_000_000)));
    let coverage = store.coverage(workspace, account).await.unwrap();
    let run = &coverage[0].covered[0];
    assert_eq!(
        (run.first_fetched_at, run.last_fetched_at),
        (at(10), at(20))
    );
    let due = store.due_accounts(at(0), 9).await.unwrap();
    assert_eq!(due, [(workspace, account)]);

    // And it takes new data.
    let slice = slice(account, at(30), 9_000_000);
    let receipt = store.save_slice(workspace, None, &slice).await.unwrap();
    assert_eq!((receipt.facts, receipt.revisions), (2, 1));
    store.close().await;
}

#[tokio::test]
async fn a_store_of_this_version_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = match std::env::var_os("ANALYTICS_WRITE_STORE_FIXTURE") {
        Some(path) => PathBuf::from(path),
        None => folder.path().join("new.db"),
    };
    write(&path).await;
    read(&path).await;
}

#[tokio::test]
async fn a_store_of_every_release_opens_reads_and_takes_new_data() {
    let stores = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/stores");
    let mut paths: Vec<PathBuf> = fs::read_dir(stores)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        read(&path).await;
    }
}
