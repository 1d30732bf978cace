//! What a property holds for one record.

use sea_orm::entity::prelude::*;

use super::entity::PropertyId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "property_value")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub property_id: PropertyId,
    /// A `CompanyId` or a `ConversationId`, by the property's subject.
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Uuid,
    pub value: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
