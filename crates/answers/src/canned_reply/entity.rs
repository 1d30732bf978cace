//! A canned reply.

use base::{Timestamp, UserId};
use sea_orm::entity::prelude::*;

use super::CannedReplyId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "canned_reply")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CannedReplyId,
    /// Whose own it is; none: everybody's.
    pub owner_id: Option<UserId>,
    pub name: String,
    /// What it is called up by; unique in its folded form.
    pub short_name: String,
    pub short_name_folded: String,
    /// A heading it stands under; empty: none.
    pub folder: String,
    /// Sanitised, with variables.
    pub html: String,
    /// The words of it.
    pub text: String,
    pub use_count: i64,
    pub last_used_at: Option<Timestamp>,
    pub last_used_by: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub updated_by: Option<UserId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
