//! The pages of forms. They work under a strict policy: one script, no inline code, no cookies.

use app::{ApiResult, App, Path, Query};
use axum::Router;
use axum::extract::State;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName,
};
use axum::http::{HeaderValue, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base::Language;
use serde::Deserialize;

use crate::form;

const SCRIPT: &str = include_str!("form.js");
const PAGE: &str = include_str!("page.html");

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

pub(crate) fn pages() -> Router<App> {
    Router::new()
        .route("/forms/{key}", get(show_form))
        .route("/forms/preview", get(preview))
        .route("/form.js", get(script))
}

async fn show_form(State(app): State<App>, Path(key): Path<String>) -> ApiResult<impl IntoResponse> {
    let (form, definition) = form::published(app.db.read(), &key).await?;
    let title = if definition.title.is_empty() { &form.name } else { &definition.title };
    // The words that are not the form's own follow the language it is written in.
    let cyrillic = |text: &str| text.chars().any(|c| ('\u{400}'..='\u{4ff}').contains(&c));
    let russian = cyrillic(title) || definition.fields.iter().any(|field| cyrillic(&field.label));
    Ok(page(title, if russian { "ru" } else { "en" }, &format!("data-form=\"{}\"", escape(&form.key))))
}

#[derive(Deserialize)]
struct PreviewQuery {
    #[serde(default)]
    lang: Language,
}

/// The frame in the builder: shows a form that may not be saved yet, as the builder sends it.
async fn preview(Query(PreviewQuery { lang }): Query<PreviewQuery>) -> impl IntoResponse {
    page("", if lang == Language::En { "en" } else { "ru" }, "data-preview")
}

fn page(title: &str, lang: &str, which: &str) -> impl IntoResponse + use<> {
    let page = PAGE.replace("{{title}}", &escape(title)).replace("{{lang}}", lang).replace("{{which}}", which);
    let headers: [(HeaderName, &str); 3] =
        [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, POLICY), (CACHE_CONTROL, "no-cache")];
    (headers, page)
}

async fn script() -> impl IntoResponse {
    let headers: [(HeaderName, &str); 4] = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=600"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    (headers, SCRIPT)
}

/// Lets pages of other sites use the public operations; nothing there depends on who is signed in.
pub(crate) async fn any_origin(request: Request<axum::body::Body>, next: Next) -> Response {
    let preflight = request.method() == axum::http::Method::OPTIONS;
    let mut response = if preflight { ().into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type, accept-language"));
    response
}

/// The middleware as a layer.
pub(crate) fn open_to_all<S: Clone + Send + Sync + 'static>(
    router: utoipa_axum::router::OpenApiRouter<S>,
) -> utoipa_axum::router::OpenApiRouter<S> {
    router.layer(from_fn(any_origin))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
