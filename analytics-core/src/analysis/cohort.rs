//! Cohorts: the groups of a report before their figures are known, and the facts that feed them.

use std::collections::{BTreeMap, HashMap};

use super::{
    dataset::{AccountInfo, Dataset, LevelFacts},
    plan::{Dimension, Plan, property},
    report::GroupKind,
    selection::{Admitted, Member},
};
use crate::model::{Entity, EntityId, Family, Level};

/// Values of the dimensions of `group_by`, in its order.
pub(super) type Key<'a> = Vec<Option<&'a str>>;

/// What must not be added up: currencies where money is asked, families always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Split<'a> {
    /// Set where the answer is split by currency; the inner none is an account without one.
    pub(super) currency: Option<Option<&'a str>>,
    /// Set where the answer is split by family.
    pub(super) family: Option<Family>,
}

/// A group to be.
#[derive(Debug, Clone)]
pub(super) struct Cohort<'a> {
    pub(super) kind: GroupKind,
    pub(super) key: Key<'a>,
    pub(super) split: Split<'a>,
    /// Its accounts, ascending.
    pub(super) accounts: Vec<usize>,
    /// Set if it consists of one entity, so that exact windows apply.
    pub(super) single: Option<Single>,
    /// The entity its labels speak of.
    pub(super) labelled: Option<&'a Entity>,
}

/// The only entity of a cohort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Single {
    pub(super) account: usize,
    /// None: the account itself.
    pub(super) entity: Option<EntityId>,
}

/// Facts that flow into cohorts.
#[derive(Debug, Clone)]
pub(super) struct Source<'a> {
    pub(super) account: usize,
    pub(super) facts: &'a LevelFacts,
    /// What is taken away from the level above, in residual rows.
    pub(super) negative: bool,
    pub(super) assign: Assign,
}

/// Which cohort an entity's facts belong to.
#[derive(Debug, Clone)]
pub(super) enum Assign {
    /// Every entity to this one.
    All(usize),
    /// By entity; others belong to none.
    ByEntity(HashMap<EntityId, usize>),
}

impl Assign {
    pub(super) fn cohort(&self, entity: EntityId) -> Option<usize> {
        match self {
            Self::All(cohort) => Some(*cohort),
            Self::ByEntity(cohorts) => cohorts.get(&entity).copied(),
        }
    }
}

/// Cohorts together with what feeds them.
#[derive(Debug, Default)]
pub(super) struct Cohorts<'a> {
    pub(super) cohorts: Vec<Cohort<'a>>,
    pub(super) sources: Vec<Source<'a>>,
}

/// How the selection has to be split.
pub(super) struct Splitting {
    currency: bool,
    family: bool,
}

impl Splitting {
    pub(super) fn new(dataset: &Dataset, plan: &Plan<'_>, members: &[Member]) -> Self {
        let accounts = || {
            members
                .iter()
                .map(|member| &dataset.accounts[member.account])
        };
        let differ = |mut values: Vec<Option<&str>>| {
            values.sort_unstable();
            values.dedup();
            values.len() > 1
        };
        let money: Vec<_> = plan.metrics.iter().filter(|metric| metric.money).collect();
        let offers_money = |member: &&Member| {
            dataset
                .level(member.account, plan.level)
                .is_some_and(|facts| {
                    money.iter().any(|metric| {
                        metric
                            .parts()
                            .iter()
                            .any(|part| facts.metric(part).is_some())
                    })
                })
        };
        Self {
            currency: differ(
                members
                    .iter()
                    .filter(offers_money)
                    .map(|member| property(&dataset.accounts[member.account], Dimension::Currency))
                    .collect(),
            ),
            family: differ(
                accounts()
                    .map(|account| Some(account.family.as_str()))
                    .collect(),
            ),
        }
    }

    pub(super) fn of<'a>(&self, account: &'a AccountInfo) -> Split<'a> {
        Split {
            currency: self
                .currency
                .then(|| property(account, Dimension::Currency)),
            family: self.family.then_some(account.family),
        }
    }
}

/// The whole selection, one cohort a split; at least one.
pub(super) fn totals<'a>(
    dataset: &'a Dataset,
    level: Level,
    members: &[Member],
    splitting: &Splitting,
) -> Cohorts<'a> {
    let mut made = Cohorts::default();
    let mut places: BTreeMap<Split<'a>, usize> = BTreeMap::new();
    for member in members {
        let account = &dataset.accounts[member.account];
        places.entry(splitting.of(account)).or_default();
    }
    if places.is_empty() {
        places.insert(Split::default(), 0);
    }
    for (at, (split, place)) in places.iter_mut().enumerate() {
        *place = at;
        made.cohorts.push(Cohort {
            kind: GroupKind::Entity,
            key: Vec::new(),
            split: *split,
            accounts: Vec::new(),
            single: None,
            labelled: None,
        });
    }
    for member in members {
        let at = places[&splitting.of(&dataset.accounts[member.account])];
        let cohort = &mut made.cohorts[at];
        cohort.accounts.push(member.account);
        cohort.single = if cohort.accounts.len() == 1 {
            only_entity(dataset, level, member)
        } else {
            None
        };
        made.feed(dataset, level, member, at, false);
    }
    made
}

/// The member's only entity, if it has just one.
pub(super) fn only_entity(dataset: &Dataset, level: Level, member: &Member) -> Option<Single> {
    let entity = match (&member.entities, level) {
        (_, Level::Account) => None,
        (Admitted::These(entities), _) => match entities.as_slice() {
            [only] => Some(*only),
            _ => return None,
        },
        (Admitted::All, _) => {
            let mut entities = dataset.entities(member.account, level)?.iter();
            let only = entities.next()?.id;
            if entities.next().is_some() {
                return None;
            }
            Some(only)
        }
    };
    Some(Single {
        account: member.account,
        entity,
    })
}

impl<'a> Cohorts<'a> {
    /// Feeds everything of `member` into one cohort.
    pub(super) fn feed(
        &mut self,
        dataset: &'a Dataset,
        level: Level,
        member: &Member,
        cohort: usize,
        negative: bool,
    ) {
        let Some(facts) = dataset.level(member.account, level) else {
            return;
        };
        self.sources.push(Source {
            account: member.account,
            facts,
            negative,
            assign: match &member.entities {
                Admitted::All => Assign::All(cohort),
                Admitted::These(entities) => {
                    Assign::ByEntity(entities.iter().map(|entity| (*entity, cohort)).collect())
                }
            },
        });
    }

    /// Only the cohorts at `wanted`, in that order.
    pub(super) fn only(&self, wanted: &[usize]) -> Self {
        let places: HashMap<usize, usize> = wanted
            .iter()
            .enumerate()
            .map(|(to, from)| (*from, to))
            .collect();
        Self {
            cohorts: wanted.iter().map(|at| self.cohorts[*at].clone()).collect(),
            sources: self.moved(&places),
        }
    }

    /// The cohorts at `beyond` as one of kind `other`; as several where they must not be added.
    pub(super) fn together(&self, beyond: &[usize]) -> Self {
        let mut cohorts: Vec<Cohort<'a>> = Vec::new();
        let mut places = HashMap::new();
        for from in beyond {
            let one = &self.cohorts[*from];
            let known = cohorts.iter().position(|cohort| cohort.split == one.split);
            let at = known.unwrap_or_else(|| {
                cohorts.push(Cohort {
                    kind: GroupKind::Other,
                    key: vec![None; one.key.len()],
                    accounts: Vec::new(),
                    single: None,
                    labelled: None,
                    ..one.clone()
                });
                cohorts.len() - 1
            });
            cohorts[at].accounts.extend(&one.accounts);
            places.insert(*from, at);
        }
        for cohort in &mut cohorts {
            cohort.accounts.sort_unstable();
            cohort.accounts.dedup();
        }
        Self {
            cohorts,
            sources: self.moved(&places),
        }
    }

    /// What feeds the cohorts that have a new place, fed there.
    fn moved(&self, places: &HashMap<usize, usize>) -> Vec<Source<'a>> {
        let sources = self.sources.iter().filter_map(|source| {
            let assign = match &source.assign {
                Assign::All(cohort) => Assign::All(*places.get(cohort)?),
                Assign::ByEntity(cohorts) => Assign::ByEntity(
                    cohorts
                        .iter()
                        .filter_map(|(entity, cohort)| Some((*entity, *places.get(cohort)?)))
                        .collect(),
                ),
            };
            Some(Source {
                assign,
                ..source.clone()
            })
        });
        sources.collect()
    }
}

impl<'a> Cohorts<'a> {
    pub(super) fn place(
        &mut self,
        places: &mut HashMap<(Key<'a>, Split<'a>), usize>,
        key: Key<'a>,
        split: Split<'a>,
    ) -> usize {
        let next = self.cohorts.len();
        let at = *places.entry((key.clone(), split)).or_insert(next);
        if at == next {
            self.cohorts.push(Cohort {
                kind: GroupKind::Entity,
                key,
                split,
                accounts: Vec::new(),
                single: None,
                labelled: None,
            });
        }
        at
    }
}

impl Cohort<'_> {
    /// Adds an account; `single` is asked for the first one and forgotten with the second.
    pub(super) fn join(&mut self, account: usize, single: impl FnOnce() -> Option<Single>) {
        match self.accounts.as_slice() {
            [] => {
                self.accounts.push(account);
                self.single = single();
            }
            accounts if accounts.contains(&account) => {}
            _ => {
                self.accounts.push(account);
                self.single = None;
            }
        }
    }
}
