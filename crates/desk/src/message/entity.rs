//! One message of a conversation: from the client, to the client, or between colleagues.

use base::{ConversationId, MessageId, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub kind: Kind,
    pub author_kind: AuthorKind,
    /// A `UserId` or a `ContactId`, by `author_kind`.
    pub author_id: Option<Uuid>,
    pub author_name: String,
    pub author_address: Option<String>,
    pub subject: Option<String>,
    /// Sanitised; new words only.
    pub html: String,
    pub text: String,
    /// The full text with its quotes is in `message_source`.
    pub has_quote: bool,
    pub automatic: Option<Automatic>,
    /// The HTML refers to images on other servers.
    pub remote_images: bool,
    /// `Recipients`.
    pub recipients: Json,
    /// Attachments that are shown, not images inside the text.
    pub attachment_count: i64,
    /// `Threading`: why it is in this conversation.
    pub threading: Option<Json>,
    pub delivery: Option<Delivery>,
    /// In plain words.
    pub delivery_error: Option<String>,
    pub delivery_attempts: i64,
    pub delivery_at: Option<Timestamp>,
    /// Until then it can be taken back.
    pub undo_until: Option<Timestamp>,
    /// What the sender's clock said.
    pub sent_at: Timestamp,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether looking for its files is worth a statement: those below the text are counted, those inside it are named there.
    pub fn has_files(&self) -> bool {
        self.attachment_count > 0 || self.html.contains("/files/")
    }
}

crate::text_enum! {
    Kind as "MessageKind" {
        /// From the client.
        Inbound = "inbound",
        /// To the client.
        Outbound = "outbound",
        /// Between colleagues; never leaves.
        Note = "note",
    }
}

crate::text_enum! {
    AuthorKind as "AuthorKind" {
        Contact = "contact",
        User = "user",
        System = "system",
    }
}

crate::text_enum! {
    /// Written by a program.
    Automatic as "AutomaticKind" {
        /// Out of office and the like.
        AutoReply = "auto_reply",
        /// A message could not be delivered.
        Bounce = "bounce",
        /// Our own "we have received your message".
        Acknowledgement = "acknowledgement",
    }
}

crate::text_enum! {
    /// How far an outgoing message has got.
    Delivery as "DeliveryStage" {
        Queued = "queued",
        Sending = "sending",
        Sent = "sent",
        Failed = "failed",
        /// Given up by an operator.
        Cancelled = "cancelled",
    }
}
