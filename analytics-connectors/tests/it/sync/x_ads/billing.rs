//! Spend is an estimate for two weeks: every correction is followed, and what stood before is kept.

use analytics_connectors::clock::Clock;
use analytics_core::model::{DateRange, Level};
use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::{World, X_ADS, settings};
use crate::sync::world::Row;

/// Days on which figures other than spend and conversions move.
const LOCKED: i64 = 3;
const SETTLED: i64 = 14;

fn spends(mut rows: Vec<Row>, range: DateRange) -> Vec<Row> {
    rows.retain(|row| row.1.as_str() == "spend" && range.contains(row.2));
    rows
}

/// What fell between two refreshes of these days.
fn fell(before: &[Row], after: &[Row]) -> Vec<NaiveDate> {
    let same = |row: &Row, other: &Row| (&row.0, row.2) == (&other.0, other.2);
    let now = |row: &Row| after.iter().find(|other| same(row, other)).map(|row| row.3);
    let fallen = before
        .iter()
        .filter(|row| now(row).is_some_and(|now| now < row.3));
    fallen.map(|row| row.2).collect()
}

#[tokio::test]
async fn corrections_of_two_weeks_are_followed_and_former_values_kept() {
    let world = World::new(1, settings(30, 20)).await;
    let account = world.link_platform(X_ADS).await.remove(0);
    let today = |world: &World| world.clock.today(account.time_zone);
    let end = today(&world) - Duration::days(1);
    let watched = DateRange::new(end - Duration::days(4), end).unwrap();
    let level = Level::Campaign;
    let mut seen: Vec<(DateTime<Utc>, Vec<Row>)> = Vec::new();
    let mut late_falls = 0;
    for _ in 0..SETTLED + 4 {
        world.until_complete(&account).await;
        world.equals_truth(&account).await;
        let now = spends(world.stored(&account, level).await, watched);
        if let Some((_, before)) = seen.last() {
            let fallen = fell(before, &now).into_iter();
            let ages = fallen.map(|date| (today(&world) - date).num_days());
            late_falls += ages.filter(|age| *age > LOCKED).count();
            // The youngest of the days is the last to settle.
            if (today(&world) - watched.end).num_days() > SETTLED {
                assert_eq!(*before, now, "nothing moves any more");
            }
        }
        seen.push((world.clock.now(), now));
        world.clock.set(world.clock.now() + Duration::days(1));
    }
    assert!(late_falls > 3, "{late_falls}");
    let (_, last) = seen.last().unwrap();
    let in_the_end = world.clock.now() + Duration::days(60);
    let truth = world.truth(&account, level, watched, in_the_end);
    assert_eq!(*last, spends(truth, watched), "no correction was missed");
    for (moment, then) in &seen {
        let known = world.known_at(&account, level, *moment, watched).await;
        assert_eq!(spends(known, watched), *then, "as known at {moment}");
    }
}
