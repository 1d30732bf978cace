//! A browser that takes push messages.

use base::{SessionId, Timestamp, UserId};
use sea_orm::entity::prelude::*;

base::id! {
    /// A browser that takes push messages.
    DeviceId,
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "push_device")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeviceId,
    pub user_id: UserId,
    /// The login it was made under; none: by a token.
    pub session_id: Option<SessionId>,
    /// Where its push service takes messages for it.
    pub endpoint: String,
    /// Its P-256 key, 65 bytes as base64url.
    pub public_key: String,
    /// Its secret, 16 bytes as base64url, sealed.
    pub auth: String,
    /// What people call it: `Chrome, Windows`.
    pub name: String,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
