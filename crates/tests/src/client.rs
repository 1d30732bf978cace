//! A caller of the API, in process.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use base::UserId;
use serde_json::Value;
use tower::ServiceExt;

const API: &str = "/api/v1";

/// Somebody who calls the API, with a login or a token, or without.
#[derive(Clone)]
pub struct Client {
    router: Router,
    user_id: Option<UserId>,
    headers: HeaderMap,
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Bytes,
    /// The JSON of the body; null when there is none.
    pub body: Value,
}

/// A file to send.
pub struct Upload<'a> {
    pub name: &'a str,
    pub content_type: &'a str,
    pub bytes: &'a [u8],
}

impl Client {
    pub fn new(router: Router) -> Self {
        Client { router, user_id: None, headers: HeaderMap::new() }
    }

    pub fn with_session(self, user_id: UserId, token: &str) -> Self {
        let mut client = self.with_header("cookie", &format!("otklik_session={token}"));
        client.user_id = Some(user_id);
        client
    }

    pub fn with_token(mut self, secret: &str) -> Self {
        self.headers.remove(COOKIE);
        self.with_header(AUTHORIZATION.as_str(), &format!("Bearer {secret}"))
    }

    /// The same caller, sending one more header with everything.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap());
        self
    }

    /// What this caller sends with everything.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Whom `TestApp` signed in.
    pub fn user_id(&self) -> UserId {
        self.user_id.expect("nobody is signed in")
    }

    pub async fn get(&self, path: &str) -> Response {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Response {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Response {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Response {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Response {
        self.send(Method::DELETE, path, None).await
    }

    /// Sends JSON. A path that begins with `/files`, `/hooks` or `/api` is taken as it is, others are under `/api/v1`.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let (content_type, body) = match body {
            Some(body) => (Some("application/json"), Body::from(body.to_string())),
            None => (None, Body::empty()),
        };
        self.send_raw(method, path, content_type, body).await
    }

    /// Uploads files in one request, each as the field `file`.
    pub async fn upload(&self, path: &str, files: &[Upload<'_>]) -> Response {
        let boundary = "otklik-test-boundary";
        let mut body = Vec::new();
        for Upload { name, content_type, bytes } in files {
            let head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {content_type}\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        self.send_raw(Method::POST, path, Some(&format!("multipart/form-data; boundary={boundary}")), Body::from(body))
            .await
    }

    pub async fn send_raw(&self, method: Method, path: &str, content_type: Option<&str>, body: Body) -> Response {
        let whole = ["/api/", "/files/", "/hooks/"].iter().any(|start| path.starts_with(start));
        let uri = if whole { path.to_owned() } else { format!("{API}{path}") };
        let mut request = Request::builder().method(method).uri(uri).body(body).unwrap();
        *request.headers_mut() = self.headers.clone();
        if let Some(content_type) = content_type {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap());
        }
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a whole body");
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Response { status: parts.status, headers: parts.headers, bytes, body }
    }
}

impl Response {
    /// The body of an answer with this status; any other fails the test and shows what came instead.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.bytes));
        self.body
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, String::from_utf8_lossy(&self.bytes));
        self.body
    }

    /// Fails the test unless this is a problem with this status and code.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        let body = self.expect(status);
        assert_eq!(body["code"], code, "{body}");
        body
    }

    /// Fails the test unless exactly this field was wrong in this way.
    #[track_caller]
    pub fn invalid(self, field: &str, code: &str) {
        let body = self.problem(422, "invalid");
        assert_eq!((body["field"].as_str(), body["errors"][0]["code"].as_str()), (Some(field), Some(code)), "{body}");
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
