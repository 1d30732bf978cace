//! A conversation with its last 50 messages, by hand.

use std::collections::HashMap;

use anyhow::Result;
use base::Cursor;
use rusqlite::{Connection, OptionalExtension, Row as SqlRow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::list::{self, Row};
use super::{Id, Time};

const PAGE: usize = 50;

#[derive(Serialize)]
pub(super) struct Conversation {
    #[serde(flatten)]
    row: Row,
    messages: Timeline,
    participants: Vec<Participant>,
    can: Abilities,
    /// The measured conversations have none.
    tickets: [(); 0],
    threading: Option<Explanation>,
    draft: Option<String>,
    note_draft: Option<String>,
    /// The measured conversations, mail all of them, have no visit, mark or source.
    visit: Option<Value>,
    rating: Option<Value>,
    source: Option<Value>,
}

#[derive(Serialize)]
struct Abilities {
    reply: bool,
    note: bool,
    assign: bool,
    close: bool,
}

#[derive(Serialize)]
struct Participant {
    identity_id: Option<Id>,
    name: String,
    address: String,
    role: String,
}

#[derive(Serialize)]
struct Timeline {
    items: Vec<Item>,
    next: Option<String>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Item {
    Message(Box<Message>),
    Event(Event),
}

#[derive(Serialize)]
struct Event {
    id: Id,
    at: Time,
    actor: Option<Doer>,
    kind: String,
    data: Value,
}

#[derive(Serialize)]
struct Doer {
    id: Id,
    name: String,
}

#[derive(Serialize)]
struct Message {
    id: Id,
    conversation_id: Id,
    kind: String,
    channel: String,
    chat_id: Option<Id>,
    /// The measured messages, mail all of them, have none of this and of `extra`.
    reply_to: Option<Value>,
    author: Author,
    created_at: Time,
    sent_at: Time,
    subject: Option<String>,
    html: String,
    text: String,
    has_quote: bool,
    automatic: Option<String>,
    remote_images: bool,
    to: Vec<Address>,
    cc: Vec<Address>,
    attachments: Vec<Attachment>,
    delivery: Option<Delivery>,
    threading: Option<Explanation>,
    undo_until: Option<Time>,
    edited_at: Option<Time>,
    deleted_at: Option<Time>,
    extra: Option<Value>,
}

#[derive(Serialize)]
struct Author {
    kind: String,
    id: Option<Id>,
    name: String,
    avatar_color: i64,
    address: Option<String>,
}

#[derive(Serialize)]
struct Delivery {
    state: String,
    error: Option<String>,
    at: Option<Time>,
    attempts: i64,
}

#[derive(Serialize, Deserialize)]
struct Address {
    name: Option<String>,
    address: String,
}

#[derive(Deserialize)]
struct Recipients {
    #[serde(default)]
    to: Vec<Address>,
    #[serde(default)]
    cc: Vec<Address>,
}

#[derive(Deserialize)]
struct Threading {
    rule: String,
    ru: String,
}

#[derive(Serialize)]
struct Explanation {
    rule: String,
    explanation: String,
}

#[derive(Serialize)]
struct Attachment {
    id: Id,
    name: String,
    content_type: String,
    size: i64,
    inline: bool,
    content_id: Option<String>,
    url: String,
    preview_url: Option<String>,
    media: Option<String>,
    duration_ms: Option<i64>,
}

pub(super) fn open(connection: &Connection, id: Uuid) -> Result<Conversation> {
    let row = list::by_id(connection, Id(id))?;
    let (messages, next) = messages(connection, id)?;
    let threading = if next.is_some() || messages.iter().any(|message| message.threading.is_some()) {
        first_threading(connection, id)?
    } else {
        None
    };
    let from = next.is_some().then(|| messages.first().map(|first| first.created_at.0.clone())).flatten();
    let events = events(connection, id, &from.unwrap_or_default())?;
    Ok(Conversation {
        row,
        messages: Timeline { items: merge(messages, events), next },
        participants: participants(connection, id)?,
        can: Abilities { reply: true, note: true, assign: true, close: true },
        tickets: [],
        threading,
        draft: draft(connection, id)?,
        note_draft: None,
        visit: None,
        rating: None,
        source: None,
    })
}

fn messages(connection: &Connection, id: Uuid) -> Result<(Vec<Message>, Option<String>)> {
    let mut statement = connection.prepare_cached(
        "select id, conversation_id, kind, author_kind, author_id, author_name, author_address, created_at, sent_at, subject, html, text, has_quote,
                automatic, remote_images, recipients, delivery, delivery_error, delivery_at, delivery_attempts, threading, undo_until,
                channel, chat_id, edited_at, deleted_at
         from message where conversation_id = ?1 order by created_at desc, id desc limit 51",
    )?;
    let mut rows = statement.query([id.as_bytes().as_slice()])?;
    let mut messages = Vec::with_capacity(PAGE + 1);
    while let Some(row) = rows.next()? {
        messages.push(message(row)?);
    }
    let more = messages.len() > PAGE;
    messages.truncate(PAGE);
    messages.reverse();
    let next = messages.first().filter(|_| more).map(|oldest| Cursor::encode(&(&oldest.created_at, oldest.id)));
    let mut attachments = attachments(connection, id)?;
    if !attachments.is_empty() {
        for message in &mut messages {
            message.attachments = attachments.remove(&message.id).unwrap_or_default();
        }
    }
    Ok((messages, next))
}

fn message(row: &SqlRow<'_>) -> Result<Message> {
    let recipients: Recipients = serde_json::from_str(row.get_ref(15)?.as_str()?)?;
    let threading = row.get_ref(20)?.as_str_or_null()?.map(serde_json::from_str::<Threading>).transpose()?;
    let delivery = row.get::<_, Option<String>>(16)?.map(|state| {
        Ok::<_, rusqlite::Error>(Delivery { state, error: row.get(17)?, at: row.get(18)?, attempts: row.get(19)? })
    });
    let author_id: Option<Id> = row.get(4)?;
    Ok(Message {
        id: row.get(0)?,
        conversation_id: row.get(1)?,
        kind: row.get(2)?,
        author: Author {
            kind: row.get(3)?,
            id: author_id,
            name: row.get(5)?,
            avatar_color: author_id.map_or(0, color),
            address: row.get(6)?,
        },
        created_at: row.get(7)?,
        sent_at: row.get(8)?,
        subject: row.get(9)?,
        html: row.get(10)?,
        text: row.get(11)?,
        has_quote: row.get(12)?,
        automatic: row.get(13)?,
        remote_images: row.get(14)?,
        to: recipients.to,
        cc: recipients.cc,
        attachments: Vec::new(),
        delivery: delivery.transpose()?,
        threading: threading.map(explain),
        undo_until: row.get(21)?,
        channel: row.get(22)?,
        chat_id: row.get(23)?,
        reply_to: None,
        edited_at: row.get(24)?,
        deleted_at: row.get(25)?,
        extra: None,
    })
}

fn explain(threading: Threading) -> Explanation {
    Explanation { rule: threading.rule, explanation: threading.ru }
}

/// One of twelve colours, from the last four bytes.
fn color(id: Id) -> i64 {
    id.0.as_bytes().iter().rev().take(4).fold(0, |sum: i64, byte| sum * 31 + i64::from(*byte)) % 12
}

fn attachments(connection: &Connection, id: Uuid) -> Result<HashMap<Id, Vec<Attachment>>> {
    let mut statement = connection.prepare_cached(
        "select message_id, id, name, content_type, size, inline, content_id, media, duration_ms from file
         where conversation_id = ?1 and message_id is not null order by id",
    )?;
    let mut rows = statement.query([id.as_bytes().as_slice()])?;
    let mut of: HashMap<Id, Vec<Attachment>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let (id, name, content_type): (Id, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let safe: String = name
            .bytes()
            .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect();
        let url = format!("/files/{}/{safe}", id.0);
        let preview_url = (content_type.starts_with("image/") || content_type == "application/pdf")
            .then(|| format!("{url}?inline=1"));
        let (size, inline, content_id) = (row.get(4)?, row.get(5)?, row.get(6)?);
        of.entry(row.get(0)?).or_default().push(Attachment {
            id,
            name,
            content_type,
            size,
            inline,
            content_id,
            url,
            preview_url,
            media: row.get(7)?,
            duration_ms: row.get(8)?,
        });
    }
    Ok(of)
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

fn events(connection: &Connection, id: Uuid, from: &str) -> Result<Vec<Event>> {
    let mut statement = connection.prepare_cached(
        "select id, at, kind, actor_id, actor_name, data from event
         where conversation_id = ?1 and at >= ?2 and kind in ('conversation_taken', 'conversation_assigned', 'conversation_closed',
               'conversation_reopened', 'conversation_snoozed', 'conversation_woken', 'conversation_renamed', 'priority_changed',
               'message_detached', 'detached_from', 'message_undone', 'ticket_created', 'ticket_linked', 'ticket_unlinked',
               'participants_changed', 'contact_joined', 'contact_suggested', 'client_blocked_channel', 'client_allowed_channel',
               'client_started_chat', 'marked_spam', 'marked_not_spam', 'conversation_rated', 'channel_switched')
         order by seq desc limit 300",
    )?;
    let mut rows = statement.query(rusqlite::params![id.as_bytes().as_slice(), from])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let actor = row.get::<_, Option<Id>>(3)?.map(|id| Ok::<_, rusqlite::Error>(Doer { id, name: row.get(4)? }));
        let data = serde_json::from_str(row.get_ref(5)?.as_str()?)?;
        events.push(Event { id: row.get(0)?, at: row.get(1)?, kind: row.get(2)?, actor: actor.transpose()?, data });
    }
    events.reverse();
    Ok(events)
}

fn merge(messages: Vec<Message>, events: Vec<Event>) -> Vec<Item> {
    let mut items = Vec::with_capacity(messages.len() + events.len());
    let mut events = events.into_iter().peekable();
    for message in messages {
        while let Some(event) = events.next_if(|event| event.at < message.created_at) {
            items.push(Item::Event(event));
        }
        items.push(Item::Message(Box::new(message)));
    }
    items.extend(events.map(Item::Event));
    items
}

fn participants(connection: &Connection, id: Uuid) -> Result<Vec<Participant>> {
    let mut statement = connection.prepare_cached(
        "select identity_id, name, address, part from participant where conversation_id = ?1
         order by part <> 'client', part = 'cc', address",
    )?;
    let rows = statement.query_map([id.as_bytes().as_slice()], |row| {
        Ok(Participant { identity_id: row.get(0)?, name: row.get(1)?, address: row.get(2)?, role: row.get(3)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn first_threading(connection: &Connection, id: Uuid) -> Result<Option<Explanation>> {
    let mut statement = connection
        .prepare_cached("select threading from message where conversation_id = ?1 order by created_at, id limit 1")?;
    let text: Option<String> = statement.query_row([id.as_bytes().as_slice()], |row| row.get(0)).optional()?.flatten();
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?.map(explain))
}

/// Asked for as the server asks; whoever measures has typed nothing.
fn draft(connection: &Connection, id: Uuid) -> Result<Option<String>> {
    let mut statement =
        connection.prepare_cached("select html from draft where conversation_id = ?1 and user_id = ?1")?;
    Ok(statement.query_row([id.as_bytes().as_slice()], |row| row.get(0)).optional()?)
}
