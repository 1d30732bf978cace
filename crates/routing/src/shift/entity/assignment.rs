//! A schedule given to a person or to a group for a time.

use base::{GroupId, Timestamp, UserId};
use sea_orm::entity::prelude::*;

use crate::shift::{ShiftAssignmentId, WorkScheduleId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "shift_assignment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShiftAssignmentId,
    pub schedule_id: WorkScheduleId,
    /// Either a person or a group.
    pub user_id: Option<UserId>,
    pub group_id: Option<GroupId>,
    /// The first day, `2026-11-30`.
    pub starts_on: String,
    /// The last day; none: without an end.
    pub ends_on: Option<String>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
