//! What is billed beside the cost of an account's ads.

use analytics_core::{
    Error,
    model::{CostTerm, CostTerms, Family, MetricId, Role},
};
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::accounts;
use crate::{
    app::AppState,
    auth::Caller,
    error::Problem,
    http::{Body, Path},
    views::{self, AccountView, CostTermSchema},
};

/// The terms of an account, ascending by day.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CostTermsRequest {
    #[schema(value_type = Vec<CostTermSchema>)]
    terms: Vec<CostTerm>,
}

/// Replaces what is billed beside the cost of an account's ads. Stored figures stay as they are:
/// fee and tax are applied when somebody asks for `billed_spend`.
#[utoipa::path(put, path = "/accounts/{id}/cost-terms", operation_id = "replace_cost_terms", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    request_body = CostTermsRequest, responses((status = 200, body = AccountView), (status = 404, description = "`not_found`"),
    (status = 422, description = "`invalid_field`, with `field` and `message`; `no_costs` for an account that costs nothing")))]
pub(crate) async fn replace(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Body(request): Body<CostTermsRequest>,
) -> Result<Json<AccountView>, Problem> {
    caller.require(Role::Editor, "Changing fee and tax")?;
    let workspace = caller.workspace_id();
    let account = accounts::find(&app, &caller, &id).await?;
    let profile = app.catalogue.platform(&account.platform);
    if profile.is_some_and(|profile| profile.family != Family::Ads) {
        return Err(Problem::new(
            axum::http::StatusCode::UNPROCESSABLE_ENTITY,
            "no_costs",
            "Only ad accounts have costs to bill.",
        ));
    }
    let terms = CostTerms::new(request.terms).map_err(|error| match error {
        Error::Invalid { field, message, .. } => Problem::invalid_field(&field, message),
        other => other.into(),
    })?;
    app.store
        .save_cost_terms(workspace, account.id, &terms)
        .await?;
    app.account_changed(workspace, account.id);
    tracing::info!(
        account = account.id.0,
        metric = MetricId::BILLED_SPEND,
        "terms changed"
    );
    let account = app.store.account(workspace, account.id).await?;
    Ok(Json(views::account(&app, workspace, &account).await?))
}
