//! What happened in a conversation, in order: its messages and, between them, what staff did.

use std::collections::HashMap;

use base::{ConversationId, Cursor, EventId, MessageId, Result, Timestamp};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Threading, ThreadingRule};
use crate::file::Attachment;
use crate::message::{AuthorKind, Automatic, Delivery, Kind};
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
#[derive(Debug, Serialize, Deserialize, ToSchema)]
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
const SHOWN: [&str; 15] = [
    "conversation_taken",
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
    "ticket_linked",
    "ticket_unlinked",
    "participants_changed",
];

/// The last `limit` messages before `before`, with the events between them.
pub(crate) async fn page(
    connection: &impl ConnectionTrait,
    conversation_id: ConversationId,
    before: Option<&str>,
    limit: u64,
    language: base::Language,
) -> Result<Timeline> {
    let before: Option<(Timestamp, MessageId)> = before.map(Cursor::decode).transpose()?;
    let mut query = message::Entity::find().filter(message::Column::ConversationId.eq(conversation_id));
    if let Some((at, id)) = before {
        let same_instant = Condition::all().add(message::Column::CreatedAt.eq(at)).add(message::Column::Id.lt(id));
        query = query.filter(Condition::any().add(message::Column::CreatedAt.lt(at)).add(same_instant));
    }
    let rows = query.order_by_desc(message::Column::CreatedAt).order_by_desc(message::Column::Id).limit(limit + 1).all(connection).await?;
    let more = rows.len() as u64 > limit;
    let mut rows: Vec<message::Model> = rows.into_iter().take(limit as usize).collect();
    rows.reverse();
    let next = if more { rows.first().map(|oldest| Cursor::encode(&(oldest.created_at, oldest.id))) } else { None };
    let from = if more { rows.first().map(|oldest| oldest.created_at) } else { None };
    let events = events(connection, conversation_id, from, before.map(|(at, _)| at)).await?;
    let messages = message_views(connection, rows, language).await?;
    Ok(Timeline { items: merge(messages, events), next })
}

async fn events(connection: &impl ConnectionTrait, id: ConversationId, from: Option<Timestamp>, before: Option<Timestamp>) -> Result<Vec<bus::Model>> {
    let mut query = bus::Entity::find().filter(bus::Column::ConversationId.eq(id)).filter(bus::Column::Kind.is_in(SHOWN));
    if let Some(from) = from {
        query = query.filter(bus::Column::At.gte(from));
    }
    if let Some(before) = before {
        query = query.filter(bus::Column::At.lt(before));
    }
    let mut events = query.order_by_desc(bus::Column::Seq).limit(300).all(connection).await?;
    events.reverse();
    Ok(events)
}

/// Both are in order of time; an event of the same instant comes after the message that caused it.
fn merge(messages: Vec<Message>, events: Vec<bus::Model>) -> Vec<TimelineItem> {
    let mut items = Vec::with_capacity(messages.len() + events.len());
    let mut events = events.into_iter().peekable();
    for message in messages {
        while let Some(event) = events.next_if(|event| event.at < message.created_at) {
            items.push(TimelineItem::Event(event_view(event)));
        }
        items.push(TimelineItem::Message(Box::new(message)));
    }
    items.extend(events.map(event_view).map(TimelineItem::Event));
    items
}

fn event_view(event: bus::Model) -> HistoryEvent {
    let actor = event.actor_id.map(|id| Doer { id: id.0, name: event.actor_name });
    HistoryEvent { id: event.id, at: event.at, actor, kind: event.kind, data: event.data }
}

/// Messages as the API shows them, with their attachments.
pub(crate) async fn message_views(connection: &impl ConnectionTrait, rows: Vec<message::Model>, language: base::Language) -> Result<Vec<Message>> {
    let ids: Vec<MessageId> = rows.iter().map(|row| row.id).collect();
    let mut attachments: HashMap<MessageId, Vec<Attachment>> = HashMap::new();
    for file in file::of_messages(connection, &ids).await? {
        if let Some(message_id) = file.message_id {
            attachments.entry(message_id).or_default().push(file.into());
        }
    }
    rows.into_iter().map(|row| view(attachments.remove(&row.id).unwrap_or_default(), row, language)).collect()
}

fn view(attachments: Vec<Attachment>, row: message::Model, language: base::Language) -> Result<Message> {
    let recipients: Recipients = serde_json::from_value(row.recipients)?;
    let threading: Option<Threading> = row.threading.map(serde_json::from_value).transpose()?;
    Ok(Message {
        id: row.id,
        conversation_id: row.conversation_id,
        kind: row.kind,
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
        delivery: row.delivery.map(|state| DeliveryState { state, error: row.delivery_error, at: row.delivery_at, attempts: row.delivery_attempts }),
        threading: threading.map(|threading| explain(threading, language)),
        undo_until: row.undo_until,
    })
}

pub(crate) fn explain(threading: Threading, language: base::Language) -> Explanation {
    let explanation = match language {
        base::Language::Ru => threading.ru,
        base::Language::En => threading.en,
    };
    Explanation { rule: threading.rule, explanation }
}
