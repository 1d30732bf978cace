//! One exchange with one client on one line.

use base::{ContactId, ConversationId, GroupId, LineId, MailboxId, Timestamp, UserId};
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
    pub channel: Channel,
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
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::text_enum! {
    Status as "ConversationStatus" {
        Open = "open",
        /// Put off until a time.
        Snoozed = "snoozed",
        Closed = "closed",
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
    /// Where a conversation came from.
    Channel as "ConversationChannel" {
        Email = "email",
        /// Written down by an operator.
        Manual = "manual",
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
