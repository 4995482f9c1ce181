//! The last complete day of a selection.

use super::{
    Warning,
    basis::Parts,
    dataset::Dataset,
    days::{date_of, day_number},
    plan::Plan,
    selection::Member,
};
use crate::model::{Catalogue, Platform};
use chrono::NaiveDate;

/// Accounts were left out of the last complete day, because they are behind or hold nothing.
const STALE_ACCOUNTS: &str = "stale_accounts";
/// Days past a platform's own delay after which an account no longer holds the others back.
const PATIENCE_DAYS: i32 = 2;

/// The last complete day of a selection, and who was left out of it.
#[derive(Debug, Default)]
pub(super) struct Through {
    pub(super) date: Option<NaiveDate>,
    pub(super) warning: Option<Warning>,
}

/// The earliest last covered day of the members' accounts, at the plan's level and for the feeds of
/// its metrics. Accounts more than [`PATIENCE_DAYS`] past their platform's delay are left out; if all
/// are, those that far behind the freshest of them.
pub(super) fn through(
    dataset: &Dataset,
    catalogue: &Catalogue,
    plan: &Plan<'_>,
    members: &[Member],
) -> Through {
    let mut known: Vec<(usize, i32)> = Vec::new();
    let mut left_out: Vec<usize> = Vec::new();
    for Member { account, .. } in members {
        let Some(facts) = dataset.level(*account, plan.level) else {
            continue;
        };
        let offered: Vec<_> = plan
            .metrics
            .iter()
            .filter_map(|metric| Parts::of(metric, facts))
            .collect();
        let last = offered
            .iter()
            .flat_map(Parts::iter)
            .filter_map(|(_, facts, _)| facts.fetched_to.or_else(|| facts.days.last()))
            .min();
        match last {
            Some(last) => known.push((*account, last)),
            None if offered.is_empty() => {}
            None => left_out.push(*account),
        }
    }
    let today = day_number(plan.today);
    let due = |account: usize| {
        let delay = delay_days(catalogue, &dataset.accounts[account].platform);
        today - 1 - delay - PATIENCE_DAYS
    };
    let freshest = known.iter().map(|(_, last)| *last).max();
    let all_late = known.iter().all(|(account, last)| *last < due(*account));
    let late = |account: usize, last: i32| {
        if all_late {
            freshest.is_some_and(|freshest| last < freshest - PATIENCE_DAYS)
        } else {
            last < due(account)
        }
    };
    left_out.extend(
        known
            .iter()
            .filter(|(account, last)| late(*account, *last))
            .map(|(account, _)| *account),
    );
    let last = known
        .iter()
        .filter(|(account, last)| !late(*account, *last))
        .map(|(_, last)| *last)
        .min();
    left_out.sort_unstable();
    Through {
        date: last.and_then(date_of),
        // With nothing else there is nothing they were left out of.
        warning: (last.is_some() && !left_out.is_empty()).then(|| behind(dataset, &left_out)),
    }
}

fn behind(dataset: &Dataset, accounts: &[usize]) -> Warning {
    let names: Vec<_> = accounts
        .iter()
        .map(|account| dataset.accounts[*account].name.as_str())
        .collect();
    Warning::new(
        STALE_ACCOUNTS,
        format!(
            "behind the others and left out of the last complete day: {}",
            names.join(", ")
        ),
    )
    .about(
        accounts
            .iter()
            .map(|account| dataset.accounts[*account].key.clone())
            .collect(),
    )
}

/// Whole days after a day's end until its figures are there.
fn delay_days(catalogue: &Catalogue, platform: &Platform) -> i32 {
    catalogue
        .platform(platform)
        .map_or(0, |profile| profile.day_ready_hours.div_ceil(24))
        .try_into()
        .unwrap_or(i32::MAX / 2)
}
