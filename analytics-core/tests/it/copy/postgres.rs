//! Between SQLite and PostgreSQL.

use std::sync::LazyLock;

use analytics_core::{
    storage::copy::{backup, copy, restore},
    testing::PrivatePostgres,
};

use super::fixture::*;

static SERVER: LazyLock<PrivatePostgres> = LazyLock::new(|| PrivatePostgres::start().unwrap());

fn database() -> (String, String) {
    let url = SERVER.database().unwrap();
    let name = url.rsplit('/').next().unwrap().to_owned();
    (url, name)
}

fn sql(name: &str, statement: &str) -> String {
    SERVER.sql(name, statement).unwrap()
}

#[tokio::test]
async fn a_round_trip_changes_nothing() {
    let home = Home::new().await;
    let (there, name) = database();
    let schema = "SELECT string_agg(conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated, ';' ORDER BY conrelid::regclass::text, conname) FROM pg_constraint";
    let (empty, empty_name) = database();
    let nothing = home.path("nothing.db");
    analytics_core::connect(
        &url(&nothing),
        analytics_core::storage::Cipher::generate().unwrap(),
    )
    .await
    .unwrap()
    .close()
    .await;
    copied(&url(&nothing), &empty).await;

    let first = copied(&url(&home.source), &there).await;
    let back = home.path("back.db");
    let second = copied(&there, &url(&back)).await;
    assert_eq!(first.tables, second.tables);
    let_go(&home.source).await;
    assert_same(&home.source, &back).await;

    // The schema is as its migrations left it, and new rows are numbered behind the old ones.
    assert_eq!(sql(&name, schema), sql(&empty_name, schema));
    let triggers = "SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'";
    assert_eq!(sql(&name, triggers), "0");
    assert_eq!(
        sql(
            &name,
            "SELECT nextval(pg_get_serial_sequence('accounts', 'id'))"
        ),
        "3"
    );
    assert_eq!(
        sql(&name, "SELECT to_regclass('copy_progress') IS NULL"),
        "t"
    );
    assert_eq!(
        sql(&name, "SELECT max(octet_length(text)) FROM entities"),
        "98"
    );

    // And between two servers' databases.
    let (other, _) = database();
    copied(&there, &other).await;
    let again = home.path("again.db");
    backup(&other, &again, false, &mut |_| ()).await.unwrap();
    let rows = |mut all: std::collections::BTreeMap<String, Vec<String>>| {
        all.remove("sqlite_sequence");
        all
    };
    assert!(rows(dump(&again).await) == rows(dump(&back).await));
    assert!(!home.path("again.db-wal").exists());
    let (restored, _) = database();
    let there_again = restore(&again, &restored, &mut |_| ()).await.unwrap();
    assert_eq!(there_again.tables, first.tables);
}

#[tokio::test]
async fn an_interrupted_copy_to_a_server_goes_on() {
    let home = Home::new().await;
    let_go(&home.source).await;
    let (there, name) = database();
    let from = url(&home.source);
    let mut interrupted = 0;
    let copied_there = loop {
        match copy_until(&from, &there, interrupted * 9).await {
            Some(copied) => break copied,
            None => interrupted += 1,
        }
        match interrupted {
            4 => drop(
                change(
                    &home.source,
                    "UPDATE facts SET value = value + metric * 2 - 3",
                )
                .await,
            ),
            5 => drop(change(&home.source, "DELETE FROM entities WHERE id = 30").await),
            6 => drop(sql(
                &name,
                "UPDATE deletions SET code = 'del_tampered' WHERE code = 'del_A'",
            )),
            _ => {}
        }
    };
    assert!(interrupted > 6 && copied_there.resumed, "{interrupted}");
    let back = home.path("back.db");
    let mut times = 5;
    while copy_until(&there, &url(&back), times).await.is_none() {
        times += 9;
    }
    assert_same(&home.source, &back).await;
}

#[tokio::test]
async fn a_server_refuses_what_a_file_refuses() {
    let home = Home::new().await;
    let (there, name) = database();
    let from = url(&home.source);
    copied(&from, &there).await;
    let refusal = async |from: &str, to: &str| {
        let error = copy(from, to, &mut |_| ()).await.unwrap_err();
        analytics_core_text(&error)
    };
    let text = refusal(&from, &there).await;
    assert!(text.contains("accounts: 1"), "{text}");
    let (_, host) = there.split_once("127.0.0.1").unwrap();
    let same = there.replace("127.0.0.1", "localhost");
    let text = refusal(&same, &there).await;
    assert!(text.contains("the source itself"), "{text} {host}");
    let (empty, _) = database();
    let text = refusal(&empty, &url(&home.path("x.db"))).await;
    assert!(text.contains("no store of this program"), "{text}");
    let wrong = there.replace("analytics:", "analytics:not");
    let text = refusal(&wrong, &url(&home.path("x.db"))).await;
    assert!(text.contains("refuses user"), "{text}");
    assert!(!home.path("x.db").exists());
    sql(
        &name,
        "INSERT INTO analytics_migrations (version, description, success, checksum, execution_time) VALUES (900, '', true, '', 1)",
    );
    let text = refusal(&there, &url(&home.path("x.db"))).await;
    assert!(text.contains("newer version"), "{text}");
    let nul = "UPDATE entities SET text = 'a' || char(0) || 'b' WHERE id = 4";
    change(&home.source, nul).await;
    let (other, _) = database();
    let text = refusal(&from, &other).await;
    assert!(
        text.contains("entities.text") && text.contains("NUL"),
        "{text}"
    );
}

fn analytics_core_text(error: &analytics_core::Error) -> String {
    let source = std::error::Error::source(error).map(ToString::to_string);
    format!("{error} {}", source.unwrap_or_default())
}

#[tokio::test]
async fn both_databases_have_the_same_tables() {
    let home = Home::new().await;
    let (there, name) = database();
    copied(&url(&home.source), &there).await;
    let theirs = sql(
        &name,
        "SELECT string_agg(table_name, ' ' ORDER BY table_name) FROM information_schema.tables
         WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'analytics_migrations'",
    );
    let mut ours = dump(&home.source).await;
    ours.remove("sqlite_sequence");
    let ours: Vec<String> = ours.into_keys().collect();
    assert_eq!(theirs, ours.join(" "));
}
