//! A saved clock.

use base::{ConversationId, LineId, Result, TicketId, Timestamp};
use desk::conversation::DueNorm;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::SimpleExpr;
use serde::{Deserialize, Serialize};

use super::ClockId;
use super::cause::Cause;
use crate::policy::PolicyId;
use crate::subject::{About, Subject};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sla_clock")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClockId,
    /// Of a conversation or of a ticket: of exactly one.
    pub conversation_id: Option<ConversationId>,
    pub ticket_id: Option<TicketId>,
    /// The line it was promised on.
    pub line_id: LineId,
    pub policy_id: PolicyId,
    pub norm: DueNorm,
    pub state: State,
    pub target_seconds: i64,
    /// Counted before `running_since`.
    pub consumed_micros: i64,
    /// None: it stands still or has ended.
    pub running_since: Option<Timestamp>,
    /// Why it stands still.
    pub paused_for: Option<String>,
    pub started_at: Timestamp,
    /// When it is, or was, to be kept; none while it stands still.
    pub due_at: Option<Timestamp>,
    /// When the promise was broken.
    pub missed_at: Option<Timestamp>,
    /// What that is put down to.
    pub cause: Option<Cause>,
    pub ended_at: Option<Timestamp>,
    /// The message that ended it.
    pub ended_by: Option<Uuid>,
    /// When the next step is due.
    pub next_at: Option<Timestamp>,
    /// `kept::Snapshot`.
    pub snapshot: Json,
    /// `kept::Entry`, oldest first.
    pub log: Json,
}

/// Those of conversations, or of tickets, or all.
pub(super) fn only(all: Select<Entity>, subject: Option<Subject>) -> Select<Entity> {
    match subject {
        Some(Subject::Conversation) => all.filter(Column::ConversationId.is_not_null()),
        Some(Subject::Ticket) => all.filter(Column::TicketId.is_not_null()),
        None => all,
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn about(&self) -> Result<About> {
        let conversation = self.conversation_id.map(About::Conversation);
        conversation.or(self.ticket_id.map(About::Ticket)).ok_or_else(|| base::Error::internal("a clock is of nothing"))
    }

    pub fn subject(&self) -> Subject {
        if self.ticket_id.is_some() { Subject::Ticket } else { Subject::Conversation }
    }
}

/// Those of a conversation or of a ticket.
pub(super) fn of(about: About) -> SimpleExpr {
    match about {
        About::Conversation(id) => Column::ConversationId.eq(id),
        About::Ticket(id) => Column::TicketId.eq(id),
    }
}

desk::text_enum! {
    State as "SlaClockState" {
        Running = "running",
        /// It stands still; the remainder is kept.
        Paused = "paused",
        /// What was promised was done, in time or late.
        Done = "done",
        /// Nobody waits for it any more.
        Dropped = "dropped",
    }
}
