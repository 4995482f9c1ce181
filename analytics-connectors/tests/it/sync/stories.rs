//! Stories against the simulator: they count by the minute and are gone after a day.

use std::collections::BTreeMap;

use analytics_connectors::clock::Clock;
use analytics_core::model::Level;
use chrono::Duration;

use super::{
    media::PROFILE,
    world::{World, settings},
};

#[tokio::test]
async fn stories_are_read_until_shortly_before_they_are_gone() {
    let world = World::new(1, settings(3, 3)).await;
    let account = world.link_platform(PROFILE).await.remove(0);
    let linked = world.clock.now();
    let mut in_the_end = BTreeMap::new();
    while world.clock.now() < linked + Duration::days(8) {
        let next = world.reconcile(&account).await.next_attempt_at.unwrap();
        let minutes = (next - world.clock.now()).num_minutes();
        assert!((1..=180).contains(&minutes), "{next}");
        world.clock.set(next);
        for story in world.posts(&account).await {
            let details = story.post.as_ref().unwrap();
            let Some(ends_at) = details.ends_at else {
                continue;
            };
            assert_eq!(ends_at - details.published_at, Duration::days(1));
            // The platform answers for another day after a story is gone.
            let told = ends_at <= next && next < ends_at + Duration::days(1);
            if told && details.published_at > linked {
                let views = world.views_of(&story.external_id).await;
                in_the_end.insert(story.external_id, views);
            }
        }
    }
    assert!(!in_the_end.is_empty(), "there are stories");
    let stored = world.stored(&account, Level::Post).await;
    for (story, views) in in_the_end {
        let of = |metric: &str| -> Vec<i64> {
            let of_story = stored
                .iter()
                .filter(|(post, of, _, _)| *post == story && of.as_str() == metric);
            of_story.map(|(_, _, _, value)| *value).collect()
        };
        let (totals, amounts) = (of("views_lifetime"), of("views"));
        assert!(totals.is_sorted(), "{totals:?}");
        let last = *totals.last().unwrap();
        assert!(
            last <= views && (last + 1_000_000) * 24 >= views * 21,
            "{last} of {views}"
        );
        assert_eq!(amounts.iter().sum::<i64>(), last, "of its days together");
    }
}

impl World {
    /// What the platform tells of a post now, in millionths.
    async fn views_of(&self, post: &str) -> i64 {
        let known = self.sim.accounts().into_iter();
        let token = known
            .filter(|known| known.platform == PROFILE)
            .map(|known| known.token)
            .next()
            .unwrap();
        let address = format!("{}/meta/v26.0/{post}/insights", self.sim.base_url());
        let answer = reqwest::Client::new()
            .get(address)
            .query(&[("metric", "views")])
            .bearer_auth(token)
            .send()
            .await
            .unwrap();
        let body: serde_json::Value = answer.json().await.unwrap();
        let told = body["data"][0]["values"][0]["value"].as_i64();
        told.unwrap_or_else(|| panic!("{body}")) * 1_000_000
    }
}
