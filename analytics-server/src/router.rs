//! Every route, and the layers around them.

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    sensitive_headers::SetSensitiveHeadersLayer,
    trace::TraceLayer,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::AppState,
    auth::session,
    error::{Problem, panicked},
    http::{layers, origin, request_id},
    metrics::measure,
    routes::{
        accounts, connect, cost_terms, costs, coverage, entities, events, grants, health, metrics,
        notices, openapi, operations, platforms, prometheus, report, session as session_routes,
        setup, workspace,
    },
    ui,
};

/// The router of the whole application.
pub(crate) fn build(app: AppState) -> Router {
    let (routes, document) = OpenApiRouter::with_openapi(openapi::base())
        .nest("/api/v1", api())
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(health::version))
        .split_for_parts();
    let document = openapi::document(document);
    routes
        .route(
            "/api/openapi.json",
            get(move || openapi::serve(document.clone())),
        )
        .route("/metrics", get(prometheus::with_token))
        .route("/demo/{token}", get(session_routes::demo))
        .fallback(fallback)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(around(&app))
        .with_state(app)
}

/// Everything below `/api/v1`.
fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(
            session_routes::read,
            session_routes::create,
            session_routes::end
        ))
        .routes(routes!(setup::set_up))
        .routes(routes!(platforms::list))
        .routes(routes!(connect::start))
        .routes(routes!(connect::callback))
        .routes(routes!(notices::deauthorize))
        .routes(routes!(notices::data_deletion))
        .routes(routes!(notices::read))
        .routes(routes!(grants::accounts))
        .routes(routes!(accounts::list, accounts::link))
        .routes(routes!(accounts::read, accounts::rename, accounts::unlink))
        .routes(routes!(accounts::sync))
        .routes(routes!(cost_terms::replace))
        .routes(routes!(workspace::change))
        .routes(routes!(accounts::contents))
        .routes(routes!(coverage::read))
        .routes(routes!(metrics::list))
        .routes(routes!(entities::list))
        .routes(routes!(report::create))
        .routes(routes!(report::published))
        .routes(routes!(costs::read))
        .routes(routes!(events::stream))
        .routes(routes!(operations::read))
        .routes(routes!(operations::retry))
        .routes(routes!(operations::lift))
        .layer(middleware::from_fn(layers::no_store))
}

/// The layers, outermost first.
fn around(
    app: &AppState,
) -> impl tower::Layer<
    axum::routing::Route,
    Service = impl tower::Service<
        Request,
        Response = impl IntoResponse + 'static,
        Error = std::convert::Infallible,
        Future = impl Send + 'static,
    > + Clone
              + Send
              + Sync
              + 'static,
> + Clone
+ Send
+ Sync
+ 'static {
    ServiceBuilder::new()
        .layer(SetSensitiveHeadersLayer::new([
            header::AUTHORIZATION,
            header::COOKIE,
            header::SET_COOKIE,
        ]))
        .layer(middleware::from_fn(request_id::keep_plain))
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(TraceLayer::new_for_http().make_span_with(layers::request_span))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(middleware::from_fn_with_state(app.clone(), measure))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            layers::security_headers,
        ))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(request_id::in_problems))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(layers::time_limit))
        .layer(middleware::from_fn_with_state(app.clone(), origin::check))
        .layer(DefaultBodyLimit::max(layers::BODY_LIMIT))
        .layer(session::layer(
            app.store.clone(),
            &app.public_url,
            app.base.cookie_path(),
        ))
}

/// Below `/api` an unknown address is an error; elsewhere it is a page of the dashboard.
async fn fallback(State(app): State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Problem::new(
            StatusCode::NOT_FOUND,
            "no_such_route",
            format!("There is nothing at {path}. The API is described at /api/openapi.json."),
        )
        .into_response();
    }
    ui::serve(&app.base, request)
}

async fn method_not_allowed(request: Request) -> Response {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        format!(
            "{} does not answer {}; the Allow header lists what it does.",
            request.uri().path(),
            request.method()
        ),
    )
    .into_response()
}
