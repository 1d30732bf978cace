//! A form that was sent.

use base::{ConversationId, FormId, Timestamp};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "form_submission")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub form_id: FormId,
    /// The challenge it was sent with: one is good once.
    pub challenge: String,
    pub conversation_id: ConversationId,
    /// Of the conversation.
    pub number: i64,
    /// `{name: answer}`.
    pub answers: Json,
    pub page_url: String,
    /// The sender's IP address.
    pub address: String,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
