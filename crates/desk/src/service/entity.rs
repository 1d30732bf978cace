//! A service.

use base::{Timestamp, UserId};
use sea_orm::entity::prelude::*;

use super::{CatalogueId, ServiceId};
use crate::schedule::ScheduleId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "service")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ServiceId,
    pub catalogue_id: CatalogueId,
    pub name: String,
    pub description: String,
    /// Among those of its catalogue, the least first.
    pub position: i64,
    /// Who of the staff answers for it.
    pub owner_id: Option<UserId>,
    /// When it is to be available; none: always.
    pub schedule_id: Option<ScheduleId>,
    /// For how long of a month it may be down, unplanned; none: nobody said.
    pub downtime_minutes: Option<i64>,
    /// No longer offered; what has it keeps it.
    pub archived_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
