//! The product as the world outside sees it: at an https address, which here leads to a port of this machine.

use std::net::SocketAddr;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hmac::Mac;
use tests::TestApp;

/// Where the product of a test says it is reached: give it as `public_url` in the test's configuration.
pub const PUBLIC: &str = "https://desk.test";

/// The way from a vendor's servers to a product under test.
#[derive(Clone)]
pub struct Outside {
    address: SocketAddr,
    http: reqwest::Client,
}

/// What the product answered to a vendor.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Bytes,
}

impl Outside {
    pub async fn of(test: &TestApp) -> Self {
        Outside { address: test.listen().await, http: test.app.http.client().clone() }
    }

    /// None: not an address of the product, or not https, which every vendor demands.
    pub fn resolve(&self, url: &str) -> Option<String> {
        Some(format!("http://{}{}", self.address, url.strip_prefix(PUBLIC)?))
    }

    pub async fn get(&self, url: &str) -> Option<Answer> {
        answer(self.http.get(self.resolve(url)?)).await
    }

    pub async fn post(&self, url: &str, headers: &[(&str, String)], body: Vec<u8>) -> Option<Answer> {
        let request = self.http.post(self.resolve(url)?).header("content-type", "application/json").body(body);
        answer(headers.iter().fold(request, |request, (name, value)| request.header(*name, value))).await
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Option<Answer> {
    let response = request.send().await.ok()?;
    let status = response.status();
    Some(Answer { status, body: response.bytes().await.ok()? })
}

/// An answer that begins and breaks off, as when a line goes dead.
pub fn broken_off() -> Response {
    let dead = futures::stream::once(async { Err::<Bytes, _>(std::io::Error::other("the line is dead")) });
    Body::from_stream(dead).into_response()
}

/// HMAC-SHA256 in lower-case hexadecimal.
pub fn signature(key: &str, body: &[u8]) -> String {
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(body);
    hex(&mac.finalize().into_bytes())
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
