//! A page whose posts are looked at in snapshots.

use analytics_core::{
    Query,
    analysis::{Group, PublishedQuery, PublishedReport, Report, Status},
    model::{
        CounterRecord, EntityRecord, FeedId, FeedKind, Level, MetricId, Millionths, OfferedMetric,
        PlatformProfile, PostDetails, Slice, Watch,
    },
};
use chrono::{DateTime, NaiveDate, Utc};

use crate::{engine_fixture::*, engine_store::Stored};

const POSTS: &str = "posts";

fn with_posts() -> PlatformProfile {
    let mut profile = page();
    profile.levels.push(Level::Post);
    let mut feed = profile.feeds[0].clone();
    feed.id = FeedId::from(POSTS);
    feed.kind = FeedKind::Snapshot(Watch::default());
    feed.levels = vec![Level::Post];
    feed.metrics = ["views", "likes", "views_lifetime", "likes_lifetime"]
        .map(|metric| OfferedMetric::new(metric, 0, &[Level::Post]))
        .to_vec();
    profile.feeds.push(feed);
    profile
}

pub(crate) fn post(id: &str, published: NaiveDate) -> EntityRecord {
    EntityRecord {
        name: Some(format!("Post {id}")),
        thumbnail_url: Some(format!("https://example.com/{id}.png")),
        post: Some(PostDetails {
            published_at: published.and_hms_opt(3, 0, 0).unwrap().and_utc(),
            kind: Some("photo".to_owned()),
            text: Some(format!("All of {id}")),
            ends_at: None,
        }),
        ..EntityRecord::new(Level::Post, id)
    }
}

/// The same page, where the account's views and likes are those of its posts alone.
fn with_sums() -> PlatformProfile {
    let mut profile = with_posts();
    for feed in &mut profile.feeds {
        if feed.id == FeedId::from(POSTS) {
            feed.sums_up = true;
            for offered in &mut feed.metrics {
                if offered.metric.of_lifetime().is_none() {
                    offered.levels = vec![Level::Account, Level::Post];
                }
            }
        } else {
            feed.metrics
                .retain(|offered| !SUMS.contains(&offered.metric.as_str()));
        }
    }
    profile
}

const SUMS: [&str; 2] = ["views", "likes"];

/// With the metrics that are added up.
pub(crate) struct Page(pub(crate) Stored, Vec<MetricId>);

impl Page {
    pub(crate) async fn new() -> Self {
        Self(Stored::of(with_posts(), None).await, Vec::new())
    }

    /// One whose posts are added up.
    pub(crate) async fn adding_up() -> Self {
        Self(
            Stored::of(with_sums(), None).await,
            SUMS.map(Into::into).to_vec(),
        )
    }

    /// Saves the snapshot of a day, taken three hours after its end.
    pub(crate) async fn snapshot(
        &self,
        day: &str,
        posts: &[EntityRecord],
        counters: &[(&str, &str, i64)],
    ) {
        let taken = at(&format!("{day}T18:00:00Z"));
        self.snapshot_at(taken, day, posts, counters).await;
    }

    pub(crate) async fn snapshot_at(
        &self,
        taken: DateTime<Utc>,
        day: &str,
        posts: &[EntityRecord],
        counters: &[(&str, &str, i64)],
    ) {
        let slice = Slice {
            metrics: ["views", "likes", "views_lifetime", "likes_lifetime"]
                .map(Into::into)
                .to_vec(),
            sums: self.1.clone(),
            entities: posts.to_vec(),
            counters: counters
                .iter()
                .map(|(post, metric, value)| CounterRecord {
                    entity: (*post).into(),
                    metric: (*metric).into(),
                    value: Millionths::from_whole(*value).unwrap(),
                })
                .collect(),
            ..Slice::new(
                self.0.account.id,
                Level::Post,
                FeedId::from(POSTS),
                range(day, day),
                taken,
            )
        };
        self.0
            .store
            .save_slice(self.0.workspace.id, None, &slice)
            .await
            .unwrap();
    }

    pub(crate) async fn ask(&self, query: &Query) -> Vec<Group> {
        self.report(query).await.groups
    }

    pub(crate) async fn report(&self, query: &Query) -> Report {
        self.0
            .engine
            .report(&self.0.workspace, query, at("2026-11-20T00:00:00Z"))
            .await
            .unwrap()
    }

    pub(crate) async fn published(
        &self,
        query: &PublishedQuery,
    ) -> analytics_core::Result<PublishedReport> {
        self.0
            .engine
            .published(&self.0.workspace, query, at("2026-11-20T00:00:00Z"))
            .await
    }
}

pub(crate) fn by_post(start: &str, end: &str) -> Query {
    Query {
        group_by: vec!["post".to_owned()],
        order_by: Some("published_at".to_owned()),
        ..query(
            &["views_lifetime", "likes_lifetime", "views", "likes"],
            range(start, end),
        )
    }
}

/// Name, lifetime views, views, status of the views, covered share.
pub(crate) type Row = (String, Option<f64>, Option<f64>, Status, f64);

pub(crate) fn views(groups: &[Group]) -> Vec<Row> {
    groups
        .iter()
        .map(|group| {
            let figure = current(group, "views");
            (
                group.labels["name"].clone().unwrap(),
                value(group, "views_lifetime"),
                value(group, "views"),
                figure.status,
                figure.covered,
            )
        })
        .collect()
}
