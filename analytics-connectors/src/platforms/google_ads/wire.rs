//! Answers as the platform writes them. Unknown fields are ignored; what is not set is left out.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::http::Number;

/// `customers:listAccessibleCustomers`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Accessible {
    #[serde(default)]
    pub(super) resource_names: Vec<String>,
}

/// A part of an answer of `searchStream`; the whole is an array of them.
#[derive(Debug, Deserialize)]
pub(super) struct Part<T> {
    #[serde(default = "Vec::new")]
    pub(super) results: Vec<T>,
}

/// An account in a manager's tree.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientRow {
    pub(super) customer_client: Client,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Client {
    pub(super) id: Number,
    pub(super) descriptive_name: Option<String>,
    pub(super) currency_code: Option<String>,
    pub(super) time_zone: Option<String>,
    #[serde(default)]
    pub(super) manager: bool,
    #[serde(default)]
    pub(super) hidden: bool,
    pub(super) status: Option<String>,
}

/// A row of figures.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FigureRow {
    pub(super) customer: Option<Customer>,
    pub(super) campaign: Option<Named>,
    pub(super) ad_group: Option<Named>,
    pub(super) ad_group_ad: Option<GroupAd>,
    pub(super) segments: Option<Segments>,
    /// By the name of the field. What is not set is zero; null is too.
    #[serde(default)]
    pub(super) metrics: HashMap<String, Option<Figure>>,
}

/// A number, or what came instead: some fields of metrics are lists.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Figure {
    Number(Number),
    Other(serde::de::IgnoredAny),
}

#[derive(Debug, Deserialize)]
pub(super) struct Customer {
    pub(super) id: Number,
}

/// A campaign or an ad group.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    pub(super) id: Number,
    pub(super) name: Option<String>,
    pub(super) status: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct GroupAd {
    pub(super) ad: Ad,
    pub(super) status: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Ad {
    pub(super) id: Number,
    pub(super) name: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Segments {
    pub(super) date: Option<NaiveDate>,
}

/// An error as the platform writes it, in an array or alone. The array is tried first: an array of
/// one would also do for the fields of a single error, one after the other.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Failed {
    Many(Vec<Envelope>),
    One(Envelope),
}

#[derive(Debug, Deserialize)]
pub(super) struct Envelope {
    pub(super) error: Status,
}

#[derive(Debug, Deserialize)]
pub(super) struct Status {
    pub(super) code: Option<i64>,
    pub(super) message: Option<String>,
    pub(super) status: Option<String>,
    #[serde(default)]
    pub(super) details: Vec<Detail>,
}

/// One of several kinds; only those of the Ads API have errors.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Detail {
    #[serde(default)]
    pub(super) errors: Vec<AdsError>,
    pub(super) request_id: Option<String>,
    pub(super) reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AdsError {
    /// Family → name, one pair.
    #[serde(default)]
    pub(super) error_code: HashMap<String, String>,
    pub(super) message: Option<String>,
    pub(super) details: Option<ErrorDetails>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ErrorDetails {
    pub(super) quota_error_details: Option<QuotaDetails>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct QuotaDetails {
    /// Such as `30s`.
    pub(super) retry_delay: Option<String>,
}

/// What an id token says of the user.
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    pub(super) sub: String,
    pub(super) email: Option<String>,
}
