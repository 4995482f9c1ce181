use chrono::Duration;

use super::{Answer, X, tail, word};

fn header(answer: &Answer, name: &str) -> i64 {
    let value = &answer.headers[format!("x-rate-limit-{name}").as_str()];
    value.to_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_user_may_ask_so_often_in_a_quarter_of_an_hour() {
    let x = X::start().await;
    let token = word(&x.log_in(x.id(0)).await, "access_token");
    let me = || x.get_as(&token, "users/me", &[]);
    let start = x.now();
    for left in (0..75).rev() {
        let answer = me().await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            (header(&answer, "limit"), header(&answer, "remaining")),
            (75, left)
        );
    }
    x.set(start + Duration::seconds(899));
    let refused = me().await;
    assert_eq!(
        (refused.status, &refused.body["title"]),
        (429, &"Too Many Requests".into())
    );
    assert_eq!(header(&refused, "remaining"), 0);
    assert_eq!(header(&refused, "reset"), start.timestamp() + 900);
    // Another user is counted apart, and so is another route.
    let other = word(&x.log_in(x.id(1)).await, "access_token");
    assert_eq!(x.get_as(&other, "users/me", &[]).await.status, 200);
    let path = format!("users/{}/tweets", x.id(0));
    let timeline = x.get_as(&token, &path, &[]).await;
    assert_eq!((timeline.status, header(&timeline, "limit")), (200, 900));
    x.set(start + Duration::seconds(900));
    assert_eq!(header(&me().await, "remaining"), 74);
}

#[tokio::test]
async fn the_app_has_limits_of_its_own_for_all_users_together() {
    let x = X::start().await;
    let mut tokens = Vec::new();
    for n in [0, 1] {
        tokens.push(word(&x.log_in(x.id(n)).await, "access_token"));
    }
    let path = format!("users/{}", x.id(0));
    for call in 0..300 {
        let answer = x.get_as(&tokens[call % 2], &path, &[]).await;
        assert_eq!((answer.status, header(&answer, "limit")), (200, 900));
    }
    let refused = x.get_as(&tokens[0], &path, &[]).await;
    assert_eq!((refused.status, header(&refused, "limit")), (429, 300));
    assert_eq!(header(&refused, "remaining"), 0);
}

#[tokio::test]
async fn the_simulators_own_tokens_are_not_counted() {
    let x = X::start().await;
    for _ in 0..80 {
        let me = x.get("users/me", &[]).await;
        assert_eq!((me.status, header(&me, "remaining")), (200, 75));
    }
    let lookup = x.get("tweets", &[("ids", "1")]).await;
    assert_eq!(header(&lookup, "limit"), 5_000);
    assert_eq!(tail(&lookup.body["errors"][0]), "resource-not-found");
}
