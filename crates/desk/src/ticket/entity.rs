//! A case with a type, a status, a priority and an owner.

use base::{ContactId, LineId, TicketId, Timestamp, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketId,
    pub number: i64,
    pub line_id: LineId,
    pub contact_id: Option<ContactId>,
    pub subject: String,
    pub kind: Kind,
    pub status: Status,
    pub priority: crate::conversation::Priority,
    pub owner_id: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::text_enum! {
    /// What sort of case it is.
    Kind as "TicketType" {
        Question = "question",
        Incident = "incident",
        Claim = "claim",
        Suggestion = "suggestion",
    }
}

crate::text_enum! {
    Status as "TicketStatus" {
        New = "new",
        Accepted = "accepted",
        InProgress = "in_progress",
        Waiting = "waiting",
        Resolved = "resolved",
        Closed = "closed",
    }
}
