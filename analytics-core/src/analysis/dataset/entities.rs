//! Entities of an account at one level.

use crate::model::{Entity, EntityId};

/// Entities sorted by internal id.
#[derive(Debug, Clone, Default)]
pub(in crate::analysis) struct EntityTable {
    entities: Vec<Entity>,
}

impl EntityTable {
    pub(in crate::analysis) fn new(mut entities: Vec<Entity>) -> Self {
        entities.sort_unstable_by_key(|entity| entity.id);
        Self { entities }
    }

    pub(in crate::analysis) fn get(&self, id: EntityId) -> Option<&Entity> {
        self.entities
            .binary_search_by_key(&id, |entity| entity.id)
            .ok()
            .map(|at| &self.entities[at])
    }

    pub(in crate::analysis) fn iter(&self) -> impl Iterator<Item = &Entity> {
        self.entities.iter()
    }

    /// Bytes it takes in memory.
    #[cfg(feature = "storage")]
    pub(in crate::analysis) fn bytes(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        self.entities
            .iter()
            .map(|entity| {
                size_of::<Entity>()
                    + entity.public_id.as_str().len()
                    + entity.external_id.len()
                    + text(&entity.name)
                    + text(&entity.status)
                    + text(&entity.permalink)
                    + text(&entity.thumbnail_url)
                    + entity
                        .post
                        .as_ref()
                        .map_or(0, |post| text(&post.text) + text(&post.kind))
            })
            .sum()
    }
}
