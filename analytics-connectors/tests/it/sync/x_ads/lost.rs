//! Orders that are taken and whose answers get lost: no report is made twice.

use analytics_connectors::simulator::Fault;
use rstest::rstest;

use super::{World, X_ADS, orders, settings};

/// How many orders a first fetch takes; with a fault, of which three get no answer.
async fn backfill(fault: Option<Fault>) -> u64 {
    let world = World::new(1, settings(60, 40)).await;
    let account = world.link_platform(X_ADS).await.remove(0);
    if let Some(fault) = fault {
        let faults = world.sim.faults();
        faults.inject_flavour(fault, X_ADS, 3, 1, Some("lost-order"));
    }
    let runs = world.until_complete(&account).await;
    assert_eq!(runs.len() > 1, fault.is_some(), "{runs:#?}");
    assert_eq!(world.sim.faults().pending(), []);
    world.equals_truth(&account).await;
    orders(&world, 200) + orders(&world, 503)
}

#[rstest]
#[case::broken_connections(Fault::ConnectionReset)]
#[case::failures(Fault::ServerError)]
#[tokio::test]
async fn a_backfill_orders_every_report_once(#[case] fault: Fault) {
    let usual = backfill(None).await;
    assert!(usual > 3);
    assert_eq!(backfill(Some(fault)).await, usual);
}
