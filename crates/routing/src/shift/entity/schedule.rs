//! A schedule of work: shifts by week or by cycle.

use base::Timestamp;
use sea_orm::entity::prelude::*;

use crate::shift::WorkScheduleId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "work_schedule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WorkScheduleId,
    pub name: String,
    /// `Rule`.
    pub rule: Json,
    /// No longer offered; whoever works by it goes on.
    pub archived_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
