use std::collections::BTreeSet;

use rstest::rstest;
use serde_json::{Value, json};

use super::{X, code, word};

#[tokio::test]
async fn accounts_have_zones_and_roles_and_their_funds_have_currencies() {
    let x = X::start().await;
    let accounts = x.all("accounts", &[("count", "4")]).await;
    assert_eq!(accounts.len(), 6);
    let zones: BTreeSet<String> = accounts.iter().map(|row| word(row, "timezone")).collect();
    assert_eq!(zones.len(), 5);
    for (row, known) in accounts.iter().zip(&x.accounts) {
        let id = word(row, "id");
        assert_eq!(id, known.account);
        assert_eq!(id.len(), 11);
        assert!(row.get("currency").is_none());
        assert_eq!(row["deleted"], false);
        let one = x.get(&format!("accounts/{id}"), &[]).await;
        assert_eq!(&one.body["data"], row);
        let access = x
            .get(&format!("accounts/{id}/authenticated_user_access"), &[])
            .await;
        assert!(access.body["data"]["permissions"].is_array());
        let funds = x
            .all(&format!("accounts/{id}/funding_instruments"), &[])
            .await;
        let campaigns = x.all(&format!("accounts/{id}/campaigns"), &[]).await;
        assert_eq!(funds[0]["currency"], campaigns[0]["currency"]);
        assert_eq!(funds[0]["id"], campaigns[0]["funding_instrument_id"]);
    }
    assert_eq!(accounts[0]["timezone"], "Asia/Tokyo");
    assert!(word(&accounts[0], "timezone_switch_at").ends_with("T15:00:00Z"));
    assert_eq!(accounts[4]["approval_status"], "REJECTED");
}

#[tokio::test]
async fn what_was_removed_is_listed_on_demand_and_everything_hangs_together() {
    let x = X::start().await;
    let list = async |things: &str, deleted: &str| {
        let path = format!("accounts/{}/{things}", x.id(0));
        x.all(&path, &[("with_deleted", deleted), ("count", "37")])
            .await
    };
    let ids =
        |rows: &[Value]| -> BTreeSet<String> { rows.iter().map(|row| word(row, "id")).collect() };
    for things in ["campaigns", "line_items", "promoted_tweets"] {
        let (some, all) = (list(things, "false").await, list(things, "true").await);
        assert!(some.len() < all.len(), "{things}");
        assert!(ids(&some).is_subset(&ids(&all)));
        assert_eq!(
            ids(&all).len(),
            all.len(),
            "no page tells what another told"
        );
        assert!(some.iter().all(|row| row["deleted"] == false));
    }
    let campaigns = ids(&list("campaigns", "true").await);
    let items = list("line_items", "true").await;
    assert!(
        items
            .iter()
            .all(|row| campaigns.contains(&word(row, "campaign_id")))
    );
    let items = ids(&items);
    let ads = list("promoted_tweets", "true").await;
    assert!(
        ads.iter()
            .all(|row| items.contains(&word(row, "line_item_id")))
    );
    assert!(ads.iter().all(|row| row.get("name").is_none()));
    let names: Vec<String> = ads
        .iter()
        .take(40)
        .map(|row| word(row, "tweet_id"))
        .collect();
    let names = names.join(",");
    let path = format!("accounts/{}/tweets", x.id(0));
    let tweets = async |timeline: &str| {
        let params = [
            ("tweet_type", "PUBLISHED"),
            ("timeline_type", timeline),
            ("tweet_ids", &names),
        ];
        x.all(&path, &params).await
    };
    let (all, dark, seen) = (
        tweets("ALL").await,
        tweets("NULLCAST").await,
        tweets("ORGANIC").await,
    );
    assert_eq!((all.len(), dark.len() + seen.len()), (40, 40));
    assert!(!seen.is_empty());
    assert!(all.iter().all(|row| !word(row, "full_text").is_empty()));
    let missing = x.get(&path, &[]).await;
    assert_eq!(code(&missing), (400, "MISSING_PARAMETER".to_owned()));
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_counted() {
    let x = X::start().await;
    let path = format!("accounts/{}/promoted_tweets", x.id(2));
    let all = x.all(&path, &[]).await;
    let item = word(&all[0], "line_item_id");
    let some = x.all(&path, &[("line_item_ids", &item)]).await;
    assert!(!some.is_empty() && some.iter().all(|row| row["line_item_id"] == json!(item)));
    let ids = format!("{},{},zz", word(&all[3], "id"), word(&all[5], "id"));
    assert_eq!(x.all(&path, &[("promoted_tweet_ids", &ids)]).await.len(), 2);
    let sorted = x.all(&path, &[("sort_by", "updated_at-desc")]).await;
    assert!(
        sorted
            .iter()
            .rev()
            .is_sorted_by_key(|row| word(row, "updated_at"))
    );
    let counted = x
        .get(&path, &[("with_total_count", "true"), ("count", "1")])
        .await;
    assert_eq!(counted.body["total_count"], all.len());
}

#[rstest]
#[case(&[("count", "0")])]
#[case(&[("count", "1001")])]
#[case(&[("cursor", "!")])]
#[case(&[("with_deleted", "yes")])]
#[case(&[("sort_by", "mood-asc")])]
#[case(&[("line_item_ids", "a")])]
#[case(&[("campaign_ids", "")])]
#[case(&[("count", "1"), ("count", "2")])]
#[tokio::test]
async fn lists_take_no_nonsense(#[case] params: &[(&str, &str)]) {
    let x = X::start().await;
    let asked = x
        .get(&format!("accounts/{}/campaigns", x.id(0)), params)
        .await;
    assert_eq!(code(&asked), (400, "INVALID_PARAMETER".to_owned()));
}
