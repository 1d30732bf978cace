//! A category of clients.

use base::{Timestamp, UserId};
use sea_orm::entity::prelude::*;

use super::ClientCategoryId;
use super::allowed::Allowed;
use crate::policy::PolicyId;
use crate::tariff_plan::TariffPlanId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "client_category")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClientCategoryId,
    pub name: String,
    /// As it is compared: folded.
    pub name_key: String,
    /// 1 to 9.
    pub tier: i64,
    /// Who of the staff answers for these clients.
    pub owner_id: Option<UserId>,
    /// 0 to 100: how much earlier their turn comes.
    pub weight: i64,
    /// What they are promised, where their service has no policy.
    pub policy_id: Option<PolicyId>,
    /// Of those whose company has none.
    pub tariff_plan_id: Option<TariffPlanId>,
    /// `Allowed`.
    pub allowed: Json,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn allowed(&self) -> base::Result<Allowed> {
        Ok(serde_json::from_value(self.allowed.clone())?)
    }
}
