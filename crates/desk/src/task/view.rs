//! Tasks as the API shows them.

use std::collections::HashMap;

use base::{Actor, ConversationId, GroupId, Permission, Result, TicketId, UserId, Words};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TaskId;
use super::entity::{Model, State};
use crate::group::{self, GroupRef};
use crate::people::{ConversationRef, StaffRef};
use crate::{conversation, ticket, user};

/// Something to be done.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct Task {
    pub id: TaskId,
    pub title: String,
    pub description: String,
    pub state: State,
    /// Who is to do it; null: nobody in particular.
    pub assignee: Option<StaffRef>,
    /// The group of which somebody is to do it.
    pub group: Option<GroupRef>,
    /// What it is about, if you see that.
    pub ticket: Option<TaskTicket>,
    pub conversation: Option<ConversationRef>,
    pub due_at: Option<DateTime<Utc>>,
    /// Why Otklik made it; in your language.
    pub why: Option<String>,
    /// It is a stage of a route.
    pub stage: bool,
    /// What came of it, or why it was put away.
    pub result: String,
    /// Who made it; null: Otklik.
    pub created_by: Option<StaffRef>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// When it was done or put away.
    pub ended_at: Option<DateTime<Utc>>,
    pub ended_by: Option<StaffRef>,
}

/// The ticket of a task.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct TaskTicket {
    pub id: TicketId,
    pub number: i64,
    pub subject: String,
}

/// Tasks with the names they refer to: one statement for each kind of name.
pub(super) async fn views(connection: &impl ConnectionTrait, actor: &Actor, rows: Vec<Model>) -> Result<Vec<Task>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let people = rows.iter().flat_map(|row| [row.assignee_id, row.created_by, row.ended_by]).flatten();
    let people: Vec<UserId> = people.collect();
    let people = user::people(connection, people).await?;
    let groups: Vec<GroupId> = rows.iter().filter_map(|row| row.group_id).collect();
    let groups: HashMap<GroupId, GroupRef> = match groups.is_empty() {
        true => HashMap::new(),
        false => {
            let rows = group::Entity::find().filter(group::Column::Id.is_in(groups)).all(connection).await?;
            rows.into_iter().map(|row| (row.id, GroupRef { id: row.id, name: row.name })).collect()
        }
    };
    let tickets = tickets(connection, actor, rows.iter().filter_map(|row| row.ticket_id).collect()).await?;
    let talks = talks(connection, actor, rows.iter().filter_map(|row| row.conversation_id).collect()).await?;
    let view = |row: Model| {
        let why: Option<Words> = row.why.and_then(|why| serde_json::from_value(why).ok());
        Task {
            id: row.id,
            title: row.title,
            description: row.description,
            state: row.state,
            assignee: row.assignee_id.and_then(|id| people.get(&id).cloned()),
            group: row.group_id.and_then(|id| groups.get(&id).cloned()),
            ticket: row.ticket_id.and_then(|id| tickets.get(&id).cloned()),
            conversation: row.conversation_id.and_then(|id| talks.get(&id).cloned()),
            due_at: row.due_at,
            why: why.map(|why| why.get(actor.language).to_owned()),
            stage: row.stage_id.is_some(),
            result: row.result,
            created_by: row.created_by.and_then(|id| people.get(&id).cloned()),
            created_at: row.created_at,
            updated_at: row.updated_at,
            ended_at: row.ended_at,
            ended_by: row.ended_by.and_then(|id| people.get(&id).cloned()),
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

async fn tickets(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: Vec<TicketId>,
) -> Result<HashMap<TicketId, TaskTicket>> {
    if ids.is_empty() || !actor.has(Permission::TicketsView) {
        return Ok(HashMap::new());
    }
    let seen = ticket::visible_to(actor).filter(ticket::Column::Id.is_in(ids)).all(connection).await?;
    let named = |row: ticket::Model| (row.id, TaskTicket { id: row.id, number: row.number, subject: row.subject });
    Ok(seen.into_iter().map(named).collect())
}

async fn talks(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: Vec<ConversationId>,
) -> Result<HashMap<ConversationId, ConversationRef>> {
    if ids.is_empty() || !actor.has(Permission::ConversationsView) {
        return Ok(HashMap::new());
    }
    let seen = conversation::visible_to(actor).filter(conversation::Column::Id.is_in(ids)).all(connection).await?;
    let named =
        |row: conversation::Model| (row.id, ConversationRef { id: row.id, number: row.number, subject: row.subject });
    Ok(seen.into_iter().map(named).collect())
}
