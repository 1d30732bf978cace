//! The `event` table: append-only.

use base::{ConversationId, EventId, GroupId, LineId, Timestamp, UserId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub id: EventId,
    pub at: Timestamp,
    pub kind: String,
    pub actor_id: Option<UserId>,
    pub actor_name: String,
    pub subject: Option<Uuid>,
    pub conversation_id: Option<ConversationId>,
    pub line_id: Option<LineId>,
    pub group_id: Option<GroupId>,
    pub data: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
