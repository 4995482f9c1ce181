//! The description of the API, OpenAPI 3.1.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};

/// Schemas of the report, whose types belong to the core and know no HTTP.
const REPORT_SCHEMAS: &str = include_str!("report_schemas.json");

/// The document without routes.
pub(crate) fn base() -> OpenApi {
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Analytics")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "Marketing figures of many platforms in one shape. Every error is a problem document (RFC 9457) with a stable `code`. Days are `YYYY-MM-DD` in the account's own time zone; moments are RFC 3339 in UTC. Writes need an `Origin` header equal to the app's own origin.",
                )),
        )
        .build()
}

/// The whole document as text: what the routes say of themselves, the report's schemas, the
/// problem document for every error, and the session cookie.
pub(crate) fn document(routes: OpenApi) -> String {
    let mut document = serde_json::to_value(routes).unwrap_or_else(|_| json!({}));
    let schemas: Value = serde_json::from_str(REPORT_SCHEMAS).unwrap_or_else(|_| json!({}));
    if let (Some(components), Value::Object(schemas)) = (
        object_at(&mut document, &["components", "schemas"]),
        schemas,
    ) {
        components.extend(schemas);
    }
    if let Some(schemes) = object_at(&mut document, &["components", "securitySchemes"]) {
        schemes.insert(
            "session".to_owned(),
            json!({"type": "apiKey", "in": "cookie", "name": "analytics_session"}),
        );
    }
    for (path, query, report) in [
        ("/api/v1/report", "Query", "Report"),
        (
            "/api/v1/report/published",
            "PublishedQuery",
            "PublishedReport",
        ),
    ] {
        if let Some(operation) = object_at(&mut document, &["paths", path, "post"]) {
            set_schema(operation.get_mut("requestBody"), query);
            let responses = operation.get_mut("responses");
            let answer = responses.and_then(|responses| responses.get_mut("200"));
            set_schema(answer, report);
        }
    }
    describe_errors(&mut document);
    describe_sign_in(&mut document);
    document.to_string()
}

fn object_at<'a>(
    document: &'a mut Value,
    path: &[&str],
) -> Option<&'a mut serde_json::Map<String, Value>> {
    path.iter()
        .try_fold(document, |value, name| {
            Some(
                value
                    .as_object_mut()?
                    .entry(*name)
                    .or_insert_with(|| json!({})),
            )
        })?
        .as_object_mut()
}

fn set_schema(holder: Option<&mut Value>, name: &str) {
    if let Some(holder) = holder {
        holder["content"] = json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
    }
}

/// Every answer of 400 and above is a problem document.
fn describe_errors(document: &mut Value) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    let problem =
        json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}});
    for operation in paths
        .values_mut()
        .filter_map(Value::as_object_mut)
        .flat_map(|path| path.values_mut())
    {
        let Some(responses) = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
        else {
            continue;
        };
        for (status, response) in responses.iter_mut() {
            if status.starts_with(['4', '5']) {
                response["content"] = problem.clone();
            }
        }
        responses.insert(
            "default".to_owned(),
            json!({"description": "Any other error", "content": problem}),
        );
    }
}

/// What needs the session cookie: everything but these.
fn describe_sign_in(document: &mut Value) {
    const OPEN: [(&str, &str); 5] = [
        ("/api/v1/session", "post"),
        ("/api/v1/setup", "post"),
        ("/healthz", "get"),
        ("/readyz", "get"),
        ("/version", "get"),
    ];
    document["security"] = json!([{"session": []}]);
    for (path, method) in OPEN {
        if let Some(operation) = object_at(document, &["paths", path, method]) {
            operation.insert("security".to_owned(), json!([]));
        }
    }
}

/// The document.
pub(crate) async fn serve(document: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document).into_response()
}
