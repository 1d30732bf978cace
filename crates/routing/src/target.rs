//! Where a rule sends a conversation.

use base::{GroupId, UserId};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = RoutingTarget)]
pub enum Target {
    /// The operator of the group with the least work.
    LeastLoaded { group_id: GroupId },
    /// An offer to everybody of the group who is free.
    InviteGroup { group_id: GroupId },
    /// An offer to everybody of the line who is free.
    InviteAll,
    /// One operator.
    Operator { user_id: UserId },
    /// Whoever served this client last.
    LastOperator,
    /// Whoever is responsible for this client.
    Manager,
    /// The line's bot.
    Bot,
    /// The line's queue, from which anybody takes; with a group: waits until one of it is free.
    Queue { group_id: Option<GroupId> },
}
