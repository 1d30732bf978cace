//! Which Message-ID belongs to which conversation: ours and those of the clients.

use base::{ConversationId, LineId, MessageId, Timestamp};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_thread")]
pub struct Model {
    /// Without brackets.
    #[sea_orm(primary_key, auto_increment = false)]
    pub rfc_message_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    /// None for a message that was only referred to: we never saw it.
    pub message_id: Option<MessageId>,
    pub line_id: LineId,
    /// We sent it.
    pub outgoing: bool,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
