//! A member of staff.

use base::{RoleId, Timestamp, UserId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "staff")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    /// Lower case; also the login.
    pub email: String,
    pub name: String,
    pub name_folded: String,
    pub role_id: RoleId,
    /// `ru` or `en`.
    pub locale: String,
    /// `auto`, `light` or `dark`.
    pub theme: String,
    /// IANA name.
    pub time_zone: String,
    /// 0 to 11.
    pub avatar_color: i64,
    /// Cannot sign in.
    pub blocked: bool,
    pub last_seen_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
