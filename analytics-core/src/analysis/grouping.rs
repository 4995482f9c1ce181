//! Cohorts by `group_by`, and what the lower level lacks against the level above.

use std::collections::{HashMap, HashSet};

use super::{
    cohort::{Assign, Cohorts, Key, Single, Source, Split, Splitting, only_entity},
    dataset::{Dataset, Entities, LevelFacts, Watched},
    days::Days,
    plan::{Plan, property},
    report::GroupKind,
    selection::{Admitted, Member, ancestor},
};
use crate::model::{EntityId, Level};

/// The groups asked for. Accounts are always listed; entities only if they have a value in one of
/// `ranges`, so that what vanished and what appeared are both there and the rest is not.
pub(super) fn groups<'a>(
    dataset: &'a Dataset,
    plan: &Plan<'_>,
    members: &[Member],
    splitting: &Splitting,
    ranges: &[Days],
) -> Cohorts<'a> {
    let mut made = Cohorts::default();
    let mut places: HashMap<(Key<'a>, Split<'a>), usize> = HashMap::new();
    let by_entity = plan
        .dimensions
        .iter()
        .any(|dimension| dimension.level().is_some());
    for member in members {
        let account = &dataset.accounts[member.account];
        let split = splitting.of(account);
        let of_account: Key<'a> = plan
            .dimensions
            .iter()
            .map(|dimension| property(account, *dimension))
            .collect();
        if !by_entity {
            let at = made.place(&mut places, of_account, split);
            made.cohorts[at].join(member.account, || only_entity(dataset, plan.level, member));
            made.feed(dataset, plan.level, member, at, false);
            continue;
        }
        let (Some(facts), Some(table)) = (
            dataset.level(member.account, plan.level),
            dataset.entities(member.account, plan.level),
        ) else {
            continue;
        };
        let present = present(plan, facts, ranges);
        let mut assigned = HashMap::new();
        // Whoever asks for the posts of certain days wants all of them.
        let listed = |id| plan.published.is_some() || present.contains(&id);
        for entity in table.iter().filter(|entity| listed(entity.id)) {
            if let Admitted::These(entities) = &member.entities
                && entities.binary_search(&entity.id).is_err()
            {
                continue;
            }
            let mut key = of_account.clone();
            let mut deepest = None;
            for (value, dimension) in key.iter_mut().zip(&plan.dimensions) {
                let Some(level) = dimension.level() else {
                    continue;
                };
                let found = ancestor(dataset, member.account, entity, level);
                *value = found.map(|entity| entity.public_id.as_str());
                deepest = deepest.max(found.map(|entity| (entity.level, entity.id)));
            }
            let at = made.place(&mut places, key, split);
            let cohort = &mut made.cohorts[at];
            cohort.join(member.account, || {
                Some(Single {
                    account: member.account,
                    entity: Some(entity.id),
                })
            });
            if cohort
                .single
                .is_some_and(|single| single.entity != Some(entity.id))
            {
                cohort.single = None;
            }
            if cohort.labelled.is_none() {
                cohort.labelled =
                    deepest.and_then(|(level, _)| ancestor(dataset, member.account, entity, level));
            }
            assigned.insert(entity.id, at);
        }
        made.sources.push(Source {
            account: member.account,
            facts,
            negative: false,
            assign: Assign::ByEntity(assigned),
        });
    }
    made
}

/// Entities with a value of any asked metric in any of the ranges.
fn present(plan: &Plan<'_>, facts: &LevelFacts, ranges: &[Days]) -> HashSet<EntityId> {
    let mut present = HashSet::new();
    let mut parts: Vec<_> = plan
        .metrics
        .iter()
        .flat_map(|metric| metric.parts())
        .collect();
    parts.sort_unstable();
    parts.dedup();
    for part in parts {
        let Some(metric) = facts.metric(part) else {
            continue;
        };
        // A total that was looked at before still counts.
        let since = |first| match metric.entities {
            Entities::Totals(_) => i32::MIN,
            Entities::Alike | Entities::Amounts(_) => first,
        };
        // A day on which nothing was added is known all the same.
        if let Entities::Amounts(posts) = &metric.entities {
            let is_known = |watched: &Watched| {
                ranges.iter().any(|range| {
                    let range = Days::new(range.first.max(watched.begins), range.last);
                    range.is_some_and(|range| watched.days.covered_in(range).next().is_some())
                })
            };
            let known = posts.iter().filter(|(_, watched)| is_known(watched));
            present.extend(known.map(|(entity, _)| *entity));
        }
        for series in &metric.series {
            let has_value = |range: &Days| {
                series.any_in(Days {
                    first: since(range.first),
                    last: range.last,
                })
            };
            if !present.contains(&series.entity) && ranges.iter().any(has_value) {
                present.insert(series.entity);
            }
        }
    }
    present
}

/// What the lower level lacks against the level above, one cohort a value of the dimensions that
/// are properties of accounts.
pub(super) fn residuals<'a>(
    dataset: &'a Dataset,
    plan: &Plan<'_>,
    lower: &[Member],
    base: (Level, &[Member]),
    splitting: &Splitting,
) -> Cohorts<'a> {
    let mut made = Cohorts::default();
    let mut places: HashMap<(Key<'a>, Split<'a>), usize> = HashMap::new();
    for (level, members, negative) in [(base.0, base.1, false), (plan.level, lower, true)] {
        for member in members {
            // Without facts of both levels there is nothing to hold against each other.
            if [base.0, plan.level].iter().any(|level| {
                dataset
                    .level(member.account, *level)
                    .is_none_or(LevelFacts::says_nothing)
            }) {
                continue;
            }
            let account = &dataset.accounts[member.account];
            let key = plan
                .dimensions
                .iter()
                .map(|dimension| property(account, *dimension))
                .collect();
            let at = made.place(&mut places, key, splitting.of(account));
            made.cohorts[at].kind = GroupKind::Residual;
            made.cohorts[at].join(member.account, || None);
            made.feed(dataset, level, member, at, negative);
        }
    }
    made
}
