//! Several processes on one database.

use std::time::Duration;

use analytics_core::{
    Error,
    model::{
        AccountId, DateRange, EntityRecord, FactRecord, Level, Millionths, NewUser, Slice,
        WindowRecord, WorkspaceId, WorkspaceSettings,
    },
};
use sqlx::{Connection, PgConnection};

use super::{
    super::files::{at, day, fill, grant, slice},
    *,
};

const TTL: Duration = Duration::from_secs(60);

async fn two() -> (Arc<dyn Store>, Arc<dyn Store>, PgConnection) {
    let url = fresh_url().await;
    let cipher = Cipher::generate().unwrap();
    let one = connect(&url, cipher.clone()).await.unwrap();
    let two = connect(&url, cipher).await.unwrap();
    let client = PgConnection::connect(&url).await.unwrap();
    (one, two, client)
}

#[tokio::test]
async fn two_stores_write_in_turns_and_see_each_other() {
    let (one, two, _) = two().await;
    let (workspace, account) = fill(&*one).await;
    let before = one.data_versions(workspace).await.unwrap()[&account];
    let saves = async |store: &dyn Store, offset: i64| {
        for number in 0..20 {
            let slice = slice(account, at(100 + number), offset + number);
            store.save_slice(workspace, None, &slice).await.unwrap();
        }
    };
    tokio::join!(saves(&*one, 1_000), saves(&*two, 2_000));
    for store in [&one, &two] {
        let version = store.data_versions(workspace).await.unwrap()[&account];
        assert_eq!(version, before + 40, "no save was lost");
    }
}

#[tokio::test]
async fn a_save_whose_lease_is_being_taken_over_is_refused() {
    let (one, two, mut client) = two().await;
    let (workspace, account) = fill(&*one).await;
    let stale = one
        .acquire_lease(workspace, account, "one", TTL, at(0))
        .await
        .unwrap()
        .unwrap();
    let before = one.data_versions(workspace).await.unwrap()[&account];
    // Somebody takes it over, and has not committed yet.
    let mut taking = client.begin().await.unwrap();
    sqlx::query("UPDATE sync SET fence = fence + 1, lease_owner = 'two' WHERE account_id = $1")
        .bind(account.0)
        .execute(&mut *taking)
        .await
        .unwrap();
    let late = slice(account, at(100), 99);
    let (saved, ()) = tokio::join!(one.save_slice(workspace, Some(&stale), &late), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        taking.commit().await.unwrap();
    });
    assert!(matches!(saved, Err(Error::LeaseLost { .. })), "{saved:?}");
    let after = two.data_versions(workspace).await.unwrap()[&account];
    assert_eq!(before, after, "nothing was written");
}

#[tokio::test]
async fn nobody_takes_a_lease_over_while_its_holder_saves() {
    let (one, two, mut client) = two().await;
    let (workspace, account) = fill(&*one).await;
    let short = Duration::from_millis(1);
    one.acquire_lease(workspace, account, "one", short, at(0))
        .await
        .unwrap()
        .unwrap();
    // As a save does that began in time.
    let mut saving = client.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM sync WHERE account_id = $1 FOR NO KEY UPDATE")
        .bind(account.0)
        .fetch_one(&mut *saving)
        .await
        .unwrap();
    let mut taking = Box::pin(two.acquire_lease(workspace, account, "two", TTL, at(0)));
    let early = tokio::time::timeout(Duration::from_millis(300), &mut taking).await;
    assert!(early.is_err(), "it waits for the save");
    saving.commit().await.unwrap();
    assert_eq!(taking.await.unwrap().unwrap().fence, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_has_one_holder_however_many_want_it() {
    let (one, two, _) = two().await;
    let (workspace, account) = fill(&*one).await;
    let wanted = (0..20).map(|number| {
        let store = if number % 2 == 0 { &one } else { &two }.clone();
        tokio::spawn(async move {
            let owner = number.to_string();
            store
                .acquire_lease(workspace, account, &owner, TTL, at(0))
                .await
                .unwrap()
        })
    });
    let mut holders = 0;
    for taken in wanted.collect::<Vec<_>>() {
        holders += usize::from(taken.await.unwrap().is_some());
    }
    assert_eq!(holders, 1);
}

/// A slice with metrics that nobody stored before, in an order of its own.
fn with_new_metrics(account: AccountId, round: usize, reversed: bool) -> Slice {
    let mut names: Vec<String> = (0..20).map(|n| format!("new_{round}_{n}")).collect();
    if reversed {
        names.reverse();
    }
    let january = DateRange::new(day("2026-01-01"), day("2026-01-31")).unwrap();
    let feed = format!("feed-{round}");
    Slice {
        metrics: names.iter().map(|name| name.as_str().into()).collect(),
        entities: vec![EntityRecord::new(Level::Campaign, "c1")],
        facts: (names.iter())
            .map(|name| FactRecord {
                entity: "c1".into(),
                metric: name.as_str().into(),
                date: day("2026-01-05"),
                value: Millionths(1),
            })
            .collect(),
        windows: vec![WindowRecord {
            entity: "c1".into(),
            metric: format!("window_{round}").as_str().into(),
            range: january,
            value: Millionths(1),
        }],
        ..Slice::new(
            account,
            Level::Campaign,
            feed.as_str().into(),
            january,
            at(50),
        )
    }
}

async fn link(store: &dyn Store, workspace: WorkspaceId, number: usize) -> AccountId {
    let saved = store.save_grant(workspace, &grant()).await.unwrap();
    let mut account = super::super::files::account(saved.id);
    account.found.external_id = format!("act_{number}");
    store.link_account(workspace, &account).await.unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_with_the_same_new_metrics_do_not_block_each_other() {
    let (one, two, _) = two().await;
    let (workspace, _) = fill(&*one).await;
    let mut accounts = Vec::new();
    for number in 0..6 {
        accounts.push(link(&*one, workspace, 10 + number).await);
    }
    for round in 0..10 {
        let saves: Vec<_> = accounts
            .iter()
            .enumerate()
            .map(|(number, account)| {
                let store = if number % 2 == 0 { &one } else { &two }.clone();
                let slice = with_new_metrics(*account, round, number % 2 == 0);
                tokio::spawn(async move { store.save_slice(workspace, None, &slice).await })
            })
            .collect();
        for saved in saves {
            assert_eq!(saved.await.unwrap().unwrap().facts, 20);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_consent_that_arrives_twice_is_one_grant_that_opens() {
    let (one, two, _) = two().await;
    let workspace = one
        .create_workspace("Twice", &WorkspaceSettings::default())
        .await
        .unwrap()
        .id;
    for round in 0..10 {
        let mut new = grant();
        new.subject = format!("user-{round}");
        let (left, right) = tokio::join!(
            one.save_grant(workspace, &new),
            two.save_grant(workspace, &new)
        );
        let (left, right) = (left.unwrap(), right.unwrap());
        assert_eq!(left.id, right.id);
        assert_ne!(left.version, right.version);
        one.grant(workspace, left.id).await.unwrap();
        let account = super::super::files::account(left.id);
        let (left, right) = tokio::join!(
            one.link_account(workspace, &account),
            two.link_account(workspace, &account)
        );
        assert_eq!(left.unwrap().id, right.unwrap().id);
    }
    assert_eq!(one.accounts(workspace).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_set_up_by_one_of_many() {
    let (one, two, _) = two().await;
    let settings = WorkspaceSettings::default();
    let tries = (0..8).map(|number| {
        let store = if number % 2 == 0 { &one } else { &two }.clone();
        let settings = settings.clone();
        tokio::spawn(async move {
            let owner = NewUser {
                email: format!("{number}@example.com"),
                name: "Aiko".to_owned(),
                password_hash: "hash".into(),
            };
            store.set_up("Home", &settings, &owner).await.is_ok()
        })
    });
    let mut succeeded = 0;
    for done in tries.collect::<Vec<_>>() {
        succeeded += usize::from(done.await.unwrap());
    }
    assert_eq!(succeeded, 1);
    assert_eq!(one.workspaces().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_work_that_was_dropped_leaves_its_connection_to_nobody() {
    let url = format!("{}?max_connections=2", fresh_url().await);
    let store = connect(&url, Cipher::generate().unwrap()).await.unwrap();
    let (workspace, account) = fill(&*store).await;
    let other = connect(&url, Cipher::generate().unwrap()).await.unwrap();
    for polls in 0..25 {
        let late = slice(account, at(100 + polls), polls);
        let saving = store.save_slice(workspace, None, &late);
        let wait = Duration::from_micros(u64::try_from(polls).unwrap() * 300);
        // Whether it was in time does not matter.
        let _ = tokio::time::timeout(wait, saving).await;
        // Seen by others at once: so it was not written within what was dropped.
        let name = format!("Renamed {polls}");
        store
            .rename_account(workspace, account, &name)
            .await
            .unwrap();
        let seen = other.account(workspace, account).await.unwrap();
        assert_eq!(seen.name, name);
        let mark = format!("mark {polls}");
        assert!(store.use_once(&mark, at(0)).await.unwrap());
        assert!(!other.use_once(&mark, at(0)).await.unwrap());
    }
}

#[tokio::test]
async fn a_nul_is_left_out_of_what_platforms_tell_and_refused_of_others() {
    let store = fresh().await;
    let (workspace, account) = fill(&*store).await;
    let told = EntityRecord {
        name: Some("Spr\0ing".to_owned()),
        ..EntityRecord::new(Level::Campaign, "c1")
    };
    store
        .save_entities(workspace, account, &[told])
        .await
        .unwrap();
    let filter = analytics_core::storage::EntityFilter {
        level: Some(Level::Campaign),
        ..Default::default()
    };
    let (entities, _) = store.entities(workspace, &filter).await.unwrap();
    assert_eq!(entities[0].name.as_deref(), Some("Spring"));
    let refused = store.rename_account(workspace, account, "a\0b").await;
    assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
    let unknown = EntityRecord::new(Level::Campaign, "c\0");
    let refused = store.save_entities(workspace, account, &[unknown]).await;
    assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
}
