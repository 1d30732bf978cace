//! A rule of a line.

use base::{LineId, Timestamp};
use sea_orm::entity::prelude::*;

use super::RuleId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "routing_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RuleId,
    pub line_id: LineId,
    /// Its place among the line's rules, from 0.
    pub position: i64,
    pub name: String,
    pub enabled: bool,
    /// `Condition`.
    pub condition: Json,
    /// `Target`.
    pub target: Json,
    /// `Actions`.
    pub actions: Json,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
