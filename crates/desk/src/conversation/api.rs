//! Conversations over HTTP.

use app::{ApiResult, App, Attempt, Begin, Can, Created, Idempotency, Job, JobError, Json, NoContent, Path, Query};
use axum::extract::State;
use base::{
    Actor, ContactId, ConversationId, Error, FileId, LineId, MailboxId, MessageId, Page, PageRequest, Result, UserId,
    can,
};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::commands;
use super::detail::{self, Conversation};
use super::draft::{self, Draft, NewDraft};
use super::entity::Priority;
use super::mention;
use super::register;
use super::row::{self, ConversationRow, Counters, Filter, Sort, View};
use super::start::{self, NewConversation, Outgoing};
use super::timeline::{self, Message, Timeline, message_views};
use crate::people::{Address, StaffRef};
use crate::{line, message};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_conversations, create_conversation))
        .routes(routes!(count_conversations))
        .routes(routes!(get_conversation, update_conversation))
        .routes(routes!(list_messages, create_message))
        .routes(routes!(take_conversation))
        .routes(routes!(assign_conversation))
        .routes(routes!(close_conversation))
        .routes(routes!(reopen_conversation))
        .routes(routes!(mark_conversation_spam))
        .routes(routes!(mark_conversation_not_spam))
        .routes(routes!(snooze_conversation))
        .routes(routes!(read_conversation))
        .routes(routes!(keep_draft, delete_draft))
        .routes(routes!(set_participants))
        .routes(routes!(register_conversation))
        .routes(routes!(list_colleagues))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListConversations {
    #[serde(default)]
    #[param(inline)]
    view: View,
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
    line: Option<LineId>,
    assignee: Option<UserId>,
    contact: Option<ContactId>,
    /// Only by this channel.
    #[param(inline)]
    channel: Option<super::Channel>,
    /// Only from this source.
    source: Option<base::SourceId>,
    /// `true`: only those whose promise to the client is broken and still to be kept.
    overdue: Option<bool>,
    /// How many items, 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// List conversations of your lines.
#[utoipa::path(get, path = "/api/v1/conversations", tag = "conversations", params(ListConversations),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = Page<ConversationRow>)))]
async fn list_conversations(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Query(params): Query<ListConversations>,
) -> ApiResult<Json<Page<ConversationRow>>> {
    let ListConversations { view, sort, line, assignee, contact, channel, source, overdue, limit, after } = params;
    let overdue_at = overdue.unwrap_or_default().then(|| app.now());
    let filter = Filter { view, sort, line, assignee, contact, channel, source, overdue_at };
    Ok(Json(row::list_rows(app.db.read(), &actor, &filter, &PageRequest { limit, after }).await?))
}

/// Count what the lists hold, up to 1,000 each.
#[utoipa::path(get, path = "/api/v1/conversations/counters", tag = "conversations",
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = Counters)))]
async fn count_conversations(State(app): State<App>, actor: Can<can::ConversationsView>) -> ApiResult<Json<Counters>> {
    let lines: Vec<LineId> = line::list(app.db.read(), &actor, false).await?.iter().map(|line| line.id).collect();
    Ok(Json(row::counters(app.db.read(), &actor, &lines).await?))
}

/// A conversation that an operator begins.
#[derive(Debug, Deserialize, ToSchema)]
struct StartConversation {
    line_id: LineId,
    /// The mailbox it leaves from; the line's first one unless told.
    mailbox_id: Option<MailboxId>,
    /// By which of a client's chats (`key` of `GET /contacts/{id}/routes`); a letter to `to` unless told.
    route_key: Option<String>,
    #[serde(default)]
    to: Vec<Address>,
    #[serde(default)]
    cc: Vec<Address>,
    /// Needed for a letter; a chat's conversation is called by its first words.
    #[serde(default)]
    subject: String,
    /// From the editor; sanitised.
    #[serde(default)]
    html: String,
    #[serde(default)]
    attachment_ids: Vec<FileId>,
    /// Sent instead of the text by a messenger that asks for approved texts.
    template: Option<message::Template>,
}

/// Write to a client first.
///
/// A messenger that takes free words only after a message of the client's needs a `template` (422, `window_closed`).
#[utoipa::path(post, path = "/api/v1/conversations", tag = "conversations", request_body = StartConversation,
    security(("session" = ["conversations.create"]), ("token" = ["conversations.create"])), responses((status = 201, body = ConversationRow)))]
async fn create_conversation(
    State(app): State<App>,
    actor: Can<can::ConversationsCreate>,
    idempotency: Idempotency,
    Json(body): Json<StartConversation>,
) -> ApiResult<Created<ConversationRow>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let StartConversation { line_id, mailbox_id, route_key, to, cc, subject, html, attachment_ids, template } = body;
    let route = route_key.as_deref().map(str::parse).transpose()?;
    let new = NewConversation { line_id, mailbox_id, route, to, cc, subject, html, file_ids: attachment_ids, template };
    let id = start::start(&tx, &actor, new, undo_time(&app)).await?;
    let answer = one_row(&tx, &actor, id).await?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// A contact by phone, in person or elsewhere.
#[derive(Debug, Deserialize, ToSchema)]
struct RegisterConversation {
    line_id: LineId,
    /// A known client; else `contact`.
    contact_id: Option<ContactId>,
    contact: Option<RegisteredContact>,
    /// Of `GET /sources`.
    source_id: base::SourceId,
    /// Empty: the first words.
    #[serde(default)]
    subject: String,
    /// What the client said. Plain text.
    text: String,
    /// When it happened; now unless told.
    happened_at: Option<DateTime<Utc>>,
}

/// Who called or came: recognised by phone or mail, else a new client.
#[derive(Debug, Deserialize, ToSchema)]
struct RegisteredContact {
    #[serde(default)]
    name: String,
    phone: Option<String>,
    email: Option<String>,
}

/// Write down a call, a visit or another contact that no channel brought.
#[utoipa::path(post, path = "/api/v1/conversations/register", tag = "conversations", request_body = RegisterConversation,
    security(("session" = ["conversations.create"]), ("token" = ["conversations.create"])), responses((status = 201, body = ConversationRow)))]
async fn register_conversation(
    State(app): State<App>,
    actor: Can<can::ConversationsCreate>,
    idempotency: Idempotency,
    Json(body): Json<RegisterConversation>,
) -> ApiResult<Created<ConversationRow>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let RegisterConversation { line_id, contact_id, contact, source_id, subject, text, happened_at } = body;
    let client = match (contact_id, contact) {
        (Some(id), _) => register::Client::Known(id),
        (None, Some(RegisteredContact { name, phone, email })) => register::Client::New { name, phone, email },
        (None, None) => return Err(Error::required("contact").into()),
    };
    let new = register::Registration { line_id, client, source_id, subject, text, happened_at };
    let id = register::register(&tx, &actor, new).await?;
    let answer = one_row(&tx, &actor, id).await?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// Open a conversation with its last 50 messages.
#[utoipa::path(get, path = "/api/v1/conversations/{id}", tag = "conversations", params(("id" = ConversationId, Path)),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = Conversation)))]
async fn get_conversation(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<Conversation>> {
    Ok(Json(detail::open(app.db.read(), &actor, id).await?))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListMessages {
    /// The `next` of the page read before.
    before: Option<String>,
    /// How many messages, 1 to 200; 50 unless told.
    limit: Option<u64>,
}

/// Read earlier messages of a conversation.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/messages", tag = "conversations", params(("id" = ConversationId, Path), ListMessages),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = Timeline)))]
async fn list_messages(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Path(id): Path<ConversationId>,
    Query(params): Query<ListMessages>,
) -> ApiResult<Json<Timeline>> {
    super::find(app.db.read(), &actor, id).await?;
    let limit = params.limit.unwrap_or(50).clamp(1, 200);
    Ok(Json(timeline::page(app.db.read(), id, params.before.as_deref(), limit, actor.language).await?))
}

/// An answer or an internal note.
#[derive(Debug, Deserialize, ToSchema)]
struct NewMessage {
    kind: NewKind,
    /// From the editor; sanitised.
    #[serde(default)]
    html: String,
    /// Instead of `html`: plain text.
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    attachment_ids: Vec<FileId>,
    /// Whom to answer; the client unless told.
    to: Option<Vec<Address>>,
    /// Who gets a copy, from now on unless `to` or the route sends this letter elsewhere; those who had one unless told.
    cc: Option<Vec<Address>>,
    /// By which of the client's channels (`key` of `GET /conversations/{id}/routes`); the one the conversation goes on by unless told.
    route_key: Option<String>,
    /// The message it answers.
    reply_to_id: Option<MessageId>,
    /// Rows of buttons under it, where the channel has them.
    #[serde(default)]
    keyboard: Vec<Vec<message::Button>>,
    /// Sent instead of the text by a messenger that asks for approved texts.
    template: Option<message::Template>,
    /// Close the conversation with it.
    #[serde(default)]
    close: bool,
    /// Put the conversation off with it.
    snooze_until: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum NewKind {
    /// To the client.
    #[default]
    Outbound,
    /// Between colleagues.
    Note,
}

/// Answer, or write a note.
///
/// An answer leaves a few seconds later (`undo_until`); until then it can be taken back. Needs `conversations.reply`,
/// and `conversations.note` for a note. Where a messenger takes free words only for a while after the client's message
/// (`window_until` of the route), later ones without a `template` are refused (422, `template`: `window_closed`).
#[utoipa::path(post, path = "/api/v1/conversations/{id}/messages", tag = "conversations", params(("id" = ConversationId, Path)), request_body = NewMessage,
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 201, body = Message)))]
async fn create_message(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    idempotency: Idempotency,
    Path(id): Path<ConversationId>,
    Json(body): Json<NewMessage>,
) -> ApiResult<Created<Message>> {
    let note = body.kind == NewKind::Note;
    actor.require(if note { base::Permission::ConversationsNote } else { base::Permission::ConversationsReply })?;
    if body.close || body.snooze_until.is_some() {
        actor.require(base::Permission::ConversationsClose)?;
    }
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let message_id = start::write(&tx, &actor, id, outgoing(note, body)?, undo_time(&app)).await?;
    let row = message::find(&tx, &actor, message_id).await?;
    let answer = message_views(&tx, vec![row], actor.language).await?.pop().ok_or(Error::NotFound("message"))?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

fn outgoing(note: bool, body: NewMessage) -> Result<Outgoing> {
    let route = body.route_key.as_deref().map(str::parse).transpose()?;
    let html = match body.text {
        Some(text) if body.html.is_empty() => mail::html::text_to_html(&text),
        _ => body.html,
    };
    let NewMessage { attachment_ids, to, cc, reply_to_id, keyboard, template, close, snooze_until, .. } = body;
    let extra = message::Extra { keyboard, template, ..Default::default() };
    Ok(Outgoing { note, html, file_ids: attachment_ids, to, cc, route, reply_to_id, extra, close, snooze_until })
}

/// For how long a letter can be taken back.
pub fn undo_time(app: &App) -> Duration {
    Duration::seconds(i64::try_from(app.config.undo_seconds).unwrap_or(5))
}

async fn one_row(connection: &impl db::Fetch, actor: &Actor, id: ConversationId) -> Result<ConversationRow> {
    row::rows_by_ids(connection, actor, &[id]).await?.pop().ok_or(Error::NotFound("conversation"))
}

/// What to change; absent fields stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
struct ConversationChange {
    subject: Option<String>,
    priority: Option<Priority>,
}

/// Rename a conversation or set its priority.
#[utoipa::path(patch, path = "/api/v1/conversations/{id}", tag = "conversations", params(("id" = ConversationId, Path)), request_body = ConversationChange,
    security(("session" = ["conversations.assign"]), ("token" = ["conversations.assign"])), responses((status = 200, body = ConversationRow)))]
async fn update_conversation(
    State(app): State<App>,
    actor: Can<can::ConversationsAssign>,
    Path(id): Path<ConversationId>,
    Json(body): Json<ConversationChange>,
) -> ApiResult<Json<ConversationRow>> {
    let tx = app.write().await?;
    if let Some(subject) = &body.subject {
        commands::rename(&tx, &actor, id, subject).await?;
    }
    if let Some(priority) = body.priority {
        commands::set_priority(&tx, &actor, id, priority).await?;
    }
    let answer = one_row(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Take a conversation for yourself.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/take", tag = "conversations", params(("id" = ConversationId, Path)),
    security(("session" = ["conversations.assign"]), ("token" = ["conversations.assign"])),
    responses((status = 200, body = ConversationRow), (status = 409, description = "Somebody else has it (`already_taken`).")))]
async fn take_conversation(
    State(app): State<App>,
    actor: Can<can::ConversationsAssign>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<ConversationRow>> {
    let tx = app.write().await?;
    commands::take(&tx, &actor, id).await?;
    let answer = one_row(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Who is to have it.
#[derive(Debug, Deserialize, ToSchema)]
struct Assignee {
    /// Null: nobody.
    user_id: Option<UserId>,
}

/// Hand a conversation over.
#[utoipa::path(put, path = "/api/v1/conversations/{id}/assignee", tag = "conversations", params(("id" = ConversationId, Path)), request_body = Assignee,
    security(("session" = ["conversations.assign"]), ("token" = ["conversations.assign"])), responses((status = 200, body = ConversationRow)))]
async fn assign_conversation(
    State(app): State<App>,
    actor: Can<can::ConversationsAssign>,
    Path(id): Path<ConversationId>,
    Json(body): Json<Assignee>,
) -> ApiResult<Json<ConversationRow>> {
    let tx = app.write().await?;
    commands::assign(&tx, &actor, id, body.user_id).await?;
    let answer = one_row(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Close a conversation.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/close", tag = "conversations", params(("id" = ConversationId, Path)),
    security(("session" = ["conversations.close"]), ("token" = ["conversations.close"])), responses((status = 200, body = ConversationRow)))]
async fn close_conversation(
    State(app): State<App>,
    actor: Can<can::ConversationsClose>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<ConversationRow>> {
    let tx = app.write().await?;
    commands::close(&tx, &actor, id).await?;
    let answer = one_row(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Open a closed or put-off conversation again.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/reopen", tag = "conversations", params(("id" = ConversationId, Path)),
    security(("session" = ["conversations.close"]), ("token" = ["conversations.close"])), responses((status = 200, body = ConversationRow)))]
async fn reopen_conversation(
    State(app): State<App>,
    actor: Can<can::ConversationsClose>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<ConversationRow>> {
    let tx = app.write().await?;
    commands::reopen(&tx, &actor, id, "operator").await?;
    let answer = one_row(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// How to mark.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct SpamMark {
    /// Also keep its sender out: his mail address and his accounts go on the block list.
    block_sender: bool,
}

/// Mark a conversation as spam: it leaves every list but its own and restarts nothing.
///
/// `block_sender` needs `lines.manage` besides.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/spam", tag = "conversations", params(("id" = ConversationId, Path)), request_body = SpamMark,
    security(("session" = ["conversations.close"]), ("token" = ["conversations.close"])), responses((status = 200, body = ConversationRow)))]
async fn mark_conversation_spam(
    State(app): State<App>,
    actor: Can<can::ConversationsClose>,
    Path(id): Path<ConversationId>,
    Json(body): Json<SpamMark>,
) -> ApiResult<Json<ConversationRow>> {
    if body.block_sender {
        actor.require(base::Permission::LinesManage)?;
    }
    let tx = app.write().await?;
    commands::mark_spam(&tx, &actor, id).await?;
    if body.block_sender {
        commands::block_sender(&tx, &actor, id).await?;
    }
    let answer = one_row(&tx, &actor, id).await?;
    tx.commit().await?;
    crate::block::forget_rules(&app);
    Ok(Json(answer))
}

/// It was no spam: open the conversation again, with whoever had it.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/not-spam", tag = "conversations", params(("id" = ConversationId, Path)),
    security(("session" = ["conversations.close"]), ("token" = ["conversations.close"])), responses((status = 200, body = ConversationRow)))]
async fn mark_conversation_not_spam(
    State(app): State<App>,
    actor: Can<can::ConversationsClose>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<ConversationRow>> {
    let tx = app.write().await?;
    commands::mark_not_spam(&tx, &actor, id).await?;
    let answer = one_row(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Until when.
#[derive(Debug, Deserialize, ToSchema)]
struct Snooze {
    until: DateTime<Utc>,
}

/// Put a conversation off; it opens at that time, or when the client writes.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/snooze", tag = "conversations", params(("id" = ConversationId, Path)), request_body = Snooze,
    security(("session" = ["conversations.assign"]), ("token" = ["conversations.assign"])), responses((status = 200, body = ConversationRow)))]
async fn snooze_conversation(
    State(app): State<App>,
    actor: Can<can::ConversationsAssign>,
    Path(id): Path<ConversationId>,
    Json(body): Json<Snooze>,
) -> ApiResult<Json<ConversationRow>> {
    let tx = app.write().await?;
    commands::snooze(&tx, &actor, id, body.until).await?;
    let answer = one_row(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Mark what the client wrote as seen.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/read", tag = "conversations", params(("id" = ConversationId, Path)),
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])), responses((status = 204)))]
async fn read_conversation(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    Path(id): Path<ConversationId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    commands::mark_read(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Keep what you have typed.
#[utoipa::path(put, path = "/api/v1/conversations/{id}/draft", tag = "conversations", params(("id" = ConversationId, Path)), request_body = NewDraft,
    security(("session" = ["conversations.note"]), ("token" = ["conversations.note"])), responses((status = 200, body = Draft)))]
async fn keep_draft(
    State(app): State<App>,
    actor: Can<can::ConversationsNote>,
    Path(id): Path<ConversationId>,
    Json(body): Json<NewDraft>,
) -> ApiResult<Json<Draft>> {
    let tx = app.write().await?;
    super::find(&tx, &actor, id).await?;
    let answer = draft::keep(&tx, &actor, id, body).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct DraftKind {
    #[serde(default)]
    #[param(inline)]
    kind: NewKind,
}

/// Throw away what you have typed.
#[utoipa::path(delete, path = "/api/v1/conversations/{id}/draft", tag = "conversations", params(("id" = ConversationId, Path), DraftKind),
    security(("session" = ["conversations.note"]), ("token" = ["conversations.note"])), responses((status = 204)))]
async fn delete_draft(
    State(app): State<App>,
    actor: Can<can::ConversationsNote>,
    Path(id): Path<ConversationId>,
    Query(params): Query<DraftKind>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    super::find(&tx, &actor, id).await?;
    draft::forget(&tx, id, actor.user_id().ok_or(Error::Unauthenticated)?, params.kind == NewKind::Note).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Who is to be in copy.
#[derive(Debug, Deserialize, ToSchema)]
struct Copies {
    cc: Vec<Address>,
}

/// Set who gets copies of the answers.
#[utoipa::path(put, path = "/api/v1/conversations/{id}/participants", tag = "conversations", params(("id" = ConversationId, Path)), request_body = Copies,
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])), responses((status = 200, body = Conversation)))]
async fn set_participants(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    Path(id): Path<ConversationId>,
    Json(body): Json<Copies>,
) -> ApiResult<Json<Conversation>> {
    let tx = app.write().await?;
    start::set_copies(&tx, &actor, id, &body.cc).await?;
    let answer = detail::open(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Opens the conversations whose time has come.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WakeSnoozed {}

impl Job for WakeSnoozed {
    const KIND: &'static str = "desk.wake_snoozed";
    const EVERY: Option<std::time::Duration> = Some(std::time::Duration::from_secs(20));
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let tx = app.write().await?;
        commands::wake_due(&tx).await?;
        Ok(tx.commit().await?)
    }
}

/// Those who see a conversation.
#[derive(Debug, Serialize, ToSchema)]
struct Colleagues {
    items: Vec<StaffRef>,
}

/// List who may be mentioned in a note: everybody who sees the conversation, by name.
///
/// A note mentions somebody by `<span data-mention="ID">@Name</span>`; he is told of it. The mark of somebody who does not
/// see the conversation becomes plain text.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/colleagues", tag = "conversations", params(("id" = ConversationId, Path)),
    security(("session" = ["conversations.note"]), ("token" = ["conversations.note"])), responses((status = 200, body = Colleagues)))]
async fn list_colleagues(
    State(app): State<App>,
    actor: Can<can::ConversationsNote>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<Colleagues>> {
    Ok(Json(Colleagues { items: mention::colleagues(app.db.read(), &actor, id).await? }))
}
