//! Devices for push messages over HTTP: one's own only.

use app::{ApiResult, App, Created, Json, NoContent, Path, Signed};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::entity::{DeviceId, Model};
use super::keys;
use super::ops::{self, NewDevice};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_push_key))
        .routes(routes!(list_push_devices, add_push_device))
        .routes(routes!(remove_push_device))
        .routes(routes!(try_push_device))
}

/// The public key of this installation.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PushKey {
    /// For `applicationServerKey` of `PushManager.subscribe`: base64url.
    key: String,
}

/// A browser that takes push messages.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PushDevice {
    id: DeviceId,
    /// What people call it: `Chrome, Windows`.
    name: String,
    /// It was made under the login you ask with.
    current: bool,
    created_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PushDevices {
    items: Vec<PushDevice>,
}

/// A subscription as `PushSubscription.toJSON()` gives it.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct NewPushDevice {
    /// Where the browser's push service takes messages.
    endpoint: String,
    keys: PushKeys,
    /// What people call it, at most 100 characters.
    #[serde(default)]
    name: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct PushKeys {
    /// base64url.
    p256dh: String,
    /// base64url.
    auth: String,
}

/// Read the key by which browsers know push messages of this installation.
#[utoipa::path(get, path = "/api/v1/notifications/push-key", tag = "notifications",
    security(("session" = []), ("token" = [])), responses((status = 200, body = PushKey)))]
async fn get_push_key(State(app): State<App>, _: Signed) -> ApiResult<Json<PushKey>> {
    Ok(Json(PushKey { key: keys::public_key(&app).await? }))
}

/// List your browsers that take push messages, the newest first.
#[utoipa::path(get, path = "/api/v1/notifications/devices", tag = "notifications",
    security(("session" = []), ("token" = [])), responses((status = 200, body = PushDevices)))]
async fn list_push_devices(State(app): State<App>, actor: Signed) -> ApiResult<Json<PushDevices>> {
    let rows = ops::list(app.db.read(), &actor).await?;
    Ok(Json(PushDevices { items: rows.into_iter().map(|row| shown(&actor, row)).collect() }))
}

/// Have push messages sent to a browser. The same subscription again changes it; of more than ten the oldest goes.
///
/// It ends with the login it was made under, with a new password, and when its push service does not know it any more.
#[utoipa::path(post, path = "/api/v1/notifications/devices", tag = "notifications", request_body = NewPushDevice,
    security(("session" = []), ("token" = [])), responses((status = 201, body = PushDevice)))]
async fn add_push_device(
    State(app): State<App>,
    actor: Signed,
    Json(body): Json<NewPushDevice>,
) -> ApiResult<Created<PushDevice>> {
    let NewPushDevice { endpoint, keys: PushKeys { p256dh, auth }, name } = body;
    let new = NewDevice { endpoint, public_key: p256dh, auth, name, session_id: actor.0.session };
    let tx = app.write().await?;
    let row = ops::add(&app, &tx, &actor, new).await?;
    tx.commit().await?;
    Ok(Created(shown(&actor, row)))
}

/// Send no more push messages to a browser.
#[utoipa::path(delete, path = "/api/v1/notifications/devices/{id}", tag = "notifications", params(("id" = DeviceId, Path)),
    security(("session" = []), ("token" = [])), responses((status = 204)))]
async fn remove_push_device(State(app): State<App>, actor: Signed, Path(id): Path<DeviceId>) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::remove(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Send a push message to one of your browsers to see whether it comes.
#[utoipa::path(post, path = "/api/v1/notifications/devices/{id}/try", tag = "notifications", params(("id" = DeviceId, Path)),
    security(("session" = []), ("token" = [])), responses((status = 204)))]
async fn try_push_device(State(app): State<App>, actor: Signed, Path(id): Path<DeviceId>) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::try_out(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

fn shown(actor: &Signed, row: Model) -> PushDevice {
    let current = row.session_id.is_some() && row.session_id == actor.0.session;
    PushDevice { id: row.id, name: row.name, current, created_at: row.created_at }
}
