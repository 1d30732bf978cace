//! A saved task.

use base::{ConversationId, GroupId, TicketId, Timestamp, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::TaskId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TaskId,
    pub title: String,
    pub description: String,
    pub state: State,
    /// What it is about: a ticket, a conversation, or neither.
    pub ticket_id: Option<TicketId>,
    pub conversation_id: Option<ConversationId>,
    /// Who is to do it: a person, somebody of a group, or whoever takes it.
    pub assignee_id: Option<UserId>,
    pub group_id: Option<GroupId>,
    pub due_at: Option<Timestamp>,
    /// `due_at`, or never: lists are ordered by it.
    pub due_order: Timestamp,
    /// `Words`: why Otklik made it.
    pub why: Option<Json>,
    /// The stage of a route that it is.
    pub stage_id: Option<Uuid>,
    /// What came of it, or why it was put away.
    pub result: String,
    /// None: Otklik made it.
    pub created_by: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// When it was done or put away.
    pub ended_at: Option<Timestamp>,
    pub ended_by: Option<UserId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::text_enum! {
    /// How far a task has got.
    State as "TaskState" {
        Open = "open",
        Done = "done",
        /// Nobody needs it any more.
        Cancelled = "cancelled",
    }
}
