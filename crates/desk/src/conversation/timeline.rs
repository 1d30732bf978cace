//! What happened in a conversation, in order: its messages and, between them, what staff did.

use std::collections::HashMap;

use base::{ChatId, ContactId, ConversationId, Cursor, EventId, MessageId, Result, Timestamp};
use chrono::{DateTime, Utc};
use db::{Fetch, Row, places};
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Channel, Threading, ThreadingRule};
use crate::file::Attachment;
use crate::group_chat::{self, Copied};
use crate::message::{AuthorKind, Automatic, Delivery, Extra, Kind};
use crate::people::{Address, Recipients, color_of};
use crate::{file, message};

/// A page of the timeline, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Timeline {
    pub items: Vec<TimelineItem>,
    /// Give it as `before` to get what came earlier; null at the beginning.
    pub next: Option<String>,
}

/// A message, or something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(crate) enum TimelineItem {
    Message(Box<Message>),
    Event(HistoryEvent),
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistoryEvent {
    pub id: EventId,
    pub at: DateTime<Utc>,
    /// Who did it; null for Otklik itself.
    pub actor: Option<Doer>,
    /// `conversation_closed`, `conversation_assigned`, ...
    pub kind: String,
    /// What belongs to this kind of event.
    #[schema(value_type = Object)]
    pub data: serde_json::Value,
}

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Doer {
    pub id: Uuid,
    pub name: String,
}

/// A message.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Message {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub kind: Kind,
    /// By what it came or leaves.
    pub channel: Channel,
    /// The chat it came by or leaves to.
    pub chat_id: Option<ChatId>,
    /// The message it answers or quotes.
    pub reply_to: Option<Quoted>,
    pub author: Author,
    pub created_at: DateTime<Utc>,
    /// What the sender's clock said.
    pub sent_at: DateTime<Utc>,
    pub subject: Option<String>,
    /// Sanitised; new words only. Show it in a sandboxed frame (`/messages/{id}/frame`).
    pub html: String,
    pub text: String,
    /// It quotes more: `/messages/{id}/source`.
    pub has_quote: bool,
    pub automatic: Option<Automatic>,
    /// It refers to images on other servers.
    pub remote_images: bool,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    pub attachments: Vec<Attachment>,
    /// How far an answer has got; null for what does not leave.
    pub delivery: Option<DeliveryState>,
    /// Why it is in this conversation.
    pub threading: Option<Explanation>,
    /// Until then it can be taken back.
    pub undo_until: Option<DateTime<Utc>>,
    pub edited_at: Option<DateTime<Utc>>,
    /// Withdrawn by its author; what it said stays visible to colleagues.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Buttons, a place, cards: what messengers have besides text and files.
    pub extra: Option<Extra>,
    /// In a group conversation: how far it has got to each of the clients who take part.
    pub copies: Vec<Copied>,
}

/// A message that another one answers.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = QuotedMessage)]
pub(crate) struct Quoted {
    pub id: MessageId,
    pub author_name: String,
    /// Its first words, at most 200 characters.
    pub preview: String,
}

/// Who wrote.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Author {
    pub kind: AuthorKind,
    pub id: Option<Uuid>,
    pub name: String,
    pub avatar_color: i64,
    pub address: Option<String>,
}

/// How far an answer has got.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct DeliveryState {
    pub state: Delivery,
    /// In plain words.
    pub error: Option<String>,
    pub at: Option<DateTime<Utc>>,
    pub attempts: i64,
}

/// Why a message is where it is.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Explanation {
    pub rule: ThreadingRule,
    /// A sentence in the reader's language.
    pub explanation: String,
}

/// The events people see between messages.
const SHOWN: [&str; 36] = [
    "conversation_routed",
    "conversation_taken",
    "conversation_taken_over",
    "conversation_transferred",
    "conversation_assigned",
    "conversation_closed",
    "conversation_reopened",
    "conversation_snoozed",
    "conversation_woken",
    "conversation_renamed",
    "priority_changed",
    "message_detached",
    "detached_from",
    "message_undone",
    "ticket_created",
    "properties_changed",
    "ticket_linked",
    "ticket_unlinked",
    "task_created",
    "task_done",
    "task_cancelled",
    "task_reopened",
    "participants_changed",
    "group_members_changed",
    "contact_joined",
    "contact_suggested",
    "client_blocked_channel",
    "client_allowed_channel",
    "client_started_chat",
    "marked_spam",
    "marked_not_spam",
    "conversation_rated",
    "channel_switched",
    "sla_missed",
    "sla_reminded",
    "sla_escalated",
];

/// The last `limit` messages before `before`, with the events between them.
pub(crate) async fn page(
    connection: &impl Fetch,
    conversation_id: ConversationId,
    before: Option<&str>,
    limit: u64,
    language: base::Language,
) -> Result<Timeline> {
    let before: Option<(Timestamp, MessageId)> = before.map(Cursor::decode).transpose()?;
    let mut values: Vec<Value> = vec![conversation_id.0.into()];
    let mut earlier = "";
    if let Some((at, id)) = before {
        values.extend([at.into(), id.0.into()]);
        earlier = " and (created_at, id) < ($2, $3)";
    }
    let sql = format!(
        "select {MESSAGE} from message where conversation_id = $1 and copy_of_id is null{earlier} order by created_at desc, id desc limit {}",
        limit + 1
    );
    let rows = connection.fetch(sql, values, read_message).await?;
    let more = rows.len() as u64 > limit;
    let mut rows: Vec<message::Model> = rows.into_iter().take(limit as usize).collect();
    rows.reverse();
    let next = if more { rows.first().map(|oldest| Cursor::encode(&(oldest.created_at, oldest.id))) } else { None };
    let from = if more { rows.first().map(|oldest| oldest.created_at) } else { None };
    let events = events(connection, conversation_id, from, before.map(|(at, _)| at)).await?;
    let messages = message_views(connection, rows, language).await?;
    Ok(Timeline { items: merge(messages, events), next })
}

/// The columns of a message in the order `read_message` reads them.
pub(super) const MESSAGE: &str = "id, conversation_id, kind, author_kind, author_id, author_name, author_address, subject, html, text, has_quote, automatic, \
     remote_images, recipients, attachment_count, threading, delivery, delivery_error, delivery_attempts, delivery_at, undo_until, sent_at, created_at, \
     channel, chat_id, reply_to_id, edited_at, deleted_at, extra, copy_of_id, copy_for_id, copies";

pub(super) fn read_message(row: &Row<'_>) -> Result<message::Model> {
    let automatic: Option<String> = row.get(11)?;
    let delivery: Option<String> = row.get(16)?;
    Ok(message::Model {
        id: MessageId(row.get(0)?),
        conversation_id: ConversationId(row.get(1)?),
        kind: row.parse(2, Kind::parse)?,
        author_kind: row.parse(3, AuthorKind::parse)?,
        author_id: row.get(4)?,
        author_name: row.get(5)?,
        author_address: row.get(6)?,
        subject: row.get(7)?,
        html: row.get(8)?,
        text: row.get(9)?,
        has_quote: row.get(10)?,
        automatic: automatic.as_deref().and_then(Automatic::parse),
        remote_images: row.get(12)?,
        recipients: row.get(13)?,
        attachment_count: row.get(14)?,
        threading: row.get(15)?,
        delivery: delivery.as_deref().and_then(Delivery::parse),
        delivery_error: row.get(17)?,
        delivery_attempts: row.get(18)?,
        delivery_at: row.get(19)?,
        undo_until: row.get(20)?,
        sent_at: row.get(21)?,
        created_at: row.get(22)?,
        channel: row.parse(23, Channel::parse)?,
        chat_id: row.get::<Option<Uuid>>(24)?.map(ChatId),
        reply_to_id: row.get::<Option<Uuid>>(25)?.map(MessageId),
        edited_at: row.get(26)?,
        deleted_at: row.get(27)?,
        extra: row.get(28)?,
        copy_of_id: row.get::<Option<Uuid>>(29)?.map(MessageId),
        copy_for_id: row.get::<Option<Uuid>>(30)?.map(ContactId),
        copies: row.get(31)?,
    })
}

async fn events(
    connection: &impl Fetch,
    id: ConversationId,
    from: Option<Timestamp>,
    before: Option<Timestamp>,
) -> Result<Vec<HistoryEvent>> {
    let mut values: Vec<Value> = vec![id.0.into()];
    values.extend(SHOWN.iter().map(|kind| Value::from(*kind)));
    let mut sql = format!(
        "select id, at, actor_id, actor_name, kind, data from event where conversation_id = $1 and kind in ({})",
        places(2, SHOWN.len())
    );
    for (at, test) in [(from, ">="), (before, "<")] {
        if let Some(at) = at {
            values.push(at.into());
            sql += &format!(" and at {test} ${}", values.len());
        }
    }
    sql += " order by seq desc limit 300";
    let mut events = connection.fetch(sql, values, read_event).await?;
    // Whoever was given it at once is told of by the event of that, with the reason.
    events.retain(|event| event.kind != "conversation_routed" || event.data["assigned"] != true);
    events.reverse();
    Ok(events)
}

fn read_event(row: &Row<'_>) -> Result<HistoryEvent> {
    let actor_id: Option<Uuid> = row.get(2)?;
    let actor = match actor_id {
        Some(id) => Some(Doer { id, name: row.get(3)? }),
        None => None,
    };
    Ok(HistoryEvent { id: EventId(row.get(0)?), at: row.get(1)?, actor, kind: row.get(4)?, data: row.get(5)? })
}

/// Both are in order of time; an event of the same instant comes after the message that caused it.
fn merge(messages: Vec<Message>, events: Vec<HistoryEvent>) -> Vec<TimelineItem> {
    let mut items = Vec::with_capacity(messages.len() + events.len());
    let mut events = events.into_iter().peekable();
    for message in messages {
        while let Some(event) = events.next_if(|event| event.at < message.created_at) {
            items.push(TimelineItem::Event(event));
        }
        items.push(TimelineItem::Message(Box::new(message)));
    }
    items.extend(events.map(TimelineItem::Event));
    items
}

/// Messages as the API shows them, with their attachments.
pub(crate) async fn message_views(
    connection: &impl Fetch,
    rows: Vec<message::Model>,
    language: base::Language,
) -> Result<Vec<Message>> {
    let ids: Vec<MessageId> = rows.iter().filter(|row| row.has_files()).map(|row| row.id).collect();
    let mut attachments: HashMap<MessageId, Vec<Attachment>> = HashMap::new();
    for file in file::of_messages(connection, &ids).await? {
        if let Some(message_id) = file.message_id {
            attachments.entry(message_id).or_default().push(file.into());
        }
    }
    let with_copies: Vec<MessageId> = rows.iter().filter(|row| row.copies > 0).map(|row| row.id).collect();
    let mut copies = group_chat::copy_views(connection, &with_copies).await?;
    let quoted = quoted(connection, &rows).await?;
    let quote = |row: &message::Model| row.reply_to_id.and_then(|id| quoted.get(&id).cloned());
    rows.into_iter()
        .map(|row| {
            let copies = copies.remove(&row.id).unwrap_or_default();
            view(attachments.remove(&row.id).unwrap_or_default(), quote(&row), copies, row, language)
        })
        .collect()
}

/// The messages that these answer: most are on the page already.
async fn quoted(connection: &impl Fetch, rows: &[message::Model]) -> Result<HashMap<MessageId, Quoted>> {
    let wanted: Vec<MessageId> = rows.iter().filter_map(|row| row.reply_to_id).collect();
    let mut found: HashMap<MessageId, Quoted> = HashMap::new();
    for row in rows.iter().filter(|row| wanted.contains(&row.id)) {
        found.insert(
            row.id,
            Quoted { id: row.id, author_name: row.author_name.clone(), preview: text::preview(&row.text, 200) },
        );
    }
    let missing: Vec<Value> = wanted.iter().filter(|id| !found.contains_key(*id)).map(|id| id.0.into()).collect();
    if !missing.is_empty() {
        let sql = format!("select id, author_name, text from message where id in ({})", places(1, missing.len()));
        let read = |row: &Row<'_>| {
            let text: String = row.get(2)?;
            Ok(Quoted { id: MessageId(row.get(0)?), author_name: row.get(1)?, preview: text::preview(&text, 200) })
        };
        found.extend(connection.fetch(sql, missing, read).await?.into_iter().map(|one| (one.id, one)));
    }
    Ok(found)
}

fn view(
    attachments: Vec<Attachment>,
    reply_to: Option<Quoted>,
    copies: Vec<Copied>,
    row: message::Model,
    language: base::Language,
) -> Result<Message> {
    let extra = row.extra.map(serde_json::from_value).transpose()?;
    let recipients: Recipients = serde_json::from_value(row.recipients)?;
    let threading: Option<Threading> = row.threading.map(serde_json::from_value).transpose()?;
    Ok(Message {
        id: row.id,
        conversation_id: row.conversation_id,
        kind: row.kind,
        channel: row.channel,
        chat_id: row.chat_id,
        reply_to,
        author: Author {
            kind: row.author_kind,
            id: row.author_id,
            name: row.author_name,
            avatar_color: row.author_id.map(color_of).unwrap_or(0),
            address: row.author_address,
        },
        created_at: row.created_at,
        sent_at: row.sent_at,
        subject: row.subject,
        html: row.html,
        text: row.text,
        has_quote: row.has_quote,
        automatic: row.automatic,
        remote_images: row.remote_images,
        to: recipients.to,
        cc: recipients.cc,
        attachments,
        delivery: row.delivery.map(|state| DeliveryState {
            state,
            error: row.delivery_error,
            at: row.delivery_at,
            attempts: row.delivery_attempts,
        }),
        threading: threading.map(|threading| explain(threading, language)),
        undo_until: row.undo_until,
        edited_at: row.edited_at,
        deleted_at: row.deleted_at,
        extra,
        copies,
    })
}

pub(crate) fn explain(threading: Threading, language: base::Language) -> Explanation {
    let explanation = match language {
        base::Language::Ru => threading.ru,
        base::Language::En => threading.en,
    };
    Explanation { rule: threading.rule, explanation }
}
