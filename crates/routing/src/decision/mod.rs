//! What routing does with a conversation that has nobody.

use base::{Actor, ConversationId, Error, Result, Words};
use db::Tx;
use desk::conversation::{self, Channel, Status};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::queue::{self, Demand};
use crate::target::Target;

base::id! {
    /// A decision of routing.
    DecisionId,
}

desk::text_enum! {
    /// What made a decision.
    Source as "RoutingSource" {
        Rule = "rule",
        Default = "default",
        Transfer = "transfer",
        Drain = "drain",
        Overflow = "overflow",
        Dnd = "dnd",
        Absence = "absence",
        Supervisor = "supervisor",
    }
}

/// Routes a conversation that was opened by this event: into the common queue of its line.
pub async fn route(
    tx: &Tx,
    id: ConversationId,
    _opening: Uuid,
    _opened_again: bool,
    _source: Option<Source>,
) -> Result<Option<DecisionId>> {
    let conversation = match conversation::find_to_change(tx, &Actor::system(), id).await {
        Ok(found) => found,
        Err(Error::NotFound(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let waits = conversation.status == Status::Open && conversation.assignee_id.is_none();
    if !waits || conversation.channel == Channel::Manual {
        return Ok(None);
    }
    let decision = DecisionId(tx.new_id());
    queue::place(tx, &conversation, &Target::Queue { group_id: None }, &Demand::default(), decision).await?;
    Ok(Some(decision))
}

/// Routes a conversation again whose offer nobody accepted.
pub async fn route_again(tx: &Tx, id: ConversationId, _reason: Words) -> Result<Option<DecisionId>> {
    route(tx, id, tx.new_id(), true, None).await
}
