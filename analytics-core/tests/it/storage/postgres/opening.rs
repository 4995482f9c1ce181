//! What happens when a database is opened.

use analytics_core::{
    Error,
    model::WorkspaceSettings,
    storage::postgres::{PostgresOptions, PostgresStore},
    testing::PrivatePostgres,
};
use sqlx::{Connection, PgConnection};

use super::{super::files, *};

async fn refusal(url: &str) -> String {
    let error = connect(url, Cipher::generate().unwrap()).await.unwrap_err();
    let Error::Config { message } = error else {
        panic!("{error:?}");
    };
    assert_eq!(message.lines().count(), 1, "{message}");
    message
}

/// The URL in pieces: before the password, the password, behind it.
fn pieces(url: &str) -> (&str, &str, &str) {
    let (front, back) = url.split_once('@').unwrap();
    let (front, password) = front.rsplit_once(':').unwrap();
    (front, password, back)
}

#[tokio::test]
async fn what_cannot_be_reached_is_told_in_one_line_without_the_password() {
    let url = SERVER.url("nowhere");
    let (front, password, back) = pieces(&url);
    let refused = [
        (url.clone(), "createdb"),
        (format!("{front}:wrong-{password}@{back}"), "refuses user"),
        (
            format!("postgresql://u:{password}@127.0.0.1:1/x"),
            "127.0.0.1:1/x",
        ),
        (
            format!("postgresql://u:{password}@no-such-host.invalid/x"),
            "no-such-host.invalid",
        ),
        (format!("postgresql://u:{password}@host:port/x"), "port"),
        (
            format!("postgres://u:{password}@h/x?sslmode=maybe"),
            "maybe",
        ),
        (format!("{url}?max_connections=none"), "max_connections"),
    ];
    for (url, expected) in refused {
        let message = refusal(&url).await;
        assert!(message.contains(expected), "{message}");
        assert!(!message.contains(password), "{message}");
    }
    assert!(refusal("mysql://u:p@h/x").await.contains("postgresql://"));
}

#[tokio::test]
async fn options_never_show_the_password() {
    let url = SERVER.url("somewhere");
    let options = PostgresOptions::parse(&url).unwrap();
    let (_, password, _) = pieces(&url);
    assert!(!format!("{options:?}").contains(password));
}

#[tokio::test]
async fn connections_are_bounded_and_named() {
    let url = fresh_url().await;
    let cipher = Cipher::generate().unwrap();
    let store = connect(&format!("{url}?max_connections=3"), cipher.clone())
        .await
        .unwrap();
    let pings = (0..50).map(|_| store.ping());
    futures_util::future::try_join_all(pings).await.unwrap();
    let mut client = PgConnection::connect(&url).await.unwrap();
    let (number,): (i64,) = sqlx::query_as(
        "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'analytics'",
    )
    .fetch_one(&mut client)
    .await
    .unwrap();
    assert!((1..=3).contains(&number), "{number}");
    let options = PostgresOptions::parse(&url).unwrap().max_connections(2);
    let store = PostgresStore::open_with(options, cipher).await.unwrap();
    store.ping().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_database_can_be_opened_by_several_processes_at_once() {
    for _ in 0..3 {
        let url = SERVER.database().unwrap();
        let cipher = Cipher::generate().unwrap();
        let opened: Vec<_> = (0..6)
            .map(|_| {
                let (url, cipher) = (url.clone(), cipher.clone());
                tokio::spawn(async move {
                    let store = PostgresStore::open(&url, cipher).await.unwrap();
                    store.migrate().await.unwrap()
                })
            })
            .collect();
        let mut ran = 0;
        for migrated in opened {
            ran += migrated.await.unwrap();
        }
        let store = PostgresStore::open(&url, cipher).await.unwrap();
        assert_eq!(store.migrate().await.unwrap(), 0, "nothing left to migrate");
        let (applied,): (i64,) = sqlx::query_as("SELECT count(*) FROM analytics_migrations")
            .fetch_one(&mut PgConnection::connect(&url).await.unwrap())
            .await
            .unwrap();
        assert_eq!(i64::try_from(ran).unwrap(), applied, "each ran once");
    }
}

#[tokio::test]
async fn a_schema_of_another_version_is_refused_before_anything_is_written() {
    for (change, expected) in [
        (
            "INSERT INTO analytics_migrations VALUES (9001, 'later', now(), true, '', 0)",
            "newer version",
        ),
        (
            "UPDATE analytics_migrations SET checksum = '\\x00' WHERE version = 2",
            "migration 2",
        ),
    ] {
        let url = fresh_url().await;
        let mut client = PgConnection::connect(&url).await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(change))
            .execute(&mut client)
            .await
            .unwrap();
        let count = "SELECT count(*) FROM analytics_migrations";
        let before: (i64,) = sqlx::query_as(count).fetch_one(&mut client).await.unwrap();
        let message = refusal(&url).await;
        assert!(message.contains(expected), "{message}");
        let after: (i64,) = sqlx::query_as(count).fetch_one(&mut client).await.unwrap();
        assert_eq!(before, after);
    }
}

#[tokio::test]
async fn a_store_outlives_restarts_of_its_database() {
    let server = PrivatePostgres::start().unwrap();
    let url = server.database().unwrap();
    let store = connect(&url, Cipher::generate().unwrap()).await.unwrap();
    let kept = store
        .create_workspace("Kept", &WorkspaceSettings::default())
        .await
        .unwrap();
    for crash in [false, true] {
        if crash {
            server.crash().unwrap();
        } else {
            server.stop().unwrap();
        }
        server.start_again().unwrap();
        assert_eq!(store.workspace(kept.id).await.unwrap(), kept);
    }
    // Away for a moment, while somebody asks.
    server.stop().unwrap();
    let (asked, ()) = tokio::join!(store.workspace(kept.id), async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        server.start_again().unwrap();
    });
    assert_eq!(asked.unwrap(), kept);
}

#[tokio::test]
async fn the_order_of_texts_does_not_depend_on_the_databases_locale() {
    SERVER
        .sql(
            "postgres",
            "CREATE DATABASE swedish TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'sv-SE'",
        )
        .unwrap();
    let store = connect(&SERVER.url("swedish"), Cipher::generate().unwrap())
        .await
        .unwrap();
    analytics_core::storage::suite::entities::entities_are_filtered_ordered_and_paged(&*store)
        .await;
}

#[tokio::test]
async fn views_speak_in_names_dates_and_decimals() {
    let url = fresh_url().await;
    let store = connect(&url, Cipher::generate().unwrap()).await.unwrap();
    files::fill(&*store).await;
    let facts = "SELECT workspace, account, level, entity, metric, date, value
                 FROM v_facts ORDER BY date";
    assert_eq!(
        SERVER.sql(name(&url), facts).unwrap(),
        "Kumo Shoes|Kumo EU|campaign|Spring|spend|2026-01-05|12.340000\n\
         Kumo Shoes|Kumo EU|campaign|Spring|clicks|2026-01-06|8.000000"
    );
    let coverage = "SET TIME ZONE 'UTC';
                    SELECT level, feed, first_day, last_day, state, first_fetched_at FROM v_coverage";
    assert_eq!(
        SERVER.sql(name(&url), coverage).unwrap(),
        "campaign|insights|2026-01-01|2026-01-31|covered|2026-05-28 20:26:50+00"
    );
    for view in ["v_accounts", "v_posts"] {
        let statement = format!("SELECT count(*) FROM {view}");
        SERVER.sql(name(&url), &statement).unwrap();
    }
}

#[tokio::test]
async fn secrets_do_not_lie_in_the_open() {
    let url = fresh_url().await;
    let store = connect(&url, Cipher::generate().unwrap()).await.unwrap();
    files::fill(&*store).await;
    assert!(
        store
            .use_once("plain-set-up-link", files::at(60))
            .await
            .unwrap()
    );
    for table in ["grants", "accounts", "used_marks"] {
        let statement =
            format!("SELECT encode(convert_to(t::text, 'UTF8'), 'escape') FROM {table} t");
        let text = SERVER.sql(name(&url), &statement).unwrap();
        assert!(!text.is_empty());
        for secret in [
            "plain-access-token",
            "plain-refresh-token",
            "plain-page-token",
            "plain-set-up-link",
        ] {
            let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
            assert!(!text.contains(secret) && !text.contains(&hex), "{secret}");
        }
    }
}
