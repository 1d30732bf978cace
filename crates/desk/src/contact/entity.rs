//! A client person.

use base::{CompanyId, ContactId, Timestamp, UserId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactId,
    pub name: String,
    pub name_folded: String,
    pub company_id: Option<CompanyId>,
    pub position: String,
    pub note: String,
    /// Who of the staff answers for him.
    pub manager_id: Option<UserId>,
    /// `VIP` and the like; empty: none.
    pub category: String,
    pub locale: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
    /// 0 to 11.
    pub avatar_color: i64,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
