//! A day on which somebody works otherwise than his schedule says.

use base::{Timestamp, UserId};
use sea_orm::entity::prelude::*;

use crate::shift::ShiftId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "shift_day")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// `2026-11-30`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub date: String,
    /// None: a day off.
    pub shift_id: Option<ShiftId>,
    pub note: String,
    /// Who changed it, when that was a person.
    pub changed_by: Option<UserId>,
    pub changed_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
