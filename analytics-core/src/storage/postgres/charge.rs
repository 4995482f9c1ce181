//! What platforms charge for reading.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::NaiveDate;

use super::{
    PostgresStore, account, commit,
    convert::{During, corrupt, date, day},
    retried,
};
use crate::{
    error::{Error, Result},
    model::{AccountId, Charge, Millionths, Platform, WorkspaceId},
    storage::ChargeStore,
};

#[async_trait]
impl ChargeStore for PostgresStore {
    async fn add_charges(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        charges: &[Charge],
    ) -> Result<()> {
        retried!(self.note_charges(workspace, id, charges))
    }

    async fn charges(
        &self,
        workspace: WorkspaceId,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<Vec<(AccountId, Charge)>> {
        let rows: Vec<(i64, i32, String, i64, i64)> = sqlx::query_as(
            "SELECT c.account_id, c.day, c.kind, c.count, c.amount
             FROM charges c JOIN accounts a ON a.id = c.account_id
             WHERE a.workspace_id = $1 AND c.day BETWEEN $2 AND $3
             ORDER BY c.account_id, c.day, c.kind",
        )
        .bind(workspace.0)
        .bind(day(first))
        .bind(day(last))
        .fetch_all(&self.pool)
        .await
        .during("reading what reading cost")?;
        rows.into_iter()
            .map(|(account, day, kind, count, amount)| {
                let count = u64::try_from(count)
                    .map_err(|_| corrupt("a charge of fewer than no things"))?;
                let charge = Charge {
                    day: date(day)?,
                    kind,
                    count,
                    amount: Millionths(amount),
                };
                Ok((AccountId(account), charge))
            })
            .collect()
    }

    async fn platform_charged(&self, platform: &Platform, first: NaiveDate) -> Result<Millionths> {
        let amounts: Vec<(i64,)> =
            sqlx::query_as("SELECT amount FROM platform_charges WHERE platform = $1 AND day >= $2")
                .bind(platform.as_str())
                .bind(day(first))
                .fetch_all(&self.pool)
                .await
                .during("reading what reading cost")?;
        let sum: i128 = amounts.iter().map(|(amount,)| i128::from(*amount)).sum();
        i64::try_from(sum)
            .map(Millionths)
            .map_err(|_| Error::Overflow {
                metric: "the cost of reading".to_owned(),
            })
    }
}

impl PostgresStore {
    async fn note_charges(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        charges: &[Charge],
    ) -> Result<()> {
        // Two of one day and kind cannot be added in one statement.
        let mut sums: BTreeMap<(i64, &str), (i64, i64)> = BTreeMap::new();
        let mut days: BTreeMap<i64, i64> = BTreeMap::new();
        for charge in charges {
            let overflow = || Error::Overflow {
                metric: "the cost of reading".to_owned(),
            };
            let count = i64::try_from(charge.count).map_err(|_| overflow())?;
            let amount = charge.amount.0;
            let sum = sums.entry((day(charge.day), &*charge.kind)).or_default();
            sum.0 = sum.0.checked_add(count).ok_or_else(overflow)?;
            sum.1 = sum.1.checked_add(amount).ok_or_else(overflow)?;
            let sum = days.entry(day(charge.day)).or_default();
            *sum = sum.checked_add(amount).ok_or_else(overflow)?;
        }
        let mut transaction = self.begin().await?;
        let owner = account::owner(&mut transaction, workspace, id).await?;
        sqlx::query(
            "INSERT INTO charges AS c (account_id, day, kind, count, amount)
             SELECT $1, r.* FROM UNNEST($2::int[], $3::text[], $4::bigint[], $5::bigint[]) r
             ON CONFLICT (account_id, day, kind) DO UPDATE SET
               count = c.count + excluded.count, amount = c.amount + excluded.amount",
        )
        .bind(id.0)
        .bind(sums.keys().map(|(day, _)| *day).collect::<Vec<_>>())
        .bind(sums.keys().map(|(_, kind)| *kind).collect::<Vec<_>>())
        .bind(sums.values().map(|(count, _)| *count).collect::<Vec<_>>())
        .bind(sums.values().map(|(_, amount)| *amount).collect::<Vec<_>>())
        .execute(&mut *transaction)
        .await
        .during("noting what reading cost")?;
        sqlx::query(
            "INSERT INTO platform_charges AS c (platform, day, amount)
             SELECT $1, r.* FROM UNNEST($2::int[], $3::bigint[]) r
             ON CONFLICT (platform, day) DO UPDATE SET amount = c.amount + excluded.amount",
        )
        .bind(owner.platform.as_str())
        .bind(days.keys().copied().collect::<Vec<_>>())
        .bind(days.values().copied().collect::<Vec<_>>())
        .execute(&mut *transaction)
        .await
        .during("noting what reading cost")?;
        commit(transaction).await
    }
}
