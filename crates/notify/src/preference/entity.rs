//! What a person has chosen.

use base::UserId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notification_preference")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// Kind -> `Ways`; a kind that is not here is told as usual.
    pub ways: Json,
    /// Minutes after midnight, both or neither.
    pub quiet_from: Option<i64>,
    pub quiet_until: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
