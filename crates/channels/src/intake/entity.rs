//! Something a vendor sent, as it came.

use base::{ChannelId, Timestamp, UpdateId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "channel_update")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UpdateId,
    pub channel_id: ChannelId,
    /// The vendor's id of it.
    pub dedup_key: String,
    /// Updates with the same order are taken one after another.
    pub order_key: String,
    pub body: Json,
    pub state: State,
    /// Why it could not be taken; for people who run the server.
    pub error: Option<String>,
    pub attempts: i64,
    pub received_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

desk::text_enum! {
    /// What became of it.
    State as "UpdateState" {
        Waiting = "waiting",
        Done = "done",
        /// Says nothing to us.
        Ignored = "ignored",
        Failed = "failed",
    }
}
