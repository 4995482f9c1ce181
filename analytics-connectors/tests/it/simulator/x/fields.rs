use std::collections::BTreeSet;

use chrono::Duration;
use serde_json::{Value, json};

use super::{PRIVATE, PUBLIC, X, created, is_repost, tail, word};

fn names(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[tokio::test]
async fn only_what_was_asked_for_is_told_and_unknown_fields_do_no_harm() {
    let x = X::start().await;
    let plain = x.page(0, &[]).await;
    let default = BTreeSet::from(["edit_history_tweet_ids", "id", "text"]);
    assert!(plain.rows().iter().all(|row| names(row) == default));
    let fields = [("tweet.fields", "lang,impressions,created_at")];
    let some = x.page(0, &fields).await;
    let more = BTreeSet::from(["created_at", "edit_history_tweet_ids", "id", "lang", "text"]);
    assert_eq!((some.status, names(&some.rows()[0])), (200, more));
    assert_eq!(some.rows()[0]["lang"], "ja");
    assert_eq!(some.body["errors"], Value::Null);
    assert!(
        some.rows()[0]["id"]
            .as_str()
            .unwrap()
            .parse::<u64>()
            .unwrap()
            > 1 << 53
    );
}

#[tokio::test]
async fn posts_and_users_have_two_dialects() {
    let x = X::start().await;
    let fields = "public_metrics,organic_metrics,referenced_tweets,referenced_posts";
    let old = x.page(0, &[("tweet.fields", fields)]).await;
    let new = x.page(0, &[("post.fields", fields)]).await;
    for (page, history, count, other) in [
        (
            &old,
            "edit_history_tweet_ids",
            "retweet_count",
            "repost_count",
        ),
        (
            &new,
            "edit_history_post_ids",
            "repost_count",
            "retweet_count",
        ),
    ] {
        for row in page.rows() {
            assert!(row[history].is_array());
            for metrics in ["public_metrics", "organic_metrics"] {
                if row[metrics].is_object() {
                    assert!(row[metrics][count].is_i64() && row[metrics][other].is_null());
                }
            }
        }
    }
    let pairs = old.rows().iter().zip(new.rows());
    for (old, new) in pairs {
        let count = |row: &Value, name: &str| row["public_metrics"][name].clone();
        assert_eq!(count(old, "retweet_count"), count(new, "repost_count"));
        assert_eq!(old["referenced_tweets"], new["referenced_posts"]);
        assert!(old["referenced_posts"].is_null());
    }
    let user = [("user.fields", "public_metrics")];
    let old = x.get("users/me", &user).await.body["data"]["public_metrics"].clone();
    let user = [
        ("user.fields", "public_metrics"),
        ("post.fields", "created_at"),
    ];
    let new = x.get("users/me", &user).await.body["data"]["public_metrics"].clone();
    assert!(old["tweet_count"].is_i64() && old["post_count"].is_null());
    assert!(new["tweet_count"].is_null() && new["post_count"] == old["tweet_count"]);
}

#[tokio::test]
async fn private_figures_are_told_of_own_posts_of_thirty_days() {
    let x = X::start().await;
    let page = x
        .page(0, &[("tweet.fields", PRIVATE), ("max_results", "100")])
        .await;
    assert_eq!(page.status, 200);
    let errors = page.body["errors"].as_array().unwrap();
    let (mut young, mut old) = (0, 0);
    let plain = x
        .page(0, &[("tweet.fields", PUBLIC), ("max_results", "100")])
        .await;
    for (row, known) in page.rows().iter().zip(plain.rows()) {
        let refused = errors
            .iter()
            .filter(|error| error["resource_id"] == row["id"]);
        let refused: Vec<&str> = refused
            .map(|error| error["field"].as_str().unwrap())
            .collect();
        if is_repost(known) || x.now() - created(row) > Duration::days(30) {
            assert_eq!(refused, ["non_public_metrics", "organic_metrics"]);
            assert!(row["non_public_metrics"].is_null() && row["organic_metrics"].is_null());
            old += 1;
        } else {
            assert!(refused.is_empty());
            let (all, part) = (&row["public_metrics"], &row["organic_metrics"]);
            let private = &row["non_public_metrics"];
            assert_eq!(private["impression_count"], all["impression_count"]);
            for name in [
                "impression_count",
                "like_count",
                "reply_count",
                "retweet_count",
            ] {
                assert!(part[name].as_i64().unwrap() <= all[name].as_i64().unwrap());
            }
            young += 1;
            assert!(private["engagements"].is_i64() && private["user_profile_clicks"].is_i64());
        }
    }
    assert!(young > 15 && old > 50, "{young} young, {old} old");
    assert!(
        errors
            .iter()
            .all(|error| tail(error) == "not-authorized-for-field")
    );
}

#[tokio::test]
async fn private_figures_end_with_the_thirtieth_day_to_the_second() {
    let x = X::start().await;
    let plain = x
        .page(0, &[("tweet.fields", PUBLIC), ("exclude", "retweets")])
        .await;
    let (id, at) = (word(&plain.rows()[0], "id"), created(&plain.rows()[0]));
    let fields = [("tweet.fields", PRIVATE), ("ids", &*id)];
    x.set(at + Duration::days(30));
    let last = x.get("tweets", &fields).await;
    assert!(last.rows()[0]["non_public_metrics"].is_object());
    assert!(last.rows()[0]["organic_metrics"].is_object());
    assert!(last.body["errors"].is_null());
    x.set(at + Duration::days(30) + Duration::seconds(1));
    let over = x.get("tweets", &fields).await;
    assert!(over.rows()[0]["non_public_metrics"].is_null());
    assert!(over.rows()[0]["public_metrics"].is_object());
    assert_eq!(over.body["errors"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn clicks_on_links_are_told_of_posts_with_a_link() {
    let x = X::start().await;
    let fields = [
        ("tweet.fields", "entities,non_public_metrics"),
        ("max_results", "25"),
    ];
    let page = x.page(0, &fields).await;
    let (mut with, mut without) = (0, 0);
    for row in page.rows() {
        let private = &row["non_public_metrics"];
        if private.is_null() {
            continue;
        }
        let linked = row["entities"]["urls"][0]["expanded_url"].is_string();
        assert_eq!(private["url_link_clicks"].is_i64(), linked, "{row}");
        *(if linked { &mut with } else { &mut without }) += 1;
    }
    assert!(with > 2 && without > 2, "{with} with, {without} without");
}

#[tokio::test]
async fn users_have_figures_and_protected_ones_say_so() {
    let x = X::start().await;
    let fields = "public_metrics,created_at,username,name,profile_image_url,verified,protected";
    let fields = [("user.fields", fields)];
    let me = x.get("users/me", &fields).await.body["data"].clone();
    assert_eq!(
        (&me["id"], &me["username"]),
        (&x.id(0).into(), &"midori_coffee".into())
    );
    assert_eq!(me["protected"], false);
    let figures = me["public_metrics"].as_object().unwrap();
    let expected = [
        "followers_count",
        "following_count",
        "like_count",
        "listed_count",
        "media_count",
        "tweet_count",
    ];
    assert!(figures.keys().eq(expected.iter()), "{figures:?}");
    assert!(figures.values().all(|figure| figure.as_i64().unwrap() > 0));
    let all = x.all(0, &[]).await;
    assert_eq!(
        figures["tweet_count"],
        all.len(),
        "every post can be reached"
    );
    let third = x.get(&format!("users/{}", x.id(2)), &fields).await;
    assert_eq!(third.body["data"]["protected"], true);
    let plain = x.get("users/me", &[]).await;
    let default = BTreeSet::from(["id", "name", "username"]);
    assert_eq!(names(&plain.body["data"]), default);
}

#[tokio::test]
async fn what_is_expanded_is_included() {
    let x = X::start().await;
    let page = x
        .page(
            0,
            &[
                ("tweet.fields", "attachments"),
                ("expansions", "attachments.media_keys,author_id"),
                ("media.fields", "duration_ms"),
                ("max_results", "50"),
            ],
        )
        .await;
    let keys: Vec<&Value> = page.rows().iter().map(|row| &row["attachments"]).collect();
    let keys = keys.into_iter().filter(|value| !value.is_null());
    let keys: Vec<Value> = keys.map(|value| value["media_keys"][0].clone()).collect();
    let media = page.body["includes"]["media"].as_array().unwrap();
    let told: Vec<Value> = media
        .iter()
        .map(|medium| medium["media_key"].clone())
        .collect();
    assert!(!keys.is_empty());
    assert_eq!(told, keys);
    assert!(media.iter().all(|medium| medium["duration_ms"].is_i64()));
    let users = &page.body["includes"]["users"];
    assert_eq!(
        users,
        &json!([{ "id": x.id(0), "name": "みどり珈琲", "username": "midori_coffee" }])
    );
    assert!(x.page(0, &[]).await.body["includes"].is_null());
    assert_eq!(word(&users[0], "id"), x.id(0));
}
