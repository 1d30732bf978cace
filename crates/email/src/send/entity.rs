//! What is known of the way of an outgoing message besides what everybody sees on the message itself.

use base::{MailboxId, MessageId, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "outgoing_mail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: MessageId,
    /// The mailbox it leaves from.
    pub mailbox_id: Option<MailboxId>,
    /// Fixed before the first try: every copy of the letter carries the same one. Without brackets.
    pub rfc_message_id: String,
    pub state: State,
    pub attempts: i64,
    /// The process that hands it over now, see `jobs::owner`.
    pub owner: Option<String>,
    /// The bytes that were sent.
    pub raw_key: Option<String>,
    /// Addresses the server would not take, with its words: `[[address, words], ...]`.
    pub refused: Option<Json>,
    pub handed_over_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

desk::text_enum! {
    /// How far the handing over has got.
    State as "OutgoingState" {
        /// Nothing was handed over.
        Waiting = "waiting",
        /// Being handed over by `owner`. Found after a crash, the owner's journal tells what became of it.
        HandingOver = "handing_over",
        /// The server has taken it.
        Sent = "sent",
        /// Nobody can say whether the server took it.
        Unknown = "unknown",
        Failed = "failed",
    }
}
