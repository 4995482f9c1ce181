//! The in-memory input of one report: accounts, entities, sorted series, coverage and windows.

mod entities;
mod level;
mod snapshot;
mod stored;

use std::{collections::BTreeMap, sync::Arc};

use chrono_tz::Tz;

pub(super) use entities::EntityTable;
pub(super) use level::{Askable, Entities, LevelFacts, MetricFacts, Window};
pub(super) use snapshot::Watched;

use crate::{
    error::{Error, Result},
    model::{
        Account, AccountId, AccountState, Catalogue, CostTerms, Currency, Entity, FactSeries,
        Family, FeedCoverage, GapRun, Level, Platform, WindowRequest, WindowValue,
    },
};

/// Accounts with the facts of some of their levels: what a report is made from.
///
/// Made from frames ([`Dataset::from_frames`]) or piece by piece from a store's answers.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    pub(super) accounts: Vec<AccountInfo>,
    levels: BTreeMap<(usize, Level), Arc<LevelFacts>>,
    entities: BTreeMap<(usize, Level), Arc<EntityTable>>,
}

/// What a report needs to know of an account.
#[derive(Debug, Clone)]
pub(super) struct AccountInfo {
    pub(super) id: AccountId,
    /// Outside id, or the name in a user's frame.
    pub(super) key: String,
    pub(super) name: String,
    pub(super) external_id: String,
    pub(super) platform: Platform,
    pub(super) family: Family,
    pub(super) currency: Option<Currency>,
    pub(super) zone: Tz,
    pub(super) state: AccountState,
}

/// The stored data of an account at one level.
#[derive(Debug, Clone, Default)]
pub struct LevelData {
    /// Entities of the level; not needed at level account. Of posts it counts when they were
    /// published, and when those end that do not stay.
    pub entities: Vec<Entity>,
    /// Series of the level.
    pub series: Vec<FactSeries>,
    /// Coverage of the account; other levels are ignored.
    pub coverage: Vec<FeedCoverage>,
    /// Window values of the level.
    pub windows: Vec<WindowValue>,
    /// Days for which the platform refused a metric; other levels are ignored.
    pub gaps: Vec<GapRun>,
    /// Exact values that were asked for lately; other levels are ignored.
    pub requests: Vec<WindowRequest>,
    /// What is billed beside the cost of ads.
    pub cost_terms: CostTerms,
}

impl Dataset {
    /// Adds an account without data. Its family is its platform's; an undescribed platform counts
    /// as ads.
    pub fn add_account(&mut self, account: &Account, catalogue: &Catalogue) {
        self.accounts.push(AccountInfo {
            id: account.id,
            key: account.public_id.to_string(),
            name: account.name.clone(),
            external_id: account.external_id.clone(),
            platform: account.platform.clone(),
            family: catalogue
                .platform(&account.platform)
                .map_or(Family::Ads, |profile| profile.family),
            currency: account.currency.clone(),
            zone: account.time_zone,
            state: account.state,
        });
    }

    /// Adds the data of an account at one level, replacing what was there.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the account was not added before; [`Error::Overflow`] for a cost that
    /// does not fit with fee and tax.
    pub fn add_level(
        &mut self,
        account: AccountId,
        level: Level,
        data: LevelData,
        catalogue: &Catalogue,
    ) -> Result<()> {
        let at = self
            .accounts
            .iter()
            .position(|known| known.id == account)
            .ok_or_else(|| Error::not_found("account", account))?;
        let entities = data.entities.clone();
        let info = &self.accounts[at];
        let facts = LevelFacts::from_store(catalogue, &info.platform, info.zone, level, data)?;
        self.put_level(at, level, Arc::new(facts));
        self.put_entities(at, level, Arc::new(EntityTable::new(entities)));
        Ok(())
    }

    pub(super) fn put_level(&mut self, account: usize, level: Level, facts: Arc<LevelFacts>) {
        self.levels.insert((account, level), facts);
    }

    pub(super) fn put_entities(&mut self, account: usize, level: Level, table: Arc<EntityTable>) {
        self.entities.insert((account, level), table);
    }

    pub(super) fn level(&self, account: usize, level: Level) -> Option<&LevelFacts> {
        self.levels.get(&(account, level)).map(Arc::as_ref)
    }

    pub(super) fn entities(&self, account: usize, level: Level) -> Option<&EntityTable> {
        self.entities.get(&(account, level)).map(Arc::as_ref)
    }
}
