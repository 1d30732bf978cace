//! The addresses at which vendors call us.
//!
//! Invariant: a call is answered with success only after what it brings is durable.

use app::{ApiResult, App, Path};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use base::Error;
use desk::channel;

use crate::driver::{HookAnswer, HookCall, Link, Refused};
use crate::settings::Settings;
use crate::{drivers, intake};

/// More than any vendor sends at once; files come by their addresses.
const MAX_BODY: usize = 16 * 1024 * 1024;

pub(crate) fn pages() -> Router<App> {
    Router::new().route("/hooks/{kind}/{key}", any(take_call)).layer(DefaultBodyLimit::max(MAX_BODY))
}

async fn take_call(
    State(app): State<App>,
    Path((kind, key)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> ApiResult<Response> {
    let found = channel::by_hook_key(app.db.read(), &key).await?;
    let channel = found.filter(|channel| channel.kind.as_str() == kind && channel.enabled);
    let channel = channel.ok_or(Error::NotFound("channel"))?;
    let driver = drivers::of(channel.kind).ok_or(Error::NotFound("channel"))?;
    let settings = Settings::of(&app, &channel)?;
    let call = HookCall { method, headers, query: pairs(query.as_deref().unwrap_or_default()), body, now: app.now() };
    let link = Link { app: app.clone(), channel, settings };
    if let Some(answer) = driver.answer_hook(&link, &call).await {
        return Ok(answered(answer.map_err(|trouble| Error::internal(trouble.to_string()))?));
    }
    let Link { channel, settings, .. } = link;
    let hooked = match driver.hook(&settings, &call) {
        Ok(hooked) => hooked,
        Err(refused) => return Ok(refusal(&channel, &refused).into_response()),
    };
    if !hooked.updates.is_empty() {
        let tx = app.write().await?;
        let new = intake::store(&tx, channel.id, hooked.updates).await?;
        tx.commit().await?;
        metrics::counter!("otklik_channel_updates_total", "kind" => channel.kind.as_str()).increment(new as u64);
    }
    Ok(answered(hooked.answer))
}

fn answered(answer: HookAnswer) -> Response {
    match answer {
        HookAnswer::Empty => StatusCode::OK.into_response(),
        HookAnswer::Text(text) => text.into_response(),
        HookAnswer::Json(json) => axum::Json(json).into_response(),
    }
}

fn refusal(channel: &channel::Model, refused: &Refused) -> (StatusCode, String) {
    let (kind, id) = (channel.kind.as_str(), channel.id);
    match refused {
        Refused::NotHere => (StatusCode::NOT_FOUND, "not found".to_owned()),
        Refused::Forged => {
            tracing::warn!(channel = %id, kind, "a call to channel {id} ({kind}) had a wrong signature or secret");
            (StatusCode::FORBIDDEN, "wrong signature".to_owned())
        }
        Refused::Unreadable(why) => {
            tracing::warn!(channel = %id, kind, why, "a call to channel {id} ({kind}) could not be read: {why}");
            (StatusCode::BAD_REQUEST, why.clone())
        }
    }
}

/// The pairs of a query string, decoded.
fn pairs(query: &str) -> Vec<(String, String)> {
    reqwest::Url::parse(&format!("http://x/?{query}"))
        .map(|url| url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())).collect())
        .unwrap_or_default()
}
