use analytics_connectors::simulator::{Billed, Fault};
use chrono::Duration;

use super::X;

impl X {
    fn bill(&self, n: usize) -> (u64, u64) {
        let Billed { posts, users } = self.caller.simulator.billed(self.id(n));
        (posts, users)
    }
}

#[tokio::test]
async fn what_was_returned_is_billed_once_a_day() {
    let x = X::start().await;
    assert_eq!(x.bill(0), (0, 0));
    let page = [("max_results", "20")];
    x.page(0, &page).await;
    assert_eq!(x.bill(0), (20, 0));
    x.page(0, &page).await;
    x.page(0, &[("max_results", "30")]).await;
    assert_eq!(x.bill(0), (30, 0));
    x.get("users/me", &[]).await;
    x.get(&format!("users/{}", x.id(0)), &[]).await;
    assert_eq!(x.bill(0), (30, 1));
    x.get(&format!("users/{}", x.id(1)), &[]).await;
    assert_eq!((x.bill(0), x.bill(1)), ((30, 2), (0, 0)));
    // The day is that of UTC: 03:00 becomes 23:59, and then another day.
    x.set(x.now() + Duration::minutes(20 * 60 + 59));
    x.get("users/me", &[]).await;
    assert_eq!(x.bill(0), (30, 2));
    x.set(x.now() + Duration::minutes(1));
    x.get("users/me", &[]).await;
    assert_eq!(x.bill(0), (30, 3));
}

#[tokio::test]
async fn an_author_who_is_expanded_is_billed_too() {
    let x = X::start().await;
    x.page(0, &[("tweet.fields", "author_id")]).await;
    assert_eq!(x.bill(0), (10, 0));
    x.page(0, &[("post.fields", "author_id")]).await;
    assert_eq!(x.bill(0), (10, 1));
    x.page(1, &[("expansions", "author_id")]).await;
    assert_eq!(x.bill(1), (10, 1));
}

#[tokio::test]
async fn what_fails_is_free() {
    let x = X::start().await;
    let faults = x.caller.simulator.faults();
    let broken = [Fault::ServerError, Fault::Credits, Fault::MalformedJson];
    for fault in broken {
        faults.inject(fault, "x", 1, 0);
        x.page(0, &[]).await;
    }
    assert!(faults.pending().is_empty());
    x.page(0, &[("max_results", "1")]).await;
    x.get("tweets", &[("ids", "1,2,3")]).await;
    assert_eq!(x.bill(0), (0, 0));
    x.page(0, &[]).await;
    assert_eq!(x.bill(0), (10, 0));
}
