//! A catalogue of services.

use base::Timestamp;
use sea_orm::entity::prelude::*;

use super::CatalogueId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "service_catalogue")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CatalogueId,
    pub name: String,
    pub position: i64,
    /// Its services are no longer offered either.
    pub archived_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
