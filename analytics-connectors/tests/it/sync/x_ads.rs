//! X Ads against the simulator: what is stored is what is true, to the digit, whatever the weather.

mod billing;
mod limits;
mod lost;

use analytics_connectors::simulator::Fault;
use analytics_core::model::Level;
use rstest::rstest;

use super::{
    scenarios,
    world::{World, settings},
};

const X_ADS: &str = "x_ads";

/// Calls of orders of reports that were answered with a status.
fn orders(world: &World, status: u16) -> u64 {
    let counts = world.sim.calls().counts().into_iter();
    let orders = counts.filter(|call| {
        call.status == status && call.route == "POST /x_ads/{version}/stats/jobs/accounts/{id}"
    });
    orders.map(|call| call.count).sum()
}

/// Zones with and without a change of clocks, and every currency.
#[tokio::test]
async fn accounts_are_backfilled_to_the_digit_across_changes_of_clocks() {
    let world = World::new(5, settings(260, 60)).await;
    let accounts = world.link_platform(X_ADS).await;
    assert_eq!(accounts.len(), 5);
    for account in &accounts {
        let outcomes = world.until_complete(account).await;
        assert_eq!(outcomes.len(), 1, "{outcomes:#?}");
        assert_eq!(outcomes[0].revisions, 0, "a first fetch restates nothing");
        world.equals_truth(account).await;
    }
}

#[tokio::test]
async fn an_account_is_the_sum_of_its_campaigns() {
    let world = World::new(1, settings(40, 30)).await;
    let account = world.link_platform(X_ADS).await.remove(0);
    world.until_complete(&account).await;
    let sum = async |level| -> i64 {
        let stored = world.stored(&account, level).await;
        let of = stored.iter().filter(|row| row.1.as_str() == "spend");
        of.map(|row| row.3).sum()
    };
    let whole = sum(Level::Account).await;
    assert!(whole > 0);
    assert_eq!(sum(Level::Campaign).await, whole);
}

#[tokio::test]
async fn days_of_refreshes_follow_every_restatement() {
    scenarios::days_of_restatements(X_ADS).await;
}

#[rstest]
#[case::a_rate_limit(Fault::RateLimited, None, 2)]
#[case::too_many_reports(Fault::RateLimited, Some("jobs"), 2)]
#[case::a_server_error(Fault::ServerError, None, 2)]
#[case::an_overloaded_server(Fault::ServerError, Some("overloaded"), 2)]
#[case::a_server_that_is_down(Fault::ServerError, None, 20)]
#[case::slow_reports(Fault::SlowReport, Some("9"), 3)]
#[case::failed_reports(Fault::FailedReport, None, 1)]
#[case::too_much_data(Fault::ReduceData, None, 5)]
#[case::malformed_answers(Fault::MalformedJson, None, 2)]
#[case::answers_that_break_off(Fault::TruncatedBody, None, 2)]
#[case::broken_connections(Fault::ConnectionReset, None, 2)]
#[case::a_permission_that_comes_back(Fault::PermissionLost, None, 1)]
#[tokio::test]
async fn a_backfill_in_bad_weather_ends_as_the_truth(
    #[case] fault: Fault,
    #[case] flavour: Option<&str>,
    #[case] times: u32,
) {
    scenarios::bad_weather(X_ADS, fault, flavour, times).await;
}

#[tokio::test]
async fn a_consent_that_is_taken_back_keeps_the_data_and_a_new_one_catches_up() {
    scenarios::consent_taken_back_and_given_again(X_ADS).await;
}
