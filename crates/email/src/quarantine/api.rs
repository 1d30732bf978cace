//! The quarantine over HTTP.

use std::collections::HashMap;

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path, Query, can};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use base::{LineId, LineScope, MailboxId, Page, PageRequest, Result, Words};
use chrono::{DateTime, Utc};
use desk::people::Address;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ops::{self, ByHand, RetryAll};
use crate::ledger::{ConversationRefView, LedgerId, Model, Outcome, shown_in};
use crate::mailbox;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_quarantine))
        .routes(routes!(retry_all_quarantine))
        .routes(routes!(get_quarantined, discard_quarantined))
        .routes(routes!(get_quarantined_raw))
        .routes(routes!(retry_quarantined))
        .routes(routes!(convert_quarantined))
}

/// A message that could not be taken in.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct QuarantineItem {
    id: LedgerId,
    /// None for mail from a mail server's pipe.
    mailbox: Option<QuarantineMailbox>,
    line: QuarantineLine,
    seen_at: DateTime<Utc>,
    from: String,
    subject: String,
    /// Bytes.
    size: i64,
    /// What is wrong, in the reader's language.
    error: String,
    /// The same for a programmer.
    technical: Option<String>,
    attempts: i64,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct QuarantineMailbox {
    id: MailboxId,
    address: String,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct QuarantineLine {
    id: LineId,
    name: String,
}

/// The same with the message itself.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct QuarantinedMessage {
    #[serde(flatten)]
    item: QuarantineItem,
    /// The first 64 KB, as far as they can be read.
    raw_preview: String,
    /// Where the whole message can be downloaded.
    raw_url: String,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuarantine {
    /// How many items, 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// List mail that could not be taken in, newest first.
#[utoipa::path(get, path = "/api/v1/quarantine", tag = "quarantine", params(ListQuarantine), security(("session" = ["quarantine.manage"]), ("token" = ["quarantine.manage"])),
    responses((status = 200, body = Page<QuarantineItem>)))]
async fn list_quarantine(
    State(app): State<App>,
    actor: Can<can::QuarantineManage>,
    Query(params): Query<ListQuarantine>,
) -> ApiResult<Json<Page<QuarantineItem>>> {
    let page = PageRequest { limit: params.limit, after: params.after };
    let page = ops::list(app.db.read(), &actor, &page).await?;
    let items = views(app.db.read(), page.items, actor.language).await?;
    Ok(Json(Page { items, next: page.next }))
}

/// Show a message in quarantine.
#[utoipa::path(get, path = "/api/v1/quarantine/{id}", tag = "quarantine", params(("id" = LedgerId, Path)), security(("session" = ["quarantine.manage"]), ("token" = ["quarantine.manage"])),
    responses((status = 200, body = QuarantinedMessage)))]
async fn get_quarantined(
    State(app): State<App>,
    actor: Can<can::QuarantineManage>,
    Path(id): Path<LedgerId>,
) -> ApiResult<Json<QuarantinedMessage>> {
    let row = ops::find(app.db.read(), &actor, id).await?;
    let raw = app.files.get(&row.raw_key).await?;
    let raw_preview = String::from_utf8_lossy(&raw[..raw.len().min(64 * 1024)]).into_owned();
    let item = views(app.db.read(), vec![row], actor.language)
        .await?
        .pop()
        .ok_or(base::Error::NotFound("quarantined message"))?;
    Ok(Json(QuarantinedMessage { item, raw_preview, raw_url: format!("/api/v1/quarantine/{id}/raw") }))
}

/// Download a message in quarantine as it came.
#[utoipa::path(get, path = "/api/v1/quarantine/{id}/raw", tag = "quarantine", params(("id" = LedgerId, Path)), security(("session" = ["quarantine.manage"]), ("token" = ["quarantine.manage"])),
    responses((status = 200, description = "The message.", content_type = "message/rfc822", body = Vec<u8>)))]
async fn get_quarantined_raw(
    State(app): State<App>,
    actor: Can<can::QuarantineManage>,
    Path(id): Path<LedgerId>,
) -> ApiResult<Response> {
    let row = ops::find(app.db.read(), &actor, id).await?;
    let raw = app.files.get(&row.raw_key).await?;
    let headers = [
        (CONTENT_TYPE, "message/rfc822"),
        (CONTENT_DISPOSITION, "attachment; filename=\"message.eml\""),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, raw).into_response())
}

/// How a try ended.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RetryResult {
    outcome: Outcome,
    conversation: Option<ConversationRefView>,
    /// Why it is still in quarantine.
    error: Option<String>,
}

/// Try to take a message in again.
#[utoipa::path(post, path = "/api/v1/quarantine/{id}/retry", tag = "quarantine", params(("id" = LedgerId, Path)), security(("session" = ["quarantine.manage"]), ("token" = ["quarantine.manage"])),
    responses((status = 200, body = RetryResult)))]
async fn retry_quarantined(
    State(app): State<App>,
    actor: Can<can::QuarantineManage>,
    Path(id): Path<LedgerId>,
) -> ApiResult<Json<RetryResult>> {
    let taken = ops::retry(&app, &actor, id).await?;
    let mut shown = shown_in(app.db.read(), taken.conversation_id.into_iter()).await?;
    let conversation = taken.conversation_id.and_then(|id| shown.remove(&id));
    Ok(Json(RetryResult { outcome: taken.outcome, conversation, error: taken.error }))
}

/// What you read out of the message.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct ConvertQuarantined {
    from: ConvertFrom,
    subject: String,
    #[serde(default)]
    text: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct ConvertFrom {
    email: String,
    name: Option<String>,
}

/// Make a conversation of a message by hand. The original is attached to it.
#[utoipa::path(post, path = "/api/v1/quarantine/{id}/convert", tag = "quarantine", params(("id" = LedgerId, Path)), request_body = ConvertQuarantined,
    security(("session" = ["quarantine.manage"]), ("token" = ["quarantine.manage"])), responses((status = 201, body = ConversationRefView)))]
async fn convert_quarantined(
    State(app): State<App>,
    actor: Can<can::QuarantineManage>,
    idem: Idempotency,
    Path(id): Path<LedgerId>,
    Json(body): Json<ConvertQuarantined>,
) -> ApiResult<Created<ConversationRefView>> {
    let tx = match idem.begin::<ConversationRefView>(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let from = Address { name: body.from.name, address: body.from.email };
    let received = ops::convert(&tx, &actor, id, ByHand { from, subject: body.subject, text: body.text }).await?;
    let answer = ConversationRefView { id: received.conversation_id, number: received.number };
    idem.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// Throw a message out of the quarantine. The ledger keeps its row.
#[utoipa::path(delete, path = "/api/v1/quarantine/{id}", tag = "quarantine", params(("id" = LedgerId, Path)), security(("session" = ["quarantine.manage"]), ("token" = ["quarantine.manage"])),
    responses((status = 204)))]
async fn discard_quarantined(
    State(app): State<App>,
    actor: Can<can::QuarantineManage>,
    Path(id): Path<LedgerId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::discard(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Try everything in quarantine again, in the background.
#[utoipa::path(post, path = "/api/v1/quarantine/retry-all", tag = "quarantine", security(("session" = ["quarantine.manage"]), ("token" = ["quarantine.manage"])),
    responses((status = 202, description = "It was put on the queue.")))]
async fn retry_all_quarantine(State(app): State<App>, actor: Can<can::QuarantineManage>) -> ApiResult<StatusCode> {
    let lines = match &actor.lines {
        LineScope::All => None,
        LineScope::Only(lines) => Some(lines.clone()),
    };
    let tx = app.write().await?;
    jobs::enqueue(&tx, &RetryAll { lines }).await?;
    tx.commit().await?;
    Ok(StatusCode::ACCEPTED)
}

async fn views(
    connection: &impl ConnectionTrait,
    rows: Vec<Model>,
    language: base::Language,
) -> Result<Vec<QuarantineItem>> {
    let lines = desk::line::Entity::find().filter(desk::line::Column::Id.is_in(rows.iter().map(|row| row.line_id)));
    let lines: HashMap<_, _> = lines.all(connection).await?.into_iter().map(|line| (line.id, line.name)).collect();
    let mailboxes =
        mailbox::Entity::find().filter(mailbox::Column::Id.is_in(rows.iter().filter_map(|row| row.mailbox_id)));
    let mailboxes: HashMap<_, _> =
        mailboxes.all(connection).await?.into_iter().map(|row| (row.id, row.address)).collect();
    let items = rows.into_iter().map(|row| {
        let reason = row.reason.and_then(|json| serde_json::from_value::<Words>(json).ok());
        QuarantineItem {
            id: row.id,
            mailbox: row
                .mailbox_id
                .map(|id| QuarantineMailbox { id, address: mailboxes.get(&id).cloned().unwrap_or_default() }),
            line: QuarantineLine { id: row.line_id, name: lines.get(&row.line_id).cloned().unwrap_or_default() },
            seen_at: row.seen_at,
            from: row.from_shown,
            subject: row.subject,
            size: row.size,
            error: reason.map(|words| words.get(language).to_owned()).unwrap_or_default(),
            technical: row.error,
            attempts: row.attempts,
        }
    });
    Ok(items.collect())
}
