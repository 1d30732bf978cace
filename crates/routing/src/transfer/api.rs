//! Transfers over HTTP.

use app::{ApiResult, App, Can, Json, NoContent, Path, Signed, can};
use axum::extract::State;
use base::{ConversationId, LineId};
use desk::conversation;
use desk::people::LineRef;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ops::{self, To};
use super::targets::{self, TransferTargets};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_transfer_targets))
        .routes(routes!(transfer_conversation))
        .routes(routes!(take_over_conversation))
        .routes(routes!(get_first_line, put_first_line))
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct Transfer {
    to: To,
    /// For whoever gets it: becomes an internal note. At most 4000 characters.
    #[serde(default)]
    comment: String,
}

/// The line a line stands behind.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct FirstLine {
    /// Null: it is no second line.
    line: Option<LineRef>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct NewFirstLine {
    /// Null: behind none.
    line_id: Option<LineId>,
}

/// List where a conversation can be transferred: colleagues and groups of its line, other lines; and why not, where not.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/transfer-targets", tag = "routing", params(("id" = ConversationId, Path)),
    security(("session" = ["conversations.assign"]), ("token" = ["conversations.assign"])),
    responses((status = 200, body = TransferTargets)))]
async fn list_transfer_targets(
    State(app): State<App>,
    actor: Can<can::ConversationsAssign>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<TransferTargets>> {
    let conversation = conversation::find(app.db.read(), &actor, id).await?;
    Ok(Json(targets::targets(app.db.read(), &actor, &conversation, app.now()).await?))
}

/// Transfer an open conversation. After a transfer to another line you may no longer see it, so nothing is answered.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/transfer", tag = "routing", params(("id" = ConversationId, Path)), request_body = Transfer,
    security(("session" = ["conversations.assign"]), ("token" = ["conversations.assign"])),
    responses((status = 204), (status = 409, description = "It is not open (`not_open`)."),
        (status = 422, description = "It cannot go there now: `to.id`, `unavailable`, with the reason.")))]
async fn transfer_conversation(
    State(app): State<App>,
    actor: Can<can::ConversationsAssign>,
    Path(id): Path<ConversationId>,
    Json(transfer): Json<Transfer>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::transfer(&tx, &actor, id, transfer.to, &transfer.comment).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Take a conversation from whoever has it: for whoever watches over its line.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/take-over", tag = "routing", params(("id" = ConversationId, Path)),
    security(("session" = []), ("token" = [])),
    responses((status = 204), (status = 403, description = "You do not watch over its line (`not_supervisor`).")))]
async fn take_over_conversation(
    State(app): State<App>,
    actor: Signed,
    Path(id): Path<ConversationId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::take_over(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Read which line this one stands behind.
#[utoipa::path(get, path = "/api/v1/lines/{id}/first-line", tag = "routing", params(("id" = LineId, Path)),
    security(("session" = []), ("token" = [])), responses((status = 200, body = FirstLine)))]
async fn get_first_line(State(app): State<App>, actor: Signed, Path(id): Path<LineId>) -> ApiResult<Json<FirstLine>> {
    Ok(Json(FirstLine { line: ops::first_line(app.db.read(), &actor, id).await? }))
}

/// Make a line the second line of another one: operators of that one may transfer to it without serving it, and get back
/// what they gave.
#[utoipa::path(put, path = "/api/v1/lines/{id}/first-line", tag = "routing", params(("id" = LineId, Path)), request_body = NewFirstLine,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = FirstLine)))]
async fn put_first_line(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
    Json(new): Json<NewFirstLine>,
) -> ApiResult<Json<FirstLine>> {
    let tx = app.write().await?;
    ops::set_first_line(&tx, &actor, id, new.line_id).await?;
    let line = ops::first_line(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(FirstLine { line }))
}
