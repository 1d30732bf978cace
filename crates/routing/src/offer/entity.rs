//! An offer of a conversation to several operators.

use base::{ConversationId, GroupId, LineId, Timestamp, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::OfferId;
use crate::decision::DecisionId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "offer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfferId,
    pub conversation_id: ConversationId,
    pub line_id: LineId,
    /// The group the conversation belongs to.
    pub group_id: Option<GroupId>,
    pub decision_id: Option<DecisionId>,
    pub state: State,
    pub offered_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub accepted_by: Option<UserId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

desk::text_enum! {
    /// What became of an offer.
    State as "OfferState" {
        Open = "open",
        Accepted = "accepted",
        /// Nobody accepted in time.
        Expired = "expired",
        /// Everybody declined.
        Declined = "declined",
        /// Its conversation went another way.
        Withdrawn = "withdrawn",
    }
}
