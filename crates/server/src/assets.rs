//! What browsers load: the web application, the chat widget of other people's sites and the demo shop, embedded in the
//! binary. In a debug build they are read from their `dist` folders, so each can be rebuilt alone.

use app::App;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
#[allow_missing = true]
struct Web;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../widget/dist"]
#[allow_missing = true]
struct Widget;

/// How long a browser may use an answer without asking again.
#[derive(Clone, Copy)]
enum Freshness {
    /// The name changes with the content.
    Forever,
    /// A site's visitors ask again soon after an update of the server.
    Minutes,
    /// Asked every time; an answer is cheap while nothing has changed.
    Never,
}

impl Freshness {
    fn header(self) -> &'static str {
        match self {
            Freshness::Forever => "public, max-age=31536000, immutable",
            Freshness::Minutes => "public, max-age=300",
            Freshness::Never => "no-cache",
        }
    }
}

/// Scripts only from here; styles also inline, which the editor and the component library need; frames for messages only.
const PAGE_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
     font-src 'self' data:; connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// As strict as a site may be: the shop shows that the widget needs no more than this.
const SHOP_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types otklik";

/// The page that browses the API's documentation.
pub async fn api_docs(headers: HeaderMap) -> Response {
    page("api-docs.html", &headers)
}

/// A file of the web application; any other address is the application itself, which shows the right page.
pub async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.is_empty() || (!path.contains('.') && !path.starts_with("assets/")) {
        return page("index.html", &headers);
    }
    if path.ends_with(".html") {
        return page(path, &headers);
    }
    let freshness = if path.starts_with("assets/") { Freshness::Forever } else { Freshness::Never };
    match find::<Web>(path, &headers) {
        Some(found) => answer(found, path, &headers, freshness),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The chat that other sites load.
pub async fn widget(headers: HeaderMap) -> Response {
    let Some(found) = find::<Widget>("widget.js", &headers) else {
        let text = "The widget is not built into this binary. Build it with: npm --prefix widget run build";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    let mut response = answer(found, "widget.js", &headers, Freshness::Minutes);
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    let from_anywhere = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(from_anywhere, HeaderValue::from_static("cross-origin"));
    response
}

pub async fn shop_front(app: State<App>, headers: HeaderMap) -> Response {
    shop(app, Path(String::new()), headers).await
}

/// A page of the made-up shop in which the widget can be tried; there only when `otklik demo` has made its site chat.
pub async fn shop(State(app): State<App>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    match desk::channel::by_hook_key(app.db.read(), demo::SITE_KEY).await {
        Ok(Some(_)) => {}
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => return app::ApiError::from(error).into_response(),
    }
    let name = match path.trim_end_matches('/') {
        "" => "demo/index.html".to_owned(),
        path if path.contains('.') => format!("demo/{path}"),
        path => format!("demo/{path}.html"),
    };
    let Some(found) = find::<Widget>(&name, &headers) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = answer(found, &name, &headers, Freshness::Never);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(SHOP_POLICY));
    response
}

fn page(name: &str, headers: &HeaderMap) -> Response {
    let Some(found) = find::<Web>(name, headers) else {
        let text = "The web application is not built into this binary. Build it with: npm --prefix web run build";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    let mut response = answer(found, name, headers, Freshness::Never);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    response
}

struct Found {
    file: EmbeddedFile,
    encoding: Option<&'static str>,
}

/// The file, or its smaller twin in an encoding the browser knows.
fn find<Folder: RustEmbed>(path: &str, headers: &HeaderMap) -> Option<Found> {
    let accepts = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let twin = |(encoding, extension)| {
        let file = Folder::get(&format!("{path}.{extension}")).filter(|_| accepts.contains(encoding))?;
        Some(Found { file, encoding: Some(encoding) })
    };
    let plain = || Folder::get(path).map(|file| Found { file, encoding: None });
    [("br", "br"), ("gzip", "gz")].into_iter().find_map(twin).or_else(plain)
}

fn answer(found: Found, path: &str, request: &HeaderMap, freshness: Freshness) -> Response {
    let hash: String = found.file.metadata.sha256_hash().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let etag = format!("\"{hash}\"");
    let cache = freshness.header();
    if request.get(IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(ETAG, etag), (CACHE_CONTROL, cache.to_owned())]).into_response();
    }
    let mut response = Response::new(Body::from(found.file.data.into_owned()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(ETAG, etag);
    }
    if let Some(encoding) = found.encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
