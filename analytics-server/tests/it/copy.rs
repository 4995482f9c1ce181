//! `analytics copy`, `backup` and `restore`.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Output};

use analytics_core::testing::PrivatePostgres;
use serde_json::Value;

use crate::support::{analytics, stderr, stdout};

const KEY: &str = "Zml4dHVyZSBrZXksIG5vdCBhIHNlY3JldCBhdCBhbGw=";

/// Runs a command on a database, with the same key on all of them.
fn run_on(directory: &Path, database: &str, arguments: &[&str]) -> Output {
    let env = [
        ("DATABASE_URL", database),
        ("ANALYTICS_MASTER_KEY", KEY),
        ("ANALYTICS_PASSWORD", "a long enough password"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    analytics(directory, arguments, &env)
}

fn json(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    serde_json::from_str(&stdout(output)).unwrap()
}

fn rows(answer: &Value, table: &str) -> Value {
    let tables = answer["tables"].as_array().unwrap();
    tables.iter().find(|one| one["name"] == table).unwrap()["rows"].clone()
}

fn users(directory: &Path, database: &str) -> Value {
    json(&run_on(directory, database, &["user", "list", "--json"]))["users"].clone()
}

#[test]
fn a_store_moves_between_databases_and_through_backups() {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path();
    let server = PrivatePostgres::start().unwrap();
    let (there, restored) = (server.database().unwrap(), server.database().unwrap());
    let here = "sqlite://analytics.db";
    let add = ["user", "add", "a@example.com", "--workspace", "Shop"];
    let added = run_on(folder, here, &add);
    assert_eq!(added.status.code(), Some(0), "{}", stderr(&added));
    let before = users(folder, here);

    let moved = run_on(
        folder,
        here,
        &["copy", "--from", here, "--to", &there, "--json"],
    );
    assert!(
        stderr(&moved).contains("same master key"),
        "{}",
        stderr(&moved)
    );
    let moved = json(&moved);
    assert_eq!(rows(&moved, "users"), 1);
    assert!(
        moved["rows"].as_u64().unwrap() > 5 && moved["seconds"].is_number(),
        "{moved}"
    );
    assert_eq!(moved["resumed"], false);
    let secret = there.split([':', '@']).nth(2).unwrap();
    assert!(
        !moved.to_string().contains(secret),
        "no password in {moved}"
    );
    assert_eq!(users(folder, &there), before);

    let back = ["copy", "--from", &there, "--to", "sqlite://back.db"];
    let back = run_on(folder, here, &back);
    assert_eq!(back.status.code(), Some(0), "{}", stderr(&back));
    assert!(stdout(&back).contains("users"), "{}", stdout(&back));
    assert_eq!(users(folder, "sqlite://back.db"), before);

    for (number, database) in [here, &there].into_iter().enumerate() {
        let file = format!("backup{number}.db");
        let saved = run_on(folder, database, &["backup", &file, "--json"]);
        assert!(stderr(&saved).contains("master key"), "{}", stderr(&saved));
        assert_eq!(rows(&json(&saved), "users"), 1);
        let mode = fs::metadata(folder.join(&file))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = run_on(folder, database, &["backup", &file]);
        assert_eq!(again.status.code(), Some(1));
        assert!(stderr(&again).contains("--force"), "{}", stderr(&again));
        let again = run_on(folder, database, &["backup", &file, "--force"]);
        assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));

        let new = format!("sqlite://new{number}.db");
        let put_back = run_on(folder, &new, &["restore", &file, "--json"]);
        assert!(
            stderr(&put_back).contains("master key"),
            "{}",
            stderr(&put_back)
        );
        assert_eq!(rows(&json(&put_back), "users"), 1);
        assert_eq!(users(folder, &new), before);
    }
    json(&run_on(
        folder,
        &restored,
        &["restore", "backup0.db", "--json"],
    ));
    assert_eq!(users(folder, &restored), before);
    let twice = run_on(folder, &restored, &["restore", "backup0.db"]);
    assert_eq!(twice.status.code(), Some(1));
    assert!(
        stderr(&twice).contains("never overwritten"),
        "{}",
        stderr(&twice)
    );
}

#[test]
fn what_cannot_be_moved_is_said_in_one_line() {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path();
    let here = "sqlite://analytics.db";
    let add = ["user", "add", "a@example.com", "--workspace", "Shop"];
    run_on(folder, here, &add);
    fs::write(folder.join("notes.txt"), "notes ".repeat(100)).unwrap();
    for (arguments, code, says) in [
        (
            vec!["copy", "--from", here, "--to", here],
            2,
            "the source itself",
        ),
        (
            vec!["copy", "--from", "sqlite://no.db", "--to", "sqlite://x.db"],
            2,
            "no such file",
        ),
        (
            vec!["copy", "--from", "mysql://u:hush@h/d", "--to", here],
            2,
            "postgresql://",
        ),
        (vec!["copy", "--from", here], 2, "--to"),
        (
            vec![
                "copy",
                "--from",
                here,
                "--to",
                "postgresql://u:hush@127.0.0.1:1/d",
            ],
            1,
            "cannot reach PostgreSQL",
        ),
        (vec!["restore", "notes.txt"], 2, "not a backup"),
        (vec!["restore", "no.db"], 2, "no such file"),
        (vec!["restore", "analytics.db"], 2, "the source itself"),
        (
            vec!["backup", "analytics.db", "--force"],
            2,
            "the database itself",
        ),
        (vec!["backup", "no/such/folder.db"], 2, "no folder"),
        (vec!["backup", "."], 2, "folder"),
    ] {
        let output = run_on(folder, here, &arguments);
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
        assert!(text.contains(says), "{arguments:?}: {text}");
        assert!(!text.contains("hush"), "{arguments:?}: {text}");
        if !says.starts_with("--") {
            assert_eq!(text.lines().count(), 1, "{arguments:?}: {text}");
        }
    }
    assert!(!folder.join("x.db").exists() && !folder.join("no.db").exists());
}

#[test]
fn a_backup_needs_neither_key_nor_write_access_elsewhere() {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path();
    run_on(folder, "sqlite://analytics.db", &["migrate"]);
    let output = analytics(folder, &["backup", "backup.db"], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        !folder.join("analytics.db.key").exists(),
        "no key is made for it"
    );
    assert!(
        stderr(&output).contains("analytics.db.key"),
        "{}",
        stderr(&output)
    );
}
