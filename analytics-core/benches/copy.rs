//! How fast whole stores move: `cargo bench -p analytics-core --features postgres,testing --bench copy`.
//! `COPY_FACTS` says how many facts (a million unless told).

#![allow(
    clippy::unwrap_used,
    reason = "a measurement that cannot go on has failed"
)]

#[cfg(unix)]
#[tokio::main]
async fn main() {
    use analytics_core::{connect, storage::Cipher, testing::PrivatePostgres};
    let facts: i64 = std::env::var("COPY_FACTS").map_or(1_000_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let url = |name: &str| format!("sqlite://{}/{name}.db", folder.path().display());
    let store = connect(&url("source"), Cipher::generate().unwrap())
        .await
        .unwrap();
    store.close().await;
    measure::fill(&url("source"), facts).await;
    let server = PrivatePostgres::start().unwrap();
    let (one, two) = (server.database().unwrap(), server.database().unwrap());
    println!("direction\tfacts\tseconds\tfacts_per_second\tcopying\tverifying");
    measure::run("sqlite to sqlite", &url("source"), &url("target"), facts).await;
    measure::run("sqlite to postgresql", &url("source"), &one, facts).await;
    measure::run("postgresql to sqlite", &one, &url("back"), facts).await;
    measure::run("postgresql to postgresql", &one, &two, facts).await;
}

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
mod measure {
    use std::time::Instant;

    use analytics_core::storage::copy::{Stage, copy};
    use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

    /// An account of a thousand ads, each with its share of the facts in ten metrics.
    pub(super) async fn fill(url: &str, facts: i64) {
        let days = facts / 10_000;
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        for statement in [
            "INSERT INTO workspaces VALUES (1, randomblob(16), 'W', 'UTC', NULL, 'monday', 1, 'en')".to_owned(),
            "INSERT INTO accounts (id, uuid, workspace_id, platform, external_id, name, time_zone, platform_status, sealed_access, state, linked_at)
             VALUES (1, randomblob(16), 1, 'x_ads', '1', 'A', 'UTC', '', x'', 'active', 1)".to_owned(),
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)
             INSERT INTO metrics SELECT i, 'm' || i FROM n".to_owned(),
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
             INSERT INTO entities (id, uuid, account_id, level, external_id, name)
             SELECT i, randomblob(16), 1, 3, 'ad' || i, 'Ad ' || i FROM n".to_owned(),
            format!(
                "WITH RECURSIVE d (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM d WHERE i < {days})
                 INSERT INTO facts SELECT e.id, m.id, 19000 + d.i, abs(random()) % 100000000
                 FROM entities e, metrics m, d ORDER BY 1, 2, 3"
            ),
        ] {
            sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
    }

    pub(super) async fn run(direction: &str, from: &str, to: &str, facts: i64) {
        let start = Instant::now();
        let mut verifying = None;
        copy(from, to, &mut |progress| {
            if progress.stage == Stage::Verifying {
                verifying.get_or_insert_with(Instant::now);
            }
        })
        .await
        .unwrap();
        let seconds = start.elapsed().as_secs_f64();
        let last = verifying.map_or(0.0, |at| at.elapsed().as_secs_f64());
        let speed = facts as f64 / seconds;
        println!(
            "{direction}\t{facts}\t{seconds:.2}\t{speed:.0}\t{:.2}\t{last:.2}",
            seconds - last
        );
    }
}
