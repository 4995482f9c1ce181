//! What a store holds, as frames.

use std::collections::HashMap;

use analytics_core::{
    Result,
    analysis::{complete_through, coverage_runs},
    model::{Account, AccountId, Catalogue, EntityId, Level, MetricKind, Millionths},
    storage::EntityFilter,
};
use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};

use crate::{
    frame::{Frame, Table},
    store::Open,
};

/// Which facts to read.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) metrics: Option<Vec<String>>,
    pub(crate) start: Option<NaiveDate>,
    pub(crate) end: Option<NaiveDate>,
    pub(crate) level: Level,
}

/// Days since 1970-01-01.
fn epoch_day(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - 719_163
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn column<T, V>(rows: &[T], value: impl Fn(&T) -> Option<V>) -> Vec<Option<V>> {
    rows.iter().map(value).collect()
}

pub(crate) async fn accounts(open: Open) -> Result<Frame> {
    let accounts = open.store.accounts(open.workspace.id).await?;
    let mut through = Vec::with_capacity(accounts.len());
    for account in &accounts {
        let coverage = open.store.coverage(open.workspace.id, account.id).await?;
        through.push(
            open.catalogue
                .platform(&account.platform)
                .and_then(|profile| complete_through(profile, &coverage, Level::Account))
                .map(epoch_day),
        );
    }
    Table::default()
        .text(
            "account",
            column(&accounts, |row| Some(row.public_id.to_string())),
        )
        .text(
            "platform",
            column(&accounts, |row| Some(row.platform.to_string())),
        )
        .text(
            "external_id",
            column(&accounts, |row| Some(row.external_id.clone())),
        )
        .text("name", column(&accounts, |row| Some(row.name.clone())))
        .text(
            "currency",
            column(&accounts, |row| {
                row.currency.as_ref().map(ToString::to_string)
            }),
        )
        .text(
            "time_zone",
            column(&accounts, |row| Some(row.time_zone.name())),
        )
        .text("state", column(&accounts, |row| Some(row.state.as_str())))
        .days("complete_through", through)?
        .finish()
}

pub(crate) async fn entities(open: Open) -> Result<Frame> {
    let accounts = names(&open.store.accounts(open.workspace.id).await?);
    let (entities, _) = open
        .store
        .entities(open.workspace.id, &EntityFilter::default())
        .await?;
    let ids: HashMap<EntityId, String> = entities
        .iter()
        .map(|row| (row.id, row.public_id.to_string()))
        .collect();
    Table::default()
        .text(
            "entity",
            column(&entities, |row| Some(row.public_id.to_string())),
        )
        .text(
            "account",
            column(&entities, |row| accounts.get(&row.account)),
        )
        .text("level", column(&entities, |row| Some(row.level.as_str())))
        .text(
            "external_id",
            column(&entities, |row| Some(row.external_id.clone())),
        )
        .text("name", column(&entities, |row| row.name.clone()))
        .text("status", column(&entities, |row| row.status.clone()))
        .text(
            "parent",
            column(&entities, |row| {
                row.parent.and_then(|parent| ids.get(&parent))
            }),
        )
        .finish()
}

fn names(accounts: &[Account]) -> HashMap<AccountId, String> {
    accounts
        .iter()
        .map(|account| (account.id, account.public_id.to_string()))
        .collect()
}

pub(crate) fn metrics(catalogue: &Catalogue) -> Result<Frame> {
    let rows = catalogue.metrics();
    let ratio = |kind: &MetricKind| match kind {
        MetricKind::Ratio(ratio) => Some(ratio.clone()),
        _ => None,
    };
    let word = |value: serde_json::Result<serde_json::Value>| {
        value
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
    };
    Table::default()
        .text("metric", column(rows, |row| Some(row.id.to_string())))
        .text("label", column(rows, |row| Some(row.label.en.clone())))
        .text(
            "unit",
            column(rows, |row| word(serde_json::to_value(row.unit))),
        )
        .text("kind", column(rows, |row| Some(row.kind.as_str())))
        .text(
            "better",
            column(rows, |row| word(serde_json::to_value(row.better))),
        )
        .text(
            "numerator",
            column(rows, |row| {
                ratio(&row.kind).map(|ratio| ratio.numerator.to_string())
            }),
        )
        .text(
            "denominator",
            column(rows, |row| {
                ratio(&row.kind)
                    .and_then(|ratio| ratio.denominators.first().map(ToString::to_string))
            }),
        )
        .numbers(
            "scale",
            column(rows, |row| {
                ratio(&row.kind).map(|ratio| Millionths(ratio.scale * Millionths::SCALE).to_f64())
            }),
        )
        .finish()
}

/// One row of the coverage frame: account, level, feed, start, end, state, first and last fetch.
type CoverageRow = (
    String,
    &'static str,
    String,
    NaiveDate,
    NaiveDate,
    String,
    Option<String>,
    Option<String>,
);

pub(crate) async fn coverage(open: Open) -> Result<Frame> {
    let mut rows: Vec<CoverageRow> = Vec::new();
    for account in open.store.accounts(open.workspace.id).await? {
        let Some(profile) = open.catalogue.platform(&account.platform) else {
            continue;
        };
        for feed in open.store.coverage(open.workspace.id, account.id).await? {
            for run in coverage_runs(profile, account.time_zone, &feed, None) {
                rows.push((
                    account.public_id.to_string(),
                    feed.level.as_str(),
                    feed.feed.to_string(),
                    run.start,
                    run.end,
                    run.state.as_str().to_owned(),
                    run.first_fetched_at.map(moment),
                    run.last_fetched_at.map(moment),
                ));
            }
        }
    }
    Table::default()
        .text("account", column(&rows, |row| Some(row.0.clone())))
        .text("level", column(&rows, |row| Some(row.1)))
        .text("feed", column(&rows, |row| Some(row.2.clone())))
        .days("start", column(&rows, |row| Some(epoch_day(row.3))))?
        .days("end", column(&rows, |row| Some(epoch_day(row.4))))?
        .text("state", column(&rows, |row| Some(row.5.clone())))
        .text("first_fetched_at", column(&rows, |row| row.6.clone()))
        .text("last_fetched_at", column(&rows, |row| row.7.clone()))
        .finish()
}

pub(crate) async fn facts(open: Open, wanted: Wanted) -> Result<Frame> {
    if let Some(metrics) = &wanted.metrics {
        for (at, metric) in metrics.iter().enumerate() {
            open.catalogue.require(&format!("metrics[{at}]"), metric)?;
        }
    }
    let asked = |metric: &str| {
        wanted
            .metrics
            .as_ref()
            .is_none_or(|metrics| metrics.iter().any(|id| id == metric))
    };
    let (from, to) = (
        wanted.start.map_or(i32::MIN, epoch_day),
        wanted.end.map_or(i32::MAX, epoch_day),
    );
    let accounts = open.store.accounts(open.workspace.id).await?;
    let filter = EntityFilter {
        level: Some(wanted.level),
        ..EntityFilter::default()
    };
    let (entities, _) = open.store.entities(open.workspace.id, &filter).await?;
    let ids: HashMap<EntityId, String> = entities
        .into_iter()
        .map(|row| (row.id, row.public_id.to_string()))
        .collect();
    let (mut account_ids, mut entity_ids, mut metrics) = (Vec::new(), Vec::new(), Vec::new());
    let (mut dates, mut values) = (Vec::new(), Vec::new());
    for account in &accounts {
        for series in open
            .store
            .series(open.workspace.id, account.id, wanted.level)
            .await?
        {
            if !asked(series.metric.as_str()) {
                continue;
            }
            for (date, value) in series
                .dates
                .iter()
                .zip(&series.values)
                .filter(|(date, _)| (from..=to).contains(*date))
            {
                account_ids.push(Some(account.public_id.as_str()));
                entity_ids.push(ids.get(&series.entity));
                metrics.push(Some(series.metric.clone()));
                dates.push(Some(*date));
                values.push(Some(Millionths(*value).to_f64()));
            }
        }
    }
    Table::default()
        .text("account", account_ids)
        .text("entity", entity_ids)
        .text("metric", metrics)
        .days("date", dates)?
        .numbers("value", values)
        .finish()
}
