use super::{Answer, Caller, answer};

const BACK: &str = "http://127.0.0.1:8080/api/v1/connect/meta/callback";

impl Caller {
    fn dialog(&self, scope: &str) -> String {
        let mut url = reqwest::Url::parse(&self.env("ANALYTICS_META_AUTH_URL")).unwrap();
        url.query_pairs_mut()
            .append_pair("client_id", &self.env("ANALYTICS_META_CLIENT_ID"))
            .append_pair("redirect_uri", BACK)
            .append_pair("state", "s-1/ä")
            .append_pair("response_type", "code")
            .append_pair("scope", scope);
        url.to_string()
    }

    /// Where the browser is sent after the page's form.
    async fn consent(&self, scope: &str, form: &[(&str, &str)]) -> reqwest::Url {
        let response = self
            .http
            .post(self.dialog(scope))
            .form(form)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 303);
        response.headers()["location"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap()
    }

    async fn exchange(&self, params: &[(&str, &str)]) -> Answer {
        let (id, secret) = (
            self.env("ANALYTICS_META_CLIENT_ID"),
            self.env("ANALYTICS_META_CLIENT_SECRET"),
        );
        let mut all = vec![
            ("client_id", id.as_str()),
            ("client_secret", secret.as_str()),
        ];
        all.retain(|(name, _)| params.iter().all(|(given, _)| given != name));
        all.extend_from_slice(params);
        answer(
            self.http
                .get(self.env("ANALYTICS_META_TOKEN_URL"))
                .query(&all),
        )
        .await
    }

    async fn log_in(&self, scope: &str, form: &[(&str, &str)]) -> String {
        let code = parameter(&self.consent(scope, form).await, "code").unwrap();
        let short = self
            .exchange(&[("code", &code), ("redirect_uri", BACK)])
            .await;
        let short = short.body["access_token"].as_str().unwrap().to_owned();
        let long = self
            .exchange(&[
                ("grant_type", "fb_exchange_token"),
                ("fb_exchange_token", &short),
            ])
            .await;
        assert!(long.body["expires_in"].as_i64().unwrap() > 5_000_000);
        long.body["access_token"].as_str().unwrap().to_owned()
    }
}

fn parameter(url: &reqwest::Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

#[tokio::test]
async fn the_consent_page_shows_who_asks_for_what() {
    let caller = Caller::start().await;
    let page = caller
        .http
        .get(caller.dialog("ads_read,business_management"))
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 200);
    let html = page.text().await.unwrap();
    for part in [
        "data-testid=\"consent-allow\"",
        "data-testid=\"consent-deny\"",
        "value=\"ads_read\"",
        "みどり珈琲",
        "Sample User",
    ] {
        assert!(html.contains(part), "{part}");
    }
}

#[tokio::test]
async fn consent_leads_to_a_long_lived_token_and_the_accounts() {
    let caller = Caller::start().await;
    let back = caller
        .consent("ads_read,business_management", &[("decision", "allow")])
        .await;
    assert!(back.as_str().starts_with(BACK));
    assert_eq!(parameter(&back, "state").as_deref(), Some("s-1/ä"));
    let token = caller
        .log_in("ads_read,business_management", &[("decision", "allow")])
        .await;
    let fields = "id,account_id,name,currency,timezone_name,timezone_id,timezone_offset_hours_utc,account_status,\
                  disable_reason,amount_spent,created_time,business{id,name,profile_picture_uri},user_tasks";
    let accounts = caller
        .get_with(
            &token,
            "me/adaccounts",
            &[("fields", fields), ("limit", "2")],
        )
        .await;
    assert_eq!(accounts.rows().len(), 2);
    assert_eq!(accounts.rows()[0]["timezone_name"], "Asia/Tokyo");
    assert_eq!(accounts.rows()[0]["timezone_offset_hours_utc"], 9.0);
    assert_eq!(
        accounts.rows()[0]["id"],
        format!("act_{}", caller.account(0))
    );
    assert!(accounts.rows()[0]["business"]["name"].is_string());
    let next = accounts.body["paging"]["next"].as_str().unwrap();
    let rest = answer(caller.http.get(next)).await;
    assert_eq!(rest.rows()[0]["account_id"], caller.account(2));
    assert_eq!(rest.body["paging"].get("next"), None);
    let me = caller
        .get_with(&token, "me", &[("fields", "id,name")])
        .await;
    assert_eq!(me.body["name"], "Sample User");
}

#[tokio::test]
async fn a_scope_that_was_unticked_is_declined_and_has_its_consequences() {
    let caller = Caller::start().await;
    let form = [("page", "1"), ("scope", "ads_read"), ("decision", "allow")];
    let token = caller.log_in("ads_read,business_management", &form).await;
    let permissions = caller.get_with(&token, "me/permissions", &[]).await;
    let status = |name: &str| {
        permissions
            .rows()
            .iter()
            .find(|row| row["permission"] == name)
            .map(|row| row["status"].as_str().unwrap().to_owned())
    };
    assert_eq!(status("ads_read").as_deref(), Some("granted"));
    assert_eq!(status("business_management").as_deref(), Some("declined"));
    let accounts = caller.get_with(&token, "me/adaccounts", &[]).await;
    assert_eq!(
        accounts.rows().len(),
        1,
        "accounts of a business are hidden"
    );
    let nothing = caller
        .log_in("ads_read", &[("page", "1"), ("decision", "allow")])
        .await;
    assert_eq!(
        caller
            .get_with(&nothing, "me/adaccounts", &[])
            .await
            .error()
            .0,
        200
    );
}

#[tokio::test]
async fn what_was_declined_is_asked_again_on_request_only() {
    let caller = Caller::start().await;
    let scopes = "ads_read,business_management";
    let form = [("page", "1"), ("scope", "ads_read"), ("decision", "allow")];
    caller.log_in(scopes, &form).await;
    let boxes = async |dialog: String| {
        let page = caller.http.get(dialog).send().await.unwrap();
        let html = page.text().await.unwrap();
        ["ads_read", "business_management"]
            .map(|scope| html.contains(&format!("value=\"{scope}\"")))
    };
    let plain = caller.dialog(scopes);
    assert_eq!(boxes(plain.clone()).await, [true, false]);
    let again = format!("{plain}&auth_type=rerequest");
    assert_eq!(boxes(again.clone()).await, [true, true]);
    // Granted at last, it is asked as anything else.
    let page = caller.http.post(again).form(&[("decision", "allow")]);
    let back = page.send().await.unwrap().headers()["location"].clone();
    assert!(back.to_str().unwrap().contains("code="));
    assert_eq!(boxes(plain).await, [true, true]);
}

#[tokio::test]
async fn cancelling_goes_back_with_an_error_and_the_state() {
    let caller = Caller::start().await;
    let back = caller.consent("ads_read", &[("decision", "deny")]).await;
    assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&back, "state").as_deref(), Some("s-1/ä"));
    assert_eq!(parameter(&back, "code"), None);
}

#[tokio::test]
async fn a_dialog_that_cannot_be_is_explained() {
    let caller = Caller::start().await;
    let good = caller.dialog("ads_read");
    for bad in [
        good.replace("client_id=", "client_id=9"),
        good.replace("redirect_uri=http", "redirect_uri=ftp"),
        caller.dialog("world_domination"),
    ] {
        let page = caller.http.get(bad).send().await.unwrap();
        assert_eq!(page.status(), 400);
        assert!(page.text().await.unwrap().contains("role=\"alert\""));
    }
}

#[tokio::test]
async fn a_code_works_once_for_its_app_address_and_ten_minutes() {
    let caller = Caller::start().await;
    let new_code = async || {
        parameter(
            &caller.consent("ads_read", &[("decision", "allow")]).await,
            "code",
        )
        .unwrap()
    };
    let code = new_code().await;
    let elsewhere = caller
        .exchange(&[("code", &code), ("redirect_uri", "http://127.0.0.1/other")])
        .await;
    assert_eq!(elsewhere.error().0, 100);
    let wrong_secret = caller
        .exchange(&[
            ("code", &code),
            ("redirect_uri", BACK),
            ("client_secret", "x"),
        ])
        .await;
    assert_eq!(wrong_secret.error().0, 1);
    let wrong_app = caller
        .exchange(&[("code", &code), ("redirect_uri", BACK), ("client_id", "1")])
        .await;
    assert_eq!(wrong_app.error().0, 101);
    assert_eq!(
        caller
            .exchange(&[("code", &code), ("redirect_uri", BACK)])
            .await
            .status,
        200
    );
    assert_eq!(
        caller
            .exchange(&[("code", &code), ("redirect_uri", BACK)])
            .await
            .error()
            .0,
        100
    );
    let old = new_code().await;
    let clock = caller.simulator.clock();
    clock.set(caller.simulator.world().now() + chrono::Duration::minutes(11));
    assert_eq!(
        caller
            .exchange(&[("code", &old), ("redirect_uri", BACK)])
            .await
            .error()
            .0,
        100
    );
}

#[tokio::test]
async fn tokens_expire_are_inspected_and_die_with_the_permission() {
    let caller = Caller::start().await;
    let token = caller.log_in("ads_read", &[("decision", "allow")]).await;
    let app = format!(
        "{}|{}",
        caller.env("ANALYTICS_META_CLIENT_ID"),
        caller.env("ANALYTICS_META_CLIENT_SECRET")
    );
    let inspect = async || {
        caller
            .get_with(&app, "debug_token", &[("input_token", &token)])
            .await
            .body["data"]
            .clone()
    };
    let live = inspect().await;
    assert_eq!(live["is_valid"], true);
    assert!(
        live["scopes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|scope| scope == "ads_read")
    );
    let now = caller.simulator.world().now();
    caller
        .simulator
        .clock()
        .set(now + chrono::Duration::days(61));
    assert_eq!(caller.get_with(&token, "me", &[]).await.error(), (190, 463));
    assert_eq!(inspect().await["is_valid"], false);
    caller.simulator.clock().set(now);
    let url = caller.url("/meta/v26.0/me/permissions");
    assert_eq!(
        answer(caller.http.delete(url).bearer_auth(&token))
            .await
            .body["success"],
        true
    );
    assert_eq!(caller.get_with(&token, "me", &[]).await.error().0, 190);
    let again = caller.log_in("ads_read", &[("decision", "allow")]).await;
    assert_eq!(caller.get_with(&again, "me", &[]).await.status, 200);
}
