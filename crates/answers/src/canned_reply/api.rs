//! Canned replies over HTTP.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path, Query};
use axum::extract::State;
use base::{ConversationId, LineId, can};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::view::{CannedReply, one, views};
use super::{CannedReplyId, ops};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_canned_replies, create_canned_reply))
        .routes(routes!(get_canned_reply, update_canned_reply, delete_canned_reply))
        .routes(routes!(preview_canned_reply))
        .routes(routes!(fill_canned_reply))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListCannedReplies {
    /// What their short name, their name or their text has, whatever the case.
    q: Option<String>,
    /// Those that are of use on this line: your own, and the shared ones that are not limited to other lines.
    line_id: Option<LineId>,
}

/// All of them that fit.
#[derive(Debug, Serialize, ToSchema)]
struct CannedReplies {
    items: Vec<CannedReply>,
}

/// List canned replies, your own and the shared ones: first those whose short name begins with `q`, then by how often they are used.
#[utoipa::path(get, path = "/api/v1/canned-replies", tag = "canned-replies", params(ListCannedReplies),
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])), responses((status = 200, body = CannedReplies)))]
async fn list_canned_replies(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    Query(params): Query<ListCannedReplies>,
) -> ApiResult<Json<CannedReplies>> {
    let filter = ops::Filter { q: params.q.unwrap_or_default(), line_id: params.line_id };
    let rows = ops::list(app.db.read(), &actor, filter).await?;
    Ok(Json(CannedReplies { items: views(app.db.read(), &actor, rows).await? }))
}

/// A canned reply to keep.
#[derive(Debug, Deserialize, ToSchema)]
struct NewCannedReply {
    /// Everybody's, which needs `canned_replies.manage`; false: only yours.
    #[serde(default)]
    shared: bool,
    /// 1 to 200 characters.
    name: String,
    /// 1 to 40 letters, digits, `_` and `-`. Unique, whatever its case, among the shared ones or among yours.
    short_name: String,
    /// At most 100 characters.
    #[serde(default)]
    folder: String,
    /// `{{client}}`, `{{client_first_name}}`, `{{client_company}}`, `{{operator}}`, `{{line}}`, `{{company}}`, `{{number}}`,
    /// `{{subject}}`, `{{hours}}` and `{{next_open}}` are filled in. Other variables are refused.
    html: String,
    /// Of a shared one: the lines it is limited to; empty: every line.
    #[serde(default)]
    line_ids: Vec<LineId>,
}

/// Keep a canned reply.
#[utoipa::path(post, path = "/api/v1/canned-replies", tag = "canned-replies", request_body = NewCannedReply,
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])), responses((status = 201, body = CannedReply)))]
async fn create_canned_reply(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    idempotency: Idempotency,
    Json(body): Json<NewCannedReply>,
) -> ApiResult<Created<CannedReply>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let NewCannedReply { shared, name, short_name, folder, html, line_ids } = body;
    let new = ops::NewCannedReply { shared, name, short_name, folder, html, line_ids };
    let answer = one(&tx, &actor, ops::create(&tx, &actor, new).await?).await?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// Read a canned reply.
#[utoipa::path(get, path = "/api/v1/canned-replies/{id}", tag = "canned-replies", params(("id" = CannedReplyId, Path)),
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])), responses((status = 200, body = CannedReply)))]
async fn get_canned_reply(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    Path(id): Path<CannedReplyId>,
) -> ApiResult<Json<CannedReply>> {
    let row = ops::find(app.db.read(), &actor, id).await?;
    Ok(Json(one(app.db.read(), &actor, row).await?))
}

/// What to change; absent: keep.
#[derive(Debug, Deserialize, ToSchema)]
struct CannedReplyChange {
    name: Option<String>,
    short_name: Option<String>,
    folder: Option<String>,
    html: Option<String>,
    /// As a whole; lines that you do not see stay as they are.
    line_ids: Option<Vec<LineId>>,
}

/// Change a canned reply. A shared one needs `canned_replies.manage`.
#[utoipa::path(patch, path = "/api/v1/canned-replies/{id}", tag = "canned-replies", params(("id" = CannedReplyId, Path)), request_body = CannedReplyChange,
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])), responses((status = 200, body = CannedReply)))]
async fn update_canned_reply(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    Path(id): Path<CannedReplyId>,
    Json(body): Json<CannedReplyChange>,
) -> ApiResult<Json<CannedReply>> {
    let CannedReplyChange { name, short_name, folder, html, line_ids } = body;
    let tx = app.write().await?;
    let change = ops::Change { name, short_name, folder, html, line_ids };
    let answer = one(&tx, &actor, ops::update(&tx, &actor, id, change).await?).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Delete a canned reply. A shared one needs `canned_replies.manage`. What was written with it stays.
#[utoipa::path(delete, path = "/api/v1/canned-replies/{id}", tag = "canned-replies", params(("id" = CannedReplyId, Path)),
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])), responses((status = 204)))]
async fn delete_canned_reply(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    Path(id): Path<CannedReplyId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::delete(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct PreviewCannedReply {
    /// Whose values are filled in.
    conversation_id: ConversationId,
}

/// A canned reply with its variables filled in.
#[derive(Debug, Serialize, ToSchema)]
struct FilledReply {
    /// Sanitised.
    html: String,
}

/// Show how a canned reply reads in a conversation.
#[utoipa::path(get, path = "/api/v1/canned-replies/{id}/preview", tag = "canned-replies", params(("id" = CannedReplyId, Path), PreviewCannedReply),
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])), responses((status = 200, body = FilledReply)))]
async fn preview_canned_reply(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    Path(id): Path<CannedReplyId>,
    Query(params): Query<PreviewCannedReply>,
) -> ApiResult<Json<FilledReply>> {
    let html = ops::preview(app.db.read(), &actor, id, params.conversation_id, app.now()).await?;
    Ok(Json(FilledReply { html }))
}

/// Where it is put.
#[derive(Debug, Deserialize, ToSchema)]
struct FillCannedReply {
    conversation_id: ConversationId,
}

/// Fill in a canned reply to put it into a conversation. It counts as used.
#[utoipa::path(post, path = "/api/v1/canned-replies/{id}/fill", tag = "canned-replies", params(("id" = CannedReplyId, Path)), request_body = FillCannedReply,
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])), responses((status = 200, body = FilledReply)))]
async fn fill_canned_reply(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    Path(id): Path<CannedReplyId>,
    Json(body): Json<FillCannedReply>,
) -> ApiResult<Json<FilledReply>> {
    let tx = app.write().await?;
    let html = ops::fill(&tx, &actor, id, body.conversation_id).await?;
    tx.commit().await?;
    Ok(Json(FilledReply { html }))
}
