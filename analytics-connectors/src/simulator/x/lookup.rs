//! `GET …/tweets?ids=`: posts by id, whoever wrote them.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::{
    PLATFORM, blueprints, error,
    error::Problem,
    gate::{Caller, Reply},
    ids,
    page::Page,
    params::{self, Params},
    render::{Shown, View},
    shape::Shape,
};
use crate::simulator::{Inner, world::media::MediaAccount};

const MOST: usize = 100;
/// How long after its publication a post may get another id.
const EDITABLE: Duration = Duration::minutes(30);

pub(super) fn get(sim: &Inner, caller: &Caller<'_>, query: &str) -> Result<Reply, Problem> {
    let params = Params::parse(query, &["ids"])?;
    let text = params.get("ids").unwrap_or_default();
    let asked: Vec<&str> = text.split(',').collect();
    if text.is_empty() || asked.len() > MOST {
        let message = format!(
            "The number of values in the `ids` query parameter list [{}] is not between 1 and {MOST}",
            if text.is_empty() { 0 } else { asked.len() }
        );
        return Err(Problem::invalid("ids", text, message));
    }
    if let Some(wrong) = asked.iter().find(|id| ids::parse(id).is_none()) {
        return Err(params::bad_id("ids", wrong));
    }
    let now = sim.now();
    let shape = Shape::of_posts(sim, &params);
    let mut page = Page::new(&shape, now);
    let mut seen = BTreeSet::new();
    for id in asked.into_iter().filter(|id| seen.insert(*id)) {
        match find(sim, id, now) {
            None => page.fail(missing(id)),
            Some((number, author, shown)) => {
                let own = author.id == caller.user.id;
                if blueprints::is_protected(number) && !own {
                    page.fail(hidden(id));
                } else {
                    let view = View {
                        author,
                        number,
                        own,
                        now,
                    };
                    page.add(view, shown);
                }
            }
        }
    }
    Ok(page.reply())
}

/// The post with this id, in the version of this id.
fn find<'a>(
    sim: &'a Inner,
    id: &str,
    now: DateTime<Utc>,
) -> Option<(usize, &'a MediaAccount, Shown<'a>)> {
    let moment = ids::parse(id).and_then(ids::moment_of)?;
    let users = sim.world.media_accounts(PLATFORM).enumerate();
    users.into_iter().find_map(|(number, user)| {
        let today = user.as_of(now).today;
        let until = user.posts.partition_point(|post| post.published <= moment);
        user.posts[..until]
            .iter()
            .rev()
            .take_while(|post| moment - post.published <= EDITABLE)
            .filter(|post| post.published <= now && post.is_there(today))
            .find_map(|post| Some((number, user, Shown::named(post, id, now)?)))
    })
}

fn missing(id: &str) -> Value {
    json!({
        "value": id, "resource_id": id, "resource_type": "tweet", "parameter": "ids",
        "title": "Not Found Error", "detail": format!("Could not find tweet with ids: [{id}]."),
        "type": error::kind("resource-not-found"),
    })
}

fn hidden(id: &str) -> Value {
    json!({
        "value": id, "resource_id": id, "resource_type": "tweet", "parameter": "ids",
        "section": "data", "title": "Authorization Error",
        "detail": format!("Sorry, you are not authorized to see the Tweet with ids: [{id}]."),
        "type": error::kind("not-authorized-for-resource"),
    })
}
