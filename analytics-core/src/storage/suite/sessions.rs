//! Sessions and single-use marks.

use secrecy::ExposeSecret;

use super::fixture::{at, new_user};
use crate::{model::SessionRecord, storage::Store};

fn session(number: u8, ends: i64) -> SessionRecord {
    SessionRecord {
        id_hash: vec![number; 32],
        data: format!(r#"{{"user":{number}}}"#),
        expires_at: at(ends),
    }
}

/// A session is there until its end, and not at it.
pub async fn a_session_can_be_replaced_and_ends_at_its_time(store: &dyn Store) {
    store.save_session(&session(1, 100), None).await.unwrap();
    let longer = SessionRecord {
        data: "{}".to_owned(),
        ..session(1, 200)
    };
    store.save_session(&longer, None).await.unwrap();
    store.save_session(&session(2, 100), None).await.unwrap();
    assert_eq!(
        store.session(&[1; 32], at(199)).await.unwrap(),
        Some(longer)
    );
    assert_eq!(store.session(&[1; 32], at(200)).await.unwrap(), None);
    assert_eq!(store.session(&[3; 32], at(0)).await.unwrap(), None);

    assert_eq!(store.remove_ended_sessions(at(150)).await.unwrap(), 1);
    assert_eq!(store.session(&[2; 32], at(0)).await.unwrap(), None);
    store.remove_session(&[1; 32]).await.unwrap();
    store.remove_session(&[1; 32]).await.unwrap();
    assert_eq!(store.session(&[1; 32], at(0)).await.unwrap(), None);
}

/// Who changes a password signs everybody else out; other users stay signed in.
pub async fn a_new_password_ends_the_users_sessions(store: &dyn Store) {
    let aiko = store.create_user(&new_user("a@example.com")).await.unwrap();
    let ben = store.create_user(&new_user("b@example.com")).await.unwrap();
    store
        .save_session(&session(1, 100), Some(aiko.id))
        .await
        .unwrap();
    store
        .save_session(&session(2, 100), Some(ben.id))
        .await
        .unwrap();
    store.set_password(aiko.id, &"$new".into()).await.unwrap();
    assert!(store.session(&[1; 32], at(0)).await.unwrap().is_none());
    assert!(store.session(&[2; 32], at(0)).await.unwrap().is_some());
    let aiko = store.user_by_email("a@example.com").await.unwrap().unwrap();
    assert_eq!(aiko.password_hash.expose_secret(), "$new");
}

/// A secret is given back once, while it lasts, to whoever knows its mark.
pub async fn a_kept_secret_is_taken_once(store: &dyn Store) {
    store
        .keep_secret("a", &"one".into(), at(600))
        .await
        .unwrap();
    store
        .keep_secret("b", &"two".into(), at(600))
        .await
        .unwrap();
    store
        .keep_secret("b", &"three".into(), at(600))
        .await
        .unwrap();
    let take = async |mark: &str, now| {
        let taken = store.take_secret(mark, at(now)).await.unwrap();
        taken.map(|secret| secret.expose_secret().to_owned())
    };
    assert_eq!(take("a", 10).await.as_deref(), Some("one"));
    assert_eq!(take("a", 10).await, None);
    assert_eq!(take("b", 599).await.as_deref(), Some("three"));
    store
        .keep_secret("c", &"late".into(), at(600))
        .await
        .unwrap();
    assert_eq!(take("c", 600).await, None);
    store
        .keep_secret("d", &"gone".into(), at(600))
        .await
        .unwrap();
    store.remove_ended_sessions(at(600)).await.unwrap();
    assert_eq!(take("d", 0).await, None);
}

/// The second use of a mark is told apart from the first, for as long as the mark could be valid.
pub async fn a_mark_is_used_once(store: &dyn Store) {
    assert!(store.use_once("state-1", at(600)).await.unwrap());
    assert!(!store.use_once("state-1", at(600)).await.unwrap());
    assert!(store.use_once("state-2", at(600)).await.unwrap());
    store.remove_ended_sessions(at(599)).await.unwrap();
    assert!(!store.use_once("state-1", at(600)).await.unwrap());
}
