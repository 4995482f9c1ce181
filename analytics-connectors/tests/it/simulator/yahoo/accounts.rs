use serde_json::{Value, json};

use super::{Answer, Product, REPORTS, answer, code};

const BASES: &str = "BaseAccountService";
const ACCOUNTS: &str = "AccountService";
const LINKS: &str = "AccountLinkService";

/// Ids of a list.
fn ids(answer: &Answer, thing: &str) -> Vec<u64> {
    let values = answer.body["rval"]["values"].as_array();
    let values = values.map_or(&[][..], Vec::as_slice).iter();
    values
        .map(|value| value[thing]["accountId"].as_u64().unwrap())
        .collect()
}

#[tokio::test]
async fn accounts_are_found_below_the_manager_beside_it_and_by_links() {
    let mut users = Vec::new();
    for product in [Product::search().await, Product::display().await] {
        let bases = product.through(None, BASES, "get", &json!({})).await;
        let manager: u64 = product.manager().parse().unwrap();
        let direct = [product.id(2), product.id(5)];
        assert_eq!(ids(&bases, "account"), [manager, direct[0], direct[1]]);
        let values = &bases.body["rval"]["values"];
        assert_eq!(values[0]["account"]["isMccAccount"], "TRUE");
        assert_eq!(values[1]["account"]["isMccAccount"], "FALSE");
        assert_eq!(
            values[1]["account"]["accountName"],
            product.accounts[2].name
        );
        users.push(bases.body["rval"]["authorizationBusinessId"].clone());
        let below = product.call(ACCOUNTS, "get", json!({})).await;
        let owned = [0, 1, 3].map(|n| product.id(n));
        assert_eq!(ids(&below, "account"), owned, "what is linked is missing");
        let first = &below.body["rval"]["values"][0]["account"];
        assert_eq!(first["startDate"].as_str().unwrap().len(), 8);
        assert_eq!(first["accountName"], product.accounts[0].name);
        let links = product
            .call(LINKS, "get", json!({ "mccAccountId": manager }))
            .await;
        assert_eq!(
            ids(&links, "accountLink"),
            [0, 1, 3, 4].map(|n| product.id(n))
        );
        let linked = &links.body["rval"]["values"][3]["accountLink"];
        assert_eq!(linked["ownerShipType"], "NON_OWNER");
        let own = direct[0].to_string();
        let itself = product
            .through(Some(&own), ACCOUNTS, "get", &json!({}))
            .await;
        assert_eq!(ids(&itself, "account"), [direct[0]]);
    }
    assert!(users[0].is_string());
    assert_eq!(users[0], users[1], "the same user on both hosts");
}

#[tokio::test]
async fn lists_come_in_pages_and_an_empty_page_is_null() {
    let product = Product::search().await;
    let page = async |start: u64, most: u64| {
        let body = json!({ "startIndex": start, "numberResults": most });
        product.call(ACCOUNTS, "get", body).await
    };
    let (first, second) = (page(1, 2).await, page(3, 2).await);
    assert_eq!(ids(&first, "account"), [product.id(0), product.id(1)]);
    assert_eq!(ids(&second, "account"), [product.id(3)]);
    assert_eq!(first.body["rval"]["totalNumEntries"], 3);
    let beyond = page(4, 2).await.body["rval"].clone();
    assert_eq!(beyond, json!({ "totalNumEntries": 3, "values": null }));
    for (service, body, key) in [
        (ACCOUNTS, json!({ "numberResults": 501 }), "numberResults"),
        (ACCOUNTS, json!({ "startIndex": 0 }), "startIndex"),
        (BASES, json!({ "numberResults": 201 }), "numberResults"),
        (
            BASES,
            json!({ "includeMccAccount": "NOBODY" }),
            "includeMccAccount",
        ),
    ] {
        let refused = product.call(service, "get", body).await;
        assert_eq!(code(&refused), (200, "0001"));
        let detail = &refused.body["errors"][0]["details"][0];
        assert_eq!(detail["requestKey"], key);
        assert!(detail["requestValue"].is_string());
    }
    let managers = json!({ "includeMccAccount": "ONLY_MCC" });
    let managers = product.through(None, BASES, "get", &managers).await;
    assert_eq!(managers.body["rval"]["totalNumEntries"], 1);
}

#[tokio::test]
async fn a_base_account_is_one_that_is_granted() {
    let product = Product::search().await;
    let other = Product::display().await.manager();
    let child = product.accounts[0].account.clone();
    for wrong in [None, Some("1"), Some(child.as_str()), Some(other.as_str())] {
        let refused = product.through(wrong, ACCOUNTS, "get", &json!({})).await;
        assert_eq!(code(&refused), (401, "0117"), "{wrong:?}");
    }
    let fields = json!({ "reportType": "CAMPAIGN" });
    let fields = product
        .through(None, REPORTS, "getReportFields", &fields)
        .await;
    assert_eq!(fields.status, 200, "needs no base account");
    let (manager, direct) = (product.manager(), product.accounts[2].account.clone());
    for (base, account, status) in [
        (&manager, product.id(0), 200),
        (&manager, product.id(4), 200),
        (&manager, product.id(2), 403),
        (&manager, 1, 403),
        (&direct, product.id(2), 200),
        (&direct, product.id(0), 403),
    ] {
        let body = json!({ "accountId": account });
        let got = product.through(Some(base), REPORTS, "get", &body).await;
        assert_eq!(got.status, status, "{account} through {base}");
        if status == 403 {
            assert_eq!(code(&got), (403, "0098"));
        }
    }
    let links = json!({ "mccAccountId": product.id(0) });
    let links = product.call(LINKS, "get", links).await;
    assert_eq!(code(&links), (403, "0098"));
}

#[tokio::test]
async fn what_is_not_served_or_not_allowed_is_refused() {
    let product = Product::search().await;
    let caller = &product.caller;
    let call = async |path: &str, token: Option<&str>, body: &str| {
        let mut request = caller.http.post(caller.url(path)).body(body.to_owned());
        request = request.header("content-type", "application/json");
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        answer(request).await
    };
    let known = product.accounts[0].token.as_str();
    let token = Some(known);
    for version in ["v18", "v21"] {
        let path = format!("/yahoo/search/api/{version}/{BASES}/get");
        assert_eq!(call(&path, token, "{}").await.status, 200);
    }
    for path in [
        format!("/yahoo/search/api/v17/{BASES}/get"),
        format!("/yahoo/search/api/v22/{BASES}/get"),
        format!("/yahoo/search/api/v20/{BASES}/set"),
    ] {
        assert_eq!(
            code(&call(&path, token, "{}").await),
            (404, "0004"),
            "{path}"
        );
    }
    let path = format!("/yahoo/search/api/v20/{BASES}/get");
    assert_eq!(code(&call(&path, None, "{}").await), (401, "0110"));
    assert_eq!(code(&call(&path, Some("no"), "{}").await), (401, "0111"));
    assert_eq!(code(&call(&path, token, "[]").await), (400, "0005"));
    let text = caller.http.post(caller.url(&path)).body("{}");
    let text = answer(text.bearer_auth(known)).await;
    assert_eq!(code(&text), (400, "0005"), "not said to be JSON");
    let read = caller.http.get(caller.url(&path)).bearer_auth("any");
    assert_eq!(answer(read).await.status, 405);
    let calls = caller.simulator.calls();
    let route = format!("POST /yahoo/search/api/{{version}}/{BASES}/get");
    assert_eq!(calls.of(&route), 8);
    assert_eq!(
        Value::Null,
        call("/yahoo/social/api/v20/A/get", token, "{}").await.body
    );
}
