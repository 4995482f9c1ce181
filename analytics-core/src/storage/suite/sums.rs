//! The account's own amounts where only its posts are told, and texts that must not outlive them.

use super::{
    fixture::{ACCOUNT, World, day},
    snapshots::{post, snapshot},
};
use crate::{
    model::{DateRange, Level, MetricGap, Slice},
    storage::{EntityFilter, Store},
};

/// A snapshot whose likes are added up at account level.
fn summing(world: &World, date: i64, counters: &[(&str, &str, i64)]) -> Slice {
    let posts = [post("old", -50), post("new", 11)];
    let told = |id: &str| counters.iter().any(|(entity, ..)| *entity == id);
    let posts: Vec<_> = posts
        .into_iter()
        .filter(|post| told(&post.external_id))
        .collect();
    Slice {
        sums: vec!["likes".into()],
        ..snapshot(world, date, &posts, counters)
    }
}

/// (number of the day, likes) at account level.
async fn likes(store: &dyn Store, world: &World) -> Vec<(i64, i64)> {
    let facts = world.facts(store, Level::Account).await;
    facts
        .into_iter()
        .map(|((entity, metric, date), value)| {
            assert_eq!((entity.as_str(), metric.as_str()), (ACCOUNT, "likes"));
            ((date - day(0)).num_days(), value)
        })
        .collect()
}

/// What posts rose by on a day is what the account got; a day whose posts got nothing is covered.
pub async fn amounts_of_posts_add_up_to_the_accounts_own(store: &dyn Store) {
    let world = World::new(store).await;
    for slice in [
        summing(&world, 10, &[("old", "likes", 100)]),
        summing(&world, 11, &[("old", "likes", 98), ("new", "likes", 7)]),
        summing(&world, 12, &[("old", "likes", 98), ("new", "likes", 7)]),
        summing(&world, 13, &[("old", "likes", 97), ("new", "likes", 7)]),
    ] {
        store
            .save_slice(world.workspace, None, &slice)
            .await
            .unwrap();
    }
    assert_eq!(likes(store, &world).await, [(11, 5), (13, -1)]);
    let coverage = store
        .coverage(world.workspace, world.account.id)
        .await
        .unwrap();
    let account: Vec<_> = coverage
        .iter()
        .filter(|one| one.level == Level::Account)
        .flat_map(|one| &one.covered)
        .map(|run| (run.range.start, run.range.end))
        .collect();
    assert_eq!(account.first().map(|run| run.0), Some(day(10)));
    assert_eq!(account.last().map(|run| run.1), Some(day(13)));
}

/// What posts collected that are read now and then only is no amount of one day.
pub async fn posts_of_before_the_window_are_not_added_up(store: &dyn Store) {
    let world = World::new(store).await;
    for (date, old, new) in [(10, 100, None), (11, 160, Some(7)), (12, 160, Some(9))] {
        let mut counters = vec![("old", "likes", old)];
        counters.extend(new.map(|new| ("new", "likes", new)));
        let slice = Slice {
            sums_since: Some(day(11)),
            ..summing(&world, date, &counters)
        };
        store
            .save_slice(world.workspace, None, &slice)
            .await
            .unwrap();
    }
    assert_eq!(likes(store, &world).await, [(11, 7), (12, 2)]);
}

/// Read again, a day's sum is that of its amounts by then, those of posts that were not named again
/// included; the former sum is kept as a revision.
pub async fn reading_a_day_again_adds_up_again(store: &dyn Store) {
    let world = World::new(store).await;
    for slice in [
        summing(&world, 10, &[("old", "likes", 100)]),
        summing(&world, 11, &[("old", "likes", 130), ("new", "likes", 7)]),
        summing(&world, 11, &[("new", "likes", 9)]),
    ] {
        store
            .save_slice(world.workspace, None, &slice)
            .await
            .unwrap();
    }
    assert_eq!(likes(store, &world).await, [(11, 39)]);
    let revisions = store
        .revisions(world.workspace, world.account.id, super::fixture::at(0))
        .await
        .unwrap();
    let former: Vec<_> = revisions.iter().filter_map(|one| one.former).collect();
    assert!(
        former.iter().any(|value| value.0 == 37),
        "the former sum is kept: {former:?}"
    );
}

/// A day whose posts are not told a metric has no sum of it, which is not a sum of nothing.
pub async fn what_is_not_told_of_posts_is_not_added_up(store: &dyn Store) {
    let world = World::new(store).await;
    let refused = Slice {
        gaps: vec![MetricGap {
            metric: "likes".into(),
            range: DateRange::day(day(11)),
            reason: "not_supported".to_owned(),
        }],
        ..summing(&world, 11, &[])
    };
    for slice in [
        summing(&world, 10, &[("old", "likes", 100)]),
        refused,
        summing(&world, 12, &[("old", "likes", 130)]),
    ] {
        store
            .save_slice(world.workspace, None, &slice)
            .await
            .unwrap();
    }
    assert_eq!(likes(store, &world).await, [(12, 30)]);
    let gaps = store.gaps(world.workspace, world.account.id).await.unwrap();
    let told: Vec<_> = gaps
        .iter()
        .map(|run| (run.level, run.gap.range.start))
        .collect();
    assert!(told.contains(&(Level::Account, day(11))), "{told:?}");
}

/// Where nobody has looked for some days, nobody knows whether a post is still there: its text goes,
/// its figures stay.
pub async fn texts_of_posts_that_nobody_reads_are_erased(store: &dyn Store) {
    let world = World::new(store).await;
    let slice = snapshot(&world, 10, &[post("kept", 1)], &[("kept", "likes", 1)]);
    store
        .save_slice(world.workspace, None, &slice)
        .await
        .unwrap();
    let (platform, other) = (&world.account.platform, "other".into());
    let erase = async |platform, since| {
        let erased = store.erase_unread_texts(platform, day(since)).await;
        erased.unwrap()
    };
    assert_eq!(erase(platform, 10).await, 0, "it was read for that day");
    assert_eq!(erase(&other, 11).await, 0, "of another platform");
    assert_eq!(erase(platform, 11).await, 1);
    assert_eq!(erase(platform, 11).await, 0, "it has no text any more");
    let filter = EntityFilter {
        level: Some(Level::Post),
        ..EntityFilter::default()
    };
    let (posts, _) = store.entities(world.workspace, &filter).await.unwrap();
    let details = posts[0].post.as_ref().unwrap();
    assert_eq!((&posts[0].name, &details.text), (&None, &None));
    assert!(!world.facts(store, Level::Post).await.is_empty());
}

/// A post that is gone, or told without its text, loses it with its name; its figures stay.
pub async fn texts_that_are_not_told_any_more_are_erased(store: &dyn Store) {
    let world = World::new(store).await;
    let mut aged = post("aged", 2);
    let all = [post("kept", 1), aged.clone(), post("gone", 3)];
    let counters = ["kept", "aged", "gone"].map(|id| (id, "likes", 1));
    let texts = async || {
        let filter = EntityFilter {
            level: Some(Level::Post),
            ..EntityFilter::default()
        };
        let (mut posts, _) = store.entities(world.workspace, &filter).await.unwrap();
        posts.sort_by(|a, b| a.external_id.cmp(&b.external_id));
        posts
            .into_iter()
            .map(|one| {
                let text = one.post.as_ref().is_some_and(|post| post.text.is_some());
                (one.external_id, one.name.is_some(), text)
            })
            .collect::<Vec<_>>()
    };
    let told = |id: &str, has: bool| (id.to_owned(), has, has);
    let first = Slice {
        all_texts: true,
        ..snapshot(&world, 10, &all, &counters)
    };
    store
        .save_slice(world.workspace, None, &first)
        .await
        .unwrap();
    assert_eq!(
        texts().await,
        [told("aged", true), told("gone", true), told("kept", true)]
    );
    // Somebody else's feed says nothing of texts.
    let silent = snapshot(&world, 11, &all[..1], &counters[..1]);
    store
        .save_slice(world.workspace, None, &silent)
        .await
        .unwrap();
    assert_eq!(texts().await[1], told("gone", true));

    aged.name = None;
    if let Some(post) = &mut aged.post {
        post.text = None;
    }
    let next = Slice {
        all_texts: true,
        ..snapshot(&world, 12, &[post("kept", 1), aged], &counters[..2])
    };
    store
        .save_slice(world.workspace, None, &next)
        .await
        .unwrap();
    assert_eq!(
        texts().await,
        [told("aged", false), told("gone", false), told("kept", true)]
    );
    let facts = world.facts(store, Level::Post).await;
    assert!(
        facts.keys().any(|(post, ..)| post == "gone"),
        "its figures stay"
    );
}
