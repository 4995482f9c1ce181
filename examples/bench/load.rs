//! Loading: one account after the other, a slice per level, as synchronization would.

use std::{io::Read, path::Path, sync::Arc, time::Instant};

use analytics_core::{
    Store,
    model::{
        Catalogue, Currency, DateRange, EntityRecord, FactRecord, FoundAccount, GrantTokens, Level,
        MetricId, MetricKind, Millionths, NewAccount, NewGrant, Platform, Slice, Workspace,
        WorkspaceSettings,
    },
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Asia::Tokyo;
use secrecy::SecretString;

use crate::{Failure, Shape};

/// The last day of the facts, as the peers have it.
pub(crate) const END: &str = "2026-11-21";

/// What was loaded.
pub(crate) struct Loaded {
    pub(crate) workspace: Workspace,
    pub(crate) facts: f64,
    pub(crate) facts_a_second: f64,
}

/// Size of the database with its write-ahead log, in bytes.
pub(crate) fn bytes_on_disk(path: &Path) -> Result<f64, Failure> {
    #[allow(clippy::cast_precision_loss)] // a size for display
    Ok(std::fs::metadata(path)?.len() as f64)
}

pub(crate) async fn load(
    store: &dyn Store,
    catalogue: &Catalogue,
    values: &Path,
    shape: Shape,
) -> Result<Loaded, Failure> {
    let platform = Platform::from("facebook_ads");
    let profile = catalogue
        .platform(&platform)
        .ok_or("the build lacks facebook_ads")?;
    let feed = profile.feeds.first().ok_or("the platform has no feed")?;
    let metrics: Vec<MetricId> = feed
        .metrics
        .iter()
        .map(|offered| offered.metric.clone())
        .filter(|id| {
            catalogue
                .metric(id)
                .is_some_and(|metric| metric.kind == MetricKind::Additive)
        })
        .take(shape.metrics)
        .collect();
    if metrics.len() < shape.metrics {
        return Err(format!("the feed has only {} additive metrics", metrics.len()).into());
    }
    let end: NaiveDate = END.parse()?;
    let start = end
        .checked_sub_days(Days::new(u64::try_from(shape.days)? - 1))
        .ok_or("too many days")?;
    let range = DateRange::new(start, end)?;
    let fetched_at: DateTime<Utc> = "2027-01-15T00:00:00Z".parse()?;
    let workspace = store
        .create_workspace("Benchmark", &WorkspaceSettings::default())
        .await?;
    let grant = store
        .save_grant(
            workspace.id,
            &NewGrant {
                provider: profile.provider.clone(),
                subject: "1".to_owned(),
                subject_name: None,
                scopes: Vec::new(),
                tokens: GrantTokens {
                    access_token: SecretString::from("none"),
                    refresh_token: None,
                    expires_at: None,
                },
                granted_at: fetched_at,
            },
        )
        .await?;

    let mut file = std::io::BufReader::with_capacity(1 << 20, std::fs::File::open(values)?);
    let (mut facts, mut seconds) = (0_u64, 0.0);
    for number in 0..shape.accounts {
        let external_id = format!("{}", 1000 + number);
        let account = store
            .link_account(
                workspace.id,
                &NewAccount {
                    found: FoundAccount {
                        platform: platform.clone(),
                        external_id: external_id.clone(),
                        name: format!("Account {number}"),
                        currency: Some(Currency::new("JPY")?),
                        time_zone: Some(Tokyo),
                        picture_url: None,
                        status: "active".to_owned(),
                        access: serde_json::Value::Null,
                    },
                    grant: grant.id,
                    linked_at: fetched_at,
                },
            )
            .await?;
        for level in [Level::Account, Level::Campaign] {
            let entities: Vec<Arc<str>> = match level {
                Level::Account => vec![external_id.as_str().into()],
                _ => (1..shape.entities)
                    .map(|entity| format!("{external_id}-{entity}").into())
                    .collect(),
            };
            let mut slice = Slice {
                metrics: metrics.clone(),
                facts: Vec::with_capacity(entities.len() * shape.metrics * shape.days),
                ..Slice::new(account.id, level, feed.id.clone(), range, fetched_at)
            };
            for entity in &entities {
                if level == Level::Campaign {
                    slice.entities.push(EntityRecord {
                        name: Some(format!("Campaign {entity}")),
                        status: Some("active".to_owned()),
                        ..EntityRecord::new(level, entity.to_string())
                    });
                }
                for metric in &metrics {
                    for date in range.iter() {
                        let mut bytes = [0; 8];
                        file.read_exact(&mut bytes)?;
                        slice.facts.push(FactRecord {
                            entity: entity.clone(),
                            metric: metric.clone(),
                            date,
                            value: Millionths(i64::from_ne_bytes(bytes)),
                        });
                    }
                }
            }
            let begun = Instant::now();
            facts += store.save_slice(workspace.id, None, &slice).await?.facts;
            seconds += begun.elapsed().as_secs_f64();
        }
    }
    #[allow(clippy::cast_precision_loss)] // far below 2^53
    let facts = facts as f64;
    Ok(Loaded {
        workspace,
        facts,
        facts_a_second: facts / seconds,
    })
}
