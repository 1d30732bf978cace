//! One thing that one person is told.

use base::{ConversationId, EventId, LineId, Timestamp, UserId};
use sea_orm::entity::prelude::*;

use crate::kind::Kind;

base::id! {
    /// One thing that one person is told.
    NotificationId,
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notification")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NotificationId,
    pub user_id: UserId,
    /// What it tells of.
    pub event_id: EventId,
    pub kind: Kind,
    /// None: of no conversation, but of a ticket, a task, a mailbox or a channel.
    pub conversation_id: Option<ConversationId>,
    /// None: of a task.
    pub line_id: Option<LineId>,
    /// The message, ticket, task, mailbox or channel.
    pub subject_id: Option<Uuid>,
    /// Whose act it was, or what stopped working; empty when it was nobody's.
    pub who: String,
    /// What was said with it, or why it came to him; may be empty. Messages are read where they are.
    pub comment: String,
    /// Whether he reads it in his feed: else it was only a sound or a push.
    pub in_feed: bool,
    pub created_at: Timestamp,
    pub read_at: Option<Timestamp>,
    /// When a letter of it was ordered.
    pub mailed_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
