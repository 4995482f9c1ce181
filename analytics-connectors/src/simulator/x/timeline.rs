//! `GET …/users/{id}/tweets`: what a user posted, newest first, as far as it can be reached.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{
    blueprints, cursor, error,
    error::Problem,
    gate::{self, Caller, Reply},
    ids,
    page::Page,
    params::Params,
    render::{Shown, View},
    shape::Shape,
    users,
};
use crate::simulator::{
    Inner,
    world::posts::{Post, Relation},
};

const PARAMS: [&str; 7] = [
    "max_results",
    "pagination_token",
    "exclude",
    "start_time",
    "end_time",
    "since_id",
    "until_id",
];
/// Posts that can be reached.
const REACH: usize = 3_200;
/// The same when answers are left out.
const REACH_WITHOUT_REPLIES: usize = 800;

/// Which posts are wanted.
#[derive(Debug)]
struct Wanted {
    reposts: bool,
    replies: bool,
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
    since: Option<u64>,
    until: Option<u64>,
    /// The first id of the last post of the page before.
    after: Option<u64>,
}

impl Wanted {
    fn of(params: &Params, user: &str) -> Result<Self, Problem> {
        let excluded = params.names("exclude");
        if let Some(name) = excluded
            .iter()
            .find(|name| !["retweets", "replies"].contains(name))
        {
            let message = format!(
                "The `exclude` query parameter value [{name}] is not one of [retweets,replies]"
            );
            return Err(Problem::invalid("exclude", name, message));
        }
        let (start, end) = (params.moment("start_time")?, params.moment("end_time")?);
        if let (Some(first), Some(last)) = (start, end)
            && first >= last
        {
            let value = params.get("start_time").unwrap_or_default();
            let message = "Invalid use of 'start_time'/'end_time'. 'start_time' must be a date before 'end_time'";
            return Err(Problem::invalid("start_time", value, message));
        }
        let (since, until) = (params.id("since_id")?, params.id("until_id")?);
        let after = match params.get("pagination_token") {
            None => None,
            Some(token) => Some(cursor::read(user, token).ok_or_else(|| {
                let message =
                    format!("The `pagination_token` query parameter value [{token}] is not valid");
                Problem::invalid("pagination_token", token, message)
            })?),
        };
        Ok(Self {
            reposts: !excluded.contains("retweets"),
            replies: !excluded.contains("replies"),
            // Bounds by id win.
            start: start.filter(|_| since.is_none()),
            end: end.filter(|_| until.is_none()),
            since,
            until,
            after,
        })
    }

    fn holds(&self, post: &Post, now: DateTime<Utc>) -> bool {
        let kind = match post.relation {
            Relation::Own => true,
            Relation::Reply { .. } => self.replies,
            Relation::Repost { .. } => self.reposts,
        };
        let shown = Shown::newest(post, now);
        let (created, id) = (shown.created(), ids::parse(shown.id()));
        kind && self.start.is_none_or(|start| start <= created)
            && self.end.is_none_or(|end| created < end)
            && self.since.is_none_or(|since| id > Some(since))
            && self.until.is_none_or(|until| id < Some(until))
            && self.after.is_none_or(|after| first_id(post) < after)
    }
}

fn first_id(post: &Post) -> u64 {
    ids::parse(&post.id).unwrap_or_default()
}

pub(super) fn get(
    sim: &Inner,
    caller: &Caller<'_>,
    id: &str,
    query: &str,
) -> Result<Reply, Problem> {
    let params = Params::parse(query, &PARAMS)?;
    let size = params.number("max_results", (5, 100), 10)?;
    let wanted = Wanted::of(&params, id)?;
    let (number, author) = users::named(sim, id)?;
    let now = sim.now();
    let own = author.id == caller.user.id;
    if blueprints::is_protected(number) && !own {
        return Ok(hidden(id));
    }
    let posts: Vec<&Post> = author.published(now).collect();
    let reach = if wanted.replies {
        REACH
    } else {
        REACH_WITHOUT_REPLIES
    };
    let (near, far) = posts.split_at(reach.min(posts.len()));
    let is_wanted = |post: &&&Post| wanted.holds(post, now);
    let listed: Vec<&Post> = near.iter().filter(is_wanted).copied().collect();
    let told = &listed[..size.min(listed.len())];
    let shape = Shape::of_posts(sim, &params);
    let view = View {
        author,
        number,
        own,
        now,
    };
    let mut page = Page::new(&shape, now);
    for post in told {
        page.add(view, Shown::newest(post, now));
    }
    let mut meta = json!({ "result_count": told.len() });
    if let ([newest, ..], [.., oldest]) = (told, told) {
        meta["newest_id"] = json!(Shown::newest(newest, now).id());
        meta["oldest_id"] = json!(Shown::newest(oldest, now).id());
        // Where the reach ends there is a page without posts, not an end.
        let more = listed.len() > told.len() || far.iter().any(|post| is_wanted(&post));
        let next = if gate::changed(sim, "repeating-cursor") {
            Some(wanted.after.unwrap_or(u64::MAX))
        } else {
            more.then(|| first_id(oldest))
        };
        if let Some(next) = next {
            meta["next_token"] = json!(cursor::after(id, next));
        }
    }
    let mut reply = page.reply();
    reply.body["meta"] = meta;
    Ok(reply)
}

/// The answer about somebody whose posts only followers see.
fn hidden(id: &str) -> Reply {
    let error: Value = json!({
        "resource_id": id, "resource_type": "user", "parameter": "id", "value": id,
        "section": "data", "title": "Authorization Error",
        "detail": format!("Sorry, you are not authorized to see the user with id: [{id}]."),
        "type": error::kind("not-authorized-for-resource"),
    });
    json!({ "errors": [error] }).into()
}
