//! Posts of a page, with what people did with them.

use serde_json::{Map, Value, json};

use super::GATE;
use crate::simulator::{
    Inner,
    meta::{
        days::{self, moment},
        error::GraphError,
        gate::Reply,
        login::require_permission,
        paging::Page,
        project::project,
        request::{FieldRequest, GraphRequest, parse_fields},
    },
    tokens::Claims,
    world::{
        media::MediaAccount,
        posts::{Post, PostKind, PostMeasure},
    },
};

/// Posts with insights that fit on a page.
const MOST_WITH_INSIGHTS: usize = 50;

pub(super) fn list(
    sim: &Inner,
    request: &GraphRequest,
    claims: &Claims,
    page: &MediaAccount,
) -> Result<Reply, GraphError> {
    let fields = parse_fields(
        request
            .params
            .get("fields")
            .unwrap_or("id,message,created_time"),
    )?;
    let insights = fields.iter().find(|field| field.name == "insights");
    let metrics = match insights {
        Some(field) => {
            require_permission(claims, "read_insights")?;
            asked(field)?
        }
        None => Vec::new(),
    };
    let bound = |name: &str| {
        request
            .params
            .get(name)
            .map(|text| days::parse(name, text))
            .transpose()
    };
    let (since, until) = (bound("since")?, bound("until")?);
    let cut = Page::of(request)?;
    if insights.is_some() && cut.limit > MOST_WITH_INSIGHTS {
        return Err(GraphError::reduce_data());
    }
    GATE.too_much(sim)?;
    let posts: Vec<&Post> = page
        .published(sim.now())
        .filter(|post| since.is_none_or(|since| since <= post.published.timestamp()))
        .filter(|post| until.is_none_or(|until| post.published.timestamp() <= until))
        .collect();
    let data = posts[cut.within(posts.len())]
        .iter()
        .map(|post| {
            project(
                "Post",
                &describe(sim, request, page, post, &metrics),
                &fields,
            )
            .map(Value::Object)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let body = json!({ "data": data, "paging": cut.paging(request, posts.len()) });
    Ok(Reply {
        body: body.to_string(),
        account: Some(page.id.clone()),
        insights: insights.is_some(),
    })
}

/// The metrics of nested insights.
fn asked(field: &FieldRequest) -> Result<Vec<String>, GraphError> {
    let names = field.modifier("metric").unwrap_or_default();
    let names: Vec<String> = names
        .split(',')
        .map(|name| name.trim().to_owned())
        .collect();
    if names.iter().any(|name| measure(name).is_none()) {
        return Err(GraphError::parameter(
            "The value must be a valid insights metric",
        ));
    }
    Ok(names)
}

fn measure(name: &str) -> Option<PostMeasure> {
    Some(match name {
        "post_media_view" => PostMeasure::Views,
        "post_total_media_view_unique" => PostMeasure::Reach,
        "post_clicks" => PostMeasure::Clicks,
        "post_video_views" => PostMeasure::VideoViews,
        "post_video_view_time" => PostMeasure::WatchMilliseconds,
        _ => return None,
    })
}

fn describe(
    sim: &Inner,
    request: &GraphRequest,
    page: &MediaAccount,
    post: &Post,
    metrics: &[String],
) -> Map<String, Value> {
    let date = page.as_of(sim.now()).yesterday();
    let counter = |measure| post.counter(measure, date);
    let media = match post.kind {
        PostKind::Status => None,
        PostKind::Album => Some("album"),
        PostKind::Video | PostKind::Reels => Some("video"),
        PostKind::Photo | PostKind::Story => Some("photo"),
    };
    let insights: Vec<Value> = metrics
        .iter()
        .filter_map(|name| {
            let measure = measure(name)?;
            let plays = matches!(
                measure,
                PostMeasure::VideoViews | PostMeasure::WatchMilliseconds
            );
            let value = if plays && !post.is_video() {
                0
            } else {
                counter(measure)
            };
            Some(json!({
                "name": name, "period": "lifetime", "values": [{ "value": value }],
                "title": null, "description": null,
                "id": format!("{}/insights/{name}/lifetime", post.id),
            }))
        })
        .collect();
    let shares = counter(PostMeasure::Shares);
    let counted = |measure| json!({ "data": [], "summary": { "total_count": counter(measure) } });
    let fields = json!({
        "id": post.id,
        "message": post.text,
        "created_time": moment(post.published),
        "updated_time": moment(post.published),
        "permalink_url": format!("https://www.facebook.com/{}/posts/{}", page.id, post.id),
        "full_picture": media.map(|_| format!("{}/pictures/{}", request.base, post.id)),
        "status_type": media.map_or("mobile_status_update", |_| "added_photos"),
        "is_published": true,
        "attachments": media.map(|media| json!({ "data": [{ "media_type": media, "type": media }] })),
        "shares": (shares > 0).then(|| json!({ "count": shares })),
        "reactions": counted(PostMeasure::Likes),
        "comments": counted(PostMeasure::Comments),
        "insights": { "data": insights, "paging": { "next": "https://graph.facebook.com/never-ends" } },
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
