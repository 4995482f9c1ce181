use super::{Caller, answer};

async fn code(caller: &Caller, params: &[(&str, &str)]) -> (i64, i64) {
    let answer = caller.insights(params).await;
    assert!(answer.status >= 400, "{params:?} was answered");
    assert!(answer.body["error"]["message"].is_string());
    assert!(answer.body["error"]["fbtrace_id"].is_string());
    answer.error()
}

#[tokio::test]
async fn wrong_parameters_are_refused_as_the_vendor_refuses_them() {
    let caller = Caller::start().await;
    for params in [
        [("fields", "impressions,nonsense")],
        [("level", "ad_group")],
        [("time_range", "yesterday")],
        [("time_range", r#"{"since":"2026-10-01"}"#)],
        [(
            "time_range",
            r#"{"since":"2026-10-31","until":"2026-10-01"}"#,
        )],
        [(
            "time_range",
            r#"{"since":"2026-13-01","until":"2026-13-02"}"#,
        )],
        [("time_increment", "0")],
        [("time_increment", "91")],
        [("date_preset", "last_5d")],
        [("action_attribution_windows", r#"["9d_click"]"#)],
        [(
            "filtering",
            r#"[{"field":"campaign.id","operator":"IS","value":1}]"#,
        )],
        [(
            "filtering",
            r#"[{"field":"planet","operator":"IN","value":[1]}]"#,
        )],
        [("sort", "beauty_descending")],
        [("limit", "-1")],
        [("after", "???")],
        [("breakdowns", "shoe_size")],
    ] {
        assert_eq!(code(&caller, &params).await.0, 100, "{params:?}");
    }
    assert_eq!(
        code(&caller, &[("breakdowns", "age")]).await,
        (2, 1_504_041)
    );
}

#[tokio::test]
async fn history_ends_after_37_months() {
    let caller = Caller::start().await;
    let range = |since: &str| format!(r#"{{"since":"{since}","until":"2026-10-01"}}"#);
    assert_eq!(
        code(&caller, &[("time_range", &range("2023-10-22"))])
            .await
            .0,
        3018
    );
    assert_eq!(
        caller
            .insights(&[("time_range", &range("2023-10-23"))])
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn too_large_a_question_must_be_reduced() {
    let caller = Caller::start().await;
    let range = r#"{"since":"2025-10-01","until":"2026-10-01"}"#;
    let params = [
        ("level", "ad"),
        ("time_range", range),
        ("time_increment", "1"),
    ];
    let answer = caller.insights(&params).await;
    assert_eq!((answer.status, answer.error().0), (500, 1));
    assert!(
        answer.body["error"]["message"]
            .as_str()
            .unwrap()
            .contains("reduce the amount of data")
    );
    // A page may be too large where the question is not.
    let fields = "account_id,account_name,campaign_id,campaign_name,adset_id,adset_name,ad_id,ad_name,\
                  impressions,reach,frequency,spend,clicks,inline_link_clicks,inline_post_engagement,actions,\
                  action_values,outbound_clicks,ctr,cpc,cpm,cpp,video_play_actions,video_p25_watched_actions,\
                  video_p50_watched_actions,video_p75_watched_actions,video_p95_watched_actions,\
                  video_p100_watched_actions,video_thruplay_watched_actions,video_30_sec_watched_actions";
    let range = r#"{"since":"2026-09-01","until":"2026-10-01"}"#;
    let with = |limit| {
        [
            ("level", "ad"),
            ("fields", fields),
            ("time_range", range),
            ("time_increment", "1"),
            ("limit", limit),
        ]
    };
    assert_eq!(code(&caller, &with("5000")).await.0, 1);
    assert_eq!(caller.insights(&with("500")).await.status, 200);
}

#[tokio::test]
async fn tokens_and_proofs_must_be_right() {
    let caller = Caller::start().await;
    let path = format!("act_{}/insights", caller.account(0));
    assert_eq!(caller.get_with("", &path, &[]).await.error().0, 190);
    assert_eq!(
        caller.get_with("EAASnonsense", &path, &[]).await.error().0,
        190
    );
    let mut broken = caller.token.clone();
    broken.truncate(broken.len() - 4);
    assert_eq!(
        caller
            .get_with(&format!("{broken}AAAA"), &path, &[])
            .await
            .error()
            .0,
        190
    );
    assert_eq!(
        caller
            .get(&path, &[("appsecret_proof", "00")])
            .await
            .error()
            .0,
        100
    );
    let proof = {
        use hmac::{Hmac, KeyInit, Mac};
        let secret = caller.env("ANALYTICS_META_CLIENT_SECRET");
        let mut mac = <Hmac<sha2::Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(caller.token.as_bytes());
        data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes())
    };
    assert_eq!(
        caller
            .get(&path, &[("appsecret_proof", &proof)])
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn what_does_not_exist_cannot_be_read() {
    let caller = Caller::start().await;
    for path in [
        "act_1/insights",
        "act_1",
        "123456",
        "123456/insights",
        "act_nonsense/ads",
    ] {
        assert_eq!(caller.get(path, &[]).await.error(), (100, 33), "{path}");
    }
    assert_eq!(
        caller
            .get(&format!("act_{}/dogs", caller.account(0)), &[])
            .await
            .error()
            .0,
        2500
    );
}

#[tokio::test]
async fn only_living_versions_are_served() {
    let caller = Caller::start().await;
    for (version, expected) in [
        ("v24.0", 2635),
        ("v19.0", 2635),
        ("v27.0", 2500),
        ("26", 2500),
    ] {
        let url = caller.url(&format!("/meta/{version}/me/adaccounts"));
        let answer = answer(caller.http.get(url).bearer_auth(&caller.token)).await;
        assert_eq!(answer.error().0, expected, "{version}");
    }
    let url = caller.url("/meta/v25.0/me/adaccounts");
    assert_eq!(
        answer(caller.http.get(url).bearer_auth(&caller.token))
            .await
            .status,
        200
    );
}
