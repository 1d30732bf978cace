//! Muted conversations over HTTP: one's own only.

use app::{ApiResult, App, Json, NoContent, Path, Signed};
use axum::extract::State;
use base::ConversationId;
use desk::people::ConversationRef;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ops;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_muted)).routes(routes!(mute_conversation, unmute_conversation))
}

/// Conversations you do not want to hear of.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Muted {
    items: Vec<ConversationRef>,
}

/// List the conversations you have muted, at most 200.
#[utoipa::path(get, path = "/api/v1/notifications/muted", tag = "notifications",
    security(("session" = []), ("token" = [])), responses((status = 200, body = Muted)))]
async fn list_muted(State(app): State<App>, actor: Signed) -> ApiResult<Json<Muted>> {
    Ok(Json(Muted { items: ops::list(app.db.read(), &actor).await? }))
}

/// Mute a conversation: what happens in it is not told to you, unless you are mentioned or it is given to you.
#[utoipa::path(put, path = "/api/v1/notifications/muted/{conversation_id}", tag = "notifications",
    params(("conversation_id" = ConversationId, Path)), security(("session" = []), ("token" = [])), responses((status = 204)))]
async fn mute_conversation(
    State(app): State<App>,
    actor: Signed,
    Path(id): Path<ConversationId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::set(&tx, &actor, id, true).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Hear of a conversation again.
#[utoipa::path(delete, path = "/api/v1/notifications/muted/{conversation_id}", tag = "notifications",
    params(("conversation_id" = ConversationId, Path)), security(("session" = []), ("token" = [])), responses((status = 204)))]
async fn unmute_conversation(
    State(app): State<App>,
    actor: Signed,
    Path(id): Path<ConversationId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::set(&tx, &actor, id, false).await?;
    tx.commit().await?;
    Ok(NoContent)
}
