//! Somebody who takes part in a group conversation: a client, or a colleague.

use base::{ChatId, ContactId, ConversationId, MemberId, Timestamp, UserId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "group_chat_member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MemberId,
    pub conversation_id: ConversationId,
    /// A client; else it is a colleague.
    pub contact_id: Option<ContactId>,
    pub user_id: Option<UserId>,
    /// The chat in which a client is written to: where he wrote last.
    pub chat_id: Option<ChatId>,
    /// Or his mail address.
    pub address: Option<String>,
    pub joined_at: Timestamp,
    /// Since then he gets and sees nothing more.
    pub left_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
