//! A channel: an account at a messenger, or a site chat, by which clients write to a line.

use base::{ChannelId, GroupId, LineId, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::conversation::Channel as Kind;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "channel")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ChannelId,
    pub line_id: LineId,
    /// The operator group its conversations are pinned to.
    pub group_id: Option<GroupId>,
    pub kind: Kind,
    pub name: String,
    /// The vendor's id of the account, known once it is connected. One account serves one line.
    pub account_key: Option<String>,
    /// What people call the account: `@severny_svet_bot`.
    pub account_name: String,
    /// What its driver asks for, without secrets.
    pub settings: Json,
    /// The secret settings: a JSON object, sealed.
    pub secrets: String,
    pub enabled: bool,
    pub state: State,
    /// `Words`: why it is broken and what to do.
    pub state_reason: Option<Json>,
    pub state_since: Timestamp,
    /// Failures in a row.
    pub failures: i64,
    pub next_try_at: Option<Timestamp>,
    pub last_inbound_at: Option<Timestamp>,
    pub last_check_at: Option<Timestamp>,
    /// Up to where a polled vendor's updates have been taken.
    pub position: Option<String>,
    /// Since when messages may have been missed that the vendor no longer has.
    pub gap_since: Option<Timestamp>,
    /// The unguessable part of the address at which the vendor calls us; a site chat's public key.
    pub hook_key: String,
    /// Counts changes of settings.
    pub revision: i64,
    pub lease_owner: Option<String>,
    pub lease_until: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::text_enum! {
    /// How a channel is.
    State as "ChannelState" {
        Connecting = "connecting",
        Active = "active",
        /// The reason is beside it; we keep trying.
        Broken = "broken",
        /// Switched off by an administrator.
        Off = "off",
    }
}
