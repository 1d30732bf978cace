//! One message of a conversation: from the client, to the client, or between colleagues.

use base::{ChatId, ContactId, ConversationId, MessageId, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::conversation::Channel;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub kind: Kind,
    /// By what it came or leaves.
    pub channel: Channel,
    /// The chat it came by or leaves to; none for mail and notes.
    pub chat_id: Option<ChatId>,
    /// The message it answers or quotes.
    pub reply_to_id: Option<MessageId>,
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
    pub edited_at: Option<Timestamp>,
    /// Withdrawn by its author; colleagues still see what it said.
    pub deleted_at: Option<Timestamp>,
    /// `Extra`: what messengers have besides text and files.
    pub extra: Option<Json>,
    /// The message of a group conversation of which this is the copy for one of those who take part. Copies are sent like
    /// any message and shown nowhere but to him; staff read the message itself.
    pub copy_of_id: Option<MessageId>,
    /// For whom this copy is.
    pub copy_for_id: Option<ContactId>,
    /// How many copies it has.
    pub copies: i64,
    /// What the sender's clock said.
    pub sent_at: Timestamp,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// An empty message of now.
    pub fn new(id: MessageId, conversation_id: ConversationId, kind: Kind, channel: Channel, now: Timestamp) -> Self {
        Model {
            id,
            conversation_id,
            kind,
            channel,
            chat_id: None,
            reply_to_id: None,
            author_kind: AuthorKind::System,
            author_id: None,
            author_name: String::new(),
            author_address: None,
            subject: None,
            html: String::new(),
            text: String::new(),
            has_quote: false,
            automatic: None,
            remote_images: false,
            recipients: serde_json::json!({}),
            attachment_count: 0,
            threading: None,
            delivery: None,
            delivery_error: None,
            delivery_attempts: 0,
            delivery_at: None,
            undo_until: None,
            edited_at: None,
            deleted_at: None,
            extra: None,
            copy_of_id: None,
            copy_for_id: None,
            copies: 0,
            sent_at: now,
            created_at: now,
        }
    }

    /// What messengers have besides text and files.
    pub fn extra(&self) -> Extra {
        self.extra.as_ref().and_then(|extra| serde_json::from_value(extra.clone()).ok()).unwrap_or_default()
    }

    /// The message that has its files: a copy has none of its own.
    pub fn keeper_of_files(&self) -> MessageId {
        self.copy_of_id.unwrap_or(self.id)
    }

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
        /// "We are away, we will answer by mail".
        Offline = "offline",
        /// Said when a conversation is closed.
        Farewell = "farewell",
        /// "How did we do?"
        RatingRequest = "rating_request",
    }
}

crate::text_enum! {
    /// How far an outgoing message has got.
    Delivery as "DeliveryStage" {
        Queued = "queued",
        Sending = "sending",
        Sent = "sent",
        /// It has reached the client's device.
        Delivered = "delivered",
        /// The client has seen it.
        Read = "read",
        Failed = "failed",
        /// Given up by an operator.
        Cancelled = "cancelled",
    }
}

/// What messengers have besides text and files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = MessageExtra)]
pub struct Extra {
    /// Rows of buttons under the message.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keyboard: Vec<Vec<Button>>,
    /// The button the client pressed to say this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pressed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Business cards.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Card>,
    /// Who said it first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded_from: Option<String>,
    /// The template it was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<Template>,
    /// Several messages of a messenger that are one: an album.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub album: Option<String>,
    /// The parameter of the link by which the client came (`/start` of Telegram, `ref` of VK).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// The number the widget gave this message before it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
}

/// A button under a message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Button {
    pub title: String,
    /// What we get when it is pressed, at most 64 bytes; the title unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// Opens this address instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A point on the map.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Location {
    /// Degrees, WGS 84.
    pub latitude: f64,
    pub longitude: f64,
    #[serde(default)]
    pub title: String,
}

/// A business card.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Card {
    pub name: String,
    #[serde(default)]
    pub phone: String,
}

/// A text the messenger's owner has approved, with the values for its places.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = MessageTemplate)]
pub struct Template {
    pub name: String,
    /// As the vendor writes it: `ru`, `en_US`.
    pub language: String,
    #[serde(default)]
    pub parameters: Vec<String>,
}
