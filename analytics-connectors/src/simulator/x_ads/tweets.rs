//! The posts behind the ads.

use serde_json::{Value, json};

use super::{
    USER,
    error::ApiError,
    ids,
    params::{MOST_IDS, Params},
    time::midnight,
};
use crate::simulator::{
    Inner,
    world::ads::{Ad, AdAccount},
};

/// Most posts are seen as ads only.
fn is_dark(ad: &Ad) -> bool {
    !ad.id.is_multiple_of(5)
}

/// `GET accounts/:id/tweets`.
pub(super) fn list(sim: &Inner, account: &AdAccount, params: &Params) -> Result<Value, ApiError> {
    let kind = params.required("tweet_type")?;
    if !["PUBLISHED", "SCHEDULED", "DRAFT"].contains(&kind) {
        return Err(ApiError::invalid("tweet_type", kind, "is no type"));
    }
    let timeline = params.get("timeline_type").unwrap_or("NULLCAST");
    let suits: fn(&Ad) -> bool = match timeline {
        "NULLCAST" => is_dark,
        "ORGANIC" => |ad| !is_dark(ad),
        "ALL" => |_| true,
        _ => return Err(ApiError::invalid("timeline_type", timeline, "is no type")),
    };
    params.flag("trim_user")?;
    let wanted = params.list("tweet_ids", MOST_IDS)?;
    let today = account.as_of(sim.now()).today;
    let ads = account.ads.iter().filter(|ad| {
        // Everything here has been published.
        let id = ids::tweet(ad.id).to_string();
        kind == "PUBLISHED"
            && ad.starts <= today
            && suits(ad)
            && wanted
                .as_ref()
                .is_none_or(|wanted| wanted.contains(&id.as_str()))
    });
    let rows = ads.map(|ad| describe(account, ad));
    Ok(params
        .page(rows.collect())?
        .body(&params.echo(Some(&account.id))))
}

fn describe(account: &AdAccount, ad: &Ad) -> Value {
    let id = ids::tweet(ad.id);
    let published = midnight(ad.starts, account.time_zone);
    json!({
        "id": id, "id_str": id.to_string(), "tweet_id": id.to_string(),
        "name": null, "tweet_type": "PUBLISHED", "nullcast": is_dark(ad),
        "full_text": format!("{}\nhttps://t.co/{}", ad.name, ids::spell(ad.id)),
        "created_at": published.format("%a %b %d %H:%M:%S +0000 %Y").to_string(),
        "user": { "id": USER.parse::<u64>().ok(), "id_str": USER },
    })
}
