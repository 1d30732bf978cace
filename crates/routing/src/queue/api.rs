//! The queue over HTTP.

use app::{ApiResult, App, Can, Json, can};
use axum::extract::State;
use base::{Error, LineId};
use desk::conversation::{ConversationRow, rows_by_ids};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::take::take_oldest;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(take_oldest_conversation))
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct TakeOldest {
    /// Of this line; null: of any line of yours.
    line_id: Option<LineId>,
}

/// Take the conversation whose turn it is: the one that waits longest, each level of priority counting as some time of
/// waiting. What is on offer to others is left out.
#[utoipa::path(post, path = "/api/v1/queue/take-oldest", tag = "routing", request_body = TakeOldest,
    security(("session" = ["conversations.assign"]), ("token" = ["conversations.assign"])),
    responses((status = 200, body = ConversationRow), (status = 409, description = "Nothing waits (`queue_empty`).")))]
async fn take_oldest_conversation(
    State(app): State<App>,
    actor: Can<can::ConversationsAssign>,
    Json(wanted): Json<TakeOldest>,
) -> ApiResult<Json<ConversationRow>> {
    let tx = app.write().await?;
    let taken = take_oldest(&tx, &actor, wanted.line_id).await?;
    let row = rows_by_ids(&tx, &actor, &[taken.id]).await?.pop().ok_or(Error::NotFound("conversation"))?;
    tx.commit().await?;
    Ok(Json(row))
}
