//! The full text of a message with everything it quotes.

use base::MessageId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "message_source")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: MessageId,
    /// Sanitised.
    pub html: String,
    pub text: String,
    /// `[[name, value], ...]`.
    pub headers: Json,
    /// The raw mail in the file store.
    pub raw_key: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
