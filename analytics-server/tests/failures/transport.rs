//! What was handed over is forgotten: the queue is wiped.

use crate::harness::{AT_ONCE, Database, Plan, Setup, Stage, on_every_setup};

on_every_setup!(wiped);

/// Three accounts, one at a time: two of them are queued when the queue is wiped. In a process of
/// its own it is wiped by the end of the process.
async fn wiped(setup: Setup) {
    let plan = Plan {
        accounts: 3,
        env: vec![("ANALYTICS_WORKERS", "1".to_owned())],
        ..Plan::default()
    };
    let stage = Stage::set(setup, plan).await;
    stage.vendor.hold_after(7);
    let services = stage.start_all();
    stage.vendor.somebody_waits().await;
    let services = match &stage.database {
        Database::Sqlite(_) => {
            for service in services {
                service.kill();
            }
            stage.start_all()
        }
        Database::Postgres {
            redis: Some(redis), ..
        } => {
            redis.flush_all().unwrap();
            services
        }
        Database::Postgres { .. } => {
            stage.wipe_queue();
            services
        }
    };
    stage.vendor.open();
    // Only where the process ended, what was under way is lost.
    let lost = if setup == Setup::Sqlite { AT_ONCE } else { 0 };
    stage.all_is_well(lost).await;
    drop(services);
}
