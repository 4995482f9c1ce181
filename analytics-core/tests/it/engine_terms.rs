//! Costs with an agency's fee and consumption tax.

use analytics_core::{
    Query,
    analysis::{Grain, Report},
    model::{
        AgencyFee, CostTerm, CostTerms, EntityRecord, FactRecord, FeeKind, FeedId, Level, MetricId,
        Millionths, Share, Slice,
    },
};

use crate::{engine_fixture::*, engine_store::Stored};

fn share(text: &str) -> Share {
    Share(Millionths::parse_exact(text).unwrap())
}

fn term(from: &str, kind: FeeKind, rate: &str, tax: &str) -> CostTerm {
    CostTerm {
        from: date(from),
        fee: Some(AgencyFee {
            kind,
            rate: share(rate),
        }),
        tax: Some(share(tax)),
    }
}

/// An account that spent 1000 a day in October, 600 of it in one campaign.
async fn with_october() -> Stored {
    let stored = Stored::of(ads(), Some("JPY")).await;
    let october = range("2026-10-01", "2026-10-31");
    for (level, entity, value) in [(Level::Account, "100", 1000), (Level::Campaign, "c1", 600)] {
        let slice = Slice {
            metrics: vec![MetricId::from("spend")],
            entities: vec![EntityRecord {
                name: Some(entity.to_owned()),
                ..EntityRecord::new(level, entity)
            }],
            facts: october
                .iter()
                .map(|date| FactRecord {
                    entity: entity.into(),
                    metric: MetricId::from("spend"),
                    date,
                    value: Millionths::from_whole(value).unwrap(),
                })
                .collect(),
            ..Slice::new(
                stored.account.id,
                level,
                FeedId::from("insights"),
                october,
                at("2026-11-20T00:00:00Z"),
            )
        };
        let home = stored.workspace.id;
        stored.store.save_slice(home, None, &slice).await.unwrap();
    }
    stored
}

impl Stored {
    async fn agree(&self, terms: Vec<CostTerm>) {
        let terms = CostTerms::new(terms).unwrap();
        let (home, id) = (self.workspace.id, self.account.id);
        self.store.save_cost_terms(home, id, &terms).await.unwrap();
    }

    async fn costs(&self, query: Query) -> Report {
        let now = at("2026-11-20T00:00:00Z");
        self.engine
            .report(&self.workspace, &query, now)
            .await
            .unwrap()
    }
}

fn both(start: &str, end: &str) -> Query {
    query(&["spend", "billed_spend"], range(start, end))
}

#[tokio::test]
async fn without_terms_the_cost_is_what_is_billed() {
    let stored = with_october().await;
    let report = stored.costs(both("2026-10-01", "2026-10-10")).await;
    assert_eq!(value(&report.totals[0], "spend"), Some(10_000.0));
    assert_eq!(value(&report.totals[0], "billed_spend"), Some(10_000.0));
}

#[tokio::test]
async fn each_day_is_billed_by_its_own_terms_and_the_cost_stays() {
    let stored = with_october().await;
    stored
        .agree(vec![
            term("2026-10-04", FeeKind::OnTop, "0.2", "0.1"),
            term("2026-10-08", FeeKind::Within, "0.2", "0.1"),
        ])
        .await;
    let query = Query {
        grain: Some(Grain::Day),
        ..both("2026-10-01", "2026-10-10")
    };
    let report = stored.costs(query).await;
    let total = &report.totals[0];
    assert_eq!(value(total, "spend"), Some(10_000.0));
    // Three days plain, four at 1.32, three at 1.375.
    assert_eq!(value(total, "billed_spend"), Some(12_405.0));
    let billed = &total.series.as_ref().unwrap()[&MetricId::from("billed_spend")].current;
    let by_day: Vec<f64> = billed
        .iter()
        .map(|figure| figure.value.as_ref().unwrap().to_f64())
        .collect();
    assert_eq!(
        by_day,
        [
            1000.0, 1000.0, 1000.0, 1320.0, 1320.0, 1320.0, 1320.0, 1375.0, 1375.0, 1375.0
        ]
    );
    let figure = current(total, "billed_spend");
    assert_eq!(
        (figure.status, figure.covered),
        (current(total, "spend").status, 1.0),
        "as well known as the cost"
    );
}

#[tokio::test]
async fn campaigns_and_what_is_left_are_billed_alike() {
    let stored = with_october().await;
    stored
        .agree(vec![term("2026-01-01", FeeKind::OnTop, "0.2", "0.1")])
        .await;
    let query = Query {
        group_by: vec!["campaign".to_owned()],
        ..both("2026-10-01", "2026-10-10")
    };
    let report = stored.costs(query).await;
    let mut rows: Vec<_> = report
        .groups
        .iter()
        .map(|group| (value(group, "spend"), value(group, "billed_spend")))
        .collect();
    rows.sort_by(|a, b| b.partial_cmp(a).unwrap());
    assert_eq!(
        rows,
        [(Some(6000.0), Some(7920.0)), (Some(4000.0), Some(5280.0)),]
    );
}

#[tokio::test]
async fn changed_terms_are_seen_at_once() {
    let stored = with_october().await;
    let billed = async || {
        let report = stored.costs(both("2026-10-01", "2026-10-10")).await;
        value(&report.totals[0], "billed_spend")
    };
    assert_eq!(billed().await, Some(10_000.0));
    stored
        .agree(vec![term("2026-01-01", FeeKind::OnTop, "0.2", "0.1")])
        .await;
    assert_eq!(billed().await, Some(13_200.0));
    stored.agree(Vec::new()).await;
    assert_eq!(billed().await, Some(10_000.0));
}
