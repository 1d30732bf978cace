//! A stored file: an attachment, or an upload waiting for its message.

use base::{ConversationId, FileId, MessageId, Timestamp, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FileId,
    /// Key in the file store.
    pub storage_key: String,
    pub name: String,
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// By which the HTML names it (`cid:`).
    pub content_id: Option<String>,
    /// Shown inside the text, not below it.
    pub inline: bool,
    pub message_id: Option<MessageId>,
    /// None while no message has it: then only its uploader sees it.
    pub conversation_id: Option<ConversationId>,
    pub uploaded_by: Option<UserId>,
    /// What it is in a messenger, when that matters.
    pub media: Option<Media>,
    /// Of a voice message or a film.
    pub duration_ms: Option<i64>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::text_enum! {
    /// What a file is in a messenger.
    Media as "Media" {
        Photo = "photo",
        Video = "video",
        Audio = "audio",
        /// Recorded to be listened to in the chat.
        Voice = "voice",
        /// A round film.
        VideoNote = "video_note",
        Sticker = "sticker",
        Animation = "animation",
    }
}
