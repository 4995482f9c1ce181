//! What is in the file, and what happens when it is opened again.

use std::{collections::BTreeSet, fs};

use analytics_core::{
    Error,
    model::{
        AccountId, DateRange, EntityRecord, FactRecord, FailedRun, FoundAccount, GrantId,
        GrantTokens, Level, Millionths, NewAccount, NewGrant, Priority, Slice, WorkspaceId,
        WorkspaceSettings,
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use secrecy::ExposeSecret;
use sqlx::{Connection, SqliteConnection};

use super::*;

pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000 + seconds, 0).unwrap()
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn grant() -> NewGrant {
    NewGrant {
        provider: "meta".to_owned(),
        subject: "user-1".to_owned(),
        subject_name: None,
        scopes: vec!["ads_read".to_owned()],
        tokens: GrantTokens {
            access_token: "plain-access-token".into(),
            refresh_token: Some("plain-refresh-token".into()),
            expires_at: None,
        },
        granted_at: at(0),
    }
}

pub(super) fn account(grant: GrantId) -> NewAccount {
    NewAccount {
        found: FoundAccount {
            platform: "facebook_ads".into(),
            external_id: "act_1".to_owned(),
            name: "Kumo EU".to_owned(),
            currency: None,
            time_zone: Some(chrono_tz::Europe::Berlin),
            picture_url: None,
            status: "active".to_owned(),
            access: serde_json::json!({ "page_token": "plain-page-token" }),
        },
        grant,
        linked_at: at(0),
    }
}

/// A workspace with an account and a campaign's facts, one of them changed by a refetch.
pub(crate) async fn fill(store: &dyn Store) -> (WorkspaceId, AccountId) {
    let workspace = store
        .create_workspace("Kumo Shoes", &WorkspaceSettings::default())
        .await
        .unwrap()
        .id;
    let grant = store.save_grant(workspace, &grant()).await.unwrap();
    let account = account(grant.id);
    let account = store.link_account(workspace, &account).await.unwrap().id;
    for (fetched, clicks) in [(10, 7_000_000), (20, 8_000_000)] {
        let slice = slice(account, at(fetched), clicks);
        store.save_slice(workspace, None, &slice).await.unwrap();
    }
    (workspace, account)
}

pub(super) fn slice(account: AccountId, fetched_at: DateTime<Utc>, clicks: i64) -> Slice {
    let fact = |metric: &str, date, value| FactRecord {
        entity: "c1".into(),
        metric: metric.into(),
        date: day(date),
        value: Millionths(value),
    };
    let january = DateRange::new(day("2026-01-01"), day("2026-01-31")).unwrap();
    Slice {
        metrics: vec!["clicks".into(), "spend".into()],
        entities: vec![EntityRecord {
            name: Some("Spring".to_owned()),
            ..EntityRecord::new(Level::Campaign, "c1")
        }],
        facts: vec![
            fact("spend", "2026-01-05", 12_340_000),
            fact("clicks", "2026-01-06", clicks),
        ],
        ..Slice::new(
            account,
            Level::Campaign,
            "insights".into(),
            january,
            fetched_at,
        )
    }
}

/// The database, its log and its index, as they lie on the disk.
fn bytes_on_disk(folder: &Path) -> Vec<u8> {
    fs::read_dir(folder)
        .unwrap()
        .flat_map(|file| fs::read(file.unwrap().path()).unwrap())
        .collect()
}

fn contains(haystack: &[u8], needle: &str) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

#[tokio::test]
async fn secrets_cannot_be_read_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let store = connect(&url(folder.path()), Cipher::generate().unwrap())
        .await
        .unwrap();
    fill(&*store).await;
    assert!(store.use_once("plain-set-up-link", at(60)).await.unwrap());
    let files = folder.path().join("deep");
    let while_open = bytes_on_disk(&files);
    store.close().await;
    for bytes in [while_open, bytes_on_disk(&files)] {
        assert!(contains(&bytes, "Kumo EU"), "names are there");
        for secret in [
            "plain-access-token",
            "plain-refresh-token",
            "plain-page-token",
            "plain-set-up-link",
        ] {
            assert!(!contains(&bytes, secret), "{secret} lies in the open");
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_database_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let store = connect(&url(folder.path()), Cipher::generate().unwrap())
        .await
        .unwrap();
    fill(&*store).await;
    for file in fs::read_dir(folder.path().join("deep")).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?} has mode {mode:o}", file.path());
    }
}

#[tokio::test]
async fn everything_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let cipher = Cipher::generate().unwrap();
    let store = connect(&url(folder.path()), cipher.clone()).await.unwrap();
    let (workspace, account) = fill(&*store).await;
    store.close().await;
    assert!(store.ping().await.is_err(), "a closed store says so");

    let store = SqliteStore::open(&url(folder.path()), cipher)
        .await
        .unwrap();
    assert_eq!(store.migrate().await.unwrap(), 0, "nothing left to migrate");
    use analytics_core::storage::{FactStore, GrantStore};
    let series = store
        .series(workspace, account, Level::Campaign)
        .await
        .unwrap();
    assert_eq!(series.len(), 2);
    let grants = store.grants_of_account(workspace, account).await.unwrap();
    let token = grants[0].tokens.access_token.expose_secret();
    assert_eq!(token, "plain-access-token");
}

#[tokio::test]
async fn another_key_opens_the_numbers_but_not_the_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let old = MasterKey::generate().unwrap();
    let store = connect(&url(folder.path()), Cipher::new(vec![old.clone()]).unwrap())
        .await
        .unwrap();
    let (workspace, account) = fill(&*store).await;
    store.close().await;

    let store = connect(&url(folder.path()), Cipher::generate().unwrap())
        .await
        .unwrap();
    let series = store.series(workspace, account, Level::Campaign).await;
    assert_eq!(series.unwrap().len(), 2);
    let read = store.account(workspace, account).await.unwrap();
    assert_eq!(read.access, serde_json::Value::Null);
    let grants = store.grants_of_account(workspace, account).await;
    assert!(matches!(grants, Err(Error::Sealed { .. })));
    store.close().await;

    let keys = vec![MasterKey::generate().unwrap(), old];
    let store = connect(&url(folder.path()), Cipher::new(keys).unwrap())
        .await
        .unwrap();
    assert!(store.grants_of_account(workspace, account).await.is_ok());
}

#[tokio::test]
async fn two_stores_on_one_file_write_in_turns_and_see_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let cipher = Cipher::generate().unwrap();
    let one = connect(&url(folder.path()), cipher.clone()).await.unwrap();
    let two = connect(&url(folder.path()), cipher).await.unwrap();
    let (workspace, account) = fill(&*one).await;
    let before = one.data_versions(workspace).await.unwrap()[&account];
    let saves = async |store: &dyn Store, offset: i64| {
        for number in 0..20 {
            let slice = slice(account, at(100 + number), offset + number);
            store.save_slice(workspace, None, &slice).await.unwrap();
        }
    };
    tokio::join!(saves(&*one, 1_000), saves(&*two, 2_000));
    let versions: BTreeSet<i64> = [
        one.data_versions(workspace).await.unwrap()[&account],
        two.data_versions(workspace).await.unwrap()[&account],
    ]
    .into();
    assert_eq!(versions, [before + 40].into(), "no save was lost");

    let ttl = std::time::Duration::from_secs(60);
    let lease = one
        .acquire_lease(workspace, account, "one", ttl, at(0))
        .await;
    assert!(lease.unwrap().is_some());
    let other = two
        .acquire_lease(workspace, account, "two", ttl, at(0))
        .await;
    assert!(other.unwrap().is_none(), "a lease counts for every process");
    two.request_sync(workspace, account, Priority::Refresh, at(0))
        .await
        .unwrap();
    assert!(two.due_accounts(at(9), 9).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_database_can_be_opened_by_several_processes_at_once() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let cipher = Cipher::generate().unwrap();
        let opened: Vec<_> = (0..4)
            .map(|_| {
                let (url, cipher) = (url(folder.path()), cipher.clone());
                tokio::spawn(async move { connect(&url, cipher).await })
            })
            .collect();
        for store in opened {
            store.await.unwrap().unwrap().ping().await.unwrap();
        }
    }
}

#[tokio::test]
async fn views_speak_in_names_dates_and_decimals() {
    let folder = tempfile::tempdir().unwrap();
    let store = connect(&url(folder.path()), Cipher::generate().unwrap())
        .await
        .unwrap();
    let (workspace, account) = fill(&*store).await;
    let feed = "insights".into();
    let failure = FailedRun {
        range: DateRange::day(day("2026-02-01")),
        failed_at: at(30),
        code: "transient".to_owned(),
        reason: "timeout".to_owned(),
    };
    store
        .save_failure(workspace, account, Level::Campaign, &feed, failure)
        .await
        .unwrap();
    let mut client = SqliteConnection::connect(&url(folder.path()))
        .await
        .unwrap();
    let facts: Vec<(String, String, String, String, String, String, f64)> = sqlx::query_as(
        "SELECT workspace, account, level, entity, metric, date, value FROM v_facts ORDER BY date",
    )
    .fetch_all(&mut client)
    .await
    .unwrap();
    let row = |metric: &str, date: &str, value| {
        let text = |text: &str| text.to_owned();
        let (home, account) = (text("Kumo Shoes"), text("Kumo EU"));
        (
            home,
            account,
            text("campaign"),
            text("Spring"),
            text(metric),
            text(date),
            value,
        )
    };
    assert_eq!(
        facts,
        [
            row("spend", "2026-01-05", 12.34),
            row("clicks", "2026-01-06", 8.0)
        ]
    );
    let coverage: Vec<(String, String, String, String, Option<String>, String)> = sqlx::query_as(
        "SELECT level, feed, first_day || '/' || last_day, state, first_fetched_at, last_fetched_at
         FROM v_coverage ORDER BY state",
    )
    .fetch_all(&mut client)
    .await
    .unwrap();
    let text = |text: &str| text.to_owned();
    let (level, feed) = (text("campaign"), text("insights"));
    assert_eq!(
        coverage,
        [
            (
                level.clone(),
                feed.clone(),
                text("2026-01-01/2026-01-31"),
                text("covered"),
                Some(text("2026-05-28T20:26:50Z")),
                text("2026-05-28T20:27:00Z"),
            ),
            (
                level,
                feed,
                text("2026-02-01/2026-02-01"),
                text("failed"),
                None,
                text("2026-05-28T20:27:10Z"),
            ),
        ]
    );
}

#[tokio::test]
async fn what_cannot_be_opened_is_named() {
    let cipher = Cipher::generate().unwrap();
    for bad in ["mysql://localhost/x", "nonsense"] {
        let error = connect(bad, cipher.clone()).await.unwrap_err();
        assert!(error.to_string().contains("sqlite://"), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    fs::write(
        &file,
        "this is no database, but long enough to look like one".repeat(50),
    )
    .unwrap();
    let error = connect(&format!("sqlite://{}", file.display()), cipher)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Storage { .. }), "{error:?}");
}

#[tokio::test]
async fn a_schema_of_another_version_is_refused_before_anything_is_written() {
    for (change, expected) in [
        (
            "INSERT INTO _sqlx_migrations VALUES (9001, 'later', '2030-01-01', true, x'00', 0)",
            "newer version",
        ),
        (
            "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 2",
            "migration 2",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let url = url(folder.path());
        let cipher = Cipher::generate().unwrap();
        let store = connect(&url, cipher.clone()).await.unwrap();
        fill(&*store).await;
        store.close().await;
        let mut client = SqliteConnection::connect(&url).await.unwrap();
        sqlx::query(change).execute(&mut client).await.unwrap();
        client.close().await.unwrap();
        let file = folder.path().join("deep/analytics.db");
        let before = fs::read(&file).unwrap();
        let error = connect(&url, cipher).await.unwrap_err();
        assert!(matches!(error, Error::Config { .. }), "{error:?}");
        assert!(error.to_string().contains(expected), "{error}");
        assert!(fs::read(&file).unwrap() == before, "the file is as it was");
    }
}
