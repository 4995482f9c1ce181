//! Lists of pages, and a page itself with its token.

use serde_json::{Map, Value, json};

use super::{PLATFORM, scopes};
use crate::simulator::{
    Inner,
    meta::{
        error::GraphError,
        gate::Reply,
        login::require_permission,
        paging::Page,
        project::project,
        request::{GraphRequest, parse_fields},
    },
    tokens::Claims,
    world::media::MediaAccount,
};

/// Every page.
pub(crate) fn pages(sim: &Inner) -> impl Iterator<Item = &MediaAccount> {
    sim.world.media_accounts(PLATFORM)
}

/// Whether a node is a portfolio that owns a page.
pub(crate) fn is_business(sim: &Inner, node: &str) -> bool {
    pages(sim).any(|page| owner(page).is_some_and(|id| id == node))
}

fn owner(page: &MediaAccount) -> Option<String> {
    page.business
        .as_ref()
        .map(|business| business.id.to_string())
}

/// `/me/accounts`, `/me/businesses` and the pages of a portfolio.
pub(super) fn list(
    sim: &Inner,
    request: &GraphRequest,
    claims: &Claims,
) -> Result<Reply, GraphError> {
    require_permission(claims, "pages_show_list")?;
    let businesses = scopes(claims).has("business_management");
    let fields = parse_fields(request.params.get("fields").unwrap_or("id,name"))?;
    let page = Page::of(request)?;
    let edge = request.edge.as_deref().unwrap_or_default();
    let rows: Vec<Map<String, Value>> = if edge == "accounts" {
        pages(sim)
            .filter(|page| page.business.is_none() || (businesses && page.listed))
            .map(|page| describe(sim, request, claims, page, true))
            .collect()
    } else {
        require_permission(claims, "business_management")?;
        match edge {
            "businesses" => portfolios(sim),
            "owned_pages" => pages(sim)
                .filter(|page| owner(page).is_some_and(|id| id == request.node))
                .map(|page| describe(sim, request, claims, page, false))
                .collect(),
            "client_pages" => Vec::new(),
            other => {
                return Err(GraphError::new(
                    2500,
                    format!("Unknown path components: /{other}"),
                ));
            }
        }
    };
    let data = rows[page.within(rows.len())]
        .iter()
        .map(|row| project("Page", row, &fields).map(Value::Object))
        .collect::<Result<Vec<_>, _>>()?;
    let body = json!({ "data": data, "paging": page.paging(request, rows.len()) });
    Ok(Reply {
        body: body.to_string(),
        account: None,
        insights: false,
    })
}

fn portfolios(sim: &Inner) -> Vec<Map<String, Value>> {
    let mut known: Vec<Map<String, Value>> = Vec::new();
    for page in pages(sim) {
        let Some(business) = &page.business else {
            continue;
        };
        let id = Value::from(business.id.to_string());
        if known.iter().all(|one| one["id"] != id) {
            let mut row = Map::new();
            row.insert("id".to_owned(), id);
            row.insert("name".to_owned(), business.name.clone().into());
            known.push(row);
        }
    }
    known
}

/// `/{page}`.
pub(super) fn one(
    sim: &Inner,
    request: &GraphRequest,
    claims: &Claims,
    page: &MediaAccount,
) -> Result<Reply, GraphError> {
    require_permission(claims, "pages_show_list")?;
    let fields = parse_fields(request.params.get("fields").unwrap_or("id,name"))?;
    let answer = project("Page", &describe(sim, request, claims, page, true), &fields)?;
    Ok(Reply {
        body: Value::Object(answer).to_string(),
        account: Some(page.id.clone()),
        insights: false,
    })
}

fn describe(
    sim: &Inner,
    request: &GraphRequest,
    claims: &Claims,
    page: &MediaAccount,
    with_tasks: bool,
) -> Map<String, Value> {
    let as_of = page.as_of(sim.now());
    let followers = page.followers_on(as_of.yesterday());
    let tasks = if page.readable {
        json!(["ADVERTISE", "ANALYZE", "CREATE_CONTENT"])
    } else {
        json!(["MESSAGING"])
    };
    // Portfolios tell no tasks, and give a token to whoever has a role only.
    let token =
        (page.readable || with_tasks).then(|| sim.meta.page_token(&page.id, claims, sim.now()));
    let profile = sim
        .world
        .media_accounts(crate::simulator::instagram::PLATFORM)
        .find(|profile| profile.page == page.id)
        .map(|profile| {
            json!({
                "id": profile.id,
                "username": profile.username,
                "name": profile.name,
                "profile_picture_url": format!("{}/pictures/{}", request.base, profile.id),
                "followers_count": profile.followers_on(as_of.yesterday()),
                "media_count": profile.published(sim.now()).count(),
            })
        });
    let fields = json!({
        "id": page.id,
        "name": page.name,
        "access_token": token,
        "tasks": with_tasks.then_some(tasks),
        "category": "Shopping & retail",
        "link": format!("https://www.facebook.com/{}", page.id),
        "picture": { "data": { "url": format!("{}/pictures/{}", request.base, page.id) } },
        "followers_count": followers,
        "fan_count": followers - followers / 90,
        "instagram_business_account": profile,
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
