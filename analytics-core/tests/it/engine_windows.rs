//! Exact values that a report lacks: pending where they can be fetched, bounds alone where not.

use analytics_core::{
    Query, Report,
    analysis::{CompareSpec, Grain, Reason, Status},
    model::{
        AccountState, DateRange, FactRecord, FeedId, Level, MetricGap, MetricId, Millionths,
        PlatformProfile, Slice, WindowOffer, WindowRecord,
    },
};

use crate::{engine_fixture::*, engine_store::Stored};

/// A page whose reach can be asked for up to 30 days.
fn asked_for() -> PlatformProfile {
    let mut profile = page();
    for offered in &mut profile.feeds[0].metrics {
        if offered.metric.as_str() == "reach" {
            offered.windows = WindowOffer::UpTo(30);
        }
    }
    profile
}

async fn with_october(profile: PlatformProfile, gaps: Vec<MetricGap>) -> Stored {
    let stored = Stored::of(profile, None).await;
    let october = range("2026-10-01", "2026-10-31");
    let fact = |metric: &'static str, value| {
        october.iter().map(move |date| FactRecord {
            entity: "100".into(),
            metric: metric.into(),
            date,
            value: Millionths::from_whole(value).unwrap(),
        })
    };
    let slice = Slice {
        metrics: ["views", "engagements", "followers", "reach"]
            .map(Into::into)
            .to_vec(),
        facts: fact("reach", 10)
            .chain(fact("views", 30))
            .filter(|fact| !gaps.iter().any(|gap| gap.metric == fact.metric))
            .collect(),
        gaps,
        ..Slice::new(
            stored.account.id,
            Level::Account,
            FeedId::from("insights"),
            october,
            at("2026-11-20T00:00:00Z"),
        )
    };
    stored
        .store
        .save_slice(stored.workspace.id, None, &slice)
        .await
        .unwrap();
    stored
}

async fn ask(stored: &Stored, query: &Query) -> (Report, usize) {
    let (report, asked) = stored
        .engine
        .report_and_request(&stored.workspace, query, at("2026-11-20T01:00:00Z"))
        .await
        .unwrap();
    assert!(asked.len() <= 1);
    (report, asked.len())
}

async fn waiting(stored: &Stored) -> Vec<DateRange> {
    let requests = stored
        .store
        .window_requests(stored.workspace.id, stored.account.id)
        .await
        .unwrap();
    requests
        .into_iter()
        .filter(|one| one.answered_at.is_none())
        .map(|one| one.range)
        .collect()
}

#[tokio::test]
async fn a_lacking_exact_value_is_queued_once_and_shown_when_it_is_there() {
    let stored = with_october(asked_for(), Vec::new()).await;
    let days = range("2026-10-05", "2026-10-18");
    let query = Query {
        compare: Some(CompareSpec::Mode("previous_period".to_owned())),
        grain: Some(Grain::Week),
        ..query(&["reach"], days)
    };
    let pure = stored
        .engine
        .report(&stored.workspace, &query, at("2026-11-20T01:00:00Z"))
        .await
        .unwrap();
    assert!(
        !current(&pure.totals[0], "reach").pending,
        "nobody was asked"
    );
    assert!(waiting(&stored).await.is_empty());

    let (report, asked) = ask(&stored, &query).await;
    assert_eq!(asked, 1);
    let figure = current(&report.totals[0], "reach");
    assert_eq!((figure.status, figure.pending), (Status::Bounded, true));
    let previous = totals(&report.totals[0], "reach")
        .previous
        .as_ref()
        .unwrap();
    assert!(
        previous.pending,
        "the platform may know days that were not fetched"
    );
    let mut queued = waiting(&stored).await;
    queued.sort_unstable();
    assert_eq!(
        queued,
        [
            range("2026-09-21", "2026-10-04"),
            range("2026-09-28", "2026-10-04"),
            range("2026-10-05", "2026-10-11"),
            range("2026-10-05", "2026-10-18"),
            range("2026-10-12", "2026-10-18"),
        ]
    );
    let (report, asked) = ask(&stored, &query).await;
    assert_eq!(asked, 0, "it waits already");
    assert!(current(&report.totals[0], "reach").pending);

    // The platform answers for the whole range, and has nothing for the weeks.
    let exact = WindowRecord {
        entity: "100".into(),
        metric: "reach".into(),
        range: days,
        value: Millionths::from_whole(99).unwrap(),
    };
    let (home, id) = (stored.workspace.id, stored.account.id);
    let now = at("2026-11-20T01:30:00Z");
    stored
        .store
        .save_windows(home, None, id, Level::Account, &[exact], now)
        .await
        .unwrap();
    for range in queued {
        let reach = [MetricId::from("reach")];
        stored
            .store
            .close_window_requests(home, id, Level::Account, &reach, range, now)
            .await
            .unwrap();
    }
    let (report, asked) = ask(&stored, &query).await;
    assert_eq!(asked, 0);
    assert_eq!(value(&report.totals[0], "reach"), Some(99.0));
    let weeks = &report.totals[0].series.as_ref().unwrap()[&MetricId::from("reach")].current;
    assert!(
        weeks
            .iter()
            .all(|week| week.status == Status::Bounded && !week.pending),
        "what the platform does not have is not waited for"
    );
}

#[tokio::test]
async fn an_exact_value_that_was_told_too_early_is_asked_for_again_once_it_has_settled() {
    let stored = with_october(asked_for(), Vec::new()).await;
    let days = range("2026-10-25", "2026-10-31");
    let early = WindowRecord {
        entity: "100".into(),
        metric: "reach".into(),
        range: days,
        value: Millionths::from_whole(55).unwrap(),
    };
    let (home, id) = (stored.workspace.id, stored.account.id);
    let told = at("2026-11-01T06:00:00Z");
    stored
        .store
        .save_windows(home, None, id, Level::Account, &[early], told)
        .await
        .unwrap();
    // Reach settles four days after the range.
    for (now, pending) in [
        ("2026-11-03T06:00:00Z", false),
        ("2026-11-04T06:00:00Z", true),
        ("2026-11-20T06:00:00Z", true),
    ] {
        let (report, _) = stored
            .engine
            .report_and_request(&stored.workspace, &query(&["reach"], days), at(now))
            .await
            .unwrap();
        let figure = current(&report.totals[0], "reach");
        assert_eq!(value(&report.totals[0], "reach"), Some(55.0), "{now}");
        assert_eq!(
            (figure.status, figure.pending),
            (Status::Provisional, pending),
            "{now}"
        );
    }
    assert_eq!(waiting(&stored).await, [days]);
}

#[tokio::test]
async fn what_cannot_be_fetched_is_not_pending() {
    let whole = query(&["reach"], range("2026-10-01", "2026-10-31"));
    let stored = with_october(asked_for(), Vec::new()).await;
    let (report, _) = ask(&stored, &whole).await;
    let figure = current(&report.totals[0], "reach");
    assert_eq!(
        (figure.status, figure.pending),
        (Status::Bounded, false),
        "31 days are too many"
    );

    let month = query(&["reach"], range("2026-10-02", "2026-10-31"));
    let (home, id) = (stored.workspace.id, stored.account.id);
    stored
        .store
        .set_account_state(home, id, AccountState::NeedsRelink)
        .await
        .unwrap();
    let (report, asked) = ask(&stored, &month).await;
    assert!(
        !current(&report.totals[0], "reach").pending,
        "nobody can ask for it now"
    );
    assert_eq!(asked, 0);

    let never = with_october(page(), Vec::new()).await;
    let (report, _) = ask(&never, &month).await;
    assert!(!current(&report.totals[0], "reach").pending);
}

#[tokio::test]
async fn a_metric_that_is_refused_is_not_offered_and_takes_nothing_else_along() {
    let refusal = |days| MetricGap {
        metric: MetricId::from("reach"),
        range: days,
        reason: "too few followers".to_owned(),
    };
    let october = query(&["reach", "views"], range("2026-10-01", "2026-10-31"));
    let small = with_october(
        asked_for(),
        vec![refusal(range("2026-10-01", "2026-10-31"))],
    )
    .await;
    let (report, asked) = ask(&small, &october).await;
    let figure = current(&report.totals[0], "reach");
    assert_eq!(
        (figure.status, figure.reason, asked),
        (Status::Missing, Some(Reason::NotOffered), 0)
    );
    assert_eq!(value(&report.totals[0], "views"), Some(930.0));
    assert_eq!(report.query.complete_through, Some(date("2026-10-31")));
    assert_eq!(report.warnings[0].code, "not_offered");

    let grew = with_october(
        asked_for(),
        vec![refusal(range("2026-10-11", "2026-10-31"))],
    )
    .await;
    let (report, _) = ask(&grew, &october).await;
    let figure = current(&report.totals[0], "reach");
    assert_eq!(figure.status, Status::Bounded);
    assert_eq!(figure.upper, Some(None), "days are missing");
    assert_eq!(
        report.query.complete_through,
        Some(date("2026-10-31")),
        "what is refused holds nothing back"
    );
}
