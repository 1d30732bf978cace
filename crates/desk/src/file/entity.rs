//! A stored file: an attachment, or an upload waiting for its message.

use base::{ConversationId, FileId, MessageId, Timestamp, UserId};
use sea_orm::entity::prelude::*;

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
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
