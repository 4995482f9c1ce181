//! Yahoo! JAPAN Ads against the simulator: what is stored is what is true, to the digit, whatever
//! the weather.

use analytics_connectors::{clock::Clock, simulator::Fault, sync::choose};
use analytics_core::{model::Level, storage::EntityFilter};
use rstest::rstest;

use super::{
    scenarios,
    world::{World, settings},
};

const SEARCH: &str = "yahoo_search_ads";
const DISPLAY: &str = "yahoo_display_ads";

#[rstest]
#[case::search(SEARCH)]
#[case::display(DISPLAY)]
#[tokio::test]
async fn accounts_below_a_manager_beside_it_and_linked_to_it_are_backfilled_to_the_digit(
    #[case] platform: &str,
) {
    let world = World::new(5, settings(100, 40)).await;
    let accounts = world.link_platform(platform).await;
    assert_eq!(accounts.len(), 5);
    let own = |account: &&analytics_core::model::Account| {
        account.access["base_account_id"] == account.external_id.as_str()
    };
    assert_eq!(accounts.iter().filter(own).count(), 1, "one of its own");
    let nameless = accounts
        .iter()
        .filter(|account| account.name == account.external_id);
    assert_eq!(nameless.count(), 1, "links to a manager have no names");
    for account in &accounts {
        let outcomes = world.until_complete(account).await;
        assert_eq!(outcomes.len(), 1, "{outcomes:#?}");
        assert_eq!(outcomes[0].revisions, 0, "a first fetch restates nothing");
        world.equals_truth(account).await;
        let (home, id) = (world.workspace, account.id);
        let stored = world.store.account(home, id).await.unwrap();
        assert_ne!(stored.name, stored.external_id, "reports tell the name");
    }
}

#[tokio::test]
async fn conversions_come_in_fractions_and_are_stored_as_such() {
    let world = World::new(1, settings(60, 30)).await;
    let account = world.link_platform(SEARCH).await.remove(0);
    world.until_complete(&account).await;
    let stored = world.stored(&account, Level::Campaign).await;
    let fractions = stored
        .iter()
        .filter(|row| row.1.as_str() == "conversions" && row.3 % 1_000_000 != 0);
    assert!(fractions.count() > 0);
    world.equals_truth(&account).await;
}

#[tokio::test]
async fn what_was_removed_keeps_its_name_and_its_place() {
    let world = World::new(1, settings(400, 365)).await;
    let account = world.link_platform(DISPLAY).await.remove(0);
    world.until_complete(&account).await;
    for level in [Level::Campaign, Level::AdGroup, Level::Ad] {
        let filter = EntityFilter {
            accounts: vec![account.id],
            level: Some(level),
            ..EntityFilter::default()
        };
        let found = world.store.entities(world.workspace, &filter).await;
        let entities = found.unwrap().0;
        assert!(entities.len() > 3, "{level:?}");
        for entity in &entities {
            assert!(entity.name.is_some(), "{entity:?}");
        }
    }
    world.equals_truth(&account).await;
}

#[tokio::test]
async fn one_consent_reaches_both_products() {
    let world = World::new(2, settings(30, 20)).await;
    let linked = world.consent_at("yahoo".to_owned()).await;
    let found = linked.reached.accounts;
    for platform in [SEARCH, DISPLAY] {
        let of_platform = found.iter().filter(|one| one.platform.as_str() == platform);
        assert_eq!(of_platform.count(), 2, "{platform}");
    }
    let now = world.clock.now();
    let accounts = choose(&world.store, &linked.grant, found, now)
        .await
        .unwrap();
    for account in &accounts {
        world.until_complete(account).await;
        world.equals_truth(account).await;
    }
    assert_eq!(accounts.len(), 4);
}

#[rstest]
#[case::search(SEARCH)]
#[case::display(DISPLAY)]
#[tokio::test]
async fn days_of_refreshes_with_tokens_of_an_hour_follow_every_restatement(#[case] platform: &str) {
    scenarios::days_of_restatements(platform).await;
}

#[rstest]
#[case::a_rate_limit(Fault::RateLimited, None, 2)]
#[case::too_much_at_a_time(Fault::RateLimited, Some("130001"), 4)]
#[case::a_server_error(Fault::ServerError, None, 2)]
#[case::a_busy_server(Fault::ServerError, Some("busy"), 2)]
#[case::maintenance(Fault::ServerError, Some("maintenance"), 2)]
#[case::a_server_that_is_down(Fault::ServerError, None, 20)]
#[case::slow_reports(Fault::SlowReport, Some("9"), 3)]
#[case::failed_reports(Fault::FailedReport, None, 1)]
#[case::reports_too_large(Fault::ReduceData, None, 5)]
#[case::malformed_answers(Fault::MalformedJson, None, 2)]
#[case::answers_that_break_off(Fault::TruncatedBody, None, 2)]
#[case::broken_connections(Fault::ConnectionReset, None, 2)]
#[case::a_permission_that_comes_back(Fault::PermissionLost, None, 1)]
#[tokio::test]
async fn a_backfill_in_bad_weather_ends_as_the_truth(
    #[case] fault: Fault,
    #[case] flavour: Option<&str>,
    #[case] times: u32,
    #[values(SEARCH, DISPLAY)] platform: &str,
) {
    scenarios::bad_weather(platform, fault, flavour, times).await;
}

#[tokio::test]
async fn a_consent_that_is_taken_back_keeps_the_data_and_a_new_one_catches_up() {
    scenarios::consent_taken_back_and_given_again(SEARCH).await;
}
