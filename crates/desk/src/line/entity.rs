//! A line: a named contact point with its own groups, channels and texts.

use base::{LineId, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LineId,
    /// `SUPPORT`: short, stable, for programs and addresses.
    pub key: String,
    /// What staff see.
    pub name: String,
    /// What clients see.
    pub public_name: String,
    pub description: String,
    pub kind: Kind,
    /// Template put under every answer by mail.
    pub signature_html: String,
    pub auto_reply_enabled: bool,
    pub auto_reply_subject: String,
    pub auto_reply_text: String,
    pub archived_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::text_enum! {
    /// Whom a line serves.
    Kind as "LineKind" {
        /// Clients.
        External = "external",
        /// Colleagues.
        Internal = "internal",
    }
}
