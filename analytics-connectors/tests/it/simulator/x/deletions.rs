use std::collections::BTreeMap;

use chrono::Duration;
use serde_json::Value;

use super::{PUBLIC, X, day_of, first_id, ids, is_repost, midnight, published, tail, word};

/// Every own post that was ever seen on the days before `days` ago until now, with the last day on
/// which it was there.
async fn watch(x: &X, days: i64) -> BTreeMap<String, i64> {
    let now = x.now();
    let mut seen = BTreeMap::new();
    for ago in (0..=days).rev() {
        x.set(now - Duration::days(ago));
        let own = x
            .all(0, &[("tweet.fields", PUBLIC), ("exclude", "retweets")])
            .await;
        seen.extend(own.iter().map(|row| (first_id(row), ago)));
    }
    x.set(now);
    seen
}

#[tokio::test]
async fn some_posts_are_taken_away_at_midnight_in_tokyo() {
    let x = X::start().await;
    let now = x.now();
    let seen = watch(&x, 120).await;
    let gone: Vec<_> = seen.iter().filter(|(_, ago)| **ago > 0).collect();
    assert!(
        (1..=15).contains(&gone.len()),
        "{} posts were deleted",
        gone.len()
    );
    for (id, ago) in gone {
        let last = day_of(now - Duration::days(*ago));
        let at = midnight(last.succ_opt().unwrap());
        let life = last.succ_opt().unwrap() - day_of(published(id));
        assert!((1..=60).contains(&life.num_days()), "{id} lived {life}");
        x.set(at - Duration::seconds(1));
        let found = x.get("tweets", &[("ids", id)]).await;
        assert_eq!(ids(found.rows()), [id.as_str()], "{id} is still there");
        x.set(at);
        let missing = x.get("tweets", &[("ids", id)]).await;
        assert_eq!(missing.body["data"], Value::Null);
        assert_eq!(tail(&missing.body["errors"][0]), "resource-not-found");
    }
}

#[tokio::test]
async fn an_edited_post_has_another_id_from_then_on_and_keeps_its_figures() {
    let x = X::with(5).await;
    let mut edited = 0;
    for n in [0, 4] {
        let fields = ("tweet.fields", PUBLIC);
        let all = x.all(n, &[fields, ("exclude", "retweets")]).await;
        for row in &all {
            let history = row["edit_history_tweet_ids"].as_array().unwrap();
            let (first, id) = (first_id(row), word(row, "id"));
            if history.len() == 1 {
                assert_eq!(first, id);
                continue;
            }
            edited += 1;
            assert_eq!((history.len(), history[1].as_str()), (2, Some(&*id)));
            let (before, at) = (published(&first), published(&id));
            assert!(at > before && at - before < Duration::minutes(30));
            // Each version is found by its own id.
            let both = format!("{first},{id}");
            let found = x.get("tweets", &[fields, ("ids", &both)]).await;
            assert_eq!(ids(found.rows()), [first.clone(), id.clone()]);
            let figures = |at: usize| &found.rows()[at]["public_metrics"];
            assert_eq!(figures(0), figures(1));
            let now = x.now();
            x.set(at - Duration::seconds(1));
            let then = x.page(n, &[("max_results", "5")]).await;
            assert_eq!(ids(then.rows())[0], first);
            assert_eq!(
                then.rows()[0]["edit_history_tweet_ids"],
                serde_json::json!([first])
            );
            let early = x.get("tweets", &[("ids", &id)]).await;
            assert_eq!(tail(&early.body["errors"][0]), "resource-not-found");
            x.set(now);
        }
        assert!(all.iter().all(|row| !is_repost(row)));
    }
    assert!((5..80).contains(&edited), "{edited} posts were edited");
}
