//! The web application, embedded in the binary. In a debug build it is read from `web/dist`, so the page can be rebuilt alone.

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
#[allow_missing = true]
struct Web;

/// Scripts only from here; styles also inline, which the editor and the component library need; frames for messages only.
const PAGE_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
     font-src 'self' data:; connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

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
    match find(path, &headers) {
        Some(found) => answer(found, path, &headers, path.starts_with("assets/")),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn page(name: &str, headers: &HeaderMap) -> Response {
    let Some(found) = find(name, headers) else {
        let text = "The web application is not built into this binary. Build it with: npm --prefix web run build";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    let mut response = answer(found, name, headers, false);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    response
}

struct Found {
    file: EmbeddedFile,
    brotli: bool,
}

fn find(path: &str, headers: &HeaderMap) -> Option<Found> {
    let accepts = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepts.contains("br")
        && let Some(file) = Web::get(&format!("{path}.br"))
    {
        return Some(Found { file, brotli: true });
    }
    Web::get(path).map(|file| Found { file, brotli: false })
}

fn answer(found: Found, path: &str, request: &HeaderMap, immutable: bool) -> Response {
    let hash: String = found.file.metadata.sha256_hash().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let etag = format!("\"{hash}\"");
    let cache = if immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
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
    if found.brotli {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
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
