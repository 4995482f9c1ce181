//! Workspaces, users and members.

use secrecy::ExposeSecret;

use super::fixture::{at, new_user, workspace};
use crate::{
    Error,
    model::{Currency, Role, SessionRecord, UserId, WeekStart, WorkspaceId, WorkspaceSettings},
    storage::Store,
};

/// Name and settings read back as saved, also after a change.
pub async fn a_workspace_keeps_its_name_and_settings(store: &dyn Store) {
    let settings = WorkspaceSettings {
        time_zone: chrono_tz::Asia::Tokyo,
        currency: Some(Currency::new("JPY").unwrap()),
        week_start: WeekStart::parse("sunday").unwrap(),
        fiscal_year_start: 4,
        language: "ja".to_owned(),
    };
    let mut created = store.create_workspace("雲の靴", &settings).await.unwrap();
    assert_eq!(created.settings, settings);
    assert_eq!(store.workspace(created.id).await.unwrap(), created);

    created.name = "Kumo".to_owned();
    created.settings = WorkspaceSettings::default();
    store.save_workspace(&created).await.unwrap();
    let other = workspace(store, "Other").await;
    assert_eq!(store.workspaces().await.unwrap(), [created.clone(), other]);

    created.id = WorkspaceId(9_999);
    for missing in [
        store.save_workspace(&created).await.err(),
        store.workspace(created.id).await.err(),
    ] {
        assert!(matches!(missing, Some(Error::NotFound { .. })));
    }
}

/// E-mail addresses are one whatever their case.
pub async fn users_are_found_without_case_and_addresses_are_unique(store: &dyn Store) {
    let user = store
        .create_user(&new_user("Aiko@Example.com"))
        .await
        .unwrap();
    assert_eq!(user.email, "aiko@example.com");
    let found = store
        .user_by_email("AIKO@example.COM")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.id, found.name.as_str()), (user.id, "Aiko"));
    assert_eq!(found.password_hash.expose_secret(), "$argon2id$v=19$hash");
    assert!(
        store
            .user_by_email("ben@example.com")
            .await
            .unwrap()
            .is_none()
    );
    assert!(matches!(
        store.create_user(&new_user("aiko@EXAMPLE.com")).await,
        Err(Error::Conflict { .. })
    ));
    assert_eq!(store.users().await.unwrap().len(), 1);
}

/// A second set-up is refused and leaves nothing behind.
pub async fn a_database_is_set_up_once(store: &dyn Store) {
    let settings = WorkspaceSettings::default();
    let owner = store
        .set_up("Kumo Shoes", &settings, &new_user("a@example.com"))
        .await
        .unwrap();
    assert_eq!(owner.role, Role::Owner);
    assert_eq!(owner.workspace.name, "Kumo Shoes");
    assert!(matches!(
        store
            .set_up("Thief", &settings, &new_user("b@example.com"))
            .await,
        Err(Error::Conflict { .. })
    ));
    assert_eq!(store.workspaces().await.unwrap().len(), 1);
    assert_eq!(store.users().await.unwrap().len(), 1);
}

/// Who looks after the instance is said of a user, whatever it owns.
pub async fn whoever_sets_up_is_an_operator_and_others_only_when_made_one(store: &dyn Store) {
    let settings = WorkspaceSettings::default();
    let first = store
        .set_up("Kumo Shoes", &settings, &new_user("a@example.com"))
        .await
        .unwrap();
    assert!(first.user.operator);
    let other = store.create_user(&new_user("b@example.com")).await.unwrap();
    assert!(!other.operator);
    let elsewhere = workspace(store, "Elsewhere").await;
    store
        .save_member(elsewhere.id, other.id, Role::Owner)
        .await
        .unwrap();
    let operators = async || {
        let users = store.users().await.unwrap();
        let operators = users.into_iter().filter(|user| user.operator);
        operators.map(|user| user.email).collect::<Vec<_>>()
    };
    assert_eq!(operators().await, ["a@example.com"]);
    store.set_operator(other.id, true).await.unwrap();
    store.set_operator(first.user.id, false).await.unwrap();
    assert_eq!(operators().await, ["b@example.com"]);
    assert!(store.memberships(other.id).await.unwrap()[0].user.operator);
    assert!(matches!(
        store.set_operator(UserId(9_999), true).await,
        Err(Error::NotFound { .. })
    ));
}

/// Saving a membership again changes the role.
pub async fn a_member_has_one_role_that_can_change(store: &dyn Store) {
    let user = store.create_user(&new_user("a@example.com")).await.unwrap();
    let (first, second) = (workspace(store, "One").await, workspace(store, "Two").await);
    store
        .save_member(first.id, user.id, Role::Viewer)
        .await
        .unwrap();
    store
        .save_member(second.id, user.id, Role::Owner)
        .await
        .unwrap();
    store
        .save_member(first.id, user.id, Role::Editor)
        .await
        .unwrap();
    let members = store.memberships(user.id).await.unwrap();
    let roles: Vec<_> = members
        .iter()
        .map(|member| (member.workspace.name.as_str(), member.role))
        .collect();
    assert_eq!(roles, [("One", Role::Editor), ("Two", Role::Owner)]);
    assert!(members.iter().all(|member| member.user.id == user.id));
    assert!(
        store
            .save_member(first.id, UserId(9_999), Role::Owner)
            .await
            .is_err()
    );
}

/// Nothing of a removed user lets anybody in.
pub async fn removing_a_user_ends_memberships_and_sessions(store: &dyn Store) {
    let user = store.create_user(&new_user("a@example.com")).await.unwrap();
    let home = workspace(store, "One").await;
    store
        .save_member(home.id, user.id, Role::Owner)
        .await
        .unwrap();
    let session = SessionRecord {
        id_hash: vec![1; 32],
        data: "{}".to_owned(),
        expires_at: at(100),
    };
    store.save_session(&session, Some(user.id)).await.unwrap();
    store.remove_user(user.id).await.unwrap();
    assert!(store.memberships(user.id).await.unwrap().is_empty());
    assert!(store.session(&[1; 32], at(0)).await.unwrap().is_none());
    assert!(
        store
            .user_by_email("a@example.com")
            .await
            .unwrap()
            .is_none()
    );
    assert!(matches!(
        store.remove_user(user.id).await,
        Err(Error::NotFound { .. })
    ));
}
