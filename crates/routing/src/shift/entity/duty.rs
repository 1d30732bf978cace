//! Whether somebody is on shift: the shift that goes on or comes next, and the one after it.

use base::{Timestamp, UserId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "duty")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// He has a schedule today.
    pub planned: bool,
    pub starts_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub then_starts_at: Option<Timestamp>,
    pub then_ends_at: Option<Timestamp>,
    /// When this row must be made anew.
    pub edge_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
