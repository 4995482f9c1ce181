//! A backfill in bad weather: every fault, and afterwards exactly the truth.

use analytics_connectors::{clock::Clock, simulator::Fault, sync::Ended};
use rstest::rstest;

use super::world::{PLATFORM, World, settings};

/// What the weather may do to a backfill.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Effect {
    /// Nobody notices: it is handled where it happens.
    None,
    /// At least one attempt has to wait.
    Waits,
    /// At least one slice fails and comes again.
    SliceFails,
    /// Whatever it takes.
    Any,
}

#[rstest]
#[case::a_rate_limit(Fault::RateLimited, None, 1, Effect::Waits)]
#[case::the_limit_of_all_insights(Fault::RateLimited, Some("4/1504022"), 1, Effect::Waits)]
#[case::the_limit_of_the_account(Fault::RateLimited, Some("613/1487742"), 1, Effect::Waits)]
#[case::headers_that_say_stop(Fault::ThrottleHeaders, None, 1, Effect::Waits)]
#[case::a_server_error(Fault::ServerError, None, 2, Effect::None)]
#[case::a_server_that_is_down(Fault::ServerError, None, 40, Effect::Waits)]
#[case::an_error_in_a_good_answer(Fault::ServerError, Some("400"), 2, Effect::None)]
#[case::slow_reports(Fault::SlowReport, None, 3, Effect::None)]
#[case::failed_reports(Fault::FailedReport, None, 4, Effect::None)]
#[case::too_much_data(Fault::ReduceData, None, 6, Effect::Any)]
#[case::too_much_data_by_timeout(Fault::ReduceData, Some("100/1504018"), 6, Effect::Any)]
#[case::an_unknown_error_for_too_much(Fault::ReduceData, Some("500"), 6, Effect::Any)]
#[case::malformed_answers(Fault::MalformedJson, None, 2, Effect::SliceFails)]
#[case::answers_that_break_off(Fault::TruncatedBody, None, 2, Effect::None)]
#[case::broken_connections(Fault::ConnectionReset, None, 2, Effect::None)]
#[tokio::test]
async fn a_backfill_survives(
    #[case] fault: Fault,
    #[case] flavour: Option<&str>,
    #[case] times: u32,
    #[case] effect: Effect,
) {
    let world = World::new(1, settings(40, 35)).await;
    let account = world.link_all().await.remove(0);
    // Only some calls are about reports, and there are few of them.
    let reports = matches!(fault, Fault::SlowReport | Fault::FailedReport);
    let after = if reports { 1 } else { 4 };
    world
        .sim
        .faults()
        .inject_flavour(fault, PLATFORM, times, after, flavour);
    let outcomes = world.until_complete(&account).await;
    let pending = world.sim.faults().pending();
    assert_eq!(pending, [], "the fault never happened");
    match effect {
        Effect::None => assert_eq!(outcomes.len(), 1, "{outcomes:#?}"),
        Effect::Waits => {
            assert_eq!(outcomes[0].ended, Ended::Waiting, "{outcomes:#?}");
            assert!(outcomes.len() > 1);
        }
        Effect::SliceFails => {
            assert_eq!(outcomes[0].ended, Ended::WithFailures, "{outcomes:#?}");
            let error = outcomes[0].error.as_ref().unwrap();
            assert_eq!(error.code, "decode");
            assert!(
                error.operation.contains('('),
                "names what was asked: {error:?}"
            );
        }
        Effect::Any => {}
    }
    world.equals_truth(&account).await;
    let last = outcomes.last().unwrap();
    assert_eq!((last.ended, last.error.clone()), (Ended::Complete, None));
}

#[tokio::test]
async fn a_refresh_in_bad_weather_never_costs_a_stored_day() {
    let world = World::new(1, settings(40, 35)).await;
    let account = world.link_all().await.remove(0);
    world.until_complete(&account).await;
    world
        .clock
        .set(world.clock.now() + chrono::Duration::days(1));
    let faults = world.sim.faults();
    for (fault, after) in [
        (Fault::MalformedJson, 2),
        (Fault::ServerError, 4),
        (Fault::FailedReport, 1),
        (Fault::RateLimited, 9),
        (Fault::TruncatedBody, 12),
    ] {
        faults.inject(fault, PLATFORM, 1, after);
    }
    // After every attempt, however it ended, what is stored is true as of its last fetch.
    for _ in 0..20 {
        let outcome = world.reconcile(&account).await;
        world.equals_truth(&account).await;
        if outcome.ended == Ended::Complete {
            return;
        }
        world.clock.set(outcome.next_attempt_at.unwrap());
    }
    panic!("it never completes");
}
