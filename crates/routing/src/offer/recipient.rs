//! Who is invited to an offer.

use base::{Timestamp, UserId};
use sea_orm::entity::prelude::*;

use super::OfferId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "offer_recipient")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub offer_id: OfferId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    pub declined_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
