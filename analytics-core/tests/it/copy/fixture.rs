//! A store with rows in every table, and what is in it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use analytics_core::{
    connect,
    model::{NewUser, Role},
    storage::{
        Cipher,
        copy::{Copied, Progress, copy},
    },
};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use tokio::sync::OnceCell;

use crate::storage::files::{at, fill};

pub(super) fn url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

/// A folder for a test, with a filled store in it.
pub(super) struct Home {
    folder: tempfile::TempDir,
    pub(super) source: PathBuf,
}

impl Home {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source.db");
        static STORE: OnceCell<Vec<u8>> = OnceCell::const_new();
        let bytes = STORE
            .get_or_init(async || {
                let first = folder.path().join("first.db");
                fill_every_table(&first).await;
                std::fs::read(first).unwrap()
            })
            .await;
        std::fs::write(&source, bytes).unwrap();
        Self { folder, source }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Rows for the tables that no trait of the store fills here.
const MORE: &[&str] = &[
    "INSERT INTO sessions SELECT x'00ff10', id, '{\"a\":\"ä\"}', 9000000000000000 FROM users LIMIT 1",
    "INSERT INTO sessions VALUES (x'00ff11', NULL, '', -1)",
    "INSERT INTO kept_secrets VALUES (x'aa', x'', 1)",
    "INSERT INTO counters SELECT id, 1, 20000, -5 FROM entities",
    "INSERT INTO windows SELECT id, 1, 19000, 19030, 9223372036854775807, 1780000000000000 FROM entities",
    "INSERT INTO window_revisions (account_id, entity, metric, first_day, last_day, former, fetched_at, superseded_at)
     SELECT id, 99, 1, 1, 2, -9223372036854775808, 3, 4 FROM accounts",
    "INSERT INTO coverage_failures SELECT id, 1, 1, 5, 6, 7, 'because ''quoted''', 'transient' FROM accounts",
    "INSERT INTO metric_gaps SELECT id, 1, 1, 5, 6, 'no
line' FROM accounts",
    "INSERT INTO window_requests SELECT id, 1, 1, 5, 6, 7, NULL FROM accounts",
    "INSERT INTO window_requests SELECT id, 1, 1, 6, 7, 8, 9 FROM accounts",
    "INSERT INTO deletions VALUES ('del_b', 'meta', 5, 1, 2), ('del_A', 'meta', 5, 1, 2), ('del_é', 'x', 5, 1, 2)",
    "INSERT INTO charges SELECT id, 20000, 'post', 3, 15000 FROM accounts",
    "INSERT INTO platform_charges VALUES ('x', 20000, 15000), ('X', 20000, 1)",
    "INSERT INTO platform_budgets VALUES ('x', 'app', 3, NULL, NULL, 5, 6), ('x', 'App', 3, 1, 2, NULL, 6)",
    "INSERT INTO workers VALUES ('w', 'host', 'all', '0.1.0', 4, 1, 2, 3)",
    "INSERT INTO platform_pauses VALUES ('x', 5, 'quota', 'used up', 'reading posts', 4)",
    "UPDATE sync SET lease_owner = 'worker', lease_expires_at = 5, running_since = 6, fence = 7, handed_over_until = 8",
    "UPDATE grants SET renewal_owner = 'worker', renewal_until = 5",
    "UPDATE entities SET text = '日本語 😀 \"x\\y\"', parent_id = (SELECT max(id) FROM entities)",
    // More than a page of posts and of facts.
    "INSERT INTO entities (uuid, account_id, level, external_id, name, text, published_at)
     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
     SELECT randomblob(16), a.id, 4, 'p' || i, 'Post ' || i, hex(randomblob(i % 50)), i * 1000000
     FROM n, accounts a",
    "INSERT INTO facts
     WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 44999)
     SELECT 10 + i / 1000, 1 + i % 2, 1000 + i % 1000, (i * 7919) % 1000003 * 1000000 - 5 FROM n",
    // Ids that were given and taken away stay taken.
    "INSERT INTO accounts (uuid, workspace_id, platform, external_id, name, time_zone, platform_status, sealed_access, state, linked_at)
     SELECT randomblob(16), workspace_id, 'x', 'gone', '', 'UTC', '', x'', 'active', 1 FROM accounts",
    "DELETE FROM accounts WHERE external_id = 'gone'",
];

async fn fill_every_table(path: &Path) {
    let store = connect(&url(path), Cipher::generate().unwrap())
        .await
        .unwrap();
    let (workspace, _) = fill(&*store).await;
    let user = NewUser {
        email: "a@example.com".to_owned(),
        name: "A".to_owned(),
        password_hash: "hash".into(),
    };
    let user = store.create_user(&user).await.unwrap();
    store
        .save_member(workspace, user.id, Role::Owner)
        .await
        .unwrap();
    assert!(store.use_once("mark", at(5)).await.unwrap());
    store.close().await;
    for statement in MORE {
        change(path, statement).await;
    }
    for (table, rows) in dump(path).await {
        assert!(
            !rows.is_empty(),
            "put rows into `{table}`, so that copying them is tested"
        );
    }
}

async fn open(path: &Path) -> SqliteConnection {
    SqliteConnection::connect(&url(path)).await.unwrap()
}

/// Runs a statement on a file.
pub(super) async fn change(path: &Path, sql: &str) -> u64 {
    let mut connection = open(path).await;
    let done = sqlx::query(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await;
    let rows = done
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
        .rows_affected();
    connection.close().await.unwrap();
    rows
}

/// Every row of every table, and the numbering of new ones.
pub(super) async fn dump(path: &Path) -> BTreeMap<String, Vec<String>> {
    let mut connection = open(path).await;
    let tables: Vec<(String,)> = sqlx::query_as(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> '_sqlx_migrations'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let mut dump = BTreeMap::new();
    for (table,) in tables {
        let sql = format!("SELECT group_concat(quote(name)) FROM pragma_table_info('{table}')");
        let (columns,): (String,) = sqlx::query_as(AssertSqlSafe(sql))
            .fetch_one(&mut connection)
            .await
            .unwrap();
        let row: Vec<String> = columns
            .split(',')
            .map(|column| format!("quote(\"{}\")", column.trim_matches('\'')))
            .collect();
        let sql = format!(
            "SELECT {} AS r FROM \"{table}\" ORDER BY r",
            row.join("||','||")
        );
        let rows: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql))
            .fetch_all(&mut connection)
            .await
            .unwrap();
        dump.insert(table, rows.into_iter().map(|(row,)| row).collect());
    }
    connection.close().await.unwrap();
    dump
}

/// Lets go of every lease and forgets who is alive, as copying does.
pub(super) async fn let_go(path: &Path) {
    change(path, "DELETE FROM workers").await;
    change(
        path,
        "UPDATE sync SET lease_owner = NULL, lease_expires_at = NULL, running_since = NULL, handed_over_until = NULL",
    )
    .await;
    change(
        path,
        "UPDATE grants SET renewal_owner = NULL, renewal_until = NULL",
    )
    .await;
}

/// Says where two stores differ, without printing all of either.
pub(super) async fn assert_same(one: &Path, two: &Path) {
    let (one, two) = (dump(one).await, dump(two).await);
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        two.keys().collect::<Vec<_>>()
    );
    for (table, rows) in one {
        let others = &two[&table];
        let first = rows.iter().zip(others).find(|(row, other)| row != other);
        assert_eq!(first, None, "in {table}");
        assert_eq!(rows.len(), others.len(), "rows of {table}");
    }
}

/// A copy that is dropped as soon as it has told of progress so many times; none if it was.
pub(super) async fn copy_until(from: &str, to: &str, times: usize) -> Option<Copied> {
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let (mut stop, mut told) = (Some(stop), 0);
    let mut progress = |_: Progress<'_>| {
        told += 1;
        if told > times
            && let Some(stop) = stop.take()
        {
            let _ = stop.send(());
        }
    };
    tokio::select! {
        biased;
        _ = stopped => None,
        copied = copy(from, to, &mut progress) => Some(copied.unwrap()),
    }
}

pub(super) async fn copied(from: &str, to: &str) -> Copied {
    copy(from, to, &mut |_| ()).await.unwrap()
}
