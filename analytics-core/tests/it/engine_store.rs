//! Reports on a store: the cache never hides what was saved, and gives the same answer.

use std::sync::Arc;

use analytics_core::{
    Query, Store,
    analysis::{CompareSpec, Grain, RangeSpec, ReportEngine},
    connect,
    model::{
        Account, Catalogue, Currency, EntityRecord, FactRecord, FeedId, FoundAccount, GrantTokens,
        Level, MetricId, Millionths, NewAccount, NewGrant, PlatformProfile, Slice, Workspace,
        WorkspaceSettings,
    },
    storage::Cipher,
};
use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::engine_fixture::*;

async fn in_memory() -> Arc<dyn Store> {
    connect("sqlite::memory:", Cipher::generate().unwrap())
        .await
        .unwrap()
}

/// A store with one linked account, and an engine on it.
pub(crate) struct Stored {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) workspace: Workspace,
    pub(crate) account: Account,
    pub(crate) engine: ReportEngine,
}

impl Stored {
    async fn new(store: Arc<dyn Store>) -> Self {
        Self::on(store, ads(), Some("JPY")).await
    }

    /// An account of this platform, `100`.
    pub(crate) async fn of(profile: PlatformProfile, currency: Option<&str>) -> Self {
        Self::on(in_memory().await, profile, currency).await
    }

    async fn on(store: Arc<dyn Store>, profile: PlatformProfile, currency: Option<&str>) -> Self {
        let settings = WorkspaceSettings {
            time_zone: Tz::Asia__Tokyo,
            ..WorkspaceSettings::default()
        };
        let workspace = store.create_workspace("Tests", &settings).await.unwrap();
        let grant = NewGrant {
            provider: "tests".to_owned(),
            subject: "1".to_owned(),
            subject_name: None,
            scopes: Vec::new(),
            tokens: GrantTokens {
                access_token: "secret".to_owned().into(),
                refresh_token: None,
                expires_at: None,
            },
            granted_at: at("2026-10-01T00:00:00Z"),
        };
        let grant = store.save_grant(workspace.id, &grant).await.unwrap();
        let account = NewAccount {
            found: FoundAccount {
                platform: profile.platform.clone(),
                external_id: "100".to_owned(),
                name: "Shop".to_owned(),
                currency: currency.map(|code| Currency::new(code).unwrap()),
                time_zone: Some(Tz::Asia__Tokyo),
                picture_url: None,
                status: "active".to_owned(),
                access: serde_json::Value::Null,
            },
            grant: grant.id,
            linked_at: at("2026-10-01T00:00:00Z"),
        };
        let account = store.link_account(workspace.id, &account).await.unwrap();
        let catalogue = Arc::new(Catalogue::with_platforms([profile]));
        let engine = ReportEngine::new(store.clone(), catalogue, 1 << 20);
        Self {
            store,
            workspace,
            account,
            engine,
        }
    }

    async fn save(
        &self,
        level: Level,
        facts: &[(&str, NaiveDate, i64)],
        entities: &[(&str, &str)],
    ) {
        let slice = Slice {
            metrics: vec![MetricId::from("spend"), MetricId::from("clicks")],
            entities: entities
                .iter()
                .map(|(id, name)| EntityRecord {
                    name: Some((*name).to_owned()),
                    status: Some("active".to_owned()),
                    ..EntityRecord::new(level, *id)
                })
                .collect(),
            facts: facts
                .iter()
                .map(|(entity, date, value)| FactRecord {
                    entity: (*entity).into(),
                    metric: MetricId::from("spend"),
                    date: *date,
                    value: Millionths::from_whole(*value).unwrap(),
                })
                .collect(),
            ..Slice::new(
                self.account.id,
                level,
                FeedId::from("insights"),
                range("2026-09-01", "2026-10-31"),
                at("2026-11-20T00:00:00Z"),
            )
        };
        self.store
            .save_slice(self.workspace.id, None, &slice)
            .await
            .unwrap();
    }

    async fn ask(&self, query: &Query) -> analytics_core::Report {
        // 23:00 UTC is already the next day in Tokyo.
        let now = at("2026-10-31T23:00:00Z");
        self.engine
            .report(&self.workspace, query, now)
            .await
            .unwrap()
    }
}

fn october() -> Query {
    query(&["spend"], range("2026-10-01", "2026-10-31"))
}

async fn what_was_just_saved_is_in_the_next_report(store: Arc<dyn Store>) {
    let stored = Stored::new(store).await;
    let report = stored.ask(&october()).await;
    assert_eq!(report.query.range, None, "nothing is covered yet");
    stored
        .save(Level::Account, &[("100", date("2026-10-05"), 7)], &[])
        .await;
    assert_eq!(
        value(&stored.ask(&october()).await.totals[0], "spend"),
        Some(7.0)
    );
    let again = stored.ask(&october()).await;
    assert_eq!(
        value(&again.totals[0], "spend"),
        Some(7.0),
        "from the cache"
    );
    stored
        .save(Level::Account, &[("100", date("2026-10-05"), 8)], &[])
        .await;
    assert_eq!(
        value(&stored.ask(&october()).await.totals[0], "spend"),
        Some(8.0)
    );
}

async fn today_is_the_day_in_the_workspaces_zone(store: Arc<dyn Store>) {
    let stored = Stored::new(store).await;
    stored
        .save(Level::Account, &[("100", date("2026-10-31"), 7)], &[])
        .await;
    let report = stored
        .ask(&Query {
            range: RangeSpec::Preset("yesterday".to_owned()),
            ..october()
        })
        .await;
    assert_eq!(report.query.today, date("2026-11-01"));
    assert_eq!(value(&report.totals[0], "spend"), Some(7.0));
}

async fn campaigns_are_grouped_and_drilled_into_from_the_store(store: Arc<dyn Store>) {
    let stored = Stored::new(store).await;
    let day = date("2026-10-05");
    stored.save(Level::Account, &[("100", day, 10)], &[]).await;
    stored
        .save(
            Level::Campaign,
            &[("c1", day, 6), ("c2", day, 3)],
            &[("c1", "Brand"), ("c2", "Autumn")],
        )
        .await;
    let asked = Query {
        group_by: vec!["campaign".to_owned()],
        order_by: Some("-spend".to_owned()),
        grain: Some(Grain::Month),
        compare: Some(CompareSpec::Mode("previous_period".to_owned())),
        ..october()
    };
    let report = stored.ask(&asked).await;
    let values: Vec<_> = report
        .groups
        .iter()
        .map(|group| value(group, "spend"))
        .collect();
    assert_eq!(values, [Some(6.0), Some(3.0), Some(1.0)]);
    assert_eq!(report.groups[0].labels["name"].as_deref(), Some("Brand"));
    assert_eq!(report.groups[0].labels["account"].as_deref(), Some("Shop"));
    let id = key(&report.groups[0], "campaign").unwrap().to_owned();
    assert!(id.starts_with("ent_"), "{id}");
    let drilled = stored
        .ask(&Query {
            group_by: vec!["ad_group".to_owned()],
            filters: vec![analytics_core::analysis::Filter {
                dimension: Some("campaign".to_owned()),
                metric: None,
                op: "in".to_owned(),
                values: vec![id],
                value: None,
            }],
            ..october()
        })
        .await;
    assert_eq!(drilled.total_groups, 0, "ad groups were not fetched yet");
    let wrong = stored
        .engine
        .report(
            &stored.workspace,
            &Query {
                accounts: Some(vec!["acc_nobody".to_owned()]),
                ..october()
            },
            at("2026-10-31T23:00:00Z"),
        )
        .await;
    assert_eq!(wrong.unwrap_err().code(), "unknown_account");
}

/// One test of each on a new store.
macro_rules! on_a_store {
    ($fresh:expr) => {
        on_a_store! { $fresh;
            what_was_just_saved_is_in_the_next_report
            today_is_the_day_in_the_workspaces_zone
            campaigns_are_grouped_and_drilled_into_from_the_store
        }
    };
    ($fresh:expr; $($name:ident)+) => {
        $(
            #[tokio::test]
            async fn $name() {
                super::$name($fresh).await;
            }
        )+
    };
}

mod sqlite {
    on_a_store!(super::in_memory().await);
}

#[cfg(all(feature = "postgres", feature = "testing", unix))]
mod postgres {
    on_a_store!(crate::storage::postgres::fresh().await);
}
