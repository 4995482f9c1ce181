//! The operations that are served.

use serde_json::Value;

use super::{Product, accounts, accounts::Base, envelope::ApiError, fields, reports};
use crate::simulator::Inner;

/// Versions that are served.
const VERSIONS: std::ops::RangeInclusive<u32> = 18..=21;

/// What an operation answers.
#[derive(Debug)]
pub(super) enum Reply {
    /// What an envelope holds.
    Values(Value),
    /// A file.
    File(Vec<u8>),
}

/// An operation of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    BaseAccounts,
    Accounts,
    AccountLinks,
    AddReports,
    GetReports,
    DownloadReport,
    RemoveReports,
    ReportFields,
}

impl Operation {
    pub(super) fn named(version: &str, service: &str, method: &str) -> Result<Self, ApiError> {
        let served = version
            .strip_prefix('v')
            .and_then(|number| number.parse().ok())
            .is_some_and(|number| VERSIONS.contains(&number));
        let operation = match (service, method) {
            ("BaseAccountService", "get") => Some(Self::BaseAccounts),
            ("AccountService", "get") => Some(Self::Accounts),
            ("AccountLinkService", "get") => Some(Self::AccountLinks),
            ("ReportDefinitionService", "add") => Some(Self::AddReports),
            ("ReportDefinitionService", "get") => Some(Self::GetReports),
            ("ReportDefinitionService", "download") => Some(Self::DownloadReport),
            ("ReportDefinitionService", "remove") => Some(Self::RemoveReports),
            ("ReportDefinitionService", "getReportFields") => Some(Self::ReportFields),
            _ => None,
        };
        operation
            .filter(|_| served)
            .ok_or_else(|| ApiError::http(404, "0004", "URL not found."))
    }

    /// Whether it is asked without a base account.
    pub(super) fn needs_no_base(self) -> bool {
        matches!(self, Self::BaseAccounts | Self::ReportFields)
    }

    pub(super) fn run(
        self,
        sim: &Inner,
        product: Product,
        base: Option<&Base<'_>>,
        body: &str,
    ) -> Result<Reply, ApiError> {
        let body: Value = serde_json::from_str(body)
            .ok()
            .filter(Value::is_object)
            .ok_or_else(|| ApiError::http(400, "0005", "Bad Request."))?;
        let values = match (self, base) {
            (Self::BaseAccounts, _) => accounts::base_accounts(sim, product, &body),
            (Self::ReportFields, _) => fields::describe(product, &body),
            (Self::Accounts, Some(base)) => accounts::accounts(sim, product, base, &body),
            (Self::AccountLinks, Some(base)) => accounts::links(sim, product, base, &body),
            (Self::AddReports, Some(base)) => reports::add(sim, product, base, &body),
            (Self::GetReports, Some(base)) => reports::get(sim, product, base, &body),
            (Self::RemoveReports, Some(base)) => reports::remove(sim, product, base, &body),
            (Self::DownloadReport, Some(base)) => {
                return reports::download(sim, product, base, &body).map(Reply::File);
            }
            (_, None) => Err(ApiError::base()),
        };
        values.map(Reply::Values)
    }
}
