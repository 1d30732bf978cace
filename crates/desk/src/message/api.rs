//! Single messages over HTTP.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, Path, Query};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName};
use axum::response::IntoResponse;
use base::{ConversationId, Error, MessageId, can};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{ops, source};
use crate::conversation::{ConversationRow, Message, forward, message_views, rows_by_ids, undo_time};
use crate::file::Attachment;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_message_source))
        .routes(routes!(get_message_frame))
        .routes(routes!(undo_message))
        .routes(routes!(retry_message))
        .routes(routes!(cancel_message))
        .routes(routes!(detach_message))
        .routes(routes!(forward_message))
}

/// The full text of a message with what it quotes.
#[derive(Debug, Serialize, ToSchema)]
struct Source {
    /// Sanitised.
    html: String,
    text: String,
    headers: Vec<Header>,
}

/// One header of a mail.
#[derive(Debug, Serialize, ToSchema)]
struct Header {
    name: String,
    value: String,
}

/// Read a message in full, with quotes and headers.
#[utoipa::path(get, path = "/api/v1/messages/{id}/source", tag = "messages", params(("id" = MessageId, Path)),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = Source)))]
async fn get_message_source(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<Source>> {
    let message = ops::find(app.db.read(), &actor, id).await?;
    let Some(source) = source::Entity::find_by_id(id).one(app.db.read()).await? else {
        return Ok(Json(Source { html: message.html, text: message.text, headers: Vec::new() }));
    };
    let headers: Vec<(String, String)> = serde_json::from_value(source.headers)?;
    let headers = headers.into_iter().map(|(name, value)| Header { name, value }).collect();
    Ok(Json(Source { html: source.html, text: source.text, headers }))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Frame {
    /// `allowed` loads images from other servers, which tells them that the mail was read.
    #[serde(default)]
    #[param(inline)]
    images: Images,
    /// 1: with what it quotes.
    #[serde(default)]
    full: u8,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Images {
    #[default]
    Blocked,
    Allowed,
}

/// Show a message's HTML, safe to put in a sandboxed frame: no scripts, no foreign styles, images of other servers only when allowed.
#[utoipa::path(get, path = "/api/v1/messages/{id}/frame", tag = "messages", params(("id" = MessageId, Path), Frame),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = String, content_type = "text/html")))]
async fn get_message_frame(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Path(id): Path<MessageId>,
    Query(params): Query<Frame>,
) -> ApiResult<impl IntoResponse> {
    let message = ops::find(app.db.read(), &actor, id).await?;
    let source = if params.full == 1 { source::Entity::find_by_id(id).one(app.db.read()).await? } else { None };
    let html = source.map_or(message.html, |source| source.html);
    let allowed = params.images == Images::Allowed;
    let html = if allowed { html } else { mail::html::block_remote_images(&html).0 };
    let images = if allowed { "'self' data: https: http:" } else { "'self' data:" };
    let policy = format!(
        "default-src 'none'; img-src {images}; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; \
         sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    );
    let headers: [(HeaderName, String); 3] = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, "private, max-age=300".to_owned()),
    ];
    Ok((headers, format!("{FRAME_HEAD}{html}</body></html>")))
}

/// Neutral base styles; the page that embeds the frame decides its width.
const FRAME_HEAD: &str = "<!doctype html><html><head><meta charset=\"utf-8\"><base target=\"_blank\"><style>\
    html{color-scheme:light}body{margin:0;font:14px/20px Inter,system-ui,sans-serif;color:#1c2024;overflow-wrap:anywhere}\
    img{max-width:100%;height:auto}blockquote{margin:0 0 0 8px;padding-left:8px;border-left:2px solid #d0d5dd;color:#60646c}\
    pre{white-space:pre-wrap}table{max-width:100%}p{margin:0 0 8px}a{color:#5b5bd6}</style></head><body>";

/// A message that was taken back, to go on writing it.
#[derive(Debug, Serialize, ToSchema)]
struct TakenBack {
    html: String,
    text: String,
    attachments: Vec<Attachment>,
}

/// Take an answer back before it leaves.
#[utoipa::path(post, path = "/api/v1/messages/{id}/undo", tag = "messages", params(("id" = MessageId, Path)),
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])),
    responses((status = 200, body = TakenBack), (status = 409, description = "It is on its way (`too_late`), or is not yours (`not_yours`).")))]
async fn undo_message(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<TakenBack>> {
    let tx = app.write().await?;
    let (message, files) = ops::undo(&tx, &actor, id).await?;
    tx.commit().await?;
    let attachments = files.into_iter().map(Attachment::from).collect();
    Ok(Json(TakenBack { html: message.html, text: message.text, attachments }))
}

/// Send a failed message again.
#[utoipa::path(post, path = "/api/v1/messages/{id}/retry", tag = "messages", params(("id" = MessageId, Path)),
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])),
    responses((status = 200, body = Message), (status = 409, description = "It did not fail (`not_failed`).")))]
async fn retry_message(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<Message>> {
    let tx = app.write().await?;
    ops::retry(&tx, &actor, id).await?;
    tx.commit().await?;
    view(&app, &actor, id).await
}

/// Give up a message that has not left.
#[utoipa::path(post, path = "/api/v1/messages/{id}/cancel", tag = "messages", params(("id" = MessageId, Path)),
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])),
    responses((status = 200, body = Message), (status = 409, description = "It has left or is leaving (`already_sent`).")))]
async fn cancel_message(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<Message>> {
    let tx = app.write().await?;
    ops::cancel(&tx, &actor, id).await?;
    tx.commit().await?;
    view(&app, &actor, id).await
}

async fn view(app: &App, actor: &base::Actor, id: MessageId) -> ApiResult<Json<Message>> {
    let row = ops::find(app.db.read(), actor, id).await?;
    let message = message_views(app.db.read(), vec![row], actor.language).await?.pop();
    Ok(Json(message.ok_or(Error::NotFound("message"))?))
}

/// Move a client's message into a conversation of its own.
#[utoipa::path(post, path = "/api/v1/messages/{id}/detach", tag = "messages", params(("id" = MessageId, Path)),
    security(("session" = ["conversations.assign"]), ("token" = ["conversations.assign"])),
    responses((status = 201, body = ConversationRow), (status = 409, description = "It is alone there (`only_message`) or not the client's (`not_inbound`).")))]
async fn detach_message(
    State(app): State<App>,
    actor: Can<can::ConversationsAssign>,
    idempotency: Idempotency,
    Path(id): Path<MessageId>,
) -> ApiResult<Created<ConversationRow>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let conversation_id = ops::detach(&tx, &actor, id).await?;
    let answer = rows_by_ids(&tx, &actor, &[conversation_id]).await?.pop().ok_or(Error::NotFound("conversation"))?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// Where to.
#[derive(Debug, Deserialize, ToSchema)]
struct Forward {
    conversation_id: ConversationId,
    /// As an internal note instead of a message to that client.
    #[serde(default)]
    note: bool,
}

/// Pass a message on to another conversation, with its files.
#[utoipa::path(post, path = "/api/v1/messages/{id}/forward", tag = "messages", params(("id" = MessageId, Path)), request_body = Forward,
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])), responses((status = 201, body = Message)))]
async fn forward_message(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    idempotency: Idempotency,
    Path(id): Path<MessageId>,
    Json(body): Json<Forward>,
) -> ApiResult<Created<Message>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let new = forward(&tx, &actor, id, body.conversation_id, body.note, undo_time(&app)).await?;
    let row = ops::find(&tx, &actor, new).await?;
    let answer = message_views(&tx, vec![row], actor.language).await?.pop().ok_or(Error::NotFound("message"))?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}
