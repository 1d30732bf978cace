//! One exchange with one client on one line.

use base::{ChatId, ContactId, ConversationId, GroupId, LineId, MailboxId, SourceId, Timestamp, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "conversation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConversationId,
    /// What people call it by; unique, growing.
    pub number: i64,
    pub line_id: LineId,
    pub contact_id: ContactId,
    /// The mailbox answers leave from.
    pub mailbox_id: Option<MailboxId>,
    /// The operator group it is pinned to.
    pub group_id: Option<GroupId>,
    /// By what the client wrote last, or was answered last.
    pub channel: Channel,
    /// The chat answers go to; none: mail.
    pub chat_id: Option<ChatId>,
    /// Where it came from, when it was written down by hand.
    pub source_id: Option<SourceId>,
    pub subject: String,
    pub status: Status,
    pub priority: Priority,
    pub assignee_id: Option<UserId>,
    /// The last words, one line.
    pub preview: String,
    pub last_from: From,
    pub last_message_at: Timestamp,
    /// Messages and notes.
    pub message_count: i64,
    /// The client wrote after staff last answered or looked.
    pub unread: bool,
    /// State of the last outgoing message while it is not sent.
    pub delivery: Option<String>,
    pub snoozed_until: Option<Timestamp>,
    pub first_reply_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// The nearest promise that is not kept yet, also when its time has passed.
    pub due_at: Option<Timestamp>,
    /// When little of that promise's time is left.
    pub due_warn_at: Option<Timestamp>,
    pub due_norm: Option<DueNorm>,
    /// `due_at`, or a day that never comes: what a list by deadlines is ordered by.
    pub due_order: Timestamp,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The last day of the year 9999.
pub(crate) const NEVER: Timestamp = match chrono::DateTime::from_timestamp(253_402_214_400, 0) {
    Some(day) => day,
    None => chrono::DateTime::<chrono::Utc>::MAX_UTC,
};

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether others than the client and the desk take part. Invariant: it is one from its beginning or never, and its
    /// `channel` and `chat_id` stay as they are.
    pub fn is_group(&self) -> bool {
        self.channel == Channel::Group
    }

    /// A fresh open conversation in which nothing has been said.
    pub fn new(id: ConversationId, number: i64, line_id: LineId, contact_id: ContactId, now: Timestamp) -> Self {
        Model {
            id,
            number,
            line_id,
            contact_id,
            mailbox_id: None,
            group_id: None,
            channel: Channel::Email,
            chat_id: None,
            source_id: None,
            subject: String::new(),
            status: Status::Open,
            priority: Priority::None,
            assignee_id: None,
            preview: String::new(),
            last_from: From::Client,
            last_message_at: now,
            message_count: 0,
            unread: false,
            delivery: None,
            snoozed_until: None,
            first_reply_at: None,
            closed_at: None,
            due_at: None,
            due_warn_at: None,
            due_norm: None,
            due_order: NEVER,
            created_at: now,
            updated_at: now,
        }
    }
}

crate::text_enum! {
    Status as "ConversationStatus" {
        Open = "open",
        /// Put off until a time.
        Snoozed = "snoozed",
        Closed = "closed",
        /// Unwanted; in no list but its own.
        Spam = "spam",
    }
}

crate::text_enum! {
    Priority as "Priority" {
        None = "none",
        Low = "low",
        Medium = "medium",
        High = "high",
    }
}

crate::text_enum! {
    /// By what a client and the desk write to each other.
    Channel as "ConversationChannel" {
        Email = "email",
        /// Written down by an operator: a call, a visit.
        Manual = "manual",
        /// The chat on a site.
        Chat = "chat",
        Telegram = "telegram",
        Vk = "vk",
        Max = "max",
        Whatsapp = "whatsapp",
        Viber = "viber",
        /// A messenger connected by the open protocol.
        Custom = "custom",
        /// A web form.
        Form = "form",
        /// A group conversation: each of those who take part is written to by a channel of his own.
        Group = "group",
    }
}

impl Channel {
    /// For how long after a client's message one may write to him freely there: afterwards the messenger takes only texts
    /// that it has approved. None: always.
    pub fn free_words_for(self) -> Option<std::time::Duration> {
        (self == Channel::Whatsapp).then_some(std::time::Duration::from_secs(24 * 3600))
    }
}

crate::text_enum! {
    /// Who spoke last.
    From as "LastFrom" {
        Client = "client",
        Operator = "operator",
        System = "system",
    }
}

crate::text_enum! {
    /// What a client was promised.
    DueNorm as "DueNorm" {
        /// The first answer.
        Reaction = "reaction",
        /// An answer to what the client wrote since.
        Reply = "reply",
        /// That the matter is settled.
        Resolution = "resolution",
    }
}
