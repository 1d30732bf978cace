//! A tariff plan.

use base::{Result, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use super::TariffPlanId;
use crate::schedule::ScheduleId;
use crate::service::ServiceId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tariff_plan")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TariffPlanId,
    pub name: String,
    /// As it is compared: folded.
    pub name_key: String,
    pub description: String,
    /// `[ServiceId]`: what is included; empty: everything.
    pub services: Json,
    /// The hours of support; none: as the policy says.
    pub schedule_id: Option<ScheduleId>,
    pub per_day: Option<i64>,
    pub per_week: Option<i64>,
    pub per_month: Option<i64>,
    /// The first day, `YYYY-MM-DD`; none: since ever.
    pub valid_from: Option<String>,
    /// The last day; none: for ever.
    pub valid_to: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn services(&self) -> Result<Vec<ServiceId>> {
        Ok(serde_json::from_value(self.services.clone())?)
    }

    /// Whether the plan is in force on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        // Days are written so that they compare as texts.
        let day = day.to_string();
        self.valid_from.as_ref().is_none_or(|first| *first <= day)
            && self.valid_to.as_ref().is_none_or(|last| day <= *last)
    }
}

/// The plan of a company.
pub(super) mod of_company {
    use base::CompanyId;
    use sea_orm::entity::prelude::*;

    use super::super::TariffPlanId;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "company_tariff")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub company_id: CompanyId,
        pub tariff_plan_id: TariffPlanId,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
