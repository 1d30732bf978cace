//! Notifications over HTTP: one's own only.

use app::{ApiResult, App, Json, NoContent, Path, Query, Signed};
use axum::extract::State;
use base::{Actor, ConversationId, Error, Page, PageRequest, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::entity::NotificationId;
use crate::ops::{self, Which};
use crate::view::{self, Notification};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_notifications))
        .routes(routes!(count_notifications))
        .routes(routes!(get_notification))
        .routes(routes!(read_notifications))
        .routes(routes!(read_notification))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// Only what you have not read.
    #[serde(default)]
    unread: bool,
    /// How many items, 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// List what concerns you, the newest first.
///
/// A conversation is given or handed over to you, its client writes, a colleague mentions you in a note, one that was put
/// off is due, your answer could not be sent; for whoever manages channels, a mailbox or a channel stops working. Never your
/// own acts, and never what you do not see any more.
///
/// Two live events come to your own connections only: `notification_created` with `id`, `kind`, `conversation_id` (or null),
/// `sound` (what to play, or null) and `desktop` (whether to pop up), and `notification_changed` when something was read or
/// settings were changed.
#[utoipa::path(get, path = "/api/v1/notifications", tag = "notifications", params(ListParams),
    security(("session" = []), ("token" = [])), responses((status = 200, body = Page<Notification>)))]
async fn list_notifications(
    State(app): State<App>,
    actor: Signed,
    Query(params): Query<ListParams>,
) -> ApiResult<Json<Page<Notification>>> {
    let ListParams { unread, limit, after } = params;
    Ok(Json(page(&app, &actor, unread, PageRequest { limit, after }).await?))
}

async fn page(app: &App, actor: &Actor, unread: bool, request: PageRequest) -> Result<Page<Notification>> {
    let rows = ops::list(app.db.read(), actor, unread, &request).await?;
    let Page { items, next } = Page::from_rows(rows, request.limit(), |row| row.id);
    Ok(Page { items: view::details(app.db.read(), actor.language, items).await?, next })
}

/// How much you have not read.
#[derive(Debug, Serialize, ToSchema)]
struct NotificationCount {
    unread: u64,
}

/// Count what you have not read.
#[utoipa::path(get, path = "/api/v1/notifications/count", tag = "notifications",
    security(("session" = []), ("token" = [])), responses((status = 200, body = NotificationCount)))]
async fn count_notifications(State(app): State<App>, actor: Signed) -> ApiResult<Json<NotificationCount>> {
    Ok(Json(NotificationCount { unread: ops::count_unread(app.db.read(), &actor).await? }))
}

/// Read one notification; also one that you keep out of the feed.
#[utoipa::path(get, path = "/api/v1/notifications/{id}", tag = "notifications", params(("id" = NotificationId, Path)),
    security(("session" = []), ("token" = [])), responses((status = 200, body = Notification)))]
async fn get_notification(
    State(app): State<App>,
    actor: Signed,
    Path(id): Path<NotificationId>,
) -> ApiResult<Json<Notification>> {
    let row = ops::find(app.db.read(), &actor, id).await?;
    let found = view::details(app.db.read(), actor.language, vec![row]).await?.pop();
    Ok(Json(found.ok_or(Error::NotFound("notification"))?))
}

/// What you have read.
#[derive(Debug, Deserialize, ToSchema)]
struct NotificationsRead {
    /// Only what tells of this conversation; absent: everything.
    conversation_id: Option<ConversationId>,
}

/// Mark notifications as read: all, or those of a conversation.
#[utoipa::path(post, path = "/api/v1/notifications/read", tag = "notifications", request_body = NotificationsRead,
    security(("session" = []), ("token" = [])), responses((status = 204)))]
async fn read_notifications(
    State(app): State<App>,
    actor: Signed,
    Json(body): Json<NotificationsRead>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::read(&tx, &actor, body.conversation_id.map_or(Which::All, Which::Of)).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Mark a notification as read.
#[utoipa::path(post, path = "/api/v1/notifications/{id}/read", tag = "notifications",
    params(("id" = NotificationId, Path)), security(("session" = []), ("token" = [])), responses((status = 204)))]
async fn read_notification(
    State(app): State<App>,
    actor: Signed,
    Path(id): Path<NotificationId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::read(&tx, &actor, Which::One(id)).await?;
    tx.commit().await?;
    Ok(NoContent)
}
