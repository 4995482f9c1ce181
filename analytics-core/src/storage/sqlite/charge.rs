//! What platforms charge for reading.

use async_trait::async_trait;
use chrono::NaiveDate;

use super::{
    SqliteStore, account, commit,
    convert::{During, corrupt, date, day, json},
};
use crate::{
    error::{Error, Result},
    model::{AccountId, Charge, Millionths, Platform, WorkspaceId},
    storage::ChargeStore,
};

#[async_trait]
impl ChargeStore for SqliteStore {
    async fn add_charges(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        charges: &[Charge],
    ) -> Result<()> {
        let rows: Vec<(i64, &str, u64, i64)> = charges
            .iter()
            .map(|charge| {
                (
                    day(charge.day),
                    &*charge.kind,
                    charge.count,
                    charge.amount.0,
                )
            })
            .collect();
        let mut transaction = self.begin().await?;
        let owner = account::owner(&mut transaction, workspace, id).await?;
        sqlx::query(
            "INSERT INTO charges (account_id, day, kind, count, amount)
             SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3
             FROM json_each($2) WHERE true
             ON CONFLICT (account_id, day, kind) DO UPDATE SET
               count = count + excluded.count, amount = amount + excluded.amount",
        )
        .bind(id.0)
        .bind(json(&rows)?)
        .execute(&mut *transaction)
        .await
        .during("noting what reading cost")?;
        sqlx::query(
            "INSERT INTO platform_charges (platform, day, amount)
             SELECT $1, value ->> 0, sum(value ->> 3) FROM json_each($2) GROUP BY value ->> 0
             ON CONFLICT (platform, day) DO UPDATE SET amount = amount + excluded.amount",
        )
        .bind(owner.platform.as_str())
        .bind(json(&rows)?)
        .execute(&mut *transaction)
        .await
        .during("noting what reading cost")?;
        commit(transaction).await
    }

    async fn charges(
        &self,
        workspace: WorkspaceId,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<Vec<(AccountId, Charge)>> {
        let rows: Vec<(i64, i64, String, i64, i64)> = sqlx::query_as(
            "SELECT c.account_id, c.day, c.kind, c.count, c.amount
             FROM charges c JOIN accounts a ON a.id = c.account_id
             WHERE a.workspace_id = $1 AND c.day BETWEEN $2 AND $3
             ORDER BY c.account_id, c.day, c.kind",
        )
        .bind(workspace.0)
        .bind(day(first))
        .bind(day(last))
        .fetch_all(&self.readers)
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
                .fetch_all(&self.readers)
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
