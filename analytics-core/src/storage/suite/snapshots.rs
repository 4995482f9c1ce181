//! Snapshots: lifetime totals, and the daily amounts that they make.

use chrono::{DateTime, Utc};

use super::fixture::{World, at, day, days};
use crate::{
    Error,
    model::{CounterRecord, EntityRecord, Level, Millionths, PostDetails, Slice},
    storage::{EntityFilter, Store},
};

/// Noon of the day where the account lives.
fn noon(number: i64) -> DateTime<Utc> {
    let midnight = day(number).and_hms_opt(3, 0, 0).unwrap();
    midnight.and_utc()
}

pub(super) fn post(id: &str, published: i64) -> EntityRecord {
    EntityRecord {
        name: Some(format!("Post {id}")),
        permalink: Some(format!("https://example.com/{id}")),
        post: Some(PostDetails {
            published_at: noon(published),
            kind: Some("photo".to_owned()),
            text: Some(format!("The whole text of {id}")),
            ends_at: None,
        }),
        ..EntityRecord::new(Level::Post, id)
    }
}

fn counter((entity, metric, value): (&str, &str, i64)) -> CounterRecord {
    CounterRecord {
        entity: entity.into(),
        metric: metric.into(),
        value: Millionths(value),
    }
}

/// The snapshot of a day: which posts there are, and what they count.
pub(super) fn snapshot(
    world: &World,
    date: i64,
    posts: &[EntityRecord],
    counters: &[(&str, &str, i64)],
) -> Slice {
    Slice {
        metrics: ["likes", "likes_lifetime", "reach_lifetime"]
            .map(Into::into)
            .to_vec(),
        entities: posts.to_vec(),
        counters: counters.iter().copied().map(counter).collect(),
        ..Slice::new(
            world.account.id,
            Level::Post,
            "posts".into(),
            days(date, date),
            at(date * 86_400),
        )
    }
}

/// (post, metric, number of the day, value) of everything stored.
async fn told(store: &dyn Store, world: &World) -> Vec<(String, String, i64, i64)> {
    world
        .facts(store, Level::Post)
        .await
        .into_iter()
        .map(|((post, metric, date), value)| (post, metric, (date - day(0)).num_days(), value))
        .collect()
}

fn rows(rows: &[(&str, &str, i64, i64)]) -> Vec<(String, String, i64, i64)> {
    rows.iter()
        .map(|(post, metric, date, value)| {
            ((*post).to_owned(), (*metric).to_owned(), *date, *value)
        })
        .collect()
}

/// The first snapshot is a baseline; later ones give what was added since, negative differences
/// included; a post published in between starts from zero.
pub async fn snapshots_become_daily_amounts(store: &dyn Store) {
    let world = World::new(store).await;
    let save = async |slice: &Slice| {
        store
            .save_slice(world.workspace, None, slice)
            .await
            .unwrap()
    };
    let old = post("old", -100);
    save(&snapshot(
        &world,
        10,
        std::slice::from_ref(&old),
        &[("old", "likes", 100), ("old", "reach", 900)],
    ))
    .await;
    assert_eq!(
        told(store, &world).await,
        rows(&[
            ("old", "likes_lifetime", 10, 100),
            ("old", "reach_lifetime", 10, 900),
        ]),
        "a baseline gives no amount"
    );

    save(&snapshot(
        &world,
        11,
        &[old.clone(), post("new", 11)],
        &[
            ("old", "likes", 97),
            ("old", "reach", 905),
            ("new", "likes", 5),
        ],
    ))
    .await;
    // Nothing on the 12th: the machine was off.
    let receipt = save(&snapshot(
        &world,
        13,
        &[old, post("late", 12)],
        &[
            ("old", "likes", 97),
            ("new", "likes", 9),
            ("late", "likes", 2),
        ],
    ))
    .await;
    assert_eq!(receipt.facts, 2, "an amount of zero is no fact");
    assert_eq!(
        told(store, &world).await,
        rows(&[
            ("late", "likes", 13, 2),
            ("late", "likes_lifetime", 13, 2),
            ("new", "likes", 11, 5),
            ("new", "likes", 13, 4),
            ("new", "likes_lifetime", 11, 5),
            ("new", "likes_lifetime", 13, 9),
            ("old", "likes", 11, -3),
            ("old", "likes_lifetime", 10, 100),
            ("old", "likes_lifetime", 11, 97),
            ("old", "likes_lifetime", 13, 97),
            ("old", "reach_lifetime", 10, 900),
            ("old", "reach_lifetime", 11, 905),
        ])
    );
}

/// Reading a day again replaces what it tells of; a post that it does not name keeps its total and
/// its amount, so that nothing is lost between two readings.
pub async fn a_post_that_a_reading_does_not_name_keeps_its_amount(store: &dyn Store) {
    let world = World::new(store).await;
    let posts = [post("p1", -5), post("p2", -6)];
    for slice in [
        snapshot(
            &world,
            10,
            &posts,
            &[("p1", "likes", 60), ("p2", "likes", 5)],
        ),
        snapshot(
            &world,
            11,
            &posts,
            &[("p1", "likes", 100), ("p2", "likes", 6)],
        ),
        snapshot(&world, 11, &posts, &[("p2", "likes", 8)]),
        snapshot(&world, 11, &posts, &[]),
        snapshot(&world, 12, &posts, &[("p1", "likes", 110)]),
    ] {
        store
            .save_slice(world.workspace, None, &slice)
            .await
            .unwrap();
    }
    let amounts: Vec<_> = told(store, &world)
        .await
        .into_iter()
        .filter(|(_, metric, ..)| metric == "likes")
        .collect();
    assert_eq!(
        amounts,
        rows(&[
            ("p1", "likes", 11, 40),
            ("p1", "likes", 12, 10),
            ("p2", "likes", 11, 3),
        ])
    );
}

/// Posts that soon are gone are read while their day runs. That covers no day, and what was read
/// last stays when the day's own reading does not find them any more.
pub async fn what_soon_is_gone_is_read_while_its_day_runs(store: &dyn Store) {
    let world = World::new(store).await;
    let (old, story) = (post("old", -5), post("story", 12));
    let running = |value| Slice {
        partial: true,
        ..snapshot(
            &world,
            12,
            std::slice::from_ref(&story),
            &[("story", "likes", value)],
        )
    };
    let whole = |date| {
        snapshot(
            &world,
            date,
            std::slice::from_ref(&old),
            &[("old", "likes", date)],
        )
    };
    for slice in [whole(10), whole(11), running(7), running(9), whole(12)] {
        store
            .save_slice(world.workspace, None, &slice)
            .await
            .unwrap();
        if slice.partial {
            let coverage = store
                .coverage(world.workspace, world.account.id)
                .await
                .unwrap();
            let last = coverage[0].covered.last().unwrap().range.end;
            assert_eq!(last, day(11), "the running day is not covered");
        }
    }
    assert_eq!(
        told(store, &world).await,
        rows(&[
            ("old", "likes", 11, 1),
            ("old", "likes", 12, 1),
            ("old", "likes_lifetime", 10, 10),
            ("old", "likes_lifetime", 11, 11),
            ("old", "likes_lifetime", 12, 12),
            ("story", "likes", 12, 9),
            ("story", "likes_lifetime", 12, 9),
        ])
    );
}

/// What a post is reads back, and a fetch that does not know it does not erase it.
pub async fn posts_keep_what_they_are(store: &dyn Store) {
    let world = World::new(store).await;
    let known = post("p1", 3);
    let unknown = EntityRecord::new(Level::Post, "p1");
    for record in [&known, &unknown] {
        store
            .save_entities(
                world.workspace,
                world.account.id,
                std::slice::from_ref(record),
            )
            .await
            .unwrap();
    }
    let filter = EntityFilter {
        level: Some(Level::Post),
        ..EntityFilter::default()
    };
    let (posts, _) = store.entities(world.workspace, &filter).await.unwrap();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].post, known.post);
    assert_eq!(posts[0].permalink, known.permalink);
    let metrics = store.stored_metrics(world.workspace).await.unwrap();
    assert!(metrics.is_empty(), "a list of posts has no figures");
}

/// What would count something twice is refused whole.
pub async fn impossible_snapshots_are_refused(store: &dyn Store) {
    let world = World::new(store).await;
    let posts = [post("p1", 9)];
    let good = snapshot(&world, 10, &posts, &[("p1", "likes", 4)]);
    store
        .save_slice(world.workspace, None, &good)
        .await
        .unwrap();
    let next = snapshot(&world, 11, &posts, &[("p1", "likes", 6)]);
    store
        .save_slice(world.workspace, None, &next)
        .await
        .unwrap();
    // The same one again, as after a crash between saving and saying so.
    store
        .save_slice(world.workspace, None, &next)
        .await
        .unwrap();
    let before = told(store, &world).await;
    assert!(before.contains(&("p1".to_owned(), "likes".to_owned(), 11, 2)));

    let earlier = snapshot(&world, 10, &posts, &[("p1", "likes", 5)]);
    let twice = snapshot(
        &world,
        12,
        &posts,
        &[("p1", "likes", 7), ("p1", "likes", 8)],
    );
    let unborn = snapshot(&world, 12, &[post("p2", 13)], &[("p2", "likes", 1)]);
    let long = Slice {
        range: days(12, 13),
        ..snapshot(&world, 12, &posts, &[("p1", "likes", 7)])
    };
    for bad in [earlier, twice, unborn, long] {
        let refused = store.save_slice(world.workspace, None, &bad).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
    }
    assert_eq!(told(store, &world).await, before);
}
