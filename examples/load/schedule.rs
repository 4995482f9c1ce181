//! A scheduling pass: every due account found and handed over, in batches.

use std::time::{Duration, Instant};

use analytics_core::{
    Store, connect,
    model::{Account, Priority},
    storage::{Cipher, Claim, sqlite::SqliteStore},
};
use chrono::Utc;
use serde_json::{Value, json};

use crate::{Arguments, Failure, fleet::peak_memory, rounded, servers::Servers, standin};

/// Accounts claimed at a time.
const BATCH: u32 = 1_000;

pub(crate) async fn run(arguments: &Arguments) -> Result<Value, Failure> {
    let servers = Servers::start(arguments.setup)?;
    let cipher = Cipher::generate()?;
    let store = connect(&servers.database_url, cipher.clone()).await?;
    let workspace = store.create_workspace("Load", &Default::default()).await?;
    let linked = standin::link(&*store, workspace.id, 1, Utc::now()).await?;
    let first = linked.first().ok_or("no account was linked")?;
    let more = u32::try_from(arguments.accounts)?.saturating_sub(1);
    let filling = Instant::now();
    fill(&servers, cipher, first, more).await?;
    let filled = filling.elapsed().as_secs_f64();

    let before = peak_memory(std::process::id());
    let begun = Instant::now();
    let claim = Claim {
        platform: first.platform.clone(),
        up_to: Priority::Deep,
        now: Utc::now(),
        limit: BATCH,
        hold: Duration::from_secs(600),
    };
    let (mut claimed, mut batches, mut slowest) = (0, 0, Duration::ZERO);
    loop {
        let batch = Instant::now();
        let accounts = store.claim_due(&claim).await?;
        slowest = slowest.max(batch.elapsed());
        if accounts.is_empty() {
            break;
        }
        claimed += accounts.len();
        batches += 1;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let peak = peak_memory(std::process::id());
    if claimed != arguments.accounts {
        let what = format!("{claimed} accounts were claimed of {}", arguments.accounts);
        return Err(what.into());
    }
    Ok(json!({
        "accounts": claimed,
        "setup": arguments.setup.name(),
        "seconds": rounded(seconds),
        "batches": batches,
        "slowest_batch_ms": slowest.as_millis(),
        "peak_rss_mb": peak / (1 << 20),
        "peak_rss_mb_before": before / (1 << 20),
        "filling_seconds": rounded(filled),
    }))
}

/// Copies of an account that are due and cannot be fetched.
async fn fill(
    servers: &Servers,
    cipher: Cipher,
    account: &Account,
    copies: u32,
) -> Result<(), Failure> {
    let Some(postgres) = &servers.postgres else {
        let store = SqliteStore::open(&servers.database_url, cipher).await?;
        store.add_crowd(account.id, copies).await?;
        store.close().await;
        return Ok(());
    };
    let database = servers.database_url.rsplit('/').next().unwrap_or_default();
    let id = account.id.0;
    let statements = [
        format!(
            "INSERT INTO accounts (uuid, workspace_id, platform, external_id, name, currency,
               time_zone, platform_status, sealed_access, state, linked_at)
             SELECT decode(md5(random()::text || n.i), 'hex'), a.workspace_id, a.platform, 'crowd-' || n.i, a.name,
               a.currency, a.time_zone, a.platform_status, '', 'active', a.linked_at
             FROM generate_series(1, {copies}) AS n(i) CROSS JOIN accounts a WHERE a.id = {id}"
        ),
        format!(
            "INSERT INTO sync (account_id, platform, next_attempt_at, priority)
             SELECT c.id, s.platform, s.next_attempt_at, s.priority
             FROM accounts c CROSS JOIN sync s
             WHERE s.account_id = {id} AND c.external_id LIKE 'crowd-%'"
        ),
        "ANALYZE".to_owned(),
    ];
    for statement in &statements {
        postgres.sql(database, statement)?;
    }
    Ok(())
}
