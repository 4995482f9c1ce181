//! What is billed beside the cost, as the API describes it; the model writes and reads it itself.

use utoipa::ToSchema;

/// What is billed from a day on, until the next term begins.
#[derive(ToSchema)]
#[schema(as = CostTerm)]
#[expect(dead_code, reason = "only described")]
pub(crate) struct CostTermSchema {
    /// The first day, in the account's own time zone.
    #[schema(value_type = String, format = Date)]
    from: String,
    /// Null: only the cost itself.
    fee: Option<AgencyFeeSchema>,
    /// Consumption tax on cost and fee as a share of one, for example `0.1`: more than 0, at most 1.
    tax: Option<String>,
}

/// An agency's fee.
#[derive(ToSchema)]
#[schema(as = AgencyFee)]
#[expect(dead_code, reason = "only described")]
struct AgencyFeeSchema {
    /// `on_top` (外掛け, cost × (1 + r)) or `within` (内掛け, cost ÷ (1 − r)).
    kind: String,
    /// A share of one, for example `0.2`: on top more than 0 and at most 10, within less than 1.
    rate: String,
}
