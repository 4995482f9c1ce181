//! Users as the API shows them.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{
    PLATFORM, blueprints,
    error::Problem,
    gate::{Caller, Reply},
    ids,
    params::Params,
    render::moment,
    shape::Shape,
};
use crate::simulator::{
    Inner,
    world::{
        media::MediaAccount,
        posts::{Post, PostKind},
    },
};

/// The user with this id, and its number.
pub(super) fn find<'a>(sim: &'a Inner, id: &str) -> Option<(usize, &'a MediaAccount)> {
    let mut users = sim.world.media_accounts(PLATFORM).enumerate();
    users.find(|(_, user)| user.id == id)
}

/// The user with this id, or why there is none.
pub(super) fn named<'a>(sim: &'a Inner, id: &str) -> Result<(usize, &'a MediaAccount), Problem> {
    if ids::parse(id).is_none() {
        let message =
            format!("The `id` query parameter value [{id}] does not match ^[0-9]{{1,19}}$");
        return Err(Problem::invalid("id", id, message));
    }
    find(sim, id).ok_or_else(|| Problem::no_user(id))
}

/// `GET …/users/me` and `GET …/users/{id}`.
pub(super) fn get(
    sim: &Inner,
    caller: &Caller<'_>,
    id: Option<&str>,
    query: &str,
) -> Result<Reply, Problem> {
    let params = Params::parse(query, &[])?;
    let (number, user) = match id {
        Some(id) => named(sim, id)?,
        None => (caller.number, caller.user),
    };
    let shape = Shape::of(sim, &params);
    let user_body = render(user, number, &shape, sim.now());
    let mut reply = Reply::from(json!({ "data": user_body }));
    reply.returned.users.push(user.id.clone());
    Ok(reply)
}

/// A user with the fields that were asked for.
pub(super) fn render(
    user: &MediaAccount,
    number: usize,
    shape: &Shape<'_>,
    now: DateTime<Utc>,
) -> Value {
    let mut body = json!({ "id": user.id, "name": user.name, "username": user.username });
    for field in &shape.user {
        let value = match *field {
            "public_metrics" => metrics(user, shape, now),
            "protected" => json!(blueprints::is_protected(number)),
            "verified" => json!(false),
            "description" => json!(""),
            "created_at" => {
                let joined = ids::parse(&user.id).and_then(ids::moment_of);
                json!(joined.map(moment))
            }
            "profile_image_url" => {
                json!(format!("https://pbs.example.com/{}_normal.jpg", user.id))
            }
            _ => continue,
        };
        body[*field] = value;
    }
    body
}

fn metrics(user: &MediaAccount, shape: &Shape<'_>, now: DateTime<Utc>) -> Value {
    let yesterday = user.as_of(now).yesterday();
    let posts: Vec<&Post> = user.published(now).collect();
    let is_medium = |post: &&&Post| post.kind == PostKind::Video;
    let days = (yesterday - user.created).num_days().max(0);
    let followers = user.followers_on(yesterday);
    let mut metrics = json!({
        "followers_count": followers,
        "following_count": blueprints::following(user),
        "listed_count": blueprints::listed(user, yesterday),
        "like_count": 200 + days / 2,
        "media_count": posts.iter().filter(is_medium).count(),
    });
    metrics[shape.name("tweet_count", "post_count")] = json!(posts.len());
    metrics
}
