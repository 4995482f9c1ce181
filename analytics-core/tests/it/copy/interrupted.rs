//! Copies that stop in the middle.

use analytics_core::{
    Error, connect,
    storage::{
        Cipher,
        copy::{Progress, Stage, copy},
    },
};

use super::fixture::*;

#[tokio::test]
async fn an_interrupted_copy_goes_on_and_ends_with_the_same_rows() {
    let home = Home::new().await;
    let_go(&home.source).await;
    let target = home.path("target.db");
    let (from, to) = (url(&home.source), url(&target));
    let mut interrupted = 0;
    let copied = loop {
        // Each comes a little further than the one before.
        match copy_until(&from, &to, interrupted * 9).await {
            Some(copied) => break copied,
            None => interrupted += 1,
        }
        if interrupted == 6 {
            let error = connect(&to, Cipher::generate().unwrap()).await.unwrap_err();
            assert!(error.to_string().contains("unfinished copy"), "{error}");
            let other = home.path("other.db");
            std::fs::copy(&home.source, &other).unwrap();
            let error = copied_error(&url(&other), &to).await;
            assert!(matches!(error, Error::Conflict { .. }), "{error:?}");
            assert!(error.to_string().contains("source.db"), "{error}");
        }
    };
    assert!(interrupted > 6, "{interrupted}");
    assert!(copied.resumed);
    assert_eq!(copied.copied_again, Vec::<String>::new());
    assert_same(&home.source, &target).await;
}

async fn copied_error(from: &str, to: &str) -> Error {
    copy(from, to, &mut |_| ()).await.unwrap_err()
}

#[tokio::test]
async fn what_changed_in_between_is_copied_again() {
    let home = Home::new().await;
    let_go(&home.source).await;
    for statement in [
        // Sums and lengths stay what they were.
        "UPDATE entities SET name = upper(name)",
        "UPDATE facts SET value = value + CASE metric WHEN 1 THEN 7 ELSE -7 END WHERE entity = 5",
        "DELETE FROM facts WHERE entity BETWEEN 20 AND 30",
        "DELETE FROM entities WHERE id BETWEEN 60 AND 70",
        "UPDATE accounts SET data_version = data_version + 1",
        "INSERT INTO facts SELECT 40, 1, 5000, 1",
        "INSERT INTO sessions VALUES (x'00', NULL, 'first', 1)",
        "DELETE FROM sessions",
    ] {
        let target = home.path("target.db");
        let (from, to) = (url(&home.source), url(&target));
        assert!(copy_until(&from, &to, 42).await.is_none());
        change(&home.source, statement).await;
        let copied = copied(&from, &to).await;
        assert!(copied.resumed);
        assert_same(&home.source, &target).await;
        std::fs::remove_file(&target).unwrap();
    }
}

#[tokio::test]
async fn a_target_that_somebody_changed_is_not_finished_until_it_is_right() {
    let home = Home::new().await;
    let_go(&home.source).await;
    for (table, tamper) in [
        (
            "facts",
            "UPDATE facts SET value = value + 1 WHERE entity = 17 AND date = 1200",
        ),
        (
            "facts",
            "DELETE FROM facts WHERE entity = 17 AND date = 1200",
        ),
        ("deletions", "DELETE FROM deletions WHERE code = 'del_A'"),
        (
            "entities",
            "UPDATE entities SET text = text || 'é' WHERE id = 12",
        ),
        // The sums are the same, the accounts are not.
        ("facts", "UPDATE entities SET account_id = 77 WHERE id = 12"),
    ] {
        let target = home.path("target.db");
        let (from, to) = (url(&home.source), url(&target));
        let mut is_first = true;
        let error = copy(&from, &to, &mut |progress| {
            let verifying = progress.stage == Stage::Verifying;
            if verifying && std::mem::take(&mut is_first) {
                let (target, tamper) = (target.clone(), tamper.to_owned());
                std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread()
                        .enable_all()
                        .build();
                    runtime.unwrap().block_on(async {
                        change(&target, &format!("PRAGMA foreign_keys = OFF; {tamper}")).await
                    })
                })
                .join()
                .unwrap();
            }
        })
        .await
        .unwrap_err();
        let text = error.to_string();
        if !tamper.contains("account_id") {
            assert!(text.contains(&format!("`{table}`")), "{text}");
        }
        assert!(connect(&to, Cipher::generate().unwrap()).await.is_err());
        let copied = copied(&from, &to).await;
        assert!(!copied.copied_again.is_empty(), "{tamper}");
        assert_same(&home.source, &target).await;
        std::fs::remove_file(&target).unwrap();
    }
}

#[tokio::test]
async fn two_copies_into_one_target_do_not_mix() {
    let home = Home::new().await;
    let_go(&home.source).await;
    let target = home.path("target.db");
    let (from, to) = (url(&home.source), url(&target));
    assert!(copy_until(&from, &to, 20).await.is_none());
    let (mut quiet, mut silent) = (|_: Progress<'_>| (), |_: Progress<'_>| ());
    let one = copy(&from, &to, &mut quiet);
    let two = copy(&from, &to, &mut silent);
    let (one, two) = tokio::join!(one, two);
    assert!(one.is_ok() || two.is_ok(), "{one:?} {two:?}");
    assert_same(&home.source, &target).await;
}
