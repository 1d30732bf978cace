//! What a client thinks of how he was served.

use base::{ConversationId, Timestamp, UserId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rating")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    /// 1 to 5.
    pub stars: i64,
    pub comment: String,
    /// What colleagues say to it.
    pub staff_comment: String,
    pub staff_id: Option<UserId>,
    pub rated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
