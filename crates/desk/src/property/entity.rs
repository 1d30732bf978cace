//! A named value that an administrator defines.

use base::Timestamp;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

base::id! {
    /// A named value of a company or a conversation.
    PropertyId,
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "property")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PropertyId,
    pub subject: Subject,
    /// `debt`: for rules and programs.
    pub key: String,
    pub name: String,
    pub kind: Kind,
    /// What a choice offers: a list of texts.
    pub options: Json,
    /// Lower ones first.
    pub position: i64,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::text_enum! {
    /// What a property belongs to.
    Subject as "PropertySubject" {
        Company = "company",
        Conversation = "conversation",
    }
}

crate::text_enum! {
    /// What a property holds.
    Kind as "PropertyKind" {
        Text = "text",
        Number = "number",
        /// One of its options.
        Choice = "choice",
        /// `YYYY-MM-DD`.
        Date = "date",
    }
}
