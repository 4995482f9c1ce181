//! The question behind an insights request, checked as the vendor checks it.

use analytics_core::model::{DateRange, Level};

use super::{
    fields::{self, Field},
    filter::{self, Filter},
    ranges,
};
use crate::simulator::{
    meta::{error::GraphError, request::Params},
    world::{AsOf, Figures, ads::AdAccount, counts::Measure},
};

/// Attribution windows the vendor accepts.
const WINDOWS: [&str; 17] = [
    "1d_click",
    "7d_click",
    "28d_click",
    "1d_view",
    "7d_view",
    "28d_view",
    "1d_ev",
    "1d_sequenced",
    "7d_sequenced",
    "28d_sequenced",
    "dda",
    "default",
    "custom",
    "incrementality",
    "skan_click",
    "skan_view",
    "incrementality_all_conversions",
];
const REPORT_TIMES: [&str; 4] = ["impression", "conversion", "mixed", "lifetime"];
const BREAKDOWNS: [&str; 16] = [
    "age",
    "gender",
    "country",
    "region",
    "publisher_platform",
    "platform_position",
    "device_platform",
    "impression_device",
    "product_id",
    "comscore_market",
    "hourly_stats_aggregated_by_advertiser_time_zone",
    "hourly_stats_aggregated_by_audience_time_zone",
    "frequency_value",
    "media_type",
    "body_asset",
    "image_asset",
];

/// How rows are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Date,
    Measure(Measure),
    Reach,
}

/// A checked question.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) level: Level,
    /// The node it was asked of.
    scope: (Level, usize),
    pub(super) fields: Vec<Field>,
    pub(super) ranges: Vec<DateRange>,
    filters: Vec<Filter>,
    sort: Option<(Sort, bool)>,
    /// Attribution windows to show beside the total.
    pub(super) windows: Vec<String>,
    /// Whether totals of all rows are wanted.
    pub(super) summary: Option<Vec<Field>>,
}

fn parse_level(text: &str) -> Result<Level, GraphError> {
    match text {
        "account" => Ok(Level::Account),
        "campaign" => Ok(Level::Campaign),
        "adset" => Ok(Level::AdGroup),
        "ad" => Ok(Level::Ad),
        _ => Err(GraphError::parameter(
            "level must be one of the following values: ad, adset, campaign, account",
        )),
    }
}

/// A list, spelt as JSON or with commas.
fn list(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_else(|_| {
        text.split(',')
            .map(|part| part.trim().trim_matches('"').to_owned())
            .filter(|part| !part.is_empty())
            .collect()
    })
}

fn one_of(params: &Params, name: &str, values: &[&str]) -> Result<(), GraphError> {
    for text in params.get(name).map(list).unwrap_or_default() {
        if !values.contains(&text.as_str()) {
            return Err(GraphError::parameter(format!(
                "{name} must be one of the following values: {}",
                values.join(", ")
            )));
        }
    }
    Ok(())
}

impl Question {
    /// Checks a request to `scope` of `account`.
    pub(super) fn parse(
        params: &Params,
        account: &AdAccount,
        scope: (Level, usize),
        as_of: AsOf,
    ) -> Result<Self, GraphError> {
        let level = params.get("level").map_or(Ok(scope.0), parse_level)?;
        if level.depth() < scope.0.depth() {
            return Err(GraphError::parameter(
                "level must not be above the level of the object",
            ));
        }
        one_of(params, "action_attribution_windows", &WINDOWS)?;
        one_of(params, "action_report_time", &REPORT_TIMES)?;
        one_of(params, "action_breakdowns", &["action_type"])?;
        one_of(
            params,
            "use_unified_attribution_setting",
            &["true", "false", "1", "0"],
        )?;
        one_of(
            params,
            "use_account_attribution_setting",
            &["true", "false", "1", "0"],
        )?;
        one_of(params, "breakdowns", &BREAKDOWNS)?;
        if params
            .get("breakdowns")
            .is_some_and(|text| !list(text).is_empty())
        {
            return Err(GraphError::new(
                2,
                "Current combination of data breakdown columns is invalid (none is simulated)",
            )
            .subcode(1_504_041));
        }
        let question = Self {
            level,
            scope,
            fields: fields::parse(params.get("fields"))?,
            ranges: ranges::parse(params, as_of.today)?,
            filters: filter::parse(params)?,
            sort: params.get("sort").map(parse_sort).transpose()?,
            windows: params
                .get("action_attribution_windows")
                .map(list)
                .unwrap_or_default(),
            summary: summary(params)?,
        };
        // A filter that cannot be used is refused even where there is nothing to filter.
        filter::keeps_entity(&question.entity_filters(), account, level, 0, as_of)?;
        Ok(question)
    }

    /// The filters that do not look at figures.
    fn entity_filters(&self) -> Vec<Filter> {
        let entity = |filter: &&Filter| !filter.is_about_figures(self.level);
        self.filters.iter().filter(entity).cloned().collect()
    }

    /// The days it is about, from the first to the last.
    pub(super) fn span(&self) -> DateRange {
        let start = self
            .ranges
            .iter()
            .map(|range| range.start)
            .min()
            .unwrap_or_default();
        let end = self
            .ranges
            .iter()
            .map(|range| range.end)
            .max()
            .unwrap_or_default();
        DateRange { start, end }
    }

    /// The rows that answer it, all of them.
    pub(super) fn rows(
        &self,
        account: &AdAccount,
        as_of: AsOf,
    ) -> Result<Vec<Figures>, GraphError> {
        let (scope, node) = self.scope;
        let mut rows = Vec::new();
        for range in &self.ranges {
            for row in account.figures(self.level, *range, as_of) {
                let inside = account
                    .ads_of(self.level, row.entity)
                    .next()
                    .is_none_or(|ad| account.holder(ad, scope) == node);
                // By its own id even a deleted object still tells its figures.
                let shown = scope == self.level
                    || (account.rules.shows)(
                        self.level,
                        account.status(self.level, row.entity, as_of),
                    );
                if inside
                    && shown
                    && filter::keeps_row(&self.filters, account, self.level, &row, as_of)?
                {
                    rows.push(row);
                }
            }
        }
        if let Some((sort, descending)) = self.sort {
            rows.sort_by_key(|row| {
                let key = match sort {
                    Sort::Date => row
                        .range
                        .start
                        .signed_duration_since(chrono::NaiveDate::MIN)
                        .num_days(),
                    Sort::Measure(measure) => row.counts[measure],
                    Sort::Reach => row.reach,
                };
                if descending { -key } else { key }
            });
        }
        Ok(rows)
    }
}

fn parse_sort(text: &str) -> Result<(Sort, bool), GraphError> {
    let unknown = || GraphError::parameter(format!("param sort has an invalid value: {text}"));
    let key = list(text).into_iter().next().ok_or_else(unknown)?;
    let (name, descending) = match key.strip_suffix("_descending") {
        Some(name) => (name, true),
        None => (key.strip_suffix("_ascending").ok_or_else(unknown)?, false),
    };
    let sort = match name {
        "date_start" | "date_stop" => Sort::Date,
        "impressions" => Sort::Measure(Measure::Impressions),
        "spend" => Sort::Measure(Measure::Spend),
        "clicks" => Sort::Measure(Measure::Clicks),
        "reach" => Sort::Reach,
        _ => return Err(unknown()),
    };
    Ok((sort, descending))
}

fn summary(params: &Params) -> Result<Option<Vec<Field>>, GraphError> {
    match (params.get("summary"), params.get("default_summary")) {
        (Some(text), _) => fields::parse(Some(text)).map(Some),
        (None, Some("true" | "1")) => {
            fields::parse(Some("impressions,clicks,spend,actions")).map(Some)
        }
        _ => Ok(None),
    }
}
