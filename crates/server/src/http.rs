//! The HTTP server around the API: health, metrics, the web application, headers and limits.

use std::time::Duration;

use app::App;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{StatusCode, Uri};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::PrometheusHandle;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::openapi::OpenApi;

use crate::assets;

pub(crate) fn router(app: &App, api: Router<App>, openapi: OpenApi) -> Router {
    let document = get(async move || Json(openapi.clone()));
    let compress = CompressionLayer::new().no_br().compress_when(DefaultPredicate::new().and(SizeAbove::new(1024)));
    let api = api
        .route("/api/v1/openapi.json", document)
        .route("/api/{*rest}", get(no_such_operation).fallback(no_such_operation))
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .layer(compress)
        .with_state(app.clone());
    let rest = Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/readyz", get(ready))
        .route("/api/docs", get(assets::api_docs))
        .route("/widget.js", get(assets::widget))
        .route("/demo-shop", get(assets::shop_front))
        .route("/demo-shop/{*path}", get(assets::shop))
        .with_state(app.clone())
        .fallback(get(assets::serve));
    Router::new()
        .merge(api)
        .merge(rest)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(SetResponseHeaderLayer::if_not_present(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
        .layer(SetResponseHeaderLayer::if_not_present(REFERRER_POLICY, HeaderValue::from_static("same-origin")))
        .layer(SetResponseHeaderLayer::if_not_present(
            HeaderName::from_static("x-frame-options"),
            HeaderValue::from_static("SAMEORIGIN"),
        ))
        .route_layer(from_fn(measure))
}

/// Adds `/metrics` (Prometheus text format); one recorder serves the whole process.
pub(crate) fn with_metrics(router: Router, metrics: PrometheusHandle) -> Router {
    router.route("/metrics", get(async move || ([(CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render())))
}

/// Whether this node can work: the database answers.
async fn ready(State(app): State<App>) -> Response {
    match tokio::time::timeout(Duration::from_secs(3), app.db.ping()).await {
        Ok(Ok(())) => "ready".into_response(),
        Ok(Err(error)) => (StatusCode::SERVICE_UNAVAILABLE, format!("database: {error}")).into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "database: no answer within 3 s").into_response(),
    }
}

async fn no_such_operation(uri: Uri) -> Response {
    let problem = serde_json::json!({
        "type": "about:blank", "title": "Not found", "status": 404, "code": "no_such_operation",
        "detail": format!("There is no operation at {}. See /api/docs.", uri.path()),
    });
    (StatusCode::NOT_FOUND, [(CONTENT_TYPE, "application/problem+json")], problem.to_string()).into_response()
}

/// A bug in one handler is one failed request, told in the log.
fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    tracing::error!(panic = text, "a request handler panicked: {text}");
    app::ApiError::from(base::Error::internal("panic")).into_response()
}

async fn measure(request: Request, next: Next) -> Response {
    let path =
        request.extensions().get::<MatchedPath>().map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().as_str().to_owned();
    let started = std::time::Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!("otklik_http_requests_total", "method" => method.clone(), "path" => path.clone(), "status" => status).increment(1);
    metrics::histogram!("otklik_http_seconds", "method" => method, "path" => path)
        .record(started.elapsed().as_secs_f64());
    response
}
