//! Which entities of which accounts a report looks at.

use super::{
    dataset::Dataset,
    plan::{EntityCondition, Plan},
};
use crate::{
    error::{Error, Result},
    model::{Entity, EntityId, Level},
};

/// The entities of one account at one level that pass the filters.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) account: usize,
    pub(super) entities: Admitted,
}

/// Which entities.
#[derive(Debug, Clone)]
pub(super) enum Admitted {
    /// All of them, whether their attributes are known or not.
    All,
    /// Just these, ascending.
    These(Vec<EntityId>),
}

/// The members at `level`: accounts without a wanted entity are left out.
///
/// # Errors
/// [`Error::Unknown`] for an id that no account in scope has at the filter's level.
pub(super) fn members(dataset: &Dataset, plan: &Plan<'_>, level: Level) -> Result<Vec<Member>> {
    for condition in &plan.conditions {
        check(dataset, plan, condition)?;
    }
    let conditions: Vec<_> = plan
        .conditions
        .iter()
        .filter(|condition| condition.level <= level)
        .collect();
    let members = plan.accounts.iter().filter_map(|account| {
        let published = plan.published.filter(|_| level == Level::Post);
        if conditions.is_empty() && published.is_none() {
            return Some(Member {
                account: *account,
                entities: Admitted::All,
            });
        }
        if !conditions
            .iter()
            .all(|condition| reaches(dataset, *account, condition))
        {
            return None;
        }
        let table = dataset.entities(*account, level)?;
        let zone = dataset.accounts[*account].zone;
        let admitted = table
            .iter()
            .filter(|entity| {
                published.is_none_or(|days| {
                    entity.post.as_ref().is_some_and(|post| {
                        days.contains(post.published_at.with_timezone(&zone).date_naive())
                    })
                })
            })
            .filter(|entity| {
                conditions.iter().all(|condition| {
                    let id = ancestor(dataset, *account, entity, condition.level)
                        .map(|entity| entity.public_id.as_str());
                    let listed = condition
                        .ids
                        .iter()
                        .any(|wanted| Some(wanted.as_str()) == id);
                    listed == condition.include
                })
            })
            .map(|entity| entity.id)
            .collect();
        Some(Member {
            account: *account,
            entities: Admitted::These(admitted),
        })
    });
    Ok(members.collect())
}

/// The entity itself or the one above it at `level`.
pub(super) fn ancestor<'a>(
    dataset: &'a Dataset,
    account: usize,
    entity: &'a Entity,
    level: Level,
) -> Option<&'a Entity> {
    let mut current = entity;
    while current.level > level {
        let above = current.level.parent()?;
        current = dataset.entities(account, above)?.get(current.parent?)?;
    }
    (current.level == level).then_some(current)
}

/// Whether the account has any of the wanted entities.
fn reaches(dataset: &Dataset, account: usize, condition: &EntityCondition) -> bool {
    !condition.include
        || dataset
            .entities(account, condition.level)
            .is_some_and(|table| {
                table.iter().any(|entity| {
                    condition
                        .ids
                        .iter()
                        .any(|id| id == entity.public_id.as_str())
                })
            })
}

fn check(dataset: &Dataset, plan: &Plan<'_>, condition: &EntityCondition) -> Result<()> {
    let known = || {
        plan.scope
            .iter()
            .filter_map(|account| dataset.entities(*account, condition.level))
            .flat_map(|table| table.iter())
            .map(|entity| entity.public_id.as_str())
    };
    for (at, id) in condition.ids.iter().enumerate() {
        if !known().any(|known| known == id) {
            let field = format!("{}[{at}]", condition.field);
            return Err(Error::unknown(condition.level.as_str(), field, id, known()));
        }
    }
    Ok(())
}
