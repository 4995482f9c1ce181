//! Sync rows and leases.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::{
    error::{Error, Result},
    model::{AccountId, Lease, Priority, SyncError, SyncRow},
    storage::{
        columns::{Columns, get},
        convert::{corrupt, moment},
    },
};

/// The number that orders by urgency.
pub(crate) fn priority_id(priority: Priority) -> i64 {
    match priority {
        Priority::Linking => 0,
        Priority::Refresh => 1,
        Priority::Deep => 2,
    }
}

fn priority(id: i64) -> Result<Priority> {
    [Priority::Linking, Priority::Refresh, Priority::Deep]
        .into_iter()
        .find(|priority| priority_id(*priority) == id)
        .ok_or_else(|| corrupt(format!("{id} is no priority")))
}

pub(crate) fn ttl_micros(ttl: Duration) -> i64 {
    i64::try_from(ttl.as_micros()).unwrap_or(i64::MAX / 2)
}

/// An account's sync row; `running_since` is null unless its lease holds.
pub(crate) fn sync_row(row: &impl Columns) -> Result<SyncRow> {
    let at = |column| -> Result<Option<DateTime<Utc>>> {
        get::<Option<i64>>(row, column)?.map(moment).transpose()
    };
    let last_error = match (get::<Option<String>>(row, "error_code")?, at("error_at")?) {
        (Some(code), Some(at)) => Some(SyncError {
            code,
            message: get(row, "error_message")?,
            operation: get(row, "error_operation")?,
            at,
        }),
        _ => None,
    };
    Ok(SyncRow {
        account: AccountId(get(row, "account_id")?),
        next_attempt_at: at("next_attempt_at")?,
        priority: priority(get(row, "priority")?)?,
        attempts: get(row, "attempts")?,
        last_error,
        last_success_at: at("last_success_at")?,
        running_since: at("running_since")?,
    })
}

/// Errors: [`Error::LeaseLost`] if a write for this lease found no row.
pub(crate) fn held(lease: &Lease, rows: u64) -> Result<()> {
    if rows == 0 {
        return Err(Error::LeaseLost {
            account: lease.account.0,
        });
    }
    Ok(())
}
