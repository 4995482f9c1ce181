//! What reading the platforms costs, where they charge for it.

use analytics_connectors::sync::{AccountCost, PlatformCost};
use analytics_core::model::{Account, Millionths, Role};
use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::AppState, auth::Caller, error::Problem};

/// What reading costs in the running month, in UTC as platforms bill.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Costs {
    /// For example `2026-11`.
    month: String,
    /// Always `USD`.
    currency: &'static str,
    /// Platforms that charge for reading and have accounts here.
    platforms: Vec<PlatformCostView>,
}

/// What reading a platform costs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlatformCost)]
struct PlatformCostView {
    platform: String,
    /// What the operator lets reading cost in a month; null: no cap, or one that several workspaces
    /// share.
    cap: Option<f64>,
    /// What it has cost this month.
    actual: f64,
    /// What a whole month is expected to cost.
    estimate: f64,
    accounts: Vec<AccountCostView>,
}

/// What reading an account costs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountCost)]
struct AccountCostView {
    account: String,
    name: String,
    actual: f64,
    estimate: f64,
    reads: Vec<ReadsView>,
}

/// Things that were read and billed this month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reads)]
struct ReadsView {
    /// For example `post`.
    kind: String,
    count: u64,
}

/// What reading this workspace's accounts costs this month, for owners.
#[utoipa::path(get, path = "/costs", operation_id = "read_costs", tag = "accounts",
    responses((status = 200, body = Costs), (status = 403, description = "`forbidden`: owners only")))]
pub(crate) async fn read(
    State(app): State<AppState>,
    caller: Caller,
) -> Result<Json<Costs>, Problem> {
    caller.require(Role::Owner, "Seeing what reading costs")?;
    let costs = app.engine.costs(caller.workspace_id()).await?;
    let accounts = app.store.accounts(caller.workspace_id()).await?;
    Ok(Json(Costs {
        month: app.clock.now().format("%Y-%m").to_string(),
        currency: "USD",
        platforms: costs
            .into_iter()
            .map(|cost| platform(cost, &accounts))
            .collect(),
    }))
}

fn platform(cost: PlatformCost, accounts: &[Account]) -> PlatformCostView {
    let sum = |of: fn(&AccountCost) -> Millionths| {
        let amounts = cost.accounts.iter().map(|account| of(account).0);
        dollars(Millionths(amounts.fold(0, i64::saturating_add)))
    };
    PlatformCostView {
        actual: sum(|account| account.actual),
        estimate: sum(|account| account.estimate),
        cap: cost.cap.map(dollars),
        platform: cost.platform.to_string(),
        accounts: cost
            .accounts
            .into_iter()
            .filter_map(|one| {
                let account = accounts.iter().find(|known| known.id == one.account)?;
                Some(AccountCostView {
                    account: account.public_id.to_string(),
                    name: account.name.clone(),
                    actual: dollars(one.actual),
                    estimate: dollars(one.estimate),
                    reads: one
                        .reads
                        .into_iter()
                        .map(|(kind, count)| ReadsView { kind, count })
                        .collect(),
                })
            })
            .collect(),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "to be read by people; sums are exact before it"
)]
fn dollars(amount: Millionths) -> f64 {
    amount.0 as f64 / Millionths::SCALE as f64
}
