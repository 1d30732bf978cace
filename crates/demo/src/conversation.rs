//! What a conversation of a world is made of.

use chrono::{DateTime, Utc};

use crate::scenario::Kind;

/// Who wrote or did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    Client,
    /// Place in [`World::operators`].
    Operator(usize),
    System,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    Inbound,
    Outbound,
    Note,
}

/// A message that no person wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Automatic {
    /// The client's mail program: he is away.
    AutoReply,
    /// The line's answer with the number.
    Acknowledgement,
}

/// What became of an outbound message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    Sent,
    /// Why not, in plain words.
    Failed(&'static str),
}

/// A named file; its content is the loader's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub name: String,
    pub content_type: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub kind: MessageKind,
    pub author: Author,
    pub at: DateTime<Utc>,
    pub html: String,
    pub text: String,
    pub attachments: Vec<Attachment>,
    pub automatic: Option<Automatic>,
    /// Of outbound messages.
    pub delivery: Option<Delivery>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Open,
    Snoozed { until: DateTime<Utc> },
    Closed { at: DateTime<Utc> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    None,
    Low,
    Medium,
    High,
}

/// What happened between the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    Created,
    Taken,
    Assigned { from: usize, to: usize },
    PriorityChanged { from: Priority, to: Priority },
    Snoozed { until: DateTime<Utc> },
    Woken,
    Closed,
    Reopened,
    TicketCreated,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    pub at: DateTime<Utc>,
    pub actor: Author,
    pub kind: EventKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketStatus {
    New,
    Accepted,
    InProgress,
    Waiting,
    Resolved,
    Closed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub subject: String,
    pub kind: Kind,
    pub status: TicketStatus,
    pub priority: Priority,
    /// Place in [`World::operators`].
    pub owner: usize,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A conversation with everything in it, in order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    pub number: i64,
    /// Places in [`World::lines`] and [`World::clients`].
    pub line: usize,
    pub client: usize,
    pub subject: String,
    pub status: Status,
    /// Place in [`World::operators`].
    pub assignee: Option<usize>,
    pub priority: Priority,
    pub created_at: DateTime<Utc>,
    pub messages: Vec<Message>,
    pub events: Vec<Event>,
    pub ticket: Option<Ticket>,
}
