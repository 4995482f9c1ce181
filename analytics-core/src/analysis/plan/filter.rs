//! Filters: which accounts and which entities are in scope.

use super::Dimension;
use crate::{
    analysis::{Filter, dataset::AccountInfo},
    error::{Error, Result},
    model::{Catalogue, DateRange, Family, Level},
};
use chrono::NaiveDate;

/// `in` or `not in` on entities of a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::analysis) struct EntityCondition {
    pub(in crate::analysis) level: Level,
    pub(in crate::analysis) include: bool,
    /// Outside ids.
    pub(in crate::analysis) ids: Vec<String>,
    /// Path of the values in the query.
    pub(in crate::analysis) field: String,
}

/// `in` or `not in` on a property of accounts.
struct AccountCondition {
    dimension: Dimension,
    include: bool,
    values: Vec<String>,
}

/// The filters of a query, checked.
#[derive(Default)]
pub(super) struct Conditions {
    accounts: Vec<AccountCondition>,
    pub(super) entities: Vec<EntityCondition>,
    pub(super) published: Option<DateRange>,
}

/// Name of the filter on the day a post was published.
const PUBLISHED: &str = "published";

impl Conditions {
    pub(super) fn new(
        filters: &[Filter],
        catalogue: &Catalogue,
        accounts: &[AccountInfo],
    ) -> Result<Self> {
        let mut conditions = Self::default();
        for (at, filter) in filters.iter().enumerate() {
            let field = format!("filters[{at}]");
            if filter.dimension.as_deref() == Some(PUBLISHED) {
                let days = published(filter, &field)?;
                conditions.published = Some(match conditions.published {
                    Some(other) => other.intersection(&days).ok_or_else(|| {
                        Error::invalid(
                            format!("{field}.values"),
                            days,
                            format!("shares no day with {other}, which another filter names"),
                        )
                    })?,
                    None => days,
                });
                continue;
            }
            let (dimension, include) = shape(filter, &field)?;
            let field = format!("{field}.values");
            if let Some(level) = dimension.level() {
                conditions.entities.push(EntityCondition {
                    level,
                    include,
                    ids: filter.values.clone(),
                    field,
                });
            } else {
                let values = filter
                    .values
                    .iter()
                    .enumerate()
                    .map(|(at, value)| {
                        checked(
                            dimension,
                            &format!("{field}[{at}]"),
                            value,
                            catalogue,
                            accounts,
                        )
                    })
                    .collect::<Result<_>>()?;
                conditions.accounts.push(AccountCondition {
                    dimension,
                    include,
                    values,
                });
            }
        }
        Ok(conditions)
    }

    /// Whether an account passes every condition on accounts.
    pub(super) fn admit(&self, account: &AccountInfo) -> bool {
        self.accounts.iter().all(|condition| {
            let value = property(account, condition.dimension);
            condition
                .values
                .iter()
                .any(|wanted| Some(wanted.as_str()) == value)
                == condition.include
        })
    }
}

/// The value of a dimension that is a property of the account.
pub(in crate::analysis) fn property(account: &AccountInfo, dimension: Dimension) -> Option<&str> {
    match dimension {
        Dimension::Platform => Some(account.platform.as_str()),
        Dimension::Family => Some(account.family.as_str()),
        Dimension::Account => Some(&account.key),
        Dimension::Currency => account.currency.as_ref().map(|currency| currency.as_str()),
        Dimension::Campaign | Dimension::AdGroup | Dimension::Ad | Dimension::Post => None,
    }
}

/// The days of a filter on when posts were published.
fn published(filter: &Filter, field: &str) -> Result<DateRange> {
    if filter.op != "between" {
        return Err(Error::invalid(
            format!("{field}.op"),
            &filter.op,
            "when posts were published is filtered with `between` and two days",
        ));
    }
    let [start, end] = filter.values.as_slice() else {
        return Err(Error::invalid(
            format!("{field}.values"),
            filter.values.len(),
            "expected two days, the first and the last",
        ));
    };
    let day = |at: usize, text: &String| {
        text.parse::<NaiveDate>().map_err(|_| {
            Error::invalid(
                format!("{field}.values[{at}]"),
                text,
                "expected a day like 2026-10-01",
            )
        })
    };
    DateRange::new(day(0, start)?, day(1, end)?)
}

fn shape(filter: &Filter, field: &str) -> Result<(Dimension, bool)> {
    if filter.metric.is_some() {
        return Err(Error::Unsupported {
            field: format!("{field}.metric"),
            message:
                "filters on metrics are not supported yet; order by the metric and use `limit`"
                    .to_owned(),
        });
    }
    let Some(dimension) = &filter.dimension else {
        return Err(Error::invalid(
            field,
            &filter.op,
            "a filter needs a `dimension`, an `op` and `values`",
        ));
    };
    let dimension = Dimension::parse(&format!("{field}.dimension"), dimension)?;
    let op = format!("{field}.op");
    let include = match filter.op.as_str() {
        "in" => true,
        "not in" => false,
        "contains" | "not contains" | "starts_with" => {
            return Err(Error::Unsupported {
                field: op,
                message: format!("`{}` is not supported yet; use `in` or `not in`", filter.op),
            });
        }
        other => return Err(Error::unknown("operator", op, other, ["in", "not in"])),
    };
    if filter.values.is_empty() {
        return Err(Error::invalid(
            format!("{field}.values"),
            "[]",
            "expected at least one value",
        ));
    }
    Ok((dimension, include))
}

fn checked(
    dimension: Dimension,
    field: &str,
    value: &str,
    catalogue: &Catalogue,
    accounts: &[AccountInfo],
) -> Result<String> {
    let of_accounts = || {
        accounts
            .iter()
            .filter_map(|account| property(account, dimension))
    };
    match dimension {
        Dimension::Family => {
            let known = [Family::Ads.as_str(), Family::Media.as_str()];
            if !known.contains(&value) {
                return Err(Error::unknown("family", field, value, known));
            }
        }
        Dimension::Platform => {
            let known = || {
                catalogue
                    .platforms()
                    .map(|profile| profile.platform.as_str())
                    .chain(of_accounts())
            };
            if !known().any(|known| known == value) {
                return Err(Error::unknown("platform", field, value, known()));
            }
        }
        Dimension::Account => {
            return Ok(accounts[account_position(field, value, accounts)?]
                .key
                .clone());
        }
        _ => {
            if !of_accounts().any(|known| known == value) {
                return Err(Error::unknown(
                    dimension.as_str(),
                    field,
                    value,
                    of_accounts(),
                ));
            }
        }
    }
    Ok(value.to_owned())
}

/// Where the account with this outside id, or `platform:external_id`, stands.
pub(super) fn account_position(
    field: &str,
    value: &str,
    accounts: &[AccountInfo],
) -> Result<usize> {
    let by_platform = |account: &AccountInfo| {
        value
            .strip_prefix(account.platform.as_str())
            .and_then(|rest| rest.strip_prefix(':'))
            .is_some_and(|id| id == account.external_id)
    };
    accounts
        .iter()
        .position(|account| account.key == value || by_platform(account))
        .ok_or_else(|| {
            let known = accounts.iter().map(|account| account.key.as_str());
            Error::unknown("account", field, value, known)
        })
}
