//! What promises are made of: conversations and tickets. Everything that clocks need to know of either is asked here.

use base::{Actor, ContactId, ConversationId, LineId, Result, TicketId, UserId};
use bus::Event;
use db::Tx;
use desk::conversation::{self, Channel, Due, Priority};
use desk::ticket;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

desk::text_enum! {
    /// Of what something was promised.
    Subject as "SlaSubject" {
        Conversation = "conversation",
        Ticket = "ticket",
    }
}

/// A conversation or a ticket, by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum About {
    Conversation(ConversationId),
    Ticket(TicketId),
}

impl About {
    /// Says on it which promise is the nearest.
    pub async fn promise(self, tx: &Tx, due: Option<Due>) -> Result<()> {
        match self {
            About::Conversation(id) => conversation::promise(tx, id, due).await,
            About::Ticket(id) => ticket::promise(tx, id, due).await,
        }
    }
}

/// A conversation or a ticket.
pub(crate) enum Record {
    Conversation(Box<conversation::Model>),
    Ticket(Box<ticket::Model>),
}

impl Record {
    pub async fn find(tx: &Tx, about: About) -> Result<Self> {
        let system = Actor::system();
        Ok(match about {
            About::Conversation(id) => Record::Conversation(conversation::find(tx, &system, id).await?.into()),
            About::Ticket(id) => Record::Ticket(ticket::find(tx, &system, id).await?.into()),
        })
    }

    /// The same, held until the end of the transaction.
    pub async fn find_to_change(tx: &Tx, about: About) -> Result<Self> {
        let system = Actor::system();
        Ok(match about {
            About::Conversation(id) => {
                Record::Conversation(conversation::find_to_change(tx, &system, id).await?.into())
            }
            About::Ticket(id) => Record::Ticket(ticket::find_to_change(tx, &system, id).await?.into()),
        })
    }

    pub fn about(&self) -> About {
        match self {
            Record::Conversation(row) => About::Conversation(row.id),
            Record::Ticket(row) => About::Ticket(row.id),
        }
    }

    /// What people call it by.
    pub fn number(&self) -> i64 {
        match self {
            Record::Conversation(row) => row.number,
            Record::Ticket(row) => row.number,
        }
    }

    /// What it is about, in words.
    pub fn subject_text(&self) -> &str {
        match self {
            Record::Conversation(row) => &row.subject,
            Record::Ticket(row) => &row.subject,
        }
    }

    pub fn subject(&self) -> Subject {
        match self {
            Record::Conversation(_) => Subject::Conversation,
            Record::Ticket(_) => Subject::Ticket,
        }
    }

    pub fn line_id(&self) -> LineId {
        match self {
            Record::Conversation(row) => row.line_id,
            Record::Ticket(row) => row.line_id,
        }
    }

    pub fn contact_id(&self) -> Option<ContactId> {
        match self {
            Record::Conversation(row) => Some(row.contact_id),
            Record::Ticket(row) => row.contact_id,
        }
    }

    /// Whoever has it.
    pub fn owner_id(&self) -> Option<UserId> {
        match self {
            Record::Conversation(row) => row.assignee_id,
            Record::Ticket(row) => row.owner_id,
        }
    }

    pub fn priority(&self) -> Priority {
        match self {
            Record::Conversation(row) => row.priority,
            Record::Ticket(row) => row.priority,
        }
    }

    /// A ticket has none.
    pub fn channel(&self) -> Option<Channel> {
        match self {
            Record::Conversation(row) => Some(row.channel),
            Record::Ticket(_) => None,
        }
    }

    /// An event of one of its clocks: in the history of the conversation or of the ticket, heard by whoever sees that.
    pub async fn event(&self, tx: &Tx, clock: Uuid, event: Event) -> Result<Event> {
        match self {
            Record::Conversation(row) => Ok(event.subject(clock).conversation(row.id, row.line_id, row.group_id)),
            Record::Ticket(row) => {
                let mut event = ticket::heard_by(tx, row, event).await?;
                event.data["ticket_id"] = json!(row.id);
                event.data["clock_id"] = json!(clock);
                Ok(event)
            }
        }
    }
}
