use chrono::Duration;
use serde_json::Value;

use super::{PRIVATE, X, ids, tail, word};

#[tokio::test]
async fn posts_are_looked_up_by_id_as_timelines_show_them() {
    let x = X::start().await;
    let fields = ("tweet.fields", "created_at,public_metrics");
    let all = x.page(0, &[fields, ("max_results", "100")]).await;
    let asked = ids(all.rows()).join(",");
    let found = x.get("tweets", &[fields, ("ids", &asked)]).await;
    assert_eq!((found.status, &found.body["errors"]), (200, &Value::Null));
    assert_eq!(found.rows(), all.rows());
}

#[tokio::test]
async fn unknown_posts_are_errors_among_good_ones() {
    let x = X::start().await;
    let known = ids(x.page(0, &[]).await.rows())[0].clone();
    let unknown = "1999999999999999999";
    let asked = format!("{unknown},{known}");
    let found = x.get("tweets", &[("ids", &asked)]).await;
    assert_eq!((found.status, ids(found.rows())), (200, vec![known]));
    let errors = found.body["errors"].as_array().unwrap();
    assert_eq!((errors.len(), tail(&errors[0])), (1, "resource-not-found"));
    assert_eq!(errors[0]["resource_id"], unknown);
    let nothing = x.get("tweets", &[("ids", unknown)]).await;
    assert_eq!((nothing.status, &nothing.body["data"]), (200, &Value::Null));
}

#[tokio::test]
async fn a_post_of_the_future_is_unknown() {
    let x = X::start().await;
    let now = x.now();
    x.set(now + Duration::days(10));
    let later = ids(x.page(0, &[]).await.rows())[0].clone();
    assert_eq!(x.get("tweets", &[("ids", &later)]).await.rows().len(), 1);
    x.set(now);
    let found = x.get("tweets", &[("ids", &later)]).await;
    assert_eq!(tail(&found.body["errors"][0]), "resource-not-found");
}

#[tokio::test]
async fn private_figures_are_those_of_ones_own_posts() {
    let x = X::start().await;
    let path = format!("users/{}/tweets", x.id(1));
    let theirs = x.get(&path, &[("tweet.fields", PRIVATE)]).await;
    assert_eq!((theirs.status, theirs.rows().len()), (200, 10));
    assert!(
        theirs
            .rows()
            .iter()
            .all(|row| row["non_public_metrics"].is_null())
    );
    assert!(
        theirs
            .rows()
            .iter()
            .all(|row| row["public_metrics"].is_object())
    );
    assert_eq!(theirs.body["errors"].as_array().unwrap().len(), 20);
    let id = word(&theirs.rows()[0], "id");
    let one = x
        .get("tweets", &[("tweet.fields", PRIVATE), ("ids", &id)])
        .await;
    assert_eq!(tail(&one.body["errors"][0]), "not-authorized-for-field");
    assert_eq!(one.rows().len(), 1);
}

#[tokio::test]
async fn protected_posts_are_for_their_author() {
    let x = X::start().await;
    let own = x.page(2, &[]).await;
    assert_eq!(own.rows().len(), 10);
    let path = format!("users/{}/tweets", x.id(2));
    let hidden = x.get(&path, &[]).await;
    assert_eq!((hidden.status, &hidden.body["data"]), (200, &Value::Null));
    assert_eq!(
        tail(&hidden.body["errors"][0]),
        "not-authorized-for-resource"
    );
    let id = word(&own.rows()[0], "id");
    let hidden = x.get("tweets", &[("ids", &id)]).await;
    assert_eq!(hidden.body["data"], Value::Null);
    assert_eq!(
        tail(&hidden.body["errors"][0]),
        "not-authorized-for-resource"
    );
}
