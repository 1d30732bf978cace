//! Who takes part in a conversation by mail: only their mail may join it.

use base::{ConversationId, IdentityId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "participant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    /// Lower-case mail address.
    #[sea_orm(primary_key, auto_increment = false)]
    pub address: String,
    pub name: String,
    pub part: Part,
    pub identity_id: Option<IdentityId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::text_enum! {
    /// How somebody takes part.
    Part {
        /// Whom the conversation is with.
        Client = "client",
        To = "to",
        Cc = "cc",
    }
}
