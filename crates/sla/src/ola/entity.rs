//! A saved agreement on times inside the company.

use base::Timestamp;
use sea_orm::entity::prelude::*;

use super::OlaId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ola")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OlaId,
    pub name: String,
    /// `Definition`, checked.
    pub definition: Json,
    pub deleted_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
