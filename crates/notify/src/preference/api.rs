//! Preferences over HTTP: one's own only.

use app::{ApiResult, App, Json, Signed};
use axum::extract::State;
use base::{Actor, Result};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ops::{self, Preferences, Ways};
use super::quiet::{Quiet, Span};
use crate::kind::Kind;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_notification_preferences, set_notification_preferences))
}

/// How you want to be told.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct NotificationPreferences {
    /// Every kind that may come to you.
    kinds: Vec<KindPreference>,
    /// Null: none.
    quiet: Option<Quiet>,
}

/// How you want to be told of one kind.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct KindPreference {
    kind: Kind,
    /// What it is, in your language.
    title: String,
    #[serde(flatten)]
    ways: Ways,
}

/// What you choose.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct NewNotificationPreferences {
    /// A kind that is not here is told as usual.
    #[serde(default)]
    kinds: Vec<NewKindPreference>,
    /// Null or absent: none.
    quiet: Option<Quiet>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct NewKindPreference {
    kind: Kind,
    #[serde(flatten)]
    ways: Ways,
}

/// Read how you are told of what concerns you.
#[utoipa::path(get, path = "/api/v1/notifications/preferences", tag = "notifications",
    security(("session" = []), ("token" = [])), responses((status = 200, body = NotificationPreferences)))]
async fn get_notification_preferences(
    State(app): State<App>,
    actor: Signed,
) -> ApiResult<Json<NotificationPreferences>> {
    Ok(Json(shown(&actor, &ops::own(app.db.read(), &actor).await?)))
}

/// Choose how you are told of what concerns you, all of it at once.
#[utoipa::path(put, path = "/api/v1/notifications/preferences", tag = "notifications", request_body = NewNotificationPreferences,
    security(("session" = []), ("token" = [])), responses((status = 200, body = NotificationPreferences)))]
async fn set_notification_preferences(
    State(app): State<App>,
    actor: Signed,
    Json(body): Json<NewNotificationPreferences>,
) -> ApiResult<Json<NotificationPreferences>> {
    let preferences = read(body)?;
    let tx = app.write().await?;
    ops::set(&tx, &actor, &preferences).await?;
    tx.commit().await?;
    Ok(Json(shown(&actor, &preferences)))
}

fn read(body: NewNotificationPreferences) -> Result<Preferences> {
    let quiet = body.quiet.as_ref().map(Span::read).transpose()?;
    Ok(Preferences { ways: body.kinds.into_iter().map(|one| (one.kind, one.ways)).collect(), quiet })
}

fn shown(actor: &Actor, preferences: &Preferences) -> NotificationPreferences {
    let mine = Kind::ALL.into_iter().filter(|kind| actor.has(kind.traits().needs));
    let kinds = mine.map(|kind| KindPreference {
        kind,
        title: kind.traits().title.get(actor.language).to_owned(),
        ways: preferences.chosen(kind),
    });
    NotificationPreferences { kinds: kinds.collect(), quiet: preferences.quiet.map(Span::words) }
}
