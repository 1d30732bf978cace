//! What an operator says of himself now, and how much he can carry.

use base::{Timestamp, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::activity::ActivityId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "operator_state")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    pub status: Status,
    /// What he chose by hand last; where he comes back to.
    pub chosen: Status,
    /// Set by Otklik, not by him.
    pub automatic: bool,
    pub since: Timestamp,
    /// When he last did something.
    pub active_at: Timestamp,
    /// When a connection of his was last there.
    pub seen_at: Timestamp,
    /// When he was last given a conversation.
    pub last_assigned_at: Option<Timestamp>,
    /// His own limit; none: that of the installation.
    pub open_limit: Option<i64>,
    /// `{channel: limit}`.
    pub channel_limits: Json,
    /// What he is doing now.
    pub activity_id: Option<ActivityId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

desk::text_enum! {
    /// Whether an operator takes work.
    Status as "OperatorStatus" {
        /// Takes everything.
        Free = "free",
        /// Not at his desk: nothing new.
        Away = "away",
        /// Busy with what he has: nothing new.
        Busy = "busy",
        /// Nothing at all: what his clients write goes to others.
        Dnd = "dnd",
        /// Not here.
        Offline = "offline",
    }
}
