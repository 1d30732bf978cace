//! A conversation that waits for an operator.

use base::{ConversationId, GroupId, LineId, Timestamp};
use sea_orm::entity::prelude::*;

use crate::decision::DecisionId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "queue_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    pub line_id: LineId,
    /// Whose turn it is; none: the whole line.
    pub group_id: Option<GroupId>,
    /// Given out as soon as somebody can take it; otherwise whoever is first takes it, or it is on offer.
    pub automatic: bool,
    /// The order of the queue, see `engine::turn_at`.
    pub turn_at: Timestamp,
    pub entered_at: Timestamp,
    /// `[SkillId]`: what it takes besides what its line does.
    pub skills: Json,
    /// What put it here.
    pub decision_id: Option<DecisionId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
