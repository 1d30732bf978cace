//! How far a message to a chat has got.

use base::{ChatId, MessageId, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "outgoing_message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: MessageId,
    pub chat_id: ChatId,
    pub state: State,
    /// How many of its parts the vendor has.
    pub sent_parts: i64,
    pub attempts: i64,
    /// Which process is sending a part.
    pub owner: Option<String>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

desk::text_enum! {
    State as "OutgoingState" {
        Waiting = "waiting",
        /// The next part is on its way; found so after a crash, nobody knows whether it arrived.
        Sending = "sending",
        Sent = "sent",
        Failed = "failed",
        Unknown = "unknown",
    }
}
