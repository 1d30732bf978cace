//! Which status somebody had, since when and until when.

use base::{Timestamp, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::Status;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "operator_status_log")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: UserId,
    pub status: Status,
    pub automatic: bool,
    pub cause: Cause,
    /// Who did it, when that was not Otklik.
    pub actor_id: Option<UserId>,
    pub at: Timestamp,
    /// None: still.
    pub until: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

desk::text_enum! {
    /// What changed a status.
    Cause as "StatusCause" {
        /// By himself.
        Own = "own",
        /// By whoever watches over him.
        Supervisor = "supervisor",
        /// He came.
        Connected = "connected",
        /// He did nothing for a while.
        Idle = "idle",
        /// He did something again.
        Active = "active",
        /// His last connection is gone.
        Disconnected = "disconnected",
        /// He signed out.
        SignedOut = "signed_out",
    }
}
