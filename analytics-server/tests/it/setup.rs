//! `POST /setup`

use crate::support::{OWNER, PASSWORD, TestApp};

#[tokio::test]
async fn the_link_makes_the_owner_and_signs_in_once() {
    let test = TestApp::start().await;
    let mut client = test.client();
    let before = client.get("/api/v1/session").await;
    assert_eq!(
        (before.status, before.body["setup_required"].as_bool()),
        (401, Some(true))
    );
    let request = test.setup_request();
    let answer = client.post("/api/v1/setup", request.clone()).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.body["role"], "owner");
    assert_eq!(answer.body["workspace"]["time_zone"], "Asia/Tokyo");
    assert_eq!(answer.body["user"]["email"], OWNER);
    assert_eq!(client.get("/api/v1/session").await.status, 200);

    let again = test.client().post("/api/v1/setup", request).await;
    assert_eq!(
        (again.status, again.body["code"].as_str()),
        (403, Some("setup_link_invalid"))
    );
    let other = test.client().get("/api/v1/session").await;
    assert_eq!(other.body["setup_required"], false);
}

#[tokio::test]
async fn nobody_sets_up_with_a_guessed_token() {
    let test = TestApp::start().await;
    let mut request = test.setup_request();
    request["token"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into();
    let answer = test.client().post("/api/v1/setup", request).await;
    assert_eq!(
        (answer.status, answer.body["code"].as_str()),
        (403, Some("setup_link_invalid"))
    );
}

#[tokio::test]
async fn what_is_wrong_is_named_and_leaves_the_link_usable() {
    let test = TestApp::start().await;
    for (field, value) in [
        ("password", "short"),
        ("email", "nobody"),
        ("time_zone", "Asia/Tokio"),
        ("workspace", " "),
        ("language", "fr"),
    ] {
        let mut request = test.setup_request();
        request[field] = value.into();
        let answer = test.client().post("/api/v1/setup", request).await;
        assert_eq!(answer.status, 422, "{field}: {}", answer.text);
        assert_eq!(answer.body["code"], "invalid_field");
        assert_eq!(answer.body["field"], field);
        assert!(answer.body["message"].is_string());
        if field == "time_zone" {
            assert_eq!(answer.body["nearest"], "Asia/Tokyo");
        }
    }
    test.owner().await;
}

#[tokio::test]
async fn of_two_at_once_only_one_becomes_the_owner() {
    let test = TestApp::start().await;
    let (mut a, mut b) = (test.client(), test.client());
    let (a, b) = tokio::join!(
        a.post("/api/v1/setup", test.setup_request()),
        b.post("/api/v1/setup", test.setup_request()),
    );
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 403]);
    assert_eq!(test.store.users().await.unwrap().len(), 1);
    let mut client = test.client();
    client.sign_in(OWNER, PASSWORD).await;
}
