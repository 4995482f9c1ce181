//! Requests and answers as the API spells them. Unknown fields are ignored, flags are text.

use std::fmt::Write as _;

use analytics_core::model::DateRange;
use serde::{Deserialize, Serialize};

use crate::http::Number;

/// As much of an answer as tells of an error.
#[derive(Debug, Deserialize)]
pub(super) struct Failure {
    pub(super) errors: Option<Vec<Item>>,
    pub(super) rid: Option<String>,
}

/// Every answer but a report's table.
#[derive(Debug, Deserialize)]
pub(super) struct Envelope {
    /// The request's id at the vendor, for messages.
    pub(super) rid: Option<String>,
    pub(super) rval: Option<Listing>,
}

/// One of several errors of a request or of a value.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Item {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) details: Option<Vec<Detail>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Detail {
    pub(super) request_key: Option<String>,
    pub(super) request_value: Option<String>,
}

impl Item {
    /// What it is about: `startIndex must be positive`.
    pub(super) fn detail(&self) -> String {
        let mut text = String::new();
        for detail in self.details.iter().flatten() {
            let key = detail.request_key.as_deref().unwrap_or_default();
            let value = detail.request_value.as_deref().unwrap_or_default();
            // Writing to a text cannot fail.
            let _ = write!(text, " [{key}: {value}]");
        }
        text
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listing {
    pub(super) total_num_entries: Option<u64>,
    pub(super) authorization_business_id: Option<Number>,
    /// Null on an empty page.
    pub(super) values: Option<Vec<Entry>>,
}

/// A value of any service: it holds what the service is about, or errors of its own.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    pub(super) operation_succeeded: Option<bool>,
    pub(super) errors: Option<Vec<Item>>,
    pub(super) account: Option<Account>,
    pub(super) account_link: Option<AccountLink>,
    pub(super) report_definition: Option<Job>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    pub(super) account_id: i64,
    pub(super) account_name: Option<String>,
    pub(super) account_status: Option<String>,
    pub(super) is_mcc_account: Option<String>,
    /// `yyyyMMdd`.
    pub(super) start_date: Option<String>,
}

impl Account {
    /// An account of which only the link to its manager is told.
    pub(super) fn linked(link: AccountLink) -> Self {
        Self {
            account_id: link.account_id,
            account_name: None,
            account_status: link.account_status,
            is_mcc_account: None,
            start_date: None,
        }
    }

    pub(super) fn is_manager(&self) -> bool {
        self.is_mcc_account.as_deref() == Some("TRUE")
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountLink {
    pub(super) account_id: i64,
    pub(super) account_status: Option<String>,
    pub(super) owner_ship_type: Option<String>,
}

impl AccountLink {
    /// Whether the account belongs to somebody else and is only linked.
    pub(super) fn is_foreign(&self) -> bool {
        self.owner_ship_type.as_deref() == Some("NON_OWNER")
    }
}

/// A report that was ordered.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Job {
    pub(super) report_job_id: i64,
    pub(super) report_job_status: Option<String>,
    pub(super) report_job_error_detail: Option<String>,
}

/// An order of a report.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Order {
    report_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    report_type: Option<&'static str>,
    fields: Vec<&'static str>,
    report_date_range_type: &'static str,
    date_range: Dates,
    report_download_format: &'static str,
    report_download_encode: &'static str,
    report_compress_type: &'static str,
    report_language: &'static str,
    report_include_deleted: &'static str,
    report_skip_column_header: &'static str,
    report_skip_report_summary: &'static str,
    report_decimal_part_display_type: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Dates {
    start_date: String,
    end_date: String,
}

impl Order {
    /// An order without the totals row, with every decimal and with what was removed.
    pub(super) fn new(
        report_name: String,
        report_type: Option<&'static str>,
        fields: Vec<&'static str>,
        range: DateRange,
    ) -> Self {
        Self {
            report_name,
            report_type,
            fields,
            report_date_range_type: "CUSTOM_DATE",
            date_range: Dates {
                start_date: range.start.format("%Y%m%d").to_string(),
                end_date: range.end.format("%Y%m%d").to_string(),
            },
            report_download_format: "CSV",
            report_download_encode: "UTF8",
            report_compress_type: "NONE",
            report_language: "EN",
            report_include_deleted: "TRUE",
            report_skip_column_header: "FALSE",
            report_skip_report_summary: "TRUE",
            report_decimal_part_display_type: "FULL_DISPLAY",
        }
    }
}
