//! A named set of permissions.

use base::{RoleId, Timestamp};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleId,
    /// `operator`, `administrator`, ...: stable, for programs.
    pub key: String,
    pub name: String,
    /// Comes with the product.
    pub preset: bool,
    /// Names of permissions.
    pub permissions: Json,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
