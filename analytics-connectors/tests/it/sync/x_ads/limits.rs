//! Orders of reports are limited by the minute.

use analytics_connectors::{
    clock::Clock,
    http::{HttpClient, HttpSettings, Request},
    oauth::oauth1::{Signer, TokenPair},
    platforms::x_ads::Config,
    sync::{Ended, SyncSettings},
};
use analytics_core::model::Account;
use chrono::{DateTime, Duration, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::{World, X_ADS, orders, settings};

/// Of an account, in a minute.
const ORDERS: u64 = 450;

/// Somebody else with a role on the account, whose software orders as much as it may.
async fn use_up(world: &World, account: &Account) {
    let consent = world.click_through(X_ADS).await;
    let token = consent.tokens.access_token;
    let env = world.sim.env();
    let of = |name: &str| {
        let name = format!("ANALYTICS_X_ADS_{name}");
        env.iter()
            .find(|(known, _)| *known == name)
            .unwrap()
            .1
            .clone()
    };
    let signer = Signer {
        consumer_key: of("CLIENT_ID"),
        consumer_secret: SecretString::from(of("CLIENT_SECRET")),
        token: TokenPair::parse(token.expose_secret()),
        more: Vec::new(),
    };
    let address = format!(
        "{}/12/stats/jobs/accounts/{}",
        of("BASE_URL"),
        account.external_id
    );
    let order = Request::post("order nothing", address.parse().unwrap()).signed(signer);
    let http = HttpClient::new(HttpSettings::default(), world.clock.clone()).unwrap();
    for _ in 0..ORDERS {
        assert_eq!(http.send(X_ADS, &order).await.unwrap().status, 400);
    }
}

#[tokio::test]
async fn whoever_used_it_up_the_connector_waits_for_the_next_minute() {
    let world = World::new(1, settings(60, 40)).await;
    let account = world.link_platform(X_ADS).await.remove(0);
    let start: DateTime<Utc> = world.clock.now();
    use_up(&world, &account).await;
    let outcome = world.reconcile(&account).await;
    assert_eq!(outcome.ended, Ended::Waiting, "{outcome:#?}");
    // As many as go at the same time.
    let refused = orders(&world, 429);
    let at_once = u64::from(Config::default().concurrency);
    assert!((1..=at_once).contains(&refused), "{refused}");
    assert_eq!(orders(&world, 200), 0);
    let told = start + Duration::minutes(1);
    assert!(outcome.next_attempt_at.unwrap() >= told, "{outcome:#?}");
    // Who tries before is not even asked.
    world.clock.set(start + Duration::seconds(20));
    assert_eq!(world.reconcile(&account).await.ended, Ended::Waiting);
    assert_eq!(orders(&world, 429), refused);
    world.clock.set(outcome.next_attempt_at.unwrap());
    world.until_complete(&account).await;
    assert_eq!(orders(&world, 429), refused);
    assert!(orders(&world, 200) > 0);
    world.equals_truth(&account).await;
}

/// The clock stands still: all of it happens within one minute.
#[tokio::test]
async fn a_first_fetch_of_the_usual_depth_stays_below_it() {
    let usual = SyncSettings::default();
    let world = World::new(
        1,
        settings(usual.upper_history_days, usual.lower_history_days),
    )
    .await;
    let account = world.link_platform(X_ADS).await.remove(0);
    assert_eq!(world.until_complete(&account).await.len(), 1);
    assert_eq!(orders(&world, 429), 0);
    let made = orders(&world, 200);
    assert!((1..ORDERS).contains(&made), "{made}");
}

/// A rest lets a second's requests through at once, and those of a minute after them.
#[test]
fn at_its_pace_the_connector_cannot_meet_it() {
    let per_second = u64::from(Config::default().requests_per_second.get());
    assert!(per_second + 60 * per_second <= ORDERS, "{per_second}");
}
