//! A service that cannot start says so in one line, ends with a code, and starts nothing.

use std::{path::Path, process::Command};

use crate::support::{analytics, stderr, stdout};

fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Starts the service, which must not come up; what it says.
fn refused(folder: &Path, pairs: &[(&str, &str)]) -> String {
    let output = analytics(folder, &["serve", "--listen", "127.0.0.1:0"], &env(pairs));
    let said = stderr(&output);
    let code = output.status.code();
    assert!(matches!(code, Some(1 | 2)), "{code:?}: {said}");
    assert_eq!(stdout(&output), "", "nothing was promised");
    let errors: Vec<&str> = said.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(errors.len(), 1, "{said}");
    assert!(errors[0].starts_with("error: "), "{said}");
    said
}

#[test]
fn a_database_that_cannot_be_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let said = refused(folder.path(), &[("DATABASE_URL", "mysql://localhost/x")]);
    assert!(said.contains("ANALYTICS_MASTER_KEY"), "{said}");
    let key = data_encoding::BASE64.encode(&[7; 32]);
    let with_key = |url| {
        let pairs = [
            ("DATABASE_URL", url),
            ("ANALYTICS_MASTER_KEY", key.as_str()),
        ];
        refused(folder.path(), &pairs)
    };
    assert!(with_key("mysql://localhost/x").contains("mysql"));
    assert!(with_key("nonsense").contains("nonsense"));
    // Nobody can write there, whoever one is: as on a disk that is mounted read-only.
    let said = with_key("sqlite:///proc/analytics.db");
    assert!(said.contains("/proc/analytics.db"), "{said}");
}

#[test]
fn a_master_key_that_is_missing_or_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let said = refused(folder.path(), &[("ANALYTICS_MASTER_KEY_FILE", "gone.key")]);
    assert!(said.contains("gone.key"), "{said}");
    let said = refused(folder.path(), &[("ANALYTICS_MASTER_KEY", "too short")]);
    assert!(
        !said.contains("too short"),
        "it may be a typo of the real one"
    );
    assert!(
        !folder.path().join("analytics.db").exists(),
        "nothing was begun"
    );
}

#[test]
fn settings_that_cannot_be_are_named() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value) in [
        ("ANALYTICS_PUBLIC_URL", "https://example.com/api"),
        ("ANALYTICS_METRICS_LISTEN", "9100"),
        ("ANALYTICS_TRUSTED_PROXIES", "10.0.0.0/99"),
        ("ANALYTICS_QUEUE_URL", "amqp://localhost"),
        ("ANALYTICS_QUEUE_URL", "redis://127.0.0.1:1"),
        ("ANALYTICS_WORKERS", "many"),
    ] {
        let said = refused(folder.path(), &[(name, value)]);
        assert!(said.contains(name), "{name}: {said}");
    }
}

/// Runs statements on a database; Python has SQLite wherever the tests run.
fn execute(database: &Path, statement: &str) {
    let script =
        "import sqlite3, sys\nwith sqlite3.connect(sys.argv[1]) as db: db.execute(sys.argv[2])";
    let done = Command::new("python3")
        .args(["-c", script])
        .arg(database)
        .arg(statement)
        .status()
        .unwrap();
    assert!(done.success());
}

#[test]
fn a_newer_schema_is_refused_untouched_and_an_older_one_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| analytics(folder.path(), arguments, &[]);
    assert_eq!(run(&["migrate"]).status.code(), Some(0));
    let database = folder.path().join("analytics.db");
    execute(
        &database,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'of tomorrow', 1, x'00', 1)",
    );
    let said = refused(folder.path(), &[]);
    assert!(
        said.contains("newer version") && said.contains("9999"),
        "{said}"
    );
    let doctor = run(&["doctor"]);
    assert_eq!(doctor.status.code(), Some(1));
    assert!(
        stdout(&doctor).contains("newer version"),
        "{}",
        stdout(&doctor)
    );
    execute(
        &database,
        "DELETE FROM _sqlx_migrations WHERE version = 9999",
    );

    execute(&database, "ALTER TABLE users DROP COLUMN operator");
    execute(&database, "DELETE FROM _sqlx_migrations WHERE version = 7");
    let doctor = run(&["doctor"]);
    assert_eq!(doctor.status.code(), Some(0), "{}", stdout(&doctor));
    assert!(
        stdout(&doctor).contains("lacks 1 migrations"),
        "{}",
        stdout(&doctor)
    );
    assert!(
        stdout(&run(&["doctor"])).contains("lacks 1 migrations"),
        "the doctor changes nothing"
    );
    assert_eq!(run(&["migrate"]).status.code(), Some(0));
    assert!(stdout(&run(&["doctor"])).contains("schema of this version"));
}
