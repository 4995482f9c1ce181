//! The kit, without a vendor.

use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use analytics_connectors::{
    Error, ErrorKind, Retry,
    clock::SettableClock,
    http::{
        ApiClient, HttpClient, HttpSettings, Page, Poll, PollSchedule, Request, RetryPolicy,
        Throttle, ThrottleSettings, Usage, UsageScope, Vendor, pages, poll_until, with_retry,
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, TryStreamExt};
use secrecy::SecretString;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

const POLICY: RetryPolicy = RetryPolicy {
    attempts: 4,
    base: Duration::from_millis(1),
    max: Duration::from_millis(4),
    max_wait: Duration::from_millis(200),
};

fn error(kind: ErrorKind, retry: Retry) -> Error {
    Error::new(kind, "test", "ask", "no").with_retry(retry)
}

/// Fails `failures` times with `retry`, then succeeds; how often it was called, and the outcome.
async fn tries(retry: Retry, failures: usize) -> (usize, Result<(), Error>) {
    let calls = AtomicUsize::new(0);
    let outcome = with_retry(POLICY, || async {
        if calls.fetch_add(1, Ordering::SeqCst) < failures {
            Err(error(ErrorKind::Transient, retry))
        } else {
            Ok(())
        }
    })
    .await;
    (calls.into_inner(), outcome)
}

#[tokio::test]
async fn an_error_that_says_never_is_not_tried_again() {
    let (calls, outcome) = tries(Retry::Never, 1).await;
    assert_eq!((calls, outcome.is_err()), (1, true));
}

#[tokio::test]
async fn a_passing_error_is_tried_again_until_the_tries_are_used_up() {
    let (calls, outcome) = tries(Retry::Backoff, 2).await;
    assert_eq!((calls, outcome.is_ok()), (3, true));
    let (calls, outcome) = tries(Retry::Backoff, 100).await;
    assert_eq!((calls, outcome.is_err()), (4, true));
}

#[tokio::test]
async fn a_rate_limit_is_retried_after_the_given_delay() {
    let began = Instant::now();
    let (calls, outcome) = tries(Retry::After(Duration::from_millis(80)), 1).await;
    assert_eq!((calls, outcome.is_ok()), (2, true));
    assert!(began.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn a_delay_too_long_to_wait_out_is_left_to_the_caller() {
    let began = Instant::now();
    let (calls, outcome) = tries(Retry::After(Duration::from_secs(3600)), 1).await;
    assert_eq!((calls, outcome.is_err()), (1, true));
    assert!(began.elapsed() < Duration::from_secs(5));
}

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn clock() -> Arc<SettableClock> {
    Arc::new(SettableClock::fixed(now()))
}

/// A vendor that counts by the second never sees more than it allows, not even after a rest.
#[tokio::test]
async fn even_pacing_has_no_bursts() {
    let settings = ThrottleSettings {
        per_second: NonZeroU32::new(50).unwrap(),
        concurrency: NonZeroU32::new(20).unwrap(),
        ..ThrottleSettings::default()
    };
    let took = async |even| {
        let clock = Arc::new(SettableClock::fixed(DateTime::UNIX_EPOCH));
        let throttle = Throttle::new(ThrottleSettings { even, ..settings }, clock);
        let start = std::time::Instant::now();
        for _ in 0..11 {
            throttle.admit("").await.unwrap();
        }
        start.elapsed()
    };
    // Ten pauses of a fiftieth of a second and a little more; never less, however slow the machine.
    assert!(took(true).await >= Duration::from_millis(208));
}

fn throttle(clock: Arc<SettableClock>) -> Throttle {
    Throttle::new(
        ThrottleSettings {
            per_second: NonZeroU32::new(1000).unwrap(),
            slow_pause: Duration::from_millis(40),
            ..ThrottleSettings::default()
        },
        clock,
    )
}

fn used(scope: UsageScope, percent: f64) -> Usage {
    Usage {
        scope,
        percent,
        regain: None,
    }
}

#[tokio::test]
async fn an_account_at_its_limit_is_parked_alone() {
    let throttle = throttle(clock());
    throttle.observe("1", &[used(UsageScope::Account, 95.0)]);
    let until = throttle.admit("1").await.unwrap_err();
    assert_eq!(until, now() + TimeDelta::seconds(60));
    assert!(throttle.admit("2").await.is_ok());
}

#[tokio::test]
async fn an_app_at_its_limit_parks_every_account_until_the_time_has_come() {
    let clock = clock();
    let throttle = throttle(clock.clone());
    throttle.observe("1", &[used(UsageScope::Platform, 99.0)]);
    assert!(throttle.admit("2").await.is_err());
    clock.set(now() + TimeDelta::seconds(61));
    assert!(throttle.admit("2").await.is_ok());
}

#[tokio::test]
async fn access_that_is_lost_for_some_time_parks_even_at_low_usage() {
    let throttle = throttle(clock());
    let lost = Usage {
        regain: Some(Duration::from_secs(47 * 60)),
        ..used(UsageScope::Account, 3.0)
    };
    throttle.observe("1", &[lost, used(UsageScope::Account, 1.0)]);
    let until = throttle.admit("1").await.unwrap_err();
    assert_eq!(until, now() + TimeDelta::minutes(47));
}

#[tokio::test]
async fn high_usage_slows_down_and_low_usage_speeds_up_again() {
    let throttle = throttle(clock());
    let timed = || async {
        let began = Instant::now();
        drop(throttle.admit("1").await.unwrap());
        began.elapsed()
    };
    throttle.observe("1", &[used(UsageScope::Account, 90.0)]);
    assert!(timed().await >= Duration::from_millis(25));
    throttle.observe("1", &[used(UsageScope::Account, 10.0)]);
    assert!(timed().await < Duration::from_millis(25));
}

#[tokio::test]
async fn no_more_calls_of_an_account_than_allowed_run_at_once() {
    let throttle = throttle(clock());
    let held = [
        throttle.admit("1").await.unwrap(),
        throttle.admit("1").await.unwrap(),
        throttle.admit("1").await.unwrap(),
    ];
    let fourth = tokio::time::timeout(Duration::from_millis(30), throttle.admit("1")).await;
    assert!(fourth.is_err(), "three are allowed at once");
    drop(held);
    assert!(throttle.admit("1").await.is_ok());
}

fn three_pages(cursor: Option<String>) -> Page<u32> {
    let (items, next) = match cursor.as_deref() {
        None => (vec![1, 2], Some("b")),
        Some("b") => (vec![], Some("c")),
        _ => (vec![3], None),
    };
    Page {
        items,
        next: next.map(str::to_owned),
    }
}

#[tokio::test]
async fn paging_goes_on_over_an_empty_page_and_ends_without_a_cursor() {
    let all: Vec<u32> = pages("test", "list", |cursor| async { Ok(three_pages(cursor)) })
        .try_concat()
        .await
        .unwrap();
    assert_eq!(all, [1, 2, 3]);
}

#[tokio::test]
async fn a_circle_of_cursors_is_noticed() {
    let circle = pages("test", "list", |cursor: Option<String>| async move {
        let next = if cursor.as_deref() == Some("a") {
            "b"
        } else {
            "a"
        };
        Ok(Page {
            items: vec![0],
            next: Some(next.to_owned()),
        })
    });
    let outcomes: Vec<_> = circle.take(10).collect().await;
    let last = outcomes.last().unwrap().as_ref().unwrap_err();
    assert_eq!(last.kind, ErrorKind::Decode);
    assert!(outcomes.len() < 10);
}

#[tokio::test]
async fn polling_gives_up_on_what_never_starts_before_what_never_ends() {
    let schedule = PollSchedule {
        interval: Duration::from_millis(1),
        max_interval: Duration::from_millis(2),
        start_timeout: Duration::from_millis(20),
        timeout: Duration::from_secs(60),
    };
    let never = poll_until::<(), _>(schedule, || async { Ok(Poll::Pending { started: false }) });
    assert_eq!(never.await.unwrap(), None);
    let mut looks = 0;
    let third = poll_until(schedule, || {
        looks += 1;
        let done = looks == 3;
        async move {
            Ok(if done {
                Poll::Ready("report")
            } else {
                Poll::Pending { started: true }
            })
        }
    });
    assert_eq!(third.await.unwrap(), Some("report"));
}

const VENDOR: Vendor = Vendor {
    platform: "test",
    classify: |_, _| None,
    usage: |_| Vec::new(),
};

fn api(settings: HttpSettings) -> ApiClient {
    let clock = clock();
    let http = HttpClient::new(settings, clock.clone()).unwrap();
    ApiClient::new(http, VENDOR, throttle(clock))
}

async fn answering(response: ResponseTemplate) -> (MockServer, Request) {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/thing"))
        .respond_with(response)
        .mount(&server)
        .await;
    let url = format!("{}/thing", server.uri()).parse().unwrap();
    (server, Request::get("read the thing", url))
}

fn quick() -> HttpSettings {
    HttpSettings {
        max_attempts: 2,
        base_backoff: Duration::from_millis(1),
        ..HttpSettings::default()
    }
}

#[tokio::test]
async fn a_status_without_a_vendors_word_has_its_usual_meaning() {
    for (status, kind) in [
        (301, ErrorKind::InvalidRequest),
        (401, ErrorKind::AuthExpired),
        (403, ErrorKind::PermissionDenied),
        (404, ErrorKind::InvalidRequest),
        (408, ErrorKind::Transient),
        (429, ErrorKind::RateLimited { until: None }),
        (503, ErrorKind::Transient),
    ] {
        let (_server, request) = answering(ResponseTemplate::new(status)).await;
        let error = api(quick()).send("1", &request).await.unwrap_err();
        assert_eq!(error.kind, kind, "{status}");
        assert!(error.to_string().contains("read the thing"), "{error}");
    }
}

#[tokio::test]
async fn a_long_retry_after_parks_the_account_until_then() {
    let (server, request) =
        answering(ResponseTemplate::new(429).insert_header("retry-after", "600")).await;
    let api = api(quick());
    let until = Some(now() + TimeDelta::seconds(600));
    for _ in 0..2 {
        let error = api.send("1", &request).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::RateLimited { until });
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_wait_beyond_all_calendars_parks_the_account_for_a_week() {
    let endless = u64::MAX.to_string();
    let answer = ResponseTemplate::new(429).insert_header("retry-after", endless.as_str());
    let (_server, request) = answering(answer).await;
    let error = api(quick()).send("1", &request).await.unwrap_err();
    let until = Some(now() + TimeDelta::days(7));
    assert_eq!(error.kind, ErrorKind::RateLimited { until });

    let throttle = throttle(clock());
    throttle.observe(
        "1",
        &[Usage {
            scope: UsageScope::Account,
            percent: 100.0,
            regain: Some(Duration::MAX),
        }],
    );
    assert_eq!(throttle.parked_until("1"), until);
}

#[tokio::test]
async fn an_answer_larger_than_allowed_is_not_read_to_its_end() {
    let (_server, request) =
        answering(ResponseTemplate::new(200).set_body_bytes(vec![b'x'; 5000])).await;
    let settings = HttpSettings {
        max_body_bytes: 4096,
        ..quick()
    };
    let error = api(settings).send("1", &request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooMuchData);
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_tried_again() {
    let (server, request) =
        answering(ResponseTemplate::new(200).set_delay(Duration::from_secs(5))).await;
    let settings = HttpSettings {
        timeout: Duration::from_millis(50),
        ..quick()
    };
    let error = api(settings).send("1", &request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Transient);
    assert_eq!(server.received_requests().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_requests_secrets_are_in_none_of_its_words() {
    let url = "http://127.0.0.1:9/oauth/token?leftover=hidden1"
        .parse()
        .unwrap();
    let request = Request::get("exchange", url)
        .param("state", "hidden2")
        .secret_param("client_secret", SecretString::from("hidden3"))
        .bearer(SecretString::from("hidden4"));
    let error = api(quick()).send("", &request).await.unwrap_err();
    let shown = format!("{request:?} {error} {error:?}");
    assert!(!shown.contains("hidden"), "{shown}");
    assert!(shown.contains("127.0.0.1"), "{shown}");
}
