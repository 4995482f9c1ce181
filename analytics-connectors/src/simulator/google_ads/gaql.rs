//! As much of the query language as is needed, and refusal of everything else.

use analytics_core::model::{DateRange, Level};

use super::error::AdsError;

/// Days are answered for so many months back.
const HISTORY: chrono::Months = chrono::Months::new(37);
/// People are counted over so many days at most.
const LONGEST: i64 = 92;

/// Metrics: name in a query, name in an answer.
pub(super) const METRICS: [(&str, &str); 14] = [
    ("impressions", "impressions"),
    ("clicks", "clicks"),
    ("cost_micros", "costMicros"),
    ("conversions", "conversions"),
    ("conversions_value", "conversionsValue"),
    ("all_conversions", "allConversions"),
    ("all_conversions_value", "allConversionsValue"),
    ("view_through_conversions", "viewThroughConversions"),
    ("engagements", "engagements"),
    ("video_trueview_views", "videoTrueviewViews"),
    (
        "video_watch_time_duration_millis",
        "videoWatchTimeDurationMillis",
    ),
    ("active_view_impressions", "activeViewImpressions"),
    (
        "active_view_measurable_impressions",
        "activeViewMeasurableImpressions",
    ),
    ("unique_users", "uniqueUsers"),
];

/// A query that was understood.
#[derive(Debug)]
pub(super) enum Query {
    /// The accounts below one.
    Hierarchy,
    /// Figures.
    Figures {
        level: Level,
        fields: Vec<String>,
        range: DateRange,
        by_day: bool,
    },
}

impl Query {
    pub(super) fn parse(text: &str, today: chrono::NaiveDate) -> Result<Self, AdsError> {
        let bad =
            |what: &str| AdsError::query("UNEXPECTED_INPUT", format!("Error in query: {what}."));
        let rest = text
            .trim()
            .strip_prefix("SELECT ")
            .ok_or_else(|| bad("expected SELECT"))?;
        let (fields, rest) = rest
            .split_once(" FROM ")
            .ok_or_else(|| bad("expected FROM"))?;
        let fields: Vec<String> = fields
            .split(',')
            .map(|field| field.trim().to_owned())
            .collect();
        let rest = rest.split(" PARAMETERS ").next().unwrap_or(rest);
        let (resource, condition) = match rest.split_once(" WHERE ") {
            Some((resource, condition)) => (resource.trim(), Some(condition.trim())),
            None => (rest.trim(), None),
        };
        let level = match resource {
            "customer_client" => return Self::hierarchy(&fields),
            "customer" => Level::Account,
            "campaign" => Level::Campaign,
            "ad_group" => Level::AdGroup,
            "ad_group_ad" => Level::Ad,
            other => {
                return Err(AdsError::query(
                    "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE",
                    format!("'{other}' is no resource."),
                ));
            }
        };
        if let Some(unknown) = fields.iter().find(|field| !is_known(level, field)) {
            let message = format!("Unrecognized field in the query: '{unknown}'.");
            return Err(AdsError::query("UNRECOGNIZED_FIELD", message));
        }
        let range = condition.and_then(dates).ok_or_else(|| {
            AdsError::query(
                "FILTER_HAS_TOO_MANY_VALUES",
                "A finite date range is needed.",
            )
        })?;
        let by_day = fields.iter().any(|field| field == "segments.date");
        let people = fields.iter().any(|field| field == "metrics.unique_users");
        if people && (by_day || matches!(level, Level::AdGroup | Level::Ad)) {
            return Err(AdsError::query(
                "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
                "unique_users cannot be selected here.",
            ));
        }
        if people && range.days() > LONGEST {
            return Err(AdsError::new(
                400,
                "dateRangeError",
                "DATE_RANGE_TOO_WIDE",
                "At most 92 days.",
            ));
        }
        if by_day && range.start < today - HISTORY {
            let message =
                "The requested granularity is not supported for dates older than 37 months.";
            return Err(AdsError::new(
                400,
                "dateRangeError",
                "REQUESTED_DATE_GRANULARITY_NOT_SUPPORTED",
                message,
            ));
        }
        Ok(Self::Figures {
            level,
            fields,
            range,
            by_day,
        })
    }

    fn hierarchy(fields: &[String]) -> Result<Self, AdsError> {
        const KNOWN: [&str; 9] = [
            "client_customer",
            "id",
            "descriptive_name",
            "currency_code",
            "time_zone",
            "manager",
            "hidden",
            "status",
            "level",
        ];
        let is_known = |field: &&String| {
            field
                .strip_prefix("customer_client.")
                .is_some_and(|name| KNOWN.contains(&name))
        };
        match fields.iter().find(|field| !is_known(field)) {
            Some(unknown) => Err(AdsError::query(
                "UNRECOGNIZED_FIELD",
                format!("'{unknown}' is not known."),
            )),
            None => Ok(Self::Hierarchy),
        }
    }
}

fn is_known(level: Level, field: &str) -> bool {
    if let Some(metric) = field.strip_prefix("metrics.") {
        return METRICS.iter().any(|(name, _)| *name == metric);
    }
    let campaign = ["campaign.id", "campaign.name", "campaign.status"];
    let group = ["ad_group.id", "ad_group.name", "ad_group.status"];
    let ad = [
        "ad_group_ad.ad.id",
        "ad_group_ad.ad.name",
        "ad_group_ad.ad.type",
        "ad_group_ad.status",
    ];
    ["customer.id", "segments.date"].contains(&field)
        || (level.depth() >= Level::Campaign.depth() && campaign.contains(&field))
        || (level.depth() >= Level::AdGroup.depth() && group.contains(&field))
        || (level == Level::Ad && ad.contains(&field))
}

/// `segments.date BETWEEN 'a' AND 'b'`.
fn dates(condition: &str) -> Option<DateRange> {
    let rest = condition.strip_prefix("segments.date BETWEEN '")?;
    let (start, rest) = rest.split_once("' AND '")?;
    let end = rest.strip_suffix('\'')?;
    DateRange::new(start.parse().ok()?, end.parse().ok()?).ok()
}
