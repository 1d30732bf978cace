//! Who calls the visitor API: which chat, from where, and which visitor.
//!
//! Invariant: no cookie counts here, so the answers may be read by any page; which sites may call at all is a setting of
//! the chat.

use std::collections::HashMap;

use app::{ApiError, App, ClientAddress, Path};
use axum::extract::{FromRequestParts, Request};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, AUTHORIZATION, HeaderName, HeaderValue, ORIGIN, USER_AGENT,
};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::{ChatId, Error, Result, Words};
use desk::block::{self, Subject};
use desk::channel::{self, Kind};

use crate::settings::Settings;
use crate::site::limits::Limits;
use crate::site::registry::Place;
use crate::site::settings::SiteSettings;
use crate::site::token::{self, Who};

/// A site chat that somebody calls.
#[derive(Clone)]
pub(crate) struct Site {
    pub channel: channel::Model,
    pub settings: SiteSettings,
    /// The caller's IP address.
    pub address: std::net::IpAddr,
    pub user_agent: String,
}

impl FromRequestParts<App> for Site {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let Path(names) = Path::<HashMap<String, String>>::from_request_parts(parts, app).await?;
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, app).await?;
        let key = names.get("key").map(String::as_str).unwrap_or_default();
        let header = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let site = find(app, key, header(ORIGIN), address).await?;
        let user_agent = header(USER_AGENT).unwrap_or_default().chars().take(400).collect();
        Ok(Site { user_agent, ..site })
    }
}

async fn find(app: &App, key: &str, origin: Option<&str>, address: std::net::IpAddr) -> Result<Site> {
    let found = channel::by_hook_key(app.db.read(), key).await?;
    let channel = found.filter(|channel| channel.kind == Kind::Chat && channel.enabled);
    let channel = channel.ok_or(Error::NotFound("chat"))?;
    let settings = SiteSettings::read(&Settings::of(app, &channel)?)?;
    let own = app.config.public_url();
    if !settings.allows_origin(origin) && origin != Some(own.as_str()) {
        let words = Words::new("Этот чат нельзя показывать на этом сайте", "This chat may not be shown on this site");
        return Err(Error::Denied { code: "origin_not_allowed", words });
    }
    let limits: std::sync::Arc<Limits> = app.memory();
    limits.request(address)?;
    Ok(Site { channel, settings, address, user_agent: String::new() })
}

/// A visitor who showed his token.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub site: Site,
    pub who: Who,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let site = Site::from_request_parts(parts, app).await?;
        let bearer = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = bearer.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default().trim().to_owned();
        Ok(site.visitor(app, &token)?)
    }
}

impl Site {
    /// The visitor of a token.
    pub fn visitor(self, app: &App, token: &str) -> Result<Visitor> {
        let words = Words::new("Откройте чат заново", "Open the chat again");
        let unknown = Error::Unauthorized { code: "unknown_visitor", words };
        let who = token::open(app, self.channel.id, &self.settings.identity_secret, token).ok_or(unknown)?;
        Ok(Visitor { site: self, who })
    }

    /// Refuses whom the block list keeps out.
    pub async fn refuse_blocked(&self, app: &App, subject: Subject<'_>) -> Result<()> {
        let subject = Subject { address: Some(self.address), line: Some(self.channel.line_id), ..subject };
        let Some(rule) = block::blocking(app, &subject).await? else { return Ok(()) };
        let tx = app.write().await?;
        block::count_hit(&tx, rule.id).await?;
        tx.commit().await?;
        let words = Words::new("Вы не можете писать в этот чат", "You cannot write to this chat");
        Err(Error::Denied { code: "blocked", words })
    }
}

impl Visitor {
    /// What whoever listens to this chat of his has to know.
    pub fn place(&self, chat_id: ChatId) -> Place {
        let Site { channel, settings, .. } = &self.site;
        let key = channel.hook_key.as_str().into();
        Place { chat_id, channel_id: channel.id, key, ask_rating: settings.ask_rating }
    }

    /// As the block list knows him: kind and key of his identity.
    pub fn account(&self) -> String {
        match &self.who.name {
            token::WhoName::Visitor(id) => format!("visitor:{}:{id}", self.who.channel_id),
            token::WhoName::User(id) => format!("site_user:{}:{id}", self.who.channel_id),
        }
    }
}

/// Middleware: any page may ask and read, without cookies.
pub(crate) async fn across_sites(request: Request, next: Next) -> Response {
    let mut response = if request.method() == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await
    };
    let said: [(HeaderName, &'static str); 6] = [
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PATCH, DELETE"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, accept-language"),
        (ACCESS_CONTROL_EXPOSE_HEADERS, "retry-after"),
        (ACCESS_CONTROL_MAX_AGE, "86400"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    for (name, value) in said {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
