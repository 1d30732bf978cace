//! A policy, as whoever names one needs it.

use base::Timestamp;
use sea_orm::entity::prelude::*;

use super::PolicyId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sla_policy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PolicyId,
    pub name: String,
    /// What it promises; the feature `sla` reads it.
    pub definition: Json,
    pub deleted_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
