//! Something people do at work: a visit, a meeting, lunch.

use base::Timestamp;
use sea_orm::entity::prelude::*;

use super::ActivityId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "activity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ActivityId,
    pub name: String,
    /// No longer offered; what was recorded stays.
    pub archived_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
