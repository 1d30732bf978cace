//! When somebody did what.

use base::{Timestamp, UserId};
use sea_orm::entity::prelude::*;

use super::ActivityId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "activity_log")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: UserId,
    pub activity_id: ActivityId,
    pub started_at: Timestamp,
    /// None: still.
    pub ended_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
