//! Access tokens for XOAUTH2, refreshed at the provider's token endpoint (RFC 6749, 6).

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::Request;
use hyper_util::rt::TokioIo;
use serde::Deserialize;

use super::{Server, Step, Tls, Trouble, open, within};
use crate::mailbox::Security;

/// What is needed to ask for a token.
#[derive(Clone)]
pub(crate) struct Grant {
    pub token_url: String,
    pub client_id: String,
    pub client_secret: Option<String>,
    pub refresh_token: String,
    pub scope: String,
}

/// What the provider gives.
#[derive(Debug, Deserialize)]
pub(crate) struct Token {
    pub access_token: String,
    /// Seconds.
    #[serde(default = "an_hour")]
    pub expires_in: i64,
    /// Some providers give a new refresh token each time, after which the old one is void.
    pub refresh_token: Option<String>,
}

fn an_hour() -> i64 {
    3600
}

const LIMIT: Duration = Duration::from_secs(30);
const MAX_ANSWER: usize = 256 * 1024;

/// Asks for a fresh access token.
pub(crate) async fn refresh(tls: &Tls, grant: &Grant) -> Result<Token, Trouble> {
    let (server, path) = endpoint(&grant.token_url).ok_or_else(|| bad_url(&grant.token_url))?;
    let mut form =
        vec![("grant_type", "refresh_token"), ("client_id", &grant.client_id), ("refresh_token", &grant.refresh_token)];
    if let Some(secret) = &grant.client_secret {
        form.push(("client_secret", secret));
    }
    if !grant.scope.is_empty() {
        form.push(("scope", &grant.scope));
    }
    let body: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
    let answer = within(LIMIT, Step::Login, &server.host, post(tls, &server, &path, body.join("&"))).await??;
    let (status, bytes) = answer;
    if status != 200 {
        return Err(refused(&server.host, status, &bytes));
    }
    serde_json::from_slice(&bytes).map_err(|error| refused(&server.host, status, error.to_string().as_bytes()))
}

async fn post(tls: &Tls, server: &Server, path: &str, body: String) -> Result<(u16, Bytes), Trouble> {
    let lost = |error: hyper::Error| Trouble::lost(Step::Login, &server.host, error);
    let stream = open(server, tls).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(lost)?;
    let pump = tokio::spawn(connection);
    let request = Request::post(path)
        .header("host", &server.host)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| Trouble::lost(Step::Login, &server.host, error))?;
    let response = sender.send_request(request).await.map_err(lost);
    let answer = match response {
        Ok(response) => {
            let status = response.status().as_u16();
            let body = Limited::new(response.into_body(), MAX_ANSWER).collect().await;
            body.map(|body| (status, body.to_bytes())).map_err(|error| Trouble::lost(Step::Login, &server.host, error))
        }
        Err(trouble) => Err(trouble),
    };
    pump.abort();
    answer
}

/// `https://host[:port]/path`; plain `http` only on this machine.
fn endpoint(url: &str) -> Option<(Server, String)> {
    let (security, port, rest) = match url.split_once("://")? {
        ("https", rest) => (Security::Tls, 443, rest),
        ("http", rest) => (Security::None, 80, rest),
        _ => return None,
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().ok()?),
        None => (authority, port),
    };
    let local = matches!(host, "localhost" | "127.0.0.1");
    let allowed = !host.is_empty() && !host.contains(['@', ' ']) && (security == Security::Tls || local);
    allowed.then(|| (Server { host: host.to_owned(), port, security }, format!("/{path}")))
}

/// Whether an address can be asked for tokens.
pub(crate) fn is_token_url(url: &str) -> bool {
    endpoint(url).is_some()
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn bad_url(url: &str) -> Trouble {
    Trouble::new(
        Step::Login,
        "Адрес для получения токена должен начинаться с https://.",
        "The token address must begin with https://.",
        format!("token URL {url}"),
    )
}

fn refused(host: &str, status: u16, body: &[u8]) -> Trouble {
    let text = String::from_utf8_lossy(body).chars().take(500).collect::<String>();
    Trouble::new(
        Step::Login,
        format!("«{host}» не выдал доступ к почте. Скорее всего, доступ отозван или истёк: подключите ящик заново."),
        format!(
            "“{host}” did not grant access to the mail. It was probably revoked or has expired: connect the mailbox again."
        ),
        format!("HTTP {status}: {text}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_addresses_are_https_or_on_this_machine() {
        let (server, path) = endpoint("https://oauth.yandex.ru/token").unwrap();
        assert_eq!((server.host.as_str(), server.port, path.as_str()), ("oauth.yandex.ru", 443, "/token"));
        let (server, _) = endpoint("http://127.0.0.1:8099/t").unwrap();
        assert_eq!((server.port, server.security), (8099, Security::None));
        for wrong in ["http://oauth.yandex.ru/token", "ftp://x/y", "https://", "token", "https://a@b/c"] {
            assert!(!is_token_url(wrong), "{wrong}");
        }
    }

    #[test]
    fn form_values_are_escaped() {
        assert_eq!(percent("a+b/c=ё"), "a%2Bb%2Fc%3D%D1%91");
    }
}
