//! What a refetched slice changes, the same for every database.

use crate::{
    error::{Error, Result},
    model::RevisionKind,
};

/// One fact by its surrogate keys; `date` in days since 1970-01-01, `value` in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell {
    pub(crate) entity: i64,
    pub(crate) metric: i64,
    pub(crate) date: i32,
    pub(crate) value: i64,
}

impl Cell {
    fn key(&self) -> (i64, i64, i32) {
        (self.entity, self.metric, self.date)
    }
}

/// A former state that the new slice superseded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Superseded {
    pub(crate) entity: i64,
    pub(crate) metric: i64,
    pub(crate) date: i32,
    pub(crate) kind: RevisionKind,
    pub(crate) former: Option<i64>,
}

/// The writes that make what is stored equal to what was fetched.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Not stored yet.
    pub(crate) added: Vec<Cell>,
    /// Stored with another value.
    pub(crate) changed: Vec<Cell>,
    /// Stored, but gone now.
    pub(crate) vanished: Vec<Cell>,
    /// What to remember of it.
    pub(crate) superseded: Vec<Superseded>,
}

/// Sorts facts by their key and refuses two for the same one.
pub(crate) fn sort_unique(cells: &mut [Cell]) -> Result<()> {
    cells.sort_unstable();
    match cells.windows(2).find(|pair| pair[0].key() == pair[1].key()) {
        Some(pair) => Err(Error::invalid(
            "facts",
            format!("{} and {}", pair[0].value, pair[1].value),
            "two values (in millionths) for the same entity, metric and day",
        )),
        None => Ok(()),
    }
}

/// Compares two slices, both sorted and unique. `was_covered` says of a day whether it had been
/// fetched completely before: only then is a new value a revision.
pub(crate) fn compare(
    stored: &[Cell],
    fetched: &[Cell],
    was_covered: impl Fn(i32) -> bool,
) -> Changes {
    let mut changes = Changes::default();
    let supersede = |cell: &Cell, kind, former| Superseded {
        entity: cell.entity,
        metric: cell.metric,
        date: cell.date,
        kind,
        former,
    };
    let mut stored = stored.iter().peekable();
    for new in fetched {
        while let Some(old) = stored.next_if(|old| old.key() < new.key()) {
            changes.vanished.push(*old);
            let former = Some(old.value);
            let revision = supersede(old, RevisionKind::Vanished, former);
            changes.superseded.push(revision);
        }
        match stored.next_if(|old| old.key() == new.key()) {
            Some(old) if old.value == new.value => {}
            Some(old) => {
                changes.changed.push(*new);
                let revision = supersede(old, RevisionKind::Changed, Some(old.value));
                changes.superseded.push(revision);
            }
            None => {
                changes.added.push(*new);
                if was_covered(new.date) {
                    let revision = supersede(new, RevisionKind::Appeared, None);
                    changes.superseded.push(revision);
                }
            }
        }
    }
    for old in stored {
        changes.vanished.push(*old);
        let revision = supersede(old, RevisionKind::Vanished, Some(old.value));
        changes.superseded.push(revision);
    }
    changes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn cells(facts: &BTreeMap<(i64, i64, i32), i64>) -> Vec<Cell> {
        facts
            .iter()
            .map(|((entity, metric, date), value)| Cell {
                entity: *entity,
                metric: *metric,
                date: *date,
                value: *value,
            })
            .collect()
    }

    fn facts() -> impl Strategy<Value = BTreeMap<(i64, i64, i32), i64>> {
        prop::collection::btree_map((0..3i64, 0..3i64, 0..5i32), 0..3i64, 0..30)
    }

    proptest! {
        #[test]
        fn applying_the_changes_makes_what_is_stored_what_was_fetched(
            stored in facts(), fetched in facts()
        ) {
            let changes = compare(&cells(&stored), &cells(&fetched), |date| date < 3);
            let mut result = stored.clone();
            for cell in &changes.vanished {
                prop_assert_eq!(result.remove(&cell.key()), Some(cell.value));
            }
            for cell in &changes.changed {
                prop_assert!(result.insert(cell.key(), cell.value).is_some());
            }
            for cell in &changes.added {
                prop_assert_eq!(result.insert(cell.key(), cell.value), None);
            }
            prop_assert_eq!(&result, &fetched);

            // And taking back what was superseded gives the former state of covered days.
            for revision in &changes.superseded {
                let key = (revision.entity, revision.metric, revision.date);
                match revision.former {
                    Some(former) => result.insert(key, former),
                    None => result.remove(&key),
                };
            }
            let covered = |facts: &BTreeMap<(i64, i64, i32), i64>| {
                facts.iter().filter(|((.., date), _)| *date < 3).map(|(k, v)| (*k, *v)).collect::<Vec<_>>()
            };
            prop_assert_eq!(covered(&result), covered(&stored));
        }
    }

    #[test]
    fn two_values_for_one_key_are_refused() {
        let cell = |value| Cell {
            entity: 1,
            metric: 1,
            date: 1,
            value,
        };
        assert!(sort_unique(&mut [cell(1), cell(2)]).is_err());
        assert!(sort_unique(&mut [cell(1), cell(1)]).is_err());
        assert!(sort_unique(&mut [cell(1)]).is_ok());
    }
}
