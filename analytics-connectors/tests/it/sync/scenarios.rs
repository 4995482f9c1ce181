//! What every platform of ads must live through against the simulator.

use analytics_connectors::{clock::Clock, simulator::Fault, sync::Ended};
use analytics_core::model::AccountState;
use chrono::Duration;

use super::world::{World, settings};

/// The consent is taken back: what is stored stays, and a new consent catches up.
pub(super) async fn consent_taken_back_and_given_again(platform: &str) {
    let world = World::new(1, settings(30, 20)).await;
    let account = world.link_platform(platform).await.remove(0);
    world.until_complete(&account).await;
    world.clock.set(world.clock.now() + Duration::days(2));
    let faults = world.sim.faults();
    faults.inject(Fault::RevokeToken, platform, 1, 0);
    let outcome = world.reconcile(&account).await;
    assert_eq!(outcome.ended, Ended::NeedsRelink);
    let (home, id) = (world.workspace, account.id);
    let kept = world.store.account(home, id).await.unwrap();
    assert_eq!(kept.state, AccountState::NeedsRelink);
    world.equals_truth(&account).await;
    world.link_platform(platform).await;
    assert_eq!(world.reconcile(&account).await.ended, Ended::Complete);
    world.equals_truth(&account).await;
}

/// Something goes wrong during the first fetch, after two calls: in the end there is the truth.
pub(super) async fn bad_weather(platform: &str, fault: Fault, flavour: Option<&str>, times: u32) {
    let world = World::new(1, settings(60, 40)).await;
    let account = world.link_platform(platform).await.remove(0);
    let faults = world.sim.faults();
    faults.inject_flavour(fault, platform, times, 2, flavour);
    let outcomes = world.until_complete(&account).await;
    assert_eq!(faults.pending(), [], "the fault never happened");
    assert_eq!(outcomes.last().unwrap().ended, Ended::Complete);
    world.equals_truth(&account).await;
}

/// Nine days of refreshes, with tokens that live for hours: every restatement is followed.
pub(super) async fn days_of_restatements(platform: &str) {
    let world = World::new(1, settings(120, 30)).await;
    let account = world.link_platform(platform).await.remove(0);
    let mut revisions = 0;
    for _ in 0..9 {
        let outcomes = world.until_complete(&account).await;
        let of_run = outcomes.iter().map(|outcome| outcome.revisions);
        revisions += of_run.sum::<u64>();
        world.equals_truth(&account).await;
        world.clock.set(world.clock.now() + Duration::days(1));
    }
    assert!(revisions > 0, "conversions come late");
}
