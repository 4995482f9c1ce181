//! What is asked: ids, placements, groups and days.

use analytics_connectors::{ErrorKind, FetchRequest};
use analytics_core::model::{FeedId, Level};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate, matchers::query_param};

use super::{
    JOBS, STATS, Vendor, account, active, at, daily, facts, failure, get, list, of, ok, param,
    range, says, stats, two_days,
};

const ACTIVE: &str = "stats/accounts/18ce5exampl/active_entities";

fn params(requests: &[Request], name: &str) -> Vec<String> {
    requests
        .iter()
        .map(|request| param(request, name))
        .collect()
}

#[tokio::test]
async fn twenty_ids_and_one_set_of_groups_go_into_a_question() {
    let vendor = Vendor::start().await;
    let ids: Vec<String> = (0..45).map(|number| format!("c{number:02}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    vendor.has(&ids).await;
    vendor.on(get(STATS), ok(stats(2, json!([])))).await;
    vendor.fetch(two_days()).await.unwrap();
    let asked = vendor.asked(STATS).await;
    let sizes: Vec<usize> = params(&asked, "entity_ids")
        .iter()
        .map(|ids| ids.split(',').count())
        .collect();
    assert_eq!(sizes, [20, 20, 20, 20, 5, 5]);
    let groups = params(&asked, "metric_groups");
    assert_eq!(groups[..2], ["ENGAGEMENT,BILLING,VIDEO", "WEB_CONVERSION"]);
    for request in &asked {
        assert_eq!(param(request, "placement"), "ALL_ON_TWITTER");
        assert_eq!(param(request, "granularity"), "DAY");
        assert_eq!(param(request, "entity"), "CAMPAIGN");
        assert_eq!(param(request, "start_time"), "2026-11-21T00:00:00+09:00");
        assert_eq!(
            param(request, "end_time"),
            "2026-11-23T00:00:00+09:00",
            "excluded"
        );
    }
}

#[tokio::test]
async fn placements_are_asked_where_they_are_told_and_added_up() {
    let vendor = Vendor::start().await;
    let told = vec![
        active("c1", &["ALL_ON_TWITTER", "SPOTLIGHT"]),
        active("c2", &["ALL_ON_TWITTER"]),
    ];
    vendor.on(get(&at(ACTIVE)), list(told)).await;
    vendor.lists(&["c1", "c2"]).await;
    let spotlight = get(STATS).and(query_param("placement", "SPOTLIGHT"));
    let one = stats(2, json!([of("c1", json!({ "impressions": [5, 7] }))]));
    vendor.on(spotlight, ok(one)).await;
    let everywhere = stats(
        2,
        json!([
            of(
                "c1",
                json!({ "impressions": [100, 0], "billed_charge_local_micro": [5_120_000_000_i64, null] })
            ),
            of("c2", json!({ "impressions": null })),
        ]),
    );
    vendor.on(get(STATS), ok(everywhere)).await;
    let batches = vendor.fetch(two_days()).await.unwrap();
    assert_eq!(
        facts(&batches, "impressions"),
        ["c1 2026-11-21 105", "c1 2026-11-22 7"]
    );
    assert_eq!(facts(&batches, "spend"), ["c1 2026-11-21 5120"]);
    let asked = vendor.asked(STATS).await;
    let of_spotlight = asked
        .iter()
        .filter(|one| param(one, "placement") == "SPOTLIGHT");
    for request in of_spotlight {
        assert_eq!(param(request, "entity_ids"), "c1");
    }
}

#[tokio::test]
async fn what_an_account_is_not_given_is_missing_and_costs_nothing_else() {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    let web = get(STATS).and(query_param("metric_groups", "WEB_CONVERSION"));
    vendor.on(web, failure(400, "FEATURE_NOT_AVAILABLE")).await;
    let answer = stats(2, json!([of("c1", json!({ "impressions": [1, 2] }))]));
    vendor.on(get(STATS), ok(answer)).await;
    let batches = vendor.fetch(two_days()).await.unwrap();
    assert_eq!(facts(&batches, "impressions").len(), 2);
    let gaps: Vec<&str> = batches[0]
        .gaps
        .iter()
        .map(|gap| gap.metric.as_str())
        .collect();
    assert_eq!(
        gaps,
        [
            "conversions",
            "conversion_value",
            "purchases",
            "purchase_value",
            "leads"
        ]
    );
    assert_eq!(batches[0].gaps[0].range, range("2026-11-21", "2026-11-22"));
}

#[tokio::test]
async fn many_questions_are_left_to_reports() {
    let vendor = Vendor::start().await;
    let ids: Vec<String> = (0..500).map(|number| format!("c{number:03}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    vendor.has(&ids).await;
    vendor.fetch(two_days()).await.unwrap_err();
    assert!(vendor.asked(STATS).await.is_empty());
    assert_eq!(vendor.asked(JOBS).await.len(), 1);
}

#[tokio::test]
async fn what_was_recorded_a_little_later_is_asked_for_too() {
    let vendor = Vendor::start().await;
    vendor.has(&[]).await;
    vendor
        .fetch(daily(Level::Campaign, "2026-10-01", "2026-10-31"))
        .await
        .unwrap();
    vendor
        .fetch(daily(Level::Campaign, "2026-11-01", "2026-11-22"))
        .await
        .unwrap();
    let ends = params(&vendor.asked(&at(ACTIVE)).await, "end_time");
    assert_eq!(
        ends,
        ["2026-11-03T00:00:00+09:00", "2026-11-24T00:00:00+09:00"]
    );
}

#[rstest]
#[case::by_name(failure(400, "INVALID_PLACEMENT_TYPE"))]
#[case::by_parameter(failure(400, "INVALID_PARAMETER"))]
#[tokio::test]
async fn a_placement_that_is_refused_costs_just_that(#[case] refusal: ResponseTemplate) {
    let vendor = Vendor::start().await;
    // A place within the whole is not asked for by itself.
    let told = vec![active("c1", &["PUBLISHER_NETWORK", "TWITTER_SEARCH"])];
    vendor.on(get(&at(ACTIVE)), list(told)).await;
    vendor.lists(&["c1"]).await;
    let network = get(STATS).and(query_param("placement", "PUBLISHER_NETWORK"));
    vendor.on(network, refusal).await;
    let search = get(STATS).and(query_param("placement", "TWITTER_SEARCH"));
    vendor.on(search, failure(500, "INTERNAL_ERROR")).await;
    let answer = stats(2, json!([of("c1", json!({ "impressions": [1, 2] }))]));
    vendor.on(get(STATS), ok(answer)).await;
    let batches = vendor.fetch(two_days()).await.unwrap();
    assert_eq!(facts(&batches, "impressions").len(), 2);
}

#[tokio::test]
async fn an_account_is_the_sum_of_its_campaigns() {
    let vendor = Vendor::start().await;
    vendor.has(&["c1", "c2"]).await;
    let answer = stats(
        2,
        json!([
            of("c1", json!({ "impressions": [1, 2] })),
            of("c2", json!({ "impressions": [10, 20] })),
        ]),
    );
    vendor.on(get(STATS), ok(answer)).await;
    let batches = vendor
        .fetch(daily(Level::Account, "2026-11-21", "2026-11-22"))
        .await
        .unwrap();
    assert_eq!(
        facts(&batches, "impressions"),
        ["18ce5exampl 2026-11-21 11", "18ce5exampl 2026-11-22 22"]
    );
    assert!(batches[0].entities.is_empty());
    assert!(
        vendor
            .asked(&at("accounts/18ce5exampl/campaigns"))
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_week_of_a_hundred_and_sixty_nine_hours_is_asked_in_two() {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    let of_days = |days: usize| ok(stats(days, json!([])));
    let start = |text: &str| get(STATS).and(query_param("start_time", text));
    vendor
        .on(start("2026-10-28T00:00:00-04:00"), of_days(3))
        .await;
    vendor
        .on(start("2026-10-31T00:00:00-04:00"), of_days(4))
        .await;
    let new_york = account(chrono_tz::America::New_York, json!({}));
    let week = daily(Level::Campaign, "2026-10-28", "2026-11-03");
    vendor.fetch_of(&new_york, week).await.unwrap();
    let ends = params(&vendor.asked(STATS).await, "end_time");
    assert!(
        ends.contains(&"2026-11-04T00:00:00-05:00".to_owned()),
        "{ends:?}"
    );
}

#[tokio::test]
async fn days_that_are_refused_are_spelt_otherwise_and_that_is_remembered() {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    let plain = get(STATS).and(query_param("start_time", "2026-11-21"));
    let answer = stats(2, json!([of("c1", json!({ "impressions": [1, 2] }))]));
    vendor.on(plain, ok(answer)).await;
    vendor
        .on(get(STATS), failure(400, "INVALID_TIME_WINDOW"))
        .await;
    let batches = vendor.fetch(two_days()).await.unwrap();
    assert_eq!(facts(&batches, "impressions").len(), 2);
    let starts = params(&vendor.asked(STATS).await, "start_time");
    assert_eq!(starts.len(), 4, "the second question knows it: {starts:?}");
    assert_eq!(starts[3], "2026-11-21");
}

#[tokio::test]
async fn days_that_are_refused_in_every_spelling_are_an_error() {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    vendor
        .on(get(STATS), failure(400, "INVALID_TIME_WINDOW"))
        .await;
    let error = vendor.fetch(two_days()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    says(&error, &["INVALID_TIME_WINDOW", "2026-11-21..2026-11-22"]);
    assert_eq!(vendor.asked(STATS).await.len(), 3);
}

#[tokio::test]
async fn what_is_too_complex_is_asked_in_halves_of_ids_then_of_days() {
    let vendor = Vendor::start().await;
    vendor.has(&["c1", "c2"]).await;
    let whole = get(STATS).and(query_param("entity_ids", "c1,c2"));
    vendor.on(whole, failure(400, "REQUEST_TOO_COMPLEX")).await;
    let long = get(STATS)
        .and(query_param("entity_ids", "c1"))
        .and(query_param("end_time", "2026-11-23T00:00:00+09:00"))
        .and(query_param("start_time", "2026-11-21T00:00:00+09:00"));
    vendor.on(long, failure(400, "REQUEST_TOO_COMPLEX")).await;
    let day = get(STATS).and(query_param("entity_ids", "c1"));
    vendor
        .on(
            day,
            ok(stats(1, json!([of("c1", json!({ "impressions": [3] }))]))),
        )
        .await;
    let other = stats(2, json!([of("c2", json!({ "impressions": [1, 2] }))]));
    vendor.on(get(STATS), ok(other)).await;
    let batches = vendor.fetch(two_days()).await.unwrap();
    assert_eq!(facts(&batches, "impressions").len(), 4);
}

#[tokio::test]
async fn an_id_that_is_gone_is_dropped_and_the_rest_asked_again() {
    let vendor = Vendor::start().await;
    vendor.has(&["c1", "c2"]).await;
    let gone = failure(404, "CAMPAIGN_NOT_FOUND");
    vendor
        .on(
            get(STATS).and(query_param("entity_ids", "c1,c2")),
            gone.clone(),
        )
        .await;
    vendor
        .on(get(STATS).and(query_param("entity_ids", "c2")), gone)
        .await;
    let answer = stats(2, json!([of("c1", json!({ "impressions": [1, 2] }))]));
    vendor.on(get(STATS), ok(answer)).await;
    let batches = vendor.fetch(two_days()).await.unwrap();
    assert_eq!(facts(&batches, "impressions").len(), 2);
}

#[tokio::test]
async fn ads_have_their_place_and_are_called_by_what_they_say() {
    let vendor = Vendor::start().await;
    vendor
        .on(get(&at(ACTIVE)), list(vec![active("p1", &[])]))
        .await;
    let posts = vec![
        json!({ "id": "p1", "line_item_id": "l1", "tweet_id": "2000000000000000101", "entity_status": "PAUSED", "deleted": true }),
        json!({ "id": "p2", "line_item_id": "l9", "tweet_id": "2000000000000000102" }),
    ];
    vendor
        .on(
            get(&at("accounts/18ce5exampl/promoted_tweets")),
            list(posts),
        )
        .await;
    let groups = vec![
        json!({ "id": "l1", "name": "Broad", "campaign_id": "c1", "entity_status": "ACTIVE" }),
    ];
    vendor
        .on(get(&at("accounts/18ce5exampl/line_items")), list(groups))
        .await;
    let said = vec![json!({ "id_str": "2000000000000000101", "full_text": "Autumn\n sale" })];
    vendor
        .on(get(&at("accounts/18ce5exampl/tweets")), list(said))
        .await;
    let answer = stats(2, json!([of("p1", json!({ "impressions": [1, 2] }))]));
    vendor.on(get(STATS), ok(answer)).await;
    let batches = vendor
        .fetch(daily(Level::Ad, "2026-11-21", "2026-11-22"))
        .await
        .unwrap();
    let told: Vec<Value> = batches[0]
        .entities
        .iter()
        .map(|entity| {
            json!([
                entity.external_id,
                entity.parent_external_id,
                entity.name,
                entity.status
            ])
        })
        .collect();
    assert_eq!(
        told,
        [
            json!(["l1", "c1", "Broad", "active"]),
            json!(["p1", "l1", "Autumn sale", "deleted"])
        ]
    );
    let lists = vendor
        .asked(&at("accounts/18ce5exampl/promoted_tweets"))
        .await;
    assert_eq!(param(&lists[0], "with_deleted"), "true");
}

#[tokio::test]
async fn without_anything_active_nothing_is_asked() {
    let vendor = Vendor::start().await;
    vendor.has(&[]).await;
    let batches = vendor.fetch(two_days()).await.unwrap();
    assert!(batches[0].facts.is_empty());
    assert!(vendor.asked(STATS).await.is_empty());
}

#[tokio::test]
async fn old_or_many_days_go_by_reports_and_days_before_the_account_by_nothing() {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    let old = daily(Level::Campaign, "2026-06-01", "2026-06-02");
    vendor.fetch(old).await.unwrap_err();
    assert!(vendor.asked(STATS).await.is_empty());
    assert_eq!(vendor.asked(JOBS).await.len(), 1);
    let young = account(chrono_tz::Asia::Tokyo, json!({ "created": "2026-11-22" }));
    let before = daily(Level::Campaign, "2026-11-10", "2026-11-20");
    assert!(vendor.fetch_of(&young, before).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_the_platform_does_not_have_is_refused_without_a_call() {
    let vendor = Vendor::start().await;
    let days = range("2026-11-01", "2026-11-02");
    let requests = [
        FetchRequest::Window {
            level: Level::Account,
            metrics: vec!["reach".into()],
            range: days,
        },
        FetchRequest::Daily {
            level: Level::Post,
            feed: FeedId::from("stats"),
            range: days,
        },
        FetchRequest::Daily {
            level: Level::Account,
            feed: FeedId::from("posts"),
            range: days,
        },
        FetchRequest::Snapshot {
            feed: FeedId::from("stats"),
            date: days.end,
            since: days.start,
        },
    ];
    for request in requests {
        let error = vendor.fetch(request).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidRequest, "{error}");
    }
    assert_eq!(vendor.server.received_requests().await.unwrap().len(), 0);
}
