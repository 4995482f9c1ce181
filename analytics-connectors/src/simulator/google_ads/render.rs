//! Figures as `searchStream` tells them.

use analytics_core::model::{DateRange, Level};
use axum::http::HeaderMap;
use serde_json::{Map, Value, json};

use super::{
    accounts,
    error::AdsError,
    gaql::{METRICS, Query},
    gate,
};
use crate::simulator::{
    Inner,
    world::{
        AsOf, Figures,
        ads::{AdAccount, Status},
        counts::{Counts, Measure},
    },
};

/// Rows of a part.
const PART: usize = 500;

pub(super) fn search(
    sim: &Inner,
    customer: &str,
    method: &str,
    headers: &HeaderMap,
    body: &str,
) -> Result<Value, AdsError> {
    if method != "googleAds:searchStream" {
        return Err(AdsError::new(
            404,
            "requestError",
            "RESOURCE_NOT_FOUND",
            "No such method.",
        ));
    }
    let login = headers
        .get("login-customer-id")
        .and_then(|value| value.to_str().ok());
    let account = accounts::asked(sim, customer, login)?;
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let Some(text) = body["query"].as_str() else {
        return Err(AdsError::query("QUERY_NOT_ENOUGH", "The query is missing."));
    };
    if body
        .as_object()
        .is_some_and(|body| body.contains_key("pageSize"))
    {
        return Err(AdsError::new(
            400,
            "requestError",
            "PAGE_SIZE_NOT_SUPPORTED",
            "Setting the page size is not supported.",
        ));
    }
    let now = sim.now();
    let today = account.map_or_else(|| now.date_naive(), |account| account.as_of(now).today);
    let rows = match (Query::parse(text, today)?, account) {
        (Query::Hierarchy, _) => accounts::hierarchy(sim, customer),
        (Query::Figures { .. }, None) => {
            let message = "Metrics cannot be requested for a manager account.";
            return Err(AdsError::query("REQUESTED_METRICS_FOR_MANAGER", message));
        }
        (
            Query::Figures {
                level,
                fields,
                range,
                by_day,
            },
            Some(account),
        ) => {
            gate::permission(sim, &account.id)?;
            gate::too_much(sim)?;
            let of = Rows {
                account,
                level,
                fields: &fields,
                as_of: account.as_of(now),
            };
            of.of(range, by_day)
        }
    };
    let parts: Vec<Value> = rows
        .chunks(PART)
        .map(|rows| json!({ "results": rows, "requestId": "SIMULATED" }))
        .collect();
    Ok(Value::Array(parts))
}

struct Rows<'a> {
    account: &'a AdAccount,
    level: Level,
    fields: &'a [String],
    as_of: AsOf,
}

impl Rows<'_> {
    fn of(&self, range: DateRange, by_day: bool) -> Vec<Value> {
        let ranges: Vec<DateRange> = if by_day {
            range.iter().map(DateRange::day).collect()
        } else {
            vec![range]
        };
        ranges
            .into_iter()
            .flat_map(|range| self.account.figures(self.level, range, self.as_of))
            .map(|figures| self.row(&figures, by_day))
            .collect()
    }

    fn row(&self, figures: &Figures, by_day: bool) -> Value {
        let mut metrics = Map::new();
        for (field, key) in METRICS {
            if self.selects(&format!("metrics.{field}")) {
                let value = self.value(field, figures);
                // What is zero is not told.
                if let Some(value) = value {
                    metrics.insert(key.to_owned(), value);
                }
            }
        }
        let mut row = json!({ "customer": { "id": self.account.id }, "metrics": metrics });
        if by_day {
            row["segments"] = json!({ "date": figures.range.start });
        }
        let ad = self
            .account
            .ads_of(self.level, figures.entity)
            .next()
            .unwrap_or(0);
        for (level, key) in [(Level::Campaign, "campaign"), (Level::AdGroup, "adGroup")] {
            if level.depth() <= self.level.depth() {
                let at = self.account.holder(ad, level);
                row[key] = json!({
                    "id": self.account.entity_id(level, at),
                    "name": self.account.entity_name(level, at),
                    "status": self.status(level, at),
                });
            }
        }
        if self.level == Level::Ad {
            let id = self.account.ads[figures.entity].id.to_string();
            row["adGroupAd"] = json!({
                "ad": { "id": id, "type": "RESPONSIVE_SEARCH_AD" },
                "status": self.status(Level::Ad, figures.entity),
            });
        }
        row
    }

    fn selects(&self, field: &str) -> bool {
        self.fields.iter().any(|one| one == field)
    }

    fn status(&self, level: Level, at: usize) -> &'static str {
        match self.account.status(level, at, self.as_of) {
            Status::Active | Status::CampaignPaused | Status::GroupPaused => "ENABLED",
            Status::Paused => "PAUSED",
            Status::Archived | Status::Deleted => "REMOVED",
        }
    }

    fn value(&self, field: &str, figures: &Figures) -> Option<Value> {
        use Measure::{
            Impressions, LinkClicks, PurchaseValue, PurchasesByView, Spend, VideoViews,
            WatchSeconds,
        };
        let counts: &Counts = &figures.counts;
        let text = |number: i64| (number != 0).then(|| json!(number.to_string()));
        #[expect(
            clippy::cast_precision_loss,
            reason = "doubles are what the platform sends"
        )]
        let double = |millionths: i64| {
            // The division is rounded once: the shortest text of the result is exact.
            (millionths != 0).then(|| json!(millionths as f64 / 1_000_000.0))
        };
        let money = |minor: i64| {
            let digits = self.account.minor_digits;
            #[expect(
                clippy::cast_precision_loss,
                reason = "doubles are what the platform sends"
            )]
            (minor != 0).then(|| json!(minor as f64 / 10_f64.powi(digits.cast_signed())))
        };
        match field {
            "impressions" => text(counts[Impressions]),
            "clicks" => text(counts[LinkClicks]),
            "cost_micros" => text(counts[Spend] * 10_i64.pow(6 - self.account.minor_digits)),
            "conversions" => double(counts.attributed()),
            "conversions_value" | "all_conversions_value" => money(counts[PurchaseValue]),
            "all_conversions" => double(counts.attributed_all()),
            "view_through_conversions" => text(counts[PurchasesByView]),
            "engagements" => text(counts.engagements()),
            "video_trueview_views" => text(counts[VideoViews]),
            "video_watch_time_duration_millis" => text(counts[WatchSeconds] * 1000),
            "active_view_impressions" => text(counts[Impressions] * 7 / 10),
            "active_view_measurable_impressions" => text(counts[Impressions] * 9 / 10),
            "unique_users" => text(figures.reach),
            _ => None,
        }
    }
}
