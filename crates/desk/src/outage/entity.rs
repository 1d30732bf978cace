//! A time when a service was down.

use base::{Timestamp, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::OutageId;
use crate::service::{CatalogueId, ServiceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "outage")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OutageId,
    /// Of one service, or of a catalogue: of exactly one.
    pub service_id: Option<ServiceId>,
    pub catalogue_id: Option<CatalogueId>,
    pub started_at: Timestamp,
    /// None: it is still down.
    pub restored_at: Option<Timestamp>,
    pub kind: Kind,
    pub extent: Extent,
    /// The clocks of its tickets stand still meanwhile.
    pub pauses_sla: bool,
    pub note: String,
    pub registered_by: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::text_enum! {
    /// Whether it was known before.
    Kind as "OutageKind" {
        Planned = "planned",
        Unplanned = "unplanned",
    }
}

crate::text_enum! {
    /// How much of it does not work.
    Extent as "OutageExtent" {
        Full = "full",
        Partial = "partial",
    }
}
