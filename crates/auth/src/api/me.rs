//! One's own account: profile, password, logins.

use app::{ApiResult, App, ClientAddress, Json, NoContent, Path, Signed};
use axum::extract::State;
use base::{Error, Language, SessionId};
use chrono::{DateTime, Utc};
use desk::user::{self, UserPatch};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::entity::login_session;
use crate::ops::me::{Me, Theme, me};
use crate::ops::{login, session};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_me, patch_me))
        .routes(routes!(change_password))
        .routes(routes!(list_sessions, revoke_other_sessions))
        .routes(routes!(revoke_session))
}

/// Ask who you are and what you may.
#[utoipa::path(get, path = "/api/v1/me", tag = "me", security(("session" = []), ("token" = [])), responses((status = 200, body = Me)))]
async fn get_me(State(app): State<App>, actor: Signed) -> ApiResult<Json<Me>> {
    Ok(Json(me(app.db.read(), &actor).await?))
}

/// What to change of one's own account; absent: keep.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct MePatch {
    name: Option<String>,
    locale: Option<Language>,
    theme: Option<Theme>,
    /// IANA name, as `Europe/Moscow`.
    time_zone: Option<String>,
}

/// Change your own account.
#[utoipa::path(patch, path = "/api/v1/me", tag = "me", request_body = MePatch, security(("session" = []), ("token" = [])),
    responses((status = 200, body = Me)))]
async fn patch_me(State(app): State<App>, actor: Signed, Json(body): Json<MePatch>) -> ApiResult<Json<Me>> {
    let MePatch { name, locale, theme, time_zone } = body;
    let theme = theme.map(|theme| theme.as_str().to_owned());
    let patch = UserPatch { name, locale, theme, time_zone, ..UserPatch::default() };
    let tx = app.write().await?;
    user::update(&tx, &actor, actor.user_id().ok_or(Error::Unauthenticated)?, patch).await?;
    let changed = me(&tx, &actor).await?;
    tx.commit().await?;
    Ok(Json(changed))
}

#[derive(Deserialize, utoipa::ToSchema)]
struct PasswordChange {
    current: String,
    /// At least 8 characters.
    new: String,
}

/// Change your password. All your other logins end.
#[utoipa::path(post, path = "/api/v1/me/password", tag = "me", request_body = PasswordChange, security(("session" = []), ("token" = [])),
    responses((status = 204), (status = 429, description = "Too many wrong passwords (`rate_limited`).")))]
async fn change_password(
    State(app): State<App>,
    signed: Signed,
    ClientAddress(ip): ClientAddress,
    Json(body): Json<PasswordChange>,
) -> ApiResult<NoContent> {
    let PasswordChange { current, new } = body;
    let user_id = signed.user_id().ok_or(Error::Unauthenticated)?;
    login::change_password(&app, user_id, signed.0.session, current, new, &ip.to_string()).await?;
    Ok(NoContent)
}

/// A login on one device.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Session {
    id: SessionId,
    created_at: DateTime<Utc>,
    /// To the minute.
    last_seen_at: DateTime<Utc>,
    /// When it ends unless it is used before.
    expires_at: DateTime<Utc>,
    /// Where it was opened from.
    ip: String,
    user_agent: String,
    /// The one this request came with.
    current: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Sessions {
    items: Vec<Session>,
}

/// List your logins, the last used first.
#[utoipa::path(get, path = "/api/v1/me/sessions", tag = "me", security(("session" = []), ("token" = [])),
    responses((status = 200, body = Sessions)))]
async fn list_sessions(State(app): State<App>, signed: Signed) -> ApiResult<Json<Sessions>> {
    let user_id = signed.user_id().ok_or(Error::Unauthenticated)?;
    let rows = session::list(app.db.read(), user_id, app.now()).await?;
    let item = |row: login_session::Model| Session {
        id: row.id,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        expires_at: row.expires_at,
        ip: row.ip,
        user_agent: row.user_agent,
        current: signed.0.session == Some(row.id),
    };
    Ok(Json(Sessions { items: rows.into_iter().map(item).collect() }))
}

/// End one of your logins.
#[utoipa::path(delete, path = "/api/v1/me/sessions/{id}", tag = "me", params(("id" = SessionId, Path)),
    security(("session" = []), ("token" = [])), responses((status = 204)))]
async fn revoke_session(State(app): State<App>, signed: Signed, Path(id): Path<SessionId>) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    session::revoke(&tx, signed.user_id().ok_or(Error::Unauthenticated)?, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// End all your logins but the one this request came with.
#[utoipa::path(delete, path = "/api/v1/me/sessions", tag = "me", security(("session" = []), ("token" = [])), responses((status = 204)))]
async fn revoke_other_sessions(State(app): State<App>, signed: Signed) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    session::revoke_others(&tx, signed.user_id().ok_or(Error::Unauthenticated)?, signed.0.session).await?;
    tx.commit().await?;
    Ok(NoContent)
}
