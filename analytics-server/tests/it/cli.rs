//! The command line, as a process.

use std::{
    path::Path,
    process::{Command, Output},
};

use analytics_connectors::simulator::{Simulator, SimulatorSettings, TruthQuery};
use analytics_core::model::Level;
use chrono::Duration;
use serde_json::Value;

fn analytics(directory: &Path, arguments: &[&str], env: &[(String, String)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_analytics"))
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .envs(env.iter().cloned())
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn wrong_use_ends_with_2_and_says_what_is_right() {
    let directory = tempfile::tempdir().unwrap();
    for (arguments, hint) in [
        (vec!["serv"], "serve"),
        (
            vec![
                "fetch",
                "facebook_add",
                "--account",
                "1",
                "--from",
                "2026-01-01",
                "--to",
                "2026-01-02",
            ],
            "facebook_ads",
        ),
        (
            vec![
                "fetch",
                "facebook_ads",
                "--account",
                "1",
                "--from",
                "2026-01-01",
                "--to",
                "2026-01-02",
                "--level",
                "campain",
            ],
            "campaign",
        ),
        (
            vec![
                "report",
                "--metrics",
                "spend",
                "--range",
                "today",
                "--format",
                "parquet",
            ],
            "csv",
        ),
        (vec!["accounts"], "workspace"),
    ] {
        let output = analytics(directory.path(), &arguments, &[]);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            stderr(&output)
        );
        assert!(
            stderr(&output).contains(hint),
            "{arguments:?}: {}",
            stderr(&output)
        );
    }
}

#[test]
fn version_and_help_are_printed() {
    let directory = tempfile::tempdir().unwrap();
    let version = analytics(directory.path(), &["version", "--json"], &[]);
    let version: Value = serde_json::from_str(&stdout(&version)).unwrap();
    assert_eq!(version["version"], env!("CARGO_PKG_VERSION"));
    let help = analytics(directory.path(), &["report", "--help"], &[]);
    assert_eq!(help.status.code(), Some(0));
    assert!(stdout(&help).contains("Example:"));
}

#[test]
fn a_database_is_set_up_and_looked_after_from_the_command_line() {
    let directory = tempfile::tempdir().unwrap();
    let password = [(
        "ANALYTICS_PASSWORD".to_owned(),
        "a long enough password".to_owned(),
    )];
    let run = |arguments: &[&str]| {
        let output = analytics(directory.path(), arguments, &password);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?}: {}",
            stderr(&output)
        );
        stdout(&output)
    };
    let before: Value = serde_json::from_str(&run(&["doctor", "--json"])).unwrap();
    assert_eq!(before["ok"], true);
    assert!(
        !directory.path().join("analytics.db").exists(),
        "the doctor changes nothing"
    );
    run(&["migrate"]);
    run(&["user", "add", "a@example.com", "--workspace", "Shop"]);
    run(&["user", "add", "b@example.com", "--role", "editor"]);
    let users: Value = serde_json::from_str(&run(&["user", "list", "--json"])).unwrap();
    assert_eq!(users["users"][0]["workspaces"][0]["role"], "owner");
    assert_eq!(users["users"][1]["workspaces"][0]["role"], "editor");
    let elsewhere = ["user", "list", "--workspace", "Shp"];
    let elsewhere = analytics(directory.path(), &elsewhere, &[]);
    assert_eq!(elsewhere.status.code(), Some(2));
    assert!(stderr(&elsewhere).contains("Shop"), "the nearest is named");
    run(&["user", "passwd", "b@example.com"]);
    run(&["user", "remove", "b@example.com"]);
    let last = analytics(directory.path(), &["user", "remove", "a@example.com"], &[]);
    assert_eq!(last.status.code(), Some(2), "the only owner stays");
    assert!(run(&["accounts"]).contains("No account"));
    assert!(run(&["doctor"]).contains("ok"));
}

#[test]
fn the_doctor_says_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(
        directory.path().join("analytics.toml"),
        "[meta]\nclinet_id = \"x\"\n",
    )
    .unwrap();
    let env = [(
        "ANALYTICS_PUBLIC_URL".to_owned(),
        "http://shop.example.com/x".to_owned(),
    )];
    let output = analytics(directory.path(), &["doctor"], &env);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(text.contains("ANALYTICS_META_CLIENT_ID"), "{text}");
    assert!(text.contains("ANALYTICS_PUBLIC_URL"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn fetch_prints_exactly_the_platforms_truth() {
    let simulator = Simulator::start(SimulatorSettings::default(), None)
        .await
        .unwrap();
    let account = simulator.accounts().remove(0);
    let mut env = simulator.env();
    env.push(("ANALYTICS_TOKEN".to_owned(), account.token.clone()));
    env.push((
        "ANALYTICS_FACEBOOK_ADS_POLL_INTERVAL".to_owned(),
        "5ms".to_owned(),
    ));
    let through = analytics_connectors::simulator::default_now().date_naive() - Duration::days(10);
    let from = through - Duration::days(6);
    for level in [Level::Account, Level::Ad] {
        let directory = tempfile::tempdir().unwrap();
        let (from_text, through_text) = (from.to_string(), through.to_string());
        let arguments = [
            "fetch",
            "facebook_ads",
            "--account",
            &account.account,
            "--from",
            &from_text,
            "--to",
            &through_text,
            "--level",
            level.as_str(),
            "--format",
            "jsonl",
        ]
        .map(str::to_owned);
        let env = env.clone();
        let output = tokio::task::spawn_blocking(move || {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            analytics(directory.path(), &arguments, &env)
        })
        .await
        .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let mut rows: Vec<String> = stdout(&output)
            .lines()
            .map(|line| {
                let row: Value = serde_json::from_str(line).unwrap();
                ["level", "entity", "metric", "date", "value"]
                    .map(|name| row[name].as_str().unwrap().to_owned())
                    .join(" ")
            })
            .collect();
        let question =
            TruthQuery::new("facebook_ads", &account.account, from, through).level(level);
        let mut truth: Vec<String> = simulator
            .world()
            .truth(&question)
            .iter()
            .map(|row| {
                format!(
                    "{} {} {} {} {}",
                    row.level.as_str(),
                    row.entity,
                    row.metric,
                    row.date,
                    row.value
                )
            })
            .collect();
        rows.sort();
        truth.sort();
        assert!(!truth.is_empty());
        assert_eq!(rows, truth);
    }
}
