//! Keys and labels of groups.

use std::collections::BTreeMap;

use chrono::SecondsFormat;

use super::{
    cohort::Cohort,
    dataset::Dataset,
    plan::{Dimension, Plan},
};

type Words = BTreeMap<String, Option<String>>;

/// Dimension → value, with currency and family where they split the answer.
pub(super) fn key(plan: &Plan<'_>, cohort: &Cohort<'_>) -> Words {
    let owned = |value: Option<&str>| value.map(str::to_owned);
    let mut key: Words = plan
        .dimensions
        .iter()
        .zip(&cohort.key)
        .map(|(dimension, value)| (dimension.as_str().to_owned(), owned(*value)))
        .collect();
    if let Some(currency) = cohort.split.currency {
        key.insert(Dimension::Currency.as_str().to_owned(), owned(currency));
    }
    if let Some(family) = cohort.split.family {
        key.insert(
            Dimension::Family.as_str().to_owned(),
            Some(family.as_str().to_owned()),
        );
    }
    key
}

/// What people call the entity or account of a group; empty for other groups.
pub(super) fn labels(dataset: &Dataset, plan: &Plan<'_>, cohort: &Cohort<'_>) -> Words {
    let account = match cohort.accounts.as_slice() {
        [only] => Some(&dataset.accounts[*only]),
        _ => None,
    };
    if let Some(entity) = cohort.labelled {
        let mut labels = words([
            ("name", entity.name.clone()),
            ("external_id", Some(entity.external_id.clone())),
            ("account", account.map(|account| account.name.clone())),
            ("status", entity.status.clone()),
            ("permalink", entity.permalink.clone()),
        ]);
        if let Some(post) = &entity.post {
            let published = post.published_at.to_rfc3339_opts(SecondsFormat::Secs, true);
            labels.extend(words([
                ("published_at", Some(published)),
                ("thumbnail_url", entity.thumbnail_url.clone()),
                ("type", post.kind.clone()),
            ]));
        }
        return labels;
    }
    match account {
        Some(account) if cohort.is_account(plan) => words([
            ("name", Some(account.name.clone())),
            ("external_id", Some(account.external_id.clone())),
            ("account", Some(account.name.clone())),
            ("status", Some(account.state.as_str().to_owned())),
            ("permalink", None),
        ]),
        _ => Words::new(),
    }
}

fn words<const N: usize>(pairs: [(&str, Option<String>); N]) -> Words {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

impl Cohort<'_> {
    /// Whether the group is one account by `group_by`, not by chance.
    fn is_account(&self, plan: &Plan<'_>) -> bool {
        self.kind == super::report::GroupKind::Entity
            && plan.dimensions.contains(&Dimension::Account)
            && plan
                .dimensions
                .iter()
                .all(|dimension| dimension.level().is_none())
    }
}
