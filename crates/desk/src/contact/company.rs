//! A client company.

mod api;

use base::{CompanyId, Timestamp, UserId};
use sea_orm::entity::prelude::*;

pub(super) use api::routes;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "company")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CompanyId,
    pub name: String,
    pub name_folded: String,
    /// Taxpayer number, 10 or 12 digits.
    pub inn: Option<String>,
    /// Mail domain by which its people are recognised.
    pub domain: Option<String>,
    /// Who of the staff answers for it.
    pub manager_id: Option<UserId>,
    /// `VIP` and the like; empty: none.
    pub category: String,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
