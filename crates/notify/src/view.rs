//! Notifications as a person reads them. Whatever a page of them needs is fetched for all of them at once.

use std::collections::HashMap;

use base::{ChannelId, ConversationId, Language, MailboxId, MessageId, Result, TicketId};
use chrono::{DateTime, Utc};
use desk::task::TaskId;
use desk::{conversation, message, task, ticket};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;

use crate::entity::{Model, NotificationId};
use crate::kind::Kind;

/// Something that concerns you.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Notification {
    pub id: NotificationId,
    pub kind: Kind,
    /// What happened, in your language.
    pub text: String,
    /// The first words of what was said with it, or why it came to you; at most 200 characters, may be empty.
    pub preview: String,
    pub about: About,
    pub created_at: DateTime<Utc>,
    /// When you read it; null: not yet.
    pub read_at: Option<DateTime<Utc>>,
}

/// What a notification is about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NotificationSubject)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum About {
    Conversation {
        id: ConversationId,
        /// What people call it by.
        number: i64,
        /// May be empty.
        subject: String,
        /// The message it tells of, if it tells of one.
        message_id: Option<MessageId>,
    },
    Ticket {
        id: TicketId,
        /// What people call it by.
        number: i64,
        subject: String,
    },
    Task {
        id: TaskId,
        title: String,
    },
    Mailbox {
        id: MailboxId,
        name: String,
    },
    Channel {
        id: ChannelId,
        name: String,
    },
    /// The report of how promises are kept.
    SlaReport {
        /// The policy whose promises are meant.
        policy: String,
    },
}

/// In the order of the rows; whoever asks has found out that their owner sees them.
pub(crate) async fn details(
    connection: &impl ConnectionTrait,
    language: Language,
    rows: Vec<Model>,
) -> Result<Vec<Notification>> {
    let ids = rows.iter().filter_map(|row| row.conversation_id);
    let known = conversation::Entity::find().filter(conversation::Column::Id.is_in(ids)).all(connection).await?;
    let known: HashMap<_, _> = known.into_iter().map(|row| (row.id, row)).collect();
    let promised = rows.iter().filter(|row| of_a_ticket(row)).filter_map(|row| row.subject_id);
    let tickets: Vec<TicketId> = promised.map(TicketId).collect();
    let tickets = match tickets.is_empty() {
        true => Vec::new(),
        false => ticket::Entity::find().filter(ticket::Column::Id.is_in(tickets)).all(connection).await?,
    };
    let tickets: HashMap<_, _> = tickets.into_iter().map(|row| (row.id, row)).collect();
    let given: Vec<TaskId> =
        rows.iter().filter(|row| row.kind == Kind::TaskAssigned).filter_map(|row| row.subject_id.map(TaskId)).collect();
    let tasks: Vec<task::Model> = match given.is_empty() {
        true => Vec::new(),
        false => task::Entity::find().filter(task::Column::Id.is_in(given)).all(connection).await?,
    };
    let tasks: HashMap<_, _> = tasks.into_iter().map(|row| (row.id, row)).collect();
    let said = message::Entity::find()
        .filter(message::Column::Id.is_in(rows.iter().filter_map(|row| row.subject_id)))
        .all(connection)
        .await?;
    let said: HashMap<_, _> = said.into_iter().map(|row| (row.id.0, row)).collect();
    let notification = |row: Model| {
        let message = row.subject_id.and_then(|id| said.get(&id));
        // A message that was moved to another conversation is that one's.
        let message = message.filter(|message| Some(message.conversation_id) == row.conversation_id);
        let words = message.filter(|message| message.deleted_at.is_none()).map(|message| message.text.as_str());
        let preview = text::preview(words.unwrap_or(&row.comment), 200);
        let about = match (row.conversation_id, row.subject_id) {
            (Some(id), _) => known.get(&id).map(|conversation| About::Conversation {
                id,
                number: conversation.number,
                subject: conversation.subject.clone(),
                message_id: message.map(|message| message.id),
            }),
            (None, Some(id)) if of_a_ticket(&row) => tickets.get(&TicketId(id)).map(|ticket| About::Ticket {
                id: ticket.id,
                number: ticket.number,
                subject: ticket.subject.clone(),
            }),
            (None, Some(id)) if row.kind == Kind::TaskAssigned => {
                tasks.get(&TaskId(id)).map(|task| About::Task { id: task.id, title: task.title.clone() })
            }
            (None, Some(id)) if row.kind == Kind::MailboxBroken => {
                Some(About::Mailbox { id: MailboxId(id), name: row.who.clone() })
            }
            (None, _) if row.kind == Kind::SlaShareLow => Some(About::SlaReport { policy: row.who.clone() }),
            (None, Some(id)) => Some(About::Channel { id: ChannelId(id), name: row.who.clone() }),
            (None, None) => None,
        };
        Some(Notification {
            id: row.id,
            kind: row.kind,
            text: row.kind.words(&row.who).get(language).to_owned(),
            preview,
            about: about?,
            created_at: row.created_at,
            read_at: row.read_at,
        })
    };
    Ok(rows.into_iter().filter_map(notification).collect())
}

/// Of a ticket: promises of conversations say which.
fn of_a_ticket(row: &Model) -> bool {
    row.conversation_id.is_none() && Kind::OF_TICKETS.contains(&row.kind)
}

impl Notification {
    /// The line under what happened: which conversation or ticket.
    pub fn place(&self) -> String {
        match &self.about {
            About::Conversation { number, subject, .. } if subject.is_empty() => format!("№{number}"),
            About::Conversation { number, subject, .. } => format!("№{number} · {subject}"),
            About::Ticket { number, subject, .. } => format!("№{number} · {subject}"),
            About::Task { title, .. } => title.clone(),
            About::Mailbox { .. } | About::Channel { .. } | About::SlaReport { .. } => String::new(),
        }
    }

    /// The page of it.
    pub fn path(&self) -> String {
        match &self.about {
            About::Conversation { id, message_id: Some(message), .. } => format!("/c/open/{id}?message={message}"),
            About::Conversation { id, message_id: None, .. } => format!("/c/open/{id}"),
            About::Ticket { number, .. } => format!("/tickets/{number}"),
            About::Task { id, .. } => format!("/tasks?task={id}"),
            About::Mailbox { id, .. } => format!("/admin/mailboxes/{id}"),
            About::Channel { id, .. } => format!("/admin/channels/{id}"),
            About::SlaReport { .. } => "/admin/sla-report".to_owned(),
        }
    }
}
