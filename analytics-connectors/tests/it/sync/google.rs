//! Google Ads against the simulator: what is stored is what is true, to the digit, whatever the
//! weather.

use analytics_connectors::{
    simulator::Fault,
    sync::{SyncSettings, WindowSpec},
};
use analytics_core::{model::Level, storage::EntityFilter};
use rstest::rstest;

use super::{
    scenarios,
    world::{World, settings},
};

const GOOGLE: &str = "google_ads";

#[tokio::test]
async fn accounts_below_managers_and_beside_them_are_backfilled_to_the_digit() {
    let settings = SyncSettings {
        account_windows: vec![WindowSpec::LastDays(28)],
        ..settings(100, 40)
    };
    let world = World::new(3, settings).await;
    let accounts = world.link_platform(GOOGLE).await;
    let ways: Vec<bool> = accounts
        .iter()
        .map(|account| account.access.get("login_customer_id").is_some())
        .collect();
    assert_eq!(ways, [true, true, false], "the last one needs no manager");
    for account in &accounts {
        let outcomes = world.until_complete(account).await;
        assert_eq!(outcomes.len(), 1, "{outcomes:#?}");
        assert_eq!(outcomes[0].revisions, 0, "a first fetch restates nothing");
        world.equals_truth(account).await;
        assert!(world.windows_equal_truth(account, Level::Account).await >= 2);
        assert!(world.windows_equal_truth(account, Level::Campaign).await >= 2);
    }
}

#[tokio::test]
async fn campaigns_without_ad_groups_count_in_the_account_all_the_same() {
    let world = World::new(1, settings(60, 40)).await;
    let account = world.link_platform(GOOGLE).await.remove(0);
    world.until_complete(&account).await;
    let entities = async |level, parent| {
        let filter = EntityFilter {
            accounts: vec![account.id],
            level: Some(level),
            parent,
            ..EntityFilter::default()
        };
        let found = world.store.entities(world.workspace, &filter).await;
        found.unwrap().0
    };
    let (mut whole, mut broken_down) = (0, 0);
    for campaign in entities(Level::Campaign, None).await {
        match entities(Level::AdGroup, Some(campaign.id)).await.len() {
            0 => whole += 1,
            _ => broken_down += 1,
        }
    }
    assert!(whole > 0 && broken_down > 0, "{whole} and {broken_down}");
    let impressions = async |level| -> i64 {
        let stored = world.stored(&account, level).await;
        let of = stored.iter().filter(|row| row.1.as_str() == "impressions");
        of.map(|row| row.3).sum()
    };
    let all = impressions(Level::Account).await;
    assert_eq!(impressions(Level::Campaign).await, all);
    assert!(impressions(Level::AdGroup).await < all);
    world.equals_truth(&account).await;
}

#[tokio::test]
async fn days_of_refreshes_with_tokens_of_an_hour_follow_every_restatement() {
    scenarios::days_of_restatements(GOOGLE).await;
}

#[rstest]
#[case::a_rate_limit(Fault::RateLimited, None, 2)]
#[case::the_days_quota(Fault::RateLimited, Some("day"), 1)]
#[case::a_server_error(Fault::ServerError, None, 2)]
#[case::a_server_that_is_down(Fault::ServerError, None, 20)]
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
    scenarios::bad_weather(GOOGLE, fault, flavour, times).await;
}

#[tokio::test]
async fn a_consent_that_is_taken_back_keeps_the_data_and_a_new_one_catches_up() {
    scenarios::consent_taken_back_and_given_again(GOOGLE).await;
}
