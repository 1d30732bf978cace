//! What a visitor sees of his conversations.
//!
//! Invariant: nothing but what was said to him or by him: no notes, no history, no names of rules, no addresses.

use std::collections::HashMap;

use app::App;
use base::{ChannelId, ChatId, ConversationId, Cursor, FileId, MessageId, Result, Timestamp};
use chrono::{DateTime, Utc};
use db::Fetch;
use desk::conversation::{self, Status};
use desk::file::{self, Media};
use desk::message::{self, AuthorKind, Button, Delivery, Kind};
use desk::people::color_of;
use desk::{channel, chat, client_category, line, rating};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;

use super::api::door::Site;
use super::letters;
use super::token;

/// A message as a visitor sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct VisitorMessage {
    pub id: MessageId,
    /// The number the page gave it when it was sent.
    pub client_id: Option<String>,
    pub from: MessageFrom,
    /// Of a message of staff, or of somebody else who takes part in a group conversation.
    pub author: Option<MessageAuthor>,
    /// The name of the group conversation it was said in.
    pub group: Option<String>,
    /// Made of `p`, `br`, `strong`, `em`, `u`, `s`, `code`, `pre`, `blockquote` and `a`; nothing else.
    pub html: String,
    pub text: String,
    pub created_at: DateTime<Utc>,
    pub edited_at: Option<DateTime<Utc>>,
    /// It was withdrawn: nothing of it is told.
    pub deleted: bool,
    pub attachments: Vec<VisitorFile>,
    pub state: MessageState,
    /// The message it answers.
    pub reply_to: Option<QuotedByVisitor>,
    /// Rows of buttons; press one by sending its `payload` as `pressed`.
    pub keyboard: Vec<Vec<Button>>,
    /// It went to the visitor's mail because he had left.
    pub by_mail: bool,
}

/// Whose message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = VisitorMessageFrom)]
pub(crate) enum MessageFrom {
    Visitor,
    /// Staff, or somebody else who takes part in a group conversation.
    Operator,
    /// Said by the desk itself.
    System,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = VisitorMessageAuthor)]
pub(crate) struct MessageAuthor {
    pub name: String,
    /// 0 to 11.
    pub avatar_color: i64,
}

/// How far a message has got: here, on the other side's screen, seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = VisitorMessageState)]
pub(crate) enum MessageState {
    Sent,
    Delivered,
    Read,
}

/// A file of a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct VisitorFile {
    pub id: FileId,
    pub name: String,
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// Works for some hours; read the message again for a fresh one. Relative to this server.
    pub url: String,
    pub media: Option<Media>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = VisitorQuotedMessage)]
pub(crate) struct QuotedByVisitor {
    pub id: MessageId,
    pub author: Option<String>,
    /// Its first words, at most 200 characters.
    pub text: String,
}

/// The visitor's conversation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct VisitorConversation {
    pub id: ConversationId,
    pub number: i64,
    /// `open` or `closed`.
    pub status: &'static str,
    /// It is over, and nobody has asked for a mark yet.
    pub ask_rating: bool,
    /// While it is asked: the marks that the visitor may give, of 1 to 5. Another one is refused.
    pub marks: Vec<i64>,
    /// The mark that was given, 1 to 5.
    pub rating: Option<i64>,
}

/// A page of messages, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VisitorMessages {
    pub items: Vec<VisitorMessage>,
    /// Give it as `before` for earlier ones (as `after` for later ones when you asked by `after`); null: there are none.
    pub next: Option<String>,
    pub conversation: Option<VisitorConversation>,
}

/// Which part of the messages to read.
pub(crate) enum Part {
    Newest,
    Before(Timestamp, MessageId),
    After(Timestamp, MessageId),
}

const PAGE: usize = 50;

/// Which messages of a chat its visitor sees: what was written here, and, of `letters`, what went by mail because he had left.
fn seen_by(chat_id: ChatId, letters: Vec<MessageId>) -> Condition {
    let mut own = Condition::any().add(message::Column::ChatId.eq(chat_id));
    if !letters.is_empty() {
        own = own.add(message::Column::Id.is_in(letters));
    }
    Condition::all().add(own).add(message::Column::Kind.ne(Kind::Note)).add(
        Condition::any()
            .add(message::Column::Delivery.is_null())
            .add(message::Column::Delivery.is_not_in([Delivery::Failed, Delivery::Cancelled])),
    )
}

pub(crate) async fn page(app: &App, site: &Site, chat: &chat::Model, part: Part) -> Result<VisitorMessages> {
    use message::Column::{CreatedAt, Id};
    let read = app.db.read();
    let letters = letters::of(read, chat).await?;
    let all = message::Entity::find().filter(seen_by(chat.id, letters)).limit(PAGE as u64 + 1);
    let than = |at: Timestamp, id: MessageId, later: bool| {
        let (time, same) = if later { (CreatedAt.gt(at), Id.gt(id)) } else { (CreatedAt.lt(at), Id.lt(id)) };
        Condition::any().add(time).add(Condition::all().add(CreatedAt.eq(at)).add(same))
    };
    let (query, upwards) = match part {
        Part::Newest => (all, false),
        Part::Before(at, id) => (all.filter(than(at, id, false)), false),
        Part::After(at, id) => (all.filter(than(at, id, true)), true),
    };
    let query = if upwards {
        query.order_by_asc(CreatedAt).order_by_asc(Id)
    } else {
        query.order_by_desc(CreatedAt).order_by_desc(Id)
    };
    let mut rows = query.all(read).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|last| Cursor::encode(&(last.created_at, last.id)));
    if !upwards {
        rows.reverse();
    }
    let last = chat::last_own_conversation(read, chat.id).await?;
    let conversation = match &last {
        Some(last) => Some(conversation_view(read, site.settings.ask_rating, last, app.now()).await?),
        None => None,
    };
    let read_up_to = read_marks(app, &rows).await?;
    let items = views(app, site.channel.id, &site.channel.hook_key, rows, &read_up_to).await?;
    Ok(VisitorMessages { items, next, conversation })
}

pub(crate) async fn conversation_view(
    connection: &impl Fetch,
    ask_rating: bool,
    row: &conversation::Model,
    now: Timestamp,
) -> Result<VisitorConversation> {
    let over = row.status == Status::Closed;
    let rating = if over { rating::find(connection, row.id).await? } else { None };
    let asked = over && rating.is_none() && ask_rating && row.first_reply_at.is_some();
    let marks = if asked { client_category::marks_of(connection, row.id, now).await? } else { Vec::new() };
    Ok(VisitorConversation {
        id: row.id,
        number: row.number,
        status: status_of(row.status),
        ask_rating: asked,
        marks,
        rating: rating.map(|rating| rating.stars),
    })
}

/// Being put off, or taken for spam, is no news for the client.
pub(crate) fn status_of(status: Status) -> &'static str {
    match status {
        Status::Open | Status::Snoozed | Status::Spam => "open",
        Status::Closed => "closed",
    }
}

/// One message; none when the visitor does not see it. Of one that has just been written (`fresh`) nobody asks whether staff have
/// read it: they hear of it now.
pub(crate) async fn one(
    app: &App,
    channel_id: ChannelId,
    key: &str,
    chat_id: ChatId,
    id: MessageId,
    fresh: bool,
) -> Result<Option<VisitorMessage>> {
    let row = message::Entity::find_by_id(id).filter(seen_by(chat_id, Vec::new())).one(app.db.read()).await?;
    let rows: Vec<message::Model> = row.into_iter().collect();
    let read_up_to = if fresh { HashMap::new() } else { read_marks(app, &rows).await? };
    Ok(views(app, channel_id, key, rows, &read_up_to).await?.pop())
}

async fn views(
    app: &App,
    channel_id: ChannelId,
    key: &str,
    rows: Vec<message::Model>,
    read_up_to: &HashMap<ConversationId, Timestamp>,
) -> Result<Vec<VisitorMessage>> {
    let read = app.db.read();
    let with_files: Vec<MessageId> = rows
        .iter()
        .filter(|row| row.deleted_at.is_none() && row.has_files())
        .map(message::Model::keeper_of_files)
        .collect();
    let mut files: HashMap<MessageId, Vec<VisitorFile>> = HashMap::new();
    for row in file::of_messages(read, &with_files).await? {
        let Some(message_id) = row.message_id else { continue };
        files.entry(message_id).or_default().push(file_view(app, channel_id, key, row));
    }
    let shows_staff = |row: &&message::Model| row.author_kind == AuthorKind::User || row.reply_to_id.is_some();
    let faces = line::faces(read, rows.iter().filter(shows_staff).map(|row| row.conversation_id)).await?;
    let quoted = quoted(app, &rows, &faces).await?;
    let groups = groups(read, &rows).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let is_read = read_up_to.get(&row.conversation_id).is_some_and(|up_to| row.created_at <= *up_to);
            let attachments = files.remove(&row.keeper_of_files()).unwrap_or_default();
            let reply_to = row.reply_to_id.and_then(|id| quoted.get(&id).cloned());
            let group = groups.get(&row.conversation_id).cloned();
            VisitorMessage { group, ..view(faced(row, &faces), attachments, reply_to, is_read) }
        })
        .collect())
}

fn view(
    row: message::Model,
    attachments: Vec<VisitorFile>,
    reply_to: Option<QuotedByVisitor>,
    is_read: bool,
) -> VisitorMessage {
    let extra = row.extra();
    let by_mail = row.channel == channel::Kind::Email;
    let deleted = row.deleted_at.is_some();
    let from = match (row.kind, row.author_kind) {
        (Kind::Inbound, _) => MessageFrom::Visitor,
        (_, AuthorKind::User | AuthorKind::Contact) => MessageFrom::Operator,
        _ => MessageFrom::System,
    };
    let author = (from == MessageFrom::Operator).then(|| MessageAuthor {
        name: row.author_name.clone(),
        avatar_color: row.author_id.map(color_of).unwrap_or(0),
    });
    let state = match (from, row.delivery) {
        (MessageFrom::Visitor, _) if is_read => MessageState::Read,
        (MessageFrom::Visitor, _) => MessageState::Sent,
        (_, Some(Delivery::Read)) => MessageState::Read,
        (_, Some(Delivery::Delivered)) => MessageState::Delivered,
        _ => MessageState::Sent,
    };
    let html = if deleted { String::new() } else { rich::Document::from_html(&row.html).to_html() };
    VisitorMessage {
        id: row.id,
        client_id: extra.client_id,
        from,
        author,
        group: None,
        html,
        text: if deleted { String::new() } else { row.text },
        created_at: row.created_at,
        edited_at: row.edited_at,
        deleted,
        attachments,
        state,
        reply_to,
        keyboard: if deleted { Vec::new() } else { extra.keyboard },
        by_mail,
    }
}

pub(crate) fn file_view(app: &App, channel_id: ChannelId, key: &str, row: file::Model) -> VisitorFile {
    let name = file::url(row.id, &row.name).rsplit('/').next().unwrap_or_default().to_owned();
    let signature = token::file_signature(&app.secrets, channel_id, row.id, app.now());
    VisitorFile {
        url: format!("/api/v1/site/{key}/files/{}/{name}?token={signature}", row.id),
        id: row.id,
        name: row.name,
        content_type: row.content_type,
        size: row.size,
        media: row.media,
    }
}

/// The message as the visitor may know it: of a line that hides its operators, nobody's in particular.
fn faced(row: message::Model, faces: &HashMap<ConversationId, String>) -> message::Model {
    match faces.get(&row.conversation_id) {
        Some(face) if row.author_kind == AuthorKind::User => {
            message::Model { author_name: face.clone(), author_id: None, ..row }
        }
        _ => row,
    }
}

/// What the group conversations among these are called.
async fn groups(connection: &impl ConnectionTrait, rows: &[message::Model]) -> Result<HashMap<ConversationId, String>> {
    let mut ids: Vec<ConversationId> =
        rows.iter().filter(|row| row.copy_of_id.is_some() || row.copies > 0).map(|row| row.conversation_id).collect();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = conversation::Entity::find().filter(conversation::Column::Id.is_in(ids)).all(connection).await?;
    Ok(found.into_iter().map(|row| (row.id, row.subject)).collect())
}

async fn quoted(
    app: &App,
    rows: &[message::Model],
    faces: &HashMap<ConversationId, String>,
) -> Result<HashMap<MessageId, QuotedByVisitor>> {
    let ids: Vec<MessageId> = rows.iter().filter_map(|row| row.reply_to_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    // A note may be quoted by mistake; its words stay inside.
    let found = message::Entity::find()
        .filter(message::Column::Id.is_in(ids))
        .filter(message::Column::Kind.ne(Kind::Note))
        .filter(message::Column::DeletedAt.is_null());
    let view = |row: message::Model| {
        let row = faced(row, faces);
        let author = Some(row.author_name).filter(|_| row.kind == Kind::Outbound);
        (row.id, QuotedByVisitor { id: row.id, author, text: ::text::preview(&row.text, 200) })
    };
    Ok(found.all(app.db.read()).await?.into_iter().map(view).collect())
}

/// Up to when staff have read each conversation of these messages: all of it, or, where something is new to them, what
/// they last looked at or answered.
async fn read_marks(app: &App, rows: &[message::Model]) -> Result<HashMap<ConversationId, Timestamp>> {
    let read = app.db.read();
    let mut ids: Vec<ConversationId> =
        rows.iter().filter(|row| row.kind == Kind::Inbound).map(|row| row.conversation_id).collect();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut marks = HashMap::new();
    let conversations = conversation::Entity::find().filter(conversation::Column::Id.is_in(ids));
    for conversation in conversations.all(read).await? {
        if !conversation.unread {
            marks.insert(conversation.id, DateTime::<Utc>::MAX_UTC);
        } else if let Some(at) = last_look(read, conversation.id).await? {
            marks.insert(conversation.id, at);
        }
    }
    Ok(marks)
}

async fn last_look(connection: &impl ConnectionTrait, id: ConversationId) -> Result<Option<Timestamp>> {
    let looked: Option<Timestamp> = bus::Entity::find()
        .select_only()
        .column(bus::Column::At)
        .filter(bus::Column::ConversationId.eq(id))
        .filter(bus::Column::Kind.is_in(["conversation_read", "message_queued"]))
        .order_by_desc(bus::Column::Seq)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(looked)
}

/// How many messages of ours the visitor has not seen.
pub(crate) async fn unread(connection: &impl ConnectionTrait, chat: &chat::Model) -> Result<u64> {
    use sea_orm::PaginatorTrait;
    let mut unseen = message::Entity::find()
        .filter(seen_by(chat.id, letters::of(connection, chat).await?))
        .filter(message::Column::Kind.eq(Kind::Outbound))
        .filter(message::Column::DeletedAt.is_null());
    if let Some(seen_at) = chat.seen_at {
        unseen = unseen.filter(message::Column::CreatedAt.gt(seen_at));
    }
    Ok(unseen.count(connection).await?)
}
