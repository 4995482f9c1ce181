//! The command line.

use serde_json::Value;

use crate::support::{analytics, stderr, stdout};

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
        "http://shop.example.com/api".to_owned(),
    )];
    let output = analytics(directory.path(), &["doctor"], &env);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(text.contains("ANALYTICS_META_CLIENT_ID"), "{text}");
    assert!(text.contains("ANALYTICS_PUBLIC_URL"), "{text}");
}

#[test]
fn the_doctor_looks_at_disk_clock_queue_proxies_and_processes() {
    let directory = tempfile::tempdir().unwrap();
    let env = [
        ("ANALYTICS_QUEUE_URL", "redis://:hunter2@127.0.0.1:1"),
        ("ANALYTICS_PUBLIC_URL", "https://example.com/analytics"),
        ("ANALYTICS_TRUSTED_PROXIES", ""),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(
        analytics(directory.path(), &["migrate"], &[]).status.code(),
        Some(0)
    );
    let output = analytics(directory.path(), &["doctor", "--json"], &env);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let state = |name: &str| {
        let checks = report["checks"].as_array().unwrap();
        let check = checks.iter().find(|check| check["name"] == name);
        let check = check.unwrap_or_else(|| panic!("no {name} in {report}"));
        let needs_advice = check["state"] != "ok";
        assert_eq!(check["advice"].is_string(), needs_advice, "{check}");
        check["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state("queue"), "failed");
    assert_eq!(state("proxies"), "warning");
    for well in ["public URL", "disk", "clock", "database", "processes"] {
        assert_eq!(state(well), "ok", "{well}");
    }
    assert!(!stdout(&output).contains("hunter2"));
}

#[test]
fn an_operator_is_made_and_unmade_from_the_command_line() {
    let directory = tempfile::tempdir().unwrap();
    let password = [(
        "ANALYTICS_PASSWORD".to_owned(),
        "a long enough password".to_owned(),
    )];
    let run = |arguments: &[&str]| analytics(directory.path(), arguments, &password);
    let operators = || -> Vec<String> {
        let users = run(&["user", "list", "--json"]);
        let users: Value = serde_json::from_str(&stdout(&users)).unwrap();
        let users = users["users"].as_array().unwrap().clone();
        let operators = users.iter().filter(|user| user["operator"] == true);
        operators
            .map(|user| user["email"].as_str().unwrap().to_owned())
            .collect()
    };
    run(&["user", "add", "a@example.com"]);
    run(&["user", "add", "b@example.com", "--role", "owner"]);
    assert_eq!(operators(), ["a@example.com"], "whoever set it up");
    let last = run(&["user", "operator", "a@example.com", "--revoke"]);
    assert_eq!(last.status.code(), Some(2), "somebody must be one");
    run(&["user", "operator", "b@example.com"]);
    run(&["user", "operator", "a@example.com", "--revoke"]);
    assert_eq!(operators(), ["b@example.com"]);
    run(&["user", "add", "c@example.com", "--operator"]);
    assert_eq!(operators(), ["b@example.com", "c@example.com"]);
}
