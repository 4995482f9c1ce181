//! The demonstration, as a process.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::Duration,
};

use reqwest::Method;

use crate::support::Client;

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_signs_in_once_and_links_two_accounts_of_each_platform_by_itself() {
    let directory = tempfile::tempdir().unwrap();
    let mut process = Command::new(env!("CARGO_BIN_EXE_analytics"))
        .args(["demo", "--fast", "--port", "0"])
        .current_dir(directory.path())
        .env("TMPDIR", directory.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let link = lines
        .find_map(|line| {
            let line = line.unwrap();
            line.contains("/demo/").then(|| line.trim().to_owned())
        })
        .unwrap();
    let link: url::Url = link.parse().unwrap();
    let mut client = Client::new(link.join("/").unwrap());
    let answer = client.get(link.path()).await;
    assert_eq!((answer.status, answer.location()), (303, "/"));
    let cookie = answer.header("set-cookie").split(';').next().unwrap();
    client.cookie = Some(cookie.to_owned());
    let session = client.get("/api/v1/session").await;
    assert_eq!(session.body["demo"], true);
    let stranger = Client::new(client.url.clone());
    assert_eq!(stranger.get(link.path()).await.status, 410, "it works once");

    let linked = async {
        loop {
            let accounts = client.get("/api/v1/accounts").await;
            let accounts = accounts.body["accounts"].as_array().unwrap();
            let platforms = [
                "facebook_ads",
                "facebook_page",
                "google_ads",
                "instagram",
                "x",
                "x_ads",
                "yahoo_display_ads",
                "yahoo_search_ads",
            ];
            let linked = platforms.map(|platform| {
                let of = |account: &&serde_json::Value| account["platform"] == platform;
                accounts.iter().filter(of).count()
            });
            if linked == [2; 8] {
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), linked)
        .await
        .unwrap();
    let answer = client
        .write(Method::DELETE, "/api/v1/session", serde_json::json!({}))
        .await;
    assert_eq!(answer.status, 204);

    // The end by SIGTERM is as clean as by Ctrl-C; std has no other signal than KILL.
    let stop = Command::new("kill")
        .arg(process.id().to_string())
        .status()
        .unwrap();
    assert!(stop.success());
    let status = tokio::task::spawn_blocking(move || process.wait().unwrap())
        .await
        .unwrap();
    assert_eq!(status.code(), Some(0));
    let left: Vec<_> = std::fs::read_dir(directory.path()).unwrap().collect();
    assert!(left.is_empty(), "nothing is left behind: {left:?}");
}
