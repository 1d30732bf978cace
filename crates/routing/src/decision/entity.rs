//! A decision about a conversation.

use base::{ConversationId, LineId, Timestamp, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::DecisionId;
use crate::rule::RuleId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "routing_decision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DecisionId,
    pub conversation_id: ConversationId,
    pub line_id: LineId,
    /// Which opening of the conversation it is about: the event that opened it.
    pub opening: Uuid,
    /// 0 for the first decision of an opening; with the opening unique.
    pub attempt: i64,
    pub source: Source,
    /// The rule that decided; none for the manager, the default and what was not decided by rules.
    pub rule_id: Option<RuleId>,
    /// `Target`: where it went.
    pub target: Json,
    /// Who got it at once.
    pub assigned_id: Option<UserId>,
    /// `Words`: the whole decision in one or two sentences.
    pub why: Json,
    /// `[Traced]`: what every step said.
    pub verdicts: Json,
    /// `Volatile`: how busy everybody was.
    pub circumstances: Json,
    /// `rule::Overflow`: where it goes if nobody takes it.
    pub overflow: Option<Json>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

desk::text_enum! {
    /// What made a decision.
    Source as "RoutingSource" {
        /// A rule of the line, or the client's manager before the rules.
        Rule = "rule",
        /// No rule held.
        Default = "default",
        /// Handed over by a colleague.
        Transfer = "transfer",
        /// The queue gave it to somebody who became free.
        Drain = "drain",
        /// Nobody had taken it for too long.
        Overflow = "overflow",
        /// Its operator does not want to be disturbed, or has gone.
        Dnd = "dnd",
        /// Its operator is absent.
        Absence = "absence",
        /// A supervisor gave or took it.
        Supervisor = "supervisor",
    }
}
