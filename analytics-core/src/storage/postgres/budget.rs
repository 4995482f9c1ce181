//! Limits that every process keeps together.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{
    PostgresStore, commit,
    convert::{During, get, micros, moment},
    database_now,
};
use crate::{
    error::Result,
    model::{BudgetShare, BudgetUse, Platform},
    storage::rows::sync::ttl_micros,
};

impl PostgresStore {
    pub(super) async fn share_budget(
        &self,
        platform: &Platform,
        scope: &str,
        wanted: u32,
        allowed: u32,
        period: Duration,
    ) -> Result<BudgetShare> {
        let mut transaction = self.begin().await?;
        // There must be a row for the others to wait at.
        sqlx::query(
            "INSERT INTO platform_budgets (platform, scope, updated_at)
             SELECT $1, $2, 0
             WHERE NOT EXISTS (SELECT 1 FROM platform_budgets WHERE platform = $1 AND scope = $2)
             ON CONFLICT DO NOTHING",
        )
        .bind(platform.as_str())
        .bind(scope)
        .execute(&mut *transaction)
        .await
        .during("reading a shared limit")?;
        let (used, resets_at): (i64, Option<i64>) = sqlx::query_as(
            "SELECT used, resets_at FROM platform_budgets
             WHERE platform = $1 AND scope = $2 FOR NO KEY UPDATE",
        )
        .bind(platform.as_str())
        .bind(scope)
        .fetch_one(&mut *transaction)
        .await
        .during("reading a shared limit")?;
        // After it was waited for.
        let (now,): (i64,) = sqlx::query_as(concat!("SELECT ", database_now!()))
            .fetch_one(&mut *transaction)
            .await
            .during("reading a shared limit")?;
        let period = ttl_micros(period);
        // A period that ends later than one begun now would: the clock was set back.
        let (used, resets_at) = resets_at
            .map(|resets_at| (used, resets_at))
            .filter(|(_, resets_at)| (now + 1..=now + period).contains(resets_at))
            .unwrap_or((0, now + period));
        let granted = i64::from(wanted).min((i64::from(allowed) - used).max(0));
        sqlx::query(
            "UPDATE platform_budgets SET used = $3, allowed = $4, resets_at = $5, updated_at = $6
             WHERE platform = $1 AND scope = $2",
        )
        .bind(platform.as_str())
        .bind(scope)
        .bind(used + granted)
        .bind(i64::from(allowed))
        .bind(resets_at)
        .bind(now)
        .execute(&mut *transaction)
        .await
        .during("taking of a shared limit")?;
        commit(transaction).await?;
        Ok(BudgetShare {
            granted: u32::try_from(granted).unwrap_or_default(),
            renews_in: Duration::from_micros((resets_at - now).unsigned_abs()),
        })
    }

    pub(super) async fn park_scope(
        &self,
        platform: &Platform,
        scope: &str,
        until: DateTime<Utc>,
    ) -> Result<()> {
        sqlx::query(concat!(
            "INSERT INTO platform_budgets AS b (platform, scope, blocked_until, updated_at)
             VALUES ($1, $2, $3, ",
            database_now!(),
            ") ON CONFLICT (platform, scope) DO UPDATE SET
                 blocked_until = GREATEST(b.blocked_until, excluded.blocked_until),
                 updated_at = excluded.updated_at"
        ))
        .bind(platform.as_str())
        .bind(scope)
        .bind(micros(until))
        .execute(&self.pool)
        .await
        .during("letting a platform rest")
        .map(drop)
    }

    pub(super) async fn read_budgets(&self, now: DateTime<Utc>) -> Result<Vec<BudgetUse>> {
        sqlx::query(concat!(
            "SELECT platform, scope, CASE WHEN resets_at > ",
            database_now!(),
            " THEN used ELSE 0 END AS used, allowed,
               CASE WHEN blocked_until > $1 THEN blocked_until END AS blocked_until
             FROM platform_budgets
             WHERE allowed IS NOT NULL OR blocked_until > $1 ORDER BY platform, scope"
        ))
        .bind(micros(now))
        .fetch_all(&self.pool)
        .await
        .during("reading shared limits")?
        .iter()
        .map(|row| {
            Ok(BudgetUse {
                platform: get::<String>(row, "platform")?.into(),
                scope: get(row, "scope")?,
                used: get::<i64>(row, "used")?.unsigned_abs(),
                allowed: get::<Option<i64>>(row, "allowed")?.map(i64::unsigned_abs),
                parked_until: get::<Option<i64>>(row, "blocked_until")?
                    .map(moment)
                    .transpose()?,
            })
        })
        .collect()
    }
}
