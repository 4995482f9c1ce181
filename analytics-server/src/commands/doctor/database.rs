//! The database: whether it answers, its schema, its clock, its room, and what is in it.

use std::{path::Path, time::Duration};

use analytics_core::{
    Error, Store,
    model::AccountState,
    storage::{self, Cipher},
};
use chrono::Utc;

use super::{checks::Checks, fleet};
use crate::{addresses::without_password, config::Settings, error::chain, master_key};

/// Longest wait for a database that is somewhere else.
const PATIENCE: Duration = Duration::from_secs(15);
/// Clocks that differ by more than this many seconds are worth a word.
const SAME_TIME: i64 = 5;
/// Less room than this is worth a word, and less than a tenth of it is too little.
const ROOM_MB: u64 = 1024;

pub(super) async fn database(settings: &Settings, checks: &mut Checks) {
    let name = "database";
    let url = settings.database_url();
    let shown = without_password(&url);
    if let Some(path) = master_key::sqlite_path(&url) {
        // Opening would make it.
        if !path.exists() {
            checks.ok(name, format!("{shown} will be made on first start"));
            return;
        }
        room(&path, checks);
    }
    let opened = match master_key::load(settings) {
        Ok(keys) => open(&url, keys.cipher).await,
        Err(error) => Err(error),
    };
    let store = match opened {
        Ok(store) => store,
        Err(error) => {
            checks.fail(name, chain(&error), advice(&url));
            return;
        }
    };
    if let Err(error) = look(&*store, &shown, checks).await {
        checks.fail(
            name,
            chain(&error),
            "is it writable, and is there room on its disk?",
        );
    }
    store.close().await;
}

async fn open(url: &str, cipher: Cipher) -> analytics_core::Result<std::sync::Arc<dyn Store>> {
    let opened = tokio::time::timeout(PATIENCE, async {
        let store = storage::open(url, cipher).await?;
        store.ping().await?;
        Ok(store)
    });
    opened.await.unwrap_or_else(|_| {
        Err(Error::Config {
            message: format!("no answer within {} seconds", PATIENCE.as_secs()),
        })
    })
}

fn advice(url: &str) -> &'static str {
    if url.starts_with("sqlite:") {
        "does the folder exist, and may this user write there?"
    } else {
        "is DATABASE_URL right, is the server running, and does it let this user in?"
    }
}

async fn look(store: &dyn Store, shown: &str, checks: &mut Checks) -> analytics_core::Result<()> {
    let name = "database";
    match store.pending_migrations().await {
        Ok(0) => checks.ok(
            name,
            format!("{shown} answers, with the schema of this version"),
        ),
        Ok(pending) => {
            checks.warn(
                name,
                format!("{shown} answers, but lacks {pending} migrations of this version"),
                "make a backup, then run `analytics migrate`; `analytics serve` does it as well",
            );
            // What is in it can only be read by this version once they ran.
            return Ok(());
        }
        Err(Error::Config { message }) => {
            checks.fail(
                name,
                message,
                "run the version that wrote it; this one changes nothing in it",
            );
            return Ok(());
        }
        Err(error) => return Err(error),
    }
    clock(store, checks).await?;
    let connections = store.connections();
    checks.ok(
        "connections",
        format!("this process opens at most {}", connections.most),
    );
    fleet::fleet(store, checks).await?;
    contents(store, checks).await
}

/// Leases go by the database's time, and what is due by this machine's.
async fn clock(store: &dyn Store, checks: &mut Checks) -> analytics_core::Result<()> {
    let seconds = (Utc::now() - store.database_time().await?).num_seconds();
    let ahead = if seconds >= 0 { "ahead of" } else { "behind" };
    let found = format!(
        "this machine is {} s {ahead} the database",
        seconds.unsigned_abs()
    );
    if seconds.abs() <= SAME_TIME {
        checks.ok("clock", found);
    } else {
        checks.warn(
            "clock",
            found,
            "keep both machines' clocks right (timedatectl set-ntp true): accounts are due by one and held by the other",
        );
    }
    Ok(())
}

/// Room and rights where an embedded database lies.
fn room(path: &Path, checks: &mut Checks) {
    let name = "disk";
    let folder = path.parent().filter(|path| !path.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    for place in [path, folder] {
        if rustix::fs::access(place, rustix::fs::Access::WRITE_OK).is_err() {
            checks.fail(
                name,
                format!("{} cannot be written to", place.display()),
                "give this user the right to write there, or mount the disk writable",
            );
            return;
        }
    }
    let Ok(disk) = rustix::fs::statvfs(folder) else {
        return;
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize) / (1024 * 1024);
    let found = format!("{free} MB are free where the database lies");
    let advice = "make room: what does not fit is not stored, and days stay missing";
    match free {
        free if free >= ROOM_MB => checks.ok(name, found),
        free if free >= ROOM_MB / 10 => checks.warn(name, found, advice),
        _ => checks.fail(name, found, advice),
    }
}

async fn contents(store: &dyn Store, checks: &mut Checks) -> analytics_core::Result<()> {
    let users = store.users().await?.len();
    if users == 0 {
        checks.warn(
            "users",
            "none yet",
            "open the set-up link that `analytics serve` prints, or run `analytics user add`",
        );
    } else {
        checks.ok("users", users.to_string());
    }
    for workspace in store.workspaces().await? {
        for account in store.accounts(workspace.id).await? {
            let id = format!(
                "{}:{} ({})",
                account.platform, account.external_id, account.name
            );
            match account.state {
                AccountState::NeedsRelink => checks.warn(
                    "accounts",
                    format!("{id} is no longer accepted by its platform"),
                    "link it again in the app",
                ),
                AccountState::Error => checks.warn(
                    "accounts",
                    format!("{id} is refused by its platform"),
                    "check the permissions there, then link it again",
                ),
                AccountState::Active => {
                    // Sealed with a key that is not configured: say so before the next refresh does.
                    if let Err(error) = store.grants_of_account(workspace.id, account.id).await {
                        checks.fail(
                            "accounts",
                            format!("{id}: {error}"),
                            "is this the master key it was linked with?",
                        );
                    }
                }
                AccountState::Archived => {}
            }
        }
    }
    Ok(())
}
