//! One address of a client: mail, phone, messenger account.

use base::{ContactId, IdentityId, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IdentityId,
    pub contact_id: ContactId,
    pub kind: Kind,
    /// As people write it.
    pub value: String,
    /// As it is compared: lower-case mail address, E.164 phone.
    pub value_key: String,
    /// False for an address that somebody only says is his.
    pub verified: bool,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::text_enum! {
    /// What an address is of.
    Kind as "IdentityKind" {
        Email = "email",
        Phone = "phone",
        Telegram = "telegram",
        Vk = "vk",
        Max = "max",
        Whatsapp = "whatsapp",
        Viber = "viber",
        Custom = "custom",
        /// A user of a site, vouched for by its signature.
        SiteUser = "site_user",
        /// Somebody who opened a site chat.
        Visitor = "visitor",
    }
}
