//! A line: a named contact point with its own groups, channels and texts.

use base::{LineId, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::schedule::ScheduleId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LineId,
    /// `SUPPORT`: short, stable, for programs and addresses.
    pub key: String,
    /// What staff see.
    pub name: String,
    /// What clients read; never empty.
    pub public_name: String,
    pub description: String,
    pub kind: Kind,
    /// Template put under every answer by mail.
    pub signature_html: String,
    pub auto_reply_enabled: bool,
    pub auto_reply_subject: String,
    pub auto_reply_text: String,
    /// What a client's message does after his conversation in a messenger was closed.
    pub after_close: AfterClose,
    /// How long after closing it opens the old one again.
    pub reopen_hours: i64,
    /// Close when the client has been silent this long after an answer; none: never.
    pub idle_close_minutes: Option<i64>,
    /// Said to the client when a conversation is closed for silence; empty: nothing.
    pub farewell_text: String,
    /// Ask for a mark when a conversation is closed.
    pub ask_rating: bool,
    /// Whoever writes to the line reads its public name, never an operator's.
    pub hide_operators: bool,
    /// Template of what its conversations are called; empty: by their subject or first words.
    pub conversation_title: String,
    /// Its working hours; none: round the clock.
    pub schedule_id: Option<ScheduleId>,
    /// Clients may read its working hours.
    pub publish_hours: bool,
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

crate::text_enum! {
    /// What becomes of a message after closing.
    AfterClose as "AfterClose" {
        /// The conversation opens again.
        Reopen = "reopen",
        /// A new one begins.
        New = "new",
    }
}
