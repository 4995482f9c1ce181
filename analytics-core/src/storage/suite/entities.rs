//! Entities.

use super::fixture::{ACCOUNT, World, record};
use crate::{
    Error,
    model::{Entity, EntityRecord, Level, PublicId},
    storage::{EntityFilter, Store},
};

async fn all(store: &dyn Store, world: &World) -> Vec<Entity> {
    let filter = EntityFilter::default();
    store.entities(world.workspace, &filter).await.unwrap().0
}

async fn one(store: &dyn Store, world: &World, level: Level, external_id: &str) -> Entity {
    let entities = all(store, world).await;
    let mut found = entities
        .into_iter()
        .filter(|entity| entity.level == level && entity.external_id == external_id);
    let entity = found.next().unwrap();
    assert_eq!(found.next(), None, "one entity an id");
    entity
}

async fn save(store: &dyn Store, world: &World, records: &[EntityRecord]) {
    store
        .save_entities(world.workspace, world.account.id, records)
        .await
        .unwrap();
}

/// The account is an entity from the moment it is linked, under the name users know.
pub async fn the_account_is_its_own_entity(store: &dyn Store) {
    let world = World::new(store).await;
    let own = one(store, &world, Level::Account, ACCOUNT).await;
    assert_eq!(own.account, world.account.id);
    assert_eq!(
        (own.name.as_deref(), own.parent),
        (Some("Shop act_1"), None)
    );

    store
        .rename_account(world.workspace, world.account.id, "My shop")
        .await
        .unwrap();
    let mut update = record(Level::Account, ACCOUNT, None, Some("Platform's name"));
    update.status = Some("disabled".to_owned());
    save(store, &world, &[update]).await;
    let own = one(store, &world, Level::Account, ACCOUNT).await;
    assert_eq!(own.name.as_deref(), Some("My shop"));
    assert_eq!(own.status.as_deref(), Some("disabled"));

    let foreign = record(Level::Account, "act_2", None, None);
    let refused = store
        .save_entities(world.workspace, world.account.id, &[foreign])
        .await;
    assert!(matches!(refused, Err(Error::Invalid { .. })));
}

/// A fetch that does not know a name does not erase it.
pub async fn unknown_attributes_never_overwrite_known_ones(store: &dyn Store) {
    let world = World::new(store).await;
    let known = EntityRecord {
        status: Some("active".to_owned()),
        permalink: Some("https://example.com/c1".to_owned()),
        thumbnail_url: Some("https://example.com/c1.png".to_owned()),
        ..record(Level::Campaign, "c1", None, Some("Spring"))
    };
    save(store, &world, std::slice::from_ref(&known)).await;
    let first = one(store, &world, Level::Campaign, "c1").await;
    let version = store.data_versions(world.workspace).await.unwrap()[&world.account.id];

    save(
        store,
        &world,
        &[known, record(Level::Campaign, "c1", None, None)],
    )
    .await;
    assert_eq!(one(store, &world, Level::Campaign, "c1").await, first);
    assert_eq!(
        first.thumbnail_url.as_deref(),
        Some("https://example.com/c1.png")
    );
    let unchanged = store.data_versions(world.workspace).await.unwrap()[&world.account.id];
    assert_eq!(unchanged, version, "nothing changed");

    let renamed = EntityRecord {
        status: Some("paused".to_owned()),
        ..record(Level::Campaign, "c1", None, Some("Summer"))
    };
    save(store, &world, &[renamed]).await;
    let second = one(store, &world, Level::Campaign, "c1").await;
    assert_eq!((second.id, &second.public_id), (first.id, &first.public_id));
    assert_eq!(second.name.as_deref(), Some("Summer"));
    assert_eq!(second.status.as_deref(), Some("paused"));
    assert_eq!(second.permalink, first.permalink);
    let raised = store.data_versions(world.workspace).await.unwrap()[&world.account.id];
    assert!(raised > version);
}

/// An ad may come before its ad group is known; once it is, the tree is whole.
pub async fn unknown_parents_get_a_placeholder_until_they_are_described(store: &dyn Store) {
    let world = World::new(store).await;
    save(
        store,
        &world,
        &[record(Level::Ad, "a1", Some("g1"), Some("Ad"))],
    )
    .await;
    let ad = one(store, &world, Level::Ad, "a1").await;
    let group = one(store, &world, Level::AdGroup, "g1").await;
    assert_eq!(ad.parent, Some(group.id));
    assert_eq!((group.name.as_deref(), group.parent), (None, None));

    // Children may come before their parents in one delivery, too.
    let delivery = [
        record(Level::Ad, "a2", Some("g2"), Some("Second ad")),
        record(Level::AdGroup, "g1", Some("c1"), Some("Group")),
        record(Level::AdGroup, "g2", Some("c2"), None),
        record(Level::Campaign, "c1", None, Some("Campaign")),
    ];
    save(store, &world, &delivery).await;
    let account = one(store, &world, Level::Account, ACCOUNT).await;
    let campaign = one(store, &world, Level::Campaign, "c1").await;
    let described = one(store, &world, Level::AdGroup, "g1").await;
    assert_eq!(
        described.id, group.id,
        "the placeholder became the real one"
    );
    assert_eq!(described.name.as_deref(), Some("Group"));
    assert_eq!(described.parent, Some(campaign.id));
    assert_eq!(campaign.parent, Some(account.id));
    let placeholder = one(store, &world, Level::Campaign, "c2").await;
    assert_eq!(
        (placeholder.name, placeholder.parent),
        (None, Some(account.id))
    );
    let second = one(store, &world, Level::AdGroup, "g2").await;
    assert_eq!(second.parent, Some(placeholder.id));
    assert_eq!(
        one(store, &world, Level::Ad, "a2").await.parent,
        Some(second.id)
    );
    assert_eq!(all(store, &world).await.len(), 7);
}

/// What lists of entities are made of: filter, order, page, and the count of all that match.
pub async fn entities_are_filtered_ordered_and_paged(store: &dyn Store) {
    let world = World::new(store).await;
    let other = world.link(store, "act_2").await;
    save(
        store,
        &world,
        &[
            record(Level::Campaign, "c1", None, Some("beta SALE")),
            record(Level::Campaign, "c2", None, Some("Alpha")),
            record(Level::Campaign, "c3", None, Some("セール 50%_off")),
            record(Level::Campaign, "c4", None, None),
            record(Level::AdGroup, "g1", Some("c1"), Some("Été sale")),
        ],
    )
    .await;
    let campaign = one(store, &world, Level::Campaign, "c1").await;
    let list = async |filter: EntityFilter| {
        let (entities, count) = store.entities(world.workspace, &filter).await.unwrap();
        let ids: Vec<String> = entities
            .into_iter()
            .map(|entity| entity.external_id)
            .collect();
        (ids.join(" "), count)
    };
    let own = || EntityFilter {
        accounts: vec![world.account.id],
        level: Some(Level::Campaign),
        ..EntityFilter::default()
    };
    let search = |text: &str| EntityFilter {
        search: Some(text.to_owned()),
        ..EntityFilter::default()
    };
    assert_eq!(
        list(own()).await,
        ("c2 c1 c3 c4".to_owned(), 4),
        "nameless ones last"
    );
    let page = EntityFilter {
        limit: Some(2),
        offset: 1,
        ..own()
    };
    assert_eq!(list(page).await, ("c1 c3".to_owned(), 4));
    let beyond = EntityFilter { offset: 9, ..own() };
    assert_eq!(list(beyond).await, (String::new(), 4));
    assert_eq!(list(search("sale")).await, ("c1 g1".to_owned(), 2));
    assert_eq!(list(search("ÉTÉ")).await, ("g1".to_owned(), 1));
    assert_eq!(list(search("セール")).await, ("c3".to_owned(), 1));
    assert_eq!(
        list(search("%_")).await,
        ("c3".to_owned(), 1),
        "no wildcards"
    );
    let children = EntityFilter {
        parent: Some(campaign.id),
        ..EntityFilter::default()
    };
    assert_eq!(list(children).await, ("g1".to_owned(), 1));
    let of_other = EntityFilter {
        accounts: vec![other.id],
        ..EntityFilter::default()
    };
    assert_eq!(list(of_other).await, ("act_2".to_owned(), 1));
    assert_eq!(list(EntityFilter::default()).await.1, 7);
}

/// Outside ids come back in the order asked for; nonsense is left out.
pub async fn entities_are_found_by_outside_id(store: &dyn Store) {
    let world = World::new(store).await;
    save(
        store,
        &world,
        &[record(Level::Campaign, "c1", None, Some("One"))],
    )
    .await;
    let campaign = one(store, &world, Level::Campaign, "c1").await;
    let account = one(store, &world, Level::Account, ACCOUNT).await;
    let ids = [
        campaign.public_id.clone(),
        PublicId::from("ent_nonsense"),
        PublicId::generate("ent"),
        account.public_id.clone(),
    ];
    let found = store
        .entities_by_public_id(world.workspace, &ids)
        .await
        .unwrap();
    assert_eq!(found, [campaign, account]);
}
