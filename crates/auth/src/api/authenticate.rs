//! Who sends a request: by `Authorization: Bearer`, else by the login cookie.
//!
//! Invariant: whatever a browser does with its cookie on behalf of another site is refused, as the cookie alone does not
//! tell who asked (cross-site request forgery). SameSite=Lax already keeps most of it away; this does not rely on it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use app::{ApiError, App, Identity};
use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, HeaderMap, HeaderValue, ORIGIN, SET_COOKIE, UPGRADE};
use axum::http::request::Parts;
use axum::response::{IntoResponseParts, ResponseParts};
use base::{Error, Result, Words};

use crate::ops::identity;

const COOKIE_NAME: &str = "otklik_session";

type Found = Result<Option<Arc<Identity>>>;

/// Finds out who sends a request; nobody when its cookie or token is unknown, expired, or its owner is blocked.
pub(crate) fn authenticate<'a>(app: App, parts: &'a Parts) -> Pin<Box<dyn Future<Output = Found> + Send + 'a>> {
    Box::pin(async move {
        if let Some(token) = bearer(&parts.headers) {
            return identity::by_token(&app, token).await;
        }
        let Some(token) = cookie(&parts.headers) else { return Ok(None) };
        let identity = identity::by_session(&app, token).await?;
        // A WebSocket is a GET, and browsers open it for any site.
        if identity.is_some() && (!parts.method.is_safe() || parts.headers.contains_key(UPGRADE)) {
            refuse_other_sites(&parts.headers, &app.config.public_url())?;
        }
        Ok(identity)
    })
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let pairs =
        headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == COOKIE_NAME).map(|(_, token)| token)
}

/// Browsers send `Origin` with everything that changes something; programs send neither it nor `Sec-Fetch-Site`.
fn refuse_other_sites(headers: &HeaderMap, public_url: &str) -> Result<()> {
    let text =
        |value: Option<&HeaderValue>| value.map(|value| value.to_str().unwrap_or("unreadable").to_ascii_lowercase());
    let own = match text(headers.get(ORIGIN)) {
        Some(origin) => {
            let host = text(headers.get(HOST));
            let authority = origin.split_once("://").map(|(_, authority)| authority.to_owned());
            origin == public_url.to_ascii_lowercase() || (authority.is_some() && authority == host)
        }
        None => text(headers.get("sec-fetch-site")).is_none_or(|site| site == "same-origin"),
    };
    if own {
        return Ok(());
    }
    let words = Words::new(
        "Запрос пришёл с другого сайта и отклонён. Если вы открыли систему по новому адресу, укажите его в настройке public_url.",
        "The request came from another site and was refused. If this is a new address of yours, set it as public_url.",
    );
    Err(Error::Denied { code: "cross_site", words })
}

/// A public call that signs a browser in: refused when another site made the browser send it.
#[derive(Debug)]
pub(super) struct OwnSite;

impl FromRequestParts<App> for OwnSite {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        refuse_other_sites(&parts.headers, &app.config.public_url())?;
        Ok(OwnSite)
    }
}

/// The login cookie of an answer.
#[derive(Debug)]
pub(super) enum LoginCookie {
    Set { token: String, secure: bool },
    Clear { secure: bool },
}

impl LoginCookie {
    pub fn set(app: &App, token: String) -> Self {
        LoginCookie::Set { token, secure: is_secure(app) }
    }

    pub fn clear(app: &App) -> Self {
        LoginCookie::Clear { secure: is_secure(app) }
    }
}

fn is_secure(app: &App) -> bool {
    app.config.public_url().starts_with("https://")
}

impl IntoResponseParts for LoginCookie {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Self::Error> {
        // The browser keeps it for as long as browsers may (400 days); when the login ends is the server's business.
        let (value, age, secure) = match self {
            LoginCookie::Set { token, secure } => (token, 400 * 24 * 3600, secure),
            LoginCookie::Clear { secure } => (String::new(), 0, secure),
        };
        let secure = if secure { "; Secure" } else { "" };
        let cookie = format!("{COOKIE_NAME}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (axum::http::HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_our_own_pages_and_programs_may_change_anything() {
        let allowed = |pairs| refuse_other_sites(&headers(pairs), "https://desk.example.com").is_ok();
        assert!(allowed(&[("host", "10.0.0.1:8080")]), "a program");
        assert!(
            allowed(&[("origin", "https://desk.example.com"), ("host", "10.0.0.1:8080")]),
            "behind a proxy that hides the host"
        );
        assert!(
            allowed(&[("origin", "http://10.0.0.1:8080"), ("host", "10.0.0.1:8080")]),
            "by another name of this server"
        );
        assert!(allowed(&[("sec-fetch-site", "same-origin")]));
        assert!(!allowed(&[("origin", "https://evil.example"), ("host", "desk.example.com")]));
        assert!(!allowed(&[
            ("origin", "https://evil.example"),
            ("host", "desk.example.com"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(!allowed(&[("origin", "null"), ("host", "desk.example.com")]));
        assert!(!allowed(&[("origin", "null")]), "no host to be equal to");
        assert!(!allowed(&[("sec-fetch-site", "cross-site")]));
        assert!(!allowed(&[("sec-fetch-site", "same-site")]), "a neighbour under the same domain");
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        assert_eq!(cookie(&headers(&[("cookie", "a=b; otklik_session=xyz; c=d")])), Some("xyz"));
        assert_eq!(cookie(&headers(&[("cookie", "xotklik_session=xyz")])), None);
        assert_eq!(bearer(&headers(&[("authorization", "bearer otk_1")])), Some("otk_1"));
        assert_eq!(bearer(&headers(&[("authorization", "Basic otk_1")])), None);
    }
}
