//! The event log and its live tail.
//!
//! Invariants: an event is written in the transaction of the change it tells of, so the log is the history, the audit
//! trail and the outbox at once. Durable subscribers become jobs in that same transaction. The live tail (`Hub`) only
//! says "this changed": whoever hears it fetches. Every listener hears every event after its cursor once, in order.

mod entity;
pub mod follow;
mod hub;
mod whisper;

use base::{Actor, ChatId, ConversationId, EventId, GroupId, LineId, Result, Timestamp, UserId};
use db::{Migration, Topic, Tx};
use sea_orm::{EntityTrait, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use entity::{Column, Entity, Model};
pub use hub::{Cursor, Frame, Hub, Listener};
pub use whisper::{Whisper, WhisperUser};

/// Something that happened.
#[derive(Clone, Debug, Default)]
pub struct Event {
    /// `conversation_closed`, `mailbox_changed`: a noun and a past verb.
    pub kind: &'static str,
    /// The record it happened to.
    pub subject: Option<Uuid>,
    pub conversation_id: Option<ConversationId>,
    /// Only who sees this line hears of it; none: see `audience`.
    pub line_id: Option<LineId>,
    /// Only this group hears of it, and whoever watches over the line.
    pub group_id: Option<GroupId>,
    /// What a reader of the history needs to know besides.
    pub data: serde_json::Value,
    /// Its durable subscribers have nothing to do before this time.
    pub due: Option<Timestamp>,
    /// The one kind of subscriber this event is for: those of `KIND.WAY` hear of it too.
    pub way: Option<&'static str>,
}

impl Event {
    pub fn new(kind: &'static str) -> Self {
        Event { kind, data: serde_json::json!({}), ..Default::default() }
    }

    pub fn subject(mut self, id: Uuid) -> Self {
        self.subject = Some(id);
        self
    }

    /// A conversation, with who may hear of it: its line, and its group if it is a group's own.
    pub fn conversation(mut self, id: ConversationId, line: LineId, group: Option<GroupId>) -> Self {
        self.conversation_id = Some(id);
        self.group(line, group)
    }

    /// Whose chat it happened in, if it was a chat: the client's page hears of it too.
    pub fn chat(mut self, chat: Option<ChatId>) -> Self {
        if let (Some(chat), Some(data)) = (chat, self.data.as_object_mut()) {
            data.insert("chat_id".to_owned(), chat.to_string().into());
        }
        self
    }

    pub fn line(mut self, line: LineId) -> Self {
        self.line_id = Some(line);
        self
    }

    /// Who may hear of it: the line, or this group of it.
    pub fn group(mut self, line: LineId, group: Option<GroupId>) -> Self {
        self.line_id = Some(line);
        self.group_id = group;
        self
    }

    pub fn data(mut self, data: serde_json::Value) -> Self {
        self.data = data;
        self
    }

    /// Only whoever subscribed to `KIND.WAY`, or to the kind as a whole, gets a job of it.
    pub fn by(mut self, way: &'static str) -> Self {
        self.way = Some(way);
        self
    }

    pub fn due(mut self, at: Option<Timestamp>) -> Self {
        self.due = at;
        self
    }
}

/// What a durable subscriber's job gets.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Notice {
    pub event_id: EventId,
    pub kind: String,
    pub subject: Option<Uuid>,
    pub conversation_id: Option<ConversationId>,
    pub line_id: Option<LineId>,
    /// Whose act it was; none when it was Otklik's own. Absent in jobs from before it was told.
    #[serde(default)]
    pub actor_id: Option<UserId>,
    #[serde(default)]
    pub actor_name: String,
    pub data: serde_json::Value,
}

/// Writes an event, and a job for each durable subscriber of its kind.
pub async fn emit(tx: &Tx, actor: &Actor, event: Event) -> Result<EventId> {
    let id = EventId(tx.new_id());
    let mut subscribers = tx.db().subscribers(event.kind).to_vec();
    if let Some(way) = event.way {
        subscribers.extend(tx.db().subscribers(&format!("{}.{way}", event.kind)));
    }
    if !subscribers.is_empty() {
        let notice = Notice {
            event_id: id,
            kind: event.kind.to_owned(),
            subject: event.subject,
            conversation_id: event.conversation_id,
            line_id: event.line_id,
            actor_id: actor.user_id(),
            actor_name: actor.name.clone(),
            data: event.data.clone(),
        };
        for job_kind in subscribers {
            jobs::enqueue_raw_at(tx, job_kind, serde_json::to_value(&notice)?, event.due.unwrap_or(tx.now())).await?;
        }
    }
    let row = entity::ActiveModel {
        id: Set(id),
        at: Set(tx.now()),
        kind: Set(event.kind.to_owned()),
        actor_id: Set(actor.user_id()),
        actor_name: Set(actor.name.clone()),
        subject: Set(event.subject),
        conversation_id: Set(event.conversation_id),
        line_id: Set(event.line_id),
        group_id: Set(event.group_id),
        data: Set(event.data),
        ..Default::default()
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    tx.signal(Topic::Events);
    Ok(id)
}

/// `seq` is the order of writing. On PostgreSQL transactions commit in another order than they take numbers, so the
/// tail also keeps the transaction's id and reads only what every running transaction is younger than.
pub const MIGRATIONS: &[Migration] = &[
    EVENTS,
    Migration {
        name: "2026_11_22_02_event_group",
        sql: "alter table event add column group_id {id}",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_11_29_02_event_follower",
        sql: "create table event_follower (name text primary key, tx bigint not null, seq bigint not null)",
        sqlite: "",
        postgres: "",
    },
];

const EVENTS: Migration = Migration {
    name: "2026_11_21_02_events",
    sql: "
create table event (
    seq {auto},
    id {id} not null,
    at {time} not null,
    kind text not null,
    actor_id {id},
    actor_name text not null,
    subject {id},
    conversation_id {id},
    line_id {id},
    data {json} not null
);
create index event_conversation on event (conversation_id, seq);
create index event_subject on event (subject, seq)
",
    sqlite: "",
    postgres: "
alter table event add column tx bigint not null default (pg_current_xact_id()::text::bigint);
create index event_tail on event (tx, seq)
",
};
