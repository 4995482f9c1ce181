//! Entities, and the rows that write them.

use std::borrow::Cow;

use super::account::Owner;
use crate::{
    error::{Error, Result},
    model::{AccountId, Entity, EntityId, EntityRecord, Level, PostDetails},
    storage::{
        columns::{Columns, get},
        convert::{fold, level, micros, moment, public_id},
    },
};

/// Parents come before their children.
pub(crate) const TOP_DOWN: [Level; 5] = [
    Level::Account,
    Level::Campaign,
    Level::Post,
    Level::AdGroup,
    Level::Ad,
];

/// What is written of an entity.
#[derive(Debug, Clone, Default)]
pub(crate) struct EntityRow<'a> {
    pub(crate) external_id: &'a str,
    /// The platform's id of its parent.
    pub(crate) parent: Option<&'a str>,
    pub(crate) name: Option<Cow<'a, str>>,
    pub(crate) name_folded: Option<String>,
    pub(crate) status: Option<Cow<'a, str>>,
    pub(crate) permalink: Option<Cow<'a, str>>,
    pub(crate) thumbnail_url: Option<Cow<'a, str>>,
    pub(crate) published_at: Option<i64>,
    pub(crate) kind: Option<Cow<'a, str>>,
    pub(crate) text: Option<Cow<'a, str>>,
    pub(crate) ends_at: Option<i64>,
}

impl<'a> EntityRow<'a> {
    /// The row of a record.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty id, or an entity of level account that is not the account.
    pub(crate) fn new(owner: &Owner, record: &'a EntityRecord) -> Result<Self> {
        check(owner, record)?;
        // The account's own name is set by linking and renaming alone.
        let name = (record.name.as_deref()).filter(|_| record.level != Level::Account);
        let name = name.map(storable);
        let post = record.post.as_ref();
        Ok(Self {
            external_id: &record.external_id,
            parent: record.parent_external_id.as_deref(),
            name_folded: name.as_deref().map(fold),
            name,
            status: record.status.as_deref().map(storable),
            permalink: record.permalink.as_deref().map(storable),
            thumbnail_url: record.thumbnail_url.as_deref().map(storable),
            published_at: post.map(|post| micros(post.published_at)),
            kind: post.and_then(|post| post.kind.as_deref()).map(storable),
            text: post.and_then(|post| post.text.as_deref()).map(storable),
            ends_at: post.and_then(|post| post.ends_at).map(micros),
        })
    }

    /// Takes over what a later record of the same entity knows.
    #[cfg(feature = "postgres")]
    pub(crate) fn learn(&mut self, later: &Self) {
        fn take<T: Clone>(known: &mut Option<T>, told: &Option<T>) {
            if told.is_some() {
                known.clone_from(told);
            }
        }
        take(&mut self.parent, &later.parent);
        take(&mut self.name, &later.name);
        take(&mut self.name_folded, &later.name_folded);
        take(&mut self.status, &later.status);
        take(&mut self.permalink, &later.permalink);
        take(&mut self.thumbnail_url, &later.thumbnail_url);
        take(&mut self.published_at, &later.published_at);
        take(&mut self.kind, &later.kind);
        take(&mut self.text, &later.text);
        take(&mut self.ends_at, &later.ends_at);
    }

    /// A row with nothing but its identity.
    pub(crate) fn placeholder(external_id: &'a str) -> Self {
        Self {
            external_id,
            ..Self::default()
        }
    }
}

/// A text without NUL, which PostgreSQL does not store: one post with it must not stop an account.
pub(crate) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', ""))
    } else {
        Cow::Borrowed(text)
    }
}

fn check(owner: &Owner, record: &EntityRecord) -> Result<()> {
    if record.external_id.is_empty() {
        return Err(Error::invalid(
            "entities",
            record.level.as_str(),
            "an entity without the platform's id",
        ));
    }
    if record.level == Level::Account && record.external_id != owner.external_id {
        return Err(Error::invalid(
            "entities",
            &record.external_id,
            format!("the account's own entity is `{}`", owner.external_id),
        ));
    }
    Ok(())
}

/// An entity from its row.
pub(crate) fn entity(row: &impl Columns) -> Result<Entity> {
    Ok(Entity {
        id: EntityId(get(row, "id")?),
        public_id: public_id("ent", get(row, "uuid")?)?,
        account: AccountId(get(row, "account_id")?),
        level: level(get::<i64>(row, "level")?)?,
        external_id: get(row, "external_id")?,
        parent: get::<Option<i64>>(row, "parent_id")?.map(EntityId),
        name: get(row, "name")?,
        status: get(row, "status")?,
        permalink: get(row, "permalink")?,
        thumbnail_url: get(row, "thumbnail_url")?,
        post: get::<Option<i64>>(row, "published_at")?
            .map(|published_at| {
                Ok::<_, Error>(PostDetails {
                    published_at: moment(published_at)?,
                    kind: get(row, "kind")?,
                    text: get(row, "text")?,
                    ends_at: get::<Option<i64>>(row, "ends_at")?
                        .map(moment)
                        .transpose()?,
                })
            })
            .transpose()?,
    })
}
