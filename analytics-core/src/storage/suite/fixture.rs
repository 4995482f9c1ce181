//! Small things the suite is made of.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use crate::{
    model::{
        Account, AccountId, Currency, DateRange, EntityRecord, FactRecord, FailedRun, FoundAccount,
        Grant, GrantTokens, Level, Millionths, NewAccount, NewGrant, NewUser, Slice, Workspace,
        WorkspaceId, WorkspaceSettings,
    },
    storage::Store,
};

/// Longer than any test.
pub(super) const LONG: Duration = Duration::from_secs(1200);
/// The external id of the linked account.
pub(super) const ACCOUNT: &str = "act_1";
/// The metrics of every slice.
pub(super) const METRICS: [&str; 2] = ["impressions", "spend"];

/// A workspace with one linked account.
pub(super) struct World {
    pub(super) workspace: WorkspaceId,
    pub(super) grant: Grant,
    pub(super) account: Account,
}

impl World {
    pub(super) async fn new(store: &dyn Store) -> Self {
        Self::named(store, "Kumo Shoes").await
    }

    pub(super) async fn named(store: &dyn Store, name: &str) -> Self {
        let workspace = workspace(store, name).await.id;
        let grant = store
            .save_grant(workspace, &new_grant("user-1", "access-1"))
            .await
            .unwrap();
        let account = store
            .link_account(workspace, &new_account(ACCOUNT, &grant, at(0)))
            .await
            .unwrap();
        Self {
            workspace,
            grant,
            account,
        }
    }

    pub(super) async fn link(&self, store: &dyn Store, external_id: &str) -> Account {
        store
            .link_account(
                self.workspace,
                &new_account(external_id, &self.grant, at(1)),
            )
            .await
            .unwrap()
    }

    /// Facts of a level as a map from (entity's external id, metric, day) to millionths.
    pub(super) async fn facts(
        &self,
        store: &dyn Store,
        level: Level,
    ) -> BTreeMap<(String, String, NaiveDate), i64> {
        let series = store
            .series(self.workspace, self.account.id, level)
            .await
            .unwrap();
        let names = self.names(store).await;
        let mut facts = BTreeMap::new();
        for one in series {
            assert_eq!(one.dates.len(), one.values.len());
            for (date, value) in one.dates.iter().zip(&one.values) {
                let key = (
                    names[&one.entity.0].clone(),
                    one.metric.to_string(),
                    NaiveDate::from_epoch_days(*date).unwrap(),
                );
                assert_eq!(facts.insert(key, *value), None, "one fact a key");
            }
        }
        facts
    }

    /// External ids of the account's entities by internal id.
    pub(super) async fn names(&self, store: &dyn Store) -> BTreeMap<i64, String> {
        let filter = crate::storage::EntityFilter {
            accounts: vec![self.account.id],
            ..Default::default()
        };
        let (entities, _) = store.entities(self.workspace, &filter).await.unwrap();
        entities
            .into_iter()
            .map(|entity| (entity.id.0, entity.external_id))
            .collect()
    }
}

pub(super) async fn workspace(store: &dyn Store, name: &str) -> Workspace {
    store
        .create_workspace(name, &WorkspaceSettings::default())
        .await
        .unwrap()
}

pub(super) fn new_user(email: &str) -> NewUser {
    NewUser {
        email: email.to_owned(),
        name: "Aiko".to_owned(),
        password_hash: "$argon2id$v=19$hash".into(),
    }
}

pub(super) fn tokens(access: &str) -> GrantTokens {
    GrantTokens {
        access_token: access.into(),
        refresh_token: Some("refresh".into()),
        expires_at: Some(at(5_000)),
    }
}

pub(super) fn new_grant(subject: &str, access: &str) -> NewGrant {
    NewGrant {
        provider: "meta".to_owned(),
        subject: subject.to_owned(),
        subject_name: Some("Aiko Mori".to_owned()),
        scopes: vec!["ads_read".to_owned(), "business_management".to_owned()],
        tokens: tokens(access),
        granted_at: at(0),
    }
}

pub(super) fn new_account(
    external_id: &str,
    grant: &Grant,
    linked_at: DateTime<Utc>,
) -> NewAccount {
    NewAccount {
        found: FoundAccount {
            platform: "facebook_ads".into(),
            external_id: external_id.to_owned(),
            name: format!("Shop {external_id}"),
            currency: Some(Currency::new("JPY").unwrap()),
            time_zone: Some(chrono_tz::Asia::Tokyo),
            picture_url: Some("https://example.com/p.png".to_owned()),
            status: "active".to_owned(),
            access: json!({ "business": "42" }),
        },
        grant: grant.id,
        linked_at,
    }
}

/// A moment, `seconds` after the suite's beginning.
pub(super) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000 + seconds, 250_000_000).unwrap()
}

/// A day, `number` after 2026-01-01.
pub(super) fn day(number: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Duration::days(number)
}

pub(super) fn days(first: i64, last: i64) -> DateRange {
    DateRange::new(day(first), day(last)).unwrap()
}

/// A fact of (entity, metric, number of the day, millionths).
pub(super) fn fact((entity, metric, date, value): (&str, &str, i64, i64)) -> FactRecord {
    FactRecord {
        entity: entity.into(),
        metric: metric.into(),
        date: day(date),
        value: Millionths(value),
    }
}

/// A fetch of `range` that failed in passing at `at(failed)`.
pub(super) fn failure(range: DateRange, failed: i64, reason: &str) -> FailedRun {
    FailedRun {
        range,
        failed_at: at(failed),
        code: "transient".to_owned(),
        reason: reason.to_owned(),
    }
}

/// A slice of [`METRICS`] with these facts, fetched at `at(fetched)`.
pub(super) fn slice(
    account: AccountId,
    level: Level,
    range: DateRange,
    fetched: i64,
    facts: &[(&str, &str, i64, i64)],
) -> Slice {
    Slice {
        metrics: METRICS.map(Into::into).to_vec(),
        facts: facts.iter().copied().map(fact).collect(),
        ..Slice::new(account, level, "insights".into(), range, at(fetched))
    }
}

/// An entity with a name and nothing else.
pub(super) fn record(
    level: Level,
    external_id: &str,
    parent: Option<&str>,
    name: Option<&str>,
) -> EntityRecord {
    EntityRecord {
        parent_external_id: parent.map(str::to_owned),
        name: name.map(str::to_owned),
        ..EntityRecord::new(level, external_id)
    }
}

/// Numbers that look random and are the same every time.
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    /// The next one, below `limit`.
    pub(super) fn below(&mut self, limit: u64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % limit).unwrap()
    }
}
