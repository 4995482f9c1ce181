//! Definitions of reports: what may be asked for.

use analytics_core::model::{DateRange, Level};
use chrono::{Datelike, Days, Months, NaiveDate};
use serde_json::Value;

use super::{
    Product,
    envelope::ApiError,
    fields::{Cell, Field, find, level_of},
    format::{FileFormat, flag},
};

/// A report that can be made.
#[derive(Debug, Clone)]
pub(super) struct Definition {
    pub(super) product: Product,
    pub(super) level: Level,
    pub(super) fields: Vec<&'static Field>,
    pub(super) range: DateRange,
    /// Whether what was removed has rows.
    pub(super) removed: bool,
    pub(super) file: FileFormat,
}

fn text<'a>(operand: &'a Value, key: &'static str) -> Result<&'a str, ApiError> {
    operand[key]
        .as_str()
        .filter(|text| !text.is_empty())
        .ok_or_else(|| ApiError::new("R0001", key, "required"))
}

impl Definition {
    /// What an operand asks for on the day `today`.
    pub(super) fn parse(
        product: Product,
        operand: &Value,
        today: NaiveDate,
    ) -> Result<Self, ApiError> {
        let level = match product {
            Product::Search => {
                text(operand, "reportName")?;
                let named = text(operand, "reportType")?;
                let unknown = || ApiError::new("V0001", "reportType", named);
                level_of(named).ok_or_else(unknown)?
            }
            Product::Display => Level::Ad,
        };
        for key in ["filters", "sortFields", "reportTypeCondition"] {
            if !operand[key].is_null() {
                return Err(ApiError::new("V0001", key, "not simulated"));
            }
        }
        let fields = fields(product, level, operand)?;
        let deepest = fields.iter().filter_map(|field| field.level());
        let deepest = deepest.max_by_key(|level| level.depth());
        Ok(Self {
            product,
            level: match product {
                Product::Search => level,
                Product::Display => deepest.unwrap_or(Level::Account),
            },
            fields,
            range: range(product, operand, today)?,
            removed: flag(operand, "reportIncludeDeleted", true)?,
            file: FileFormat::parse(product, operand)?,
        })
    }

    /// Whether every day has rows of its own.
    pub(super) fn by_day(&self) -> bool {
        self.fields
            .iter()
            .any(|field| matches!(field.cell, Cell::Day))
    }
}

fn fields(
    product: Product,
    level: Level,
    operand: &Value,
) -> Result<Vec<&'static Field>, ApiError> {
    let names = operand["fields"]
        .as_array()
        .filter(|names| !names.is_empty())
        .ok_or_else(|| ApiError::new("R0001", "fields", "required"))?;
    let mut fields: Vec<&'static Field> = Vec::new();
    for name in names {
        let name = name.as_str().unwrap_or_default();
        let unknown = match product {
            Product::Search => "V0001",
            Product::Display => "250002",
        };
        let field = find(product, level, name);
        let field = field.ok_or_else(|| ApiError::new(unknown, "fields", name))?;
        if fields.iter().any(|known| known.name == name) {
            return Err(ApiError::new("D0001", "fields", name));
        }
        fields.push(field);
    }
    Ok(fields)
}

fn range(product: Product, operand: &Value, today: NaiveDate) -> Result<DateRange, ApiError> {
    let named = text(operand, "reportDateRangeType")?;
    let (months, too_early) = match product {
        Product::Search => (11 * 12, "V0001"),
        Product::Display => (37, "250004"),
    };
    let earliest = today - Months::new(months);
    if named != "CUSTOM_DATE" {
        if !operand["dateRange"].is_null() {
            return Err(ApiError::new("240004", "dateRange", named));
        }
        return relative(product, named, today, earliest)
            .ok_or_else(|| ApiError::new("V0001", "reportDateRangeType", named));
    }
    let day = |key: &'static str| {
        let text = text(&operand["dateRange"], key)?;
        NaiveDate::parse_from_str(text, "%Y%m%d")
            .ok()
            .filter(|_| text.len() == 8)
            .ok_or_else(|| ApiError::new("F0001", key, text))
    };
    let (start, end) = (day("startDate")?, day("endDate")?);
    let range = DateRange::new(start, end)
        .map_err(|_| ApiError::new("RL001", "dateRange", "startDate is after endDate"))?;
    if start < earliest {
        return Err(ApiError::new(too_early, "startDate", start.to_string()));
    }
    Ok(range)
}

/// The days that a name stands for.
fn relative(
    product: Product,
    named: &str,
    today: NaiveDate,
    earliest: NaiveDate,
) -> Option<DateRange> {
    let yesterday = today.pred_opt()?;
    let last = |days: u64| Some((today - Days::new(days), yesterday));
    let (start, end) = match named {
        "TODAY" => Some((today, today)),
        "YESTERDAY" => Some((yesterday, yesterday)),
        "LAST_7_DAYS" => last(7),
        "LAST_14_DAYS" => last(14),
        "LAST_30_DAYS" => last(30),
        "THIS_MONTH" => Some((today.with_day(1)?, today)),
        "LAST_MONTH" => {
            let end = today.with_day(1)?.pred_opt()?;
            Some((end.with_day(1)?, end))
        }
        "ALL_TIME" if product == Product::Search => Some((earliest, today)),
        _ => None,
    }?;
    DateRange::new(start, end).ok()
}
