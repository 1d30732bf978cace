//! Tickets as the API shows them.

use std::collections::HashMap;

use base::{Actor, CompanyId, ContactId, ConversationId, Error, LineId, Result, TicketId, UserId};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::entity::{Column, Kind, Model, Status};
use super::{link, ops};
use crate::contact::{self, company};
use crate::conversation::{self, Due, Priority};
use crate::people::{ConversationRef, StaffRef};
use crate::service::{self, ServiceRef};
use crate::tariff_plan::FaultKind;
use crate::{line, user};

/// A case.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Ticket {
    pub id: TicketId,
    /// What people call it by.
    pub number: i64,
    pub subject: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    pub status: Status,
    pub priority: Priority,
    pub owner: Option<StaffRef>,
    /// What it is about.
    pub service: Option<ServiceRef>,
    /// The nearest promise that is not kept yet; null: none is running.
    pub due: Option<Due>,
    /// Why it waits; null: it does not, or nobody said why.
    pub waiting: Option<TicketWaiting>,
    /// How it was resolved; null: it never was.
    pub solution: Option<TicketSolution>,
    /// What its client's plan does not include of it.
    pub tariff: Vec<TicketTariff>,
    pub line: TicketLine,
    pub contact: Option<TicketContact>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The conversations about it that you may see.
    pub conversations: Vec<ConversationRef>,
}

/// Why a ticket waits, and until when.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct TicketWaiting {
    pub reason: String,
    /// When it goes back to `in_progress` by itself; null: when somebody says so.
    pub until: Option<DateTime<Utc>>,
}

/// How a ticket was resolved.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct TicketSolution {
    /// Plain text of several lines.
    pub text: String,
    /// Who wrote it; null: Otklik itself.
    pub author: Option<StaffRef>,
    pub at: DateTime<Utc>,
    /// The ticket was opened again since: to resolve it the solution is given anew.
    pub earlier: bool,
}

/// Something that the plan of a client does not include.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct TicketTariff {
    pub kind: FaultKind,
    /// In your language.
    pub text: String,
}

/// The line of a ticket.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct TicketLine {
    pub id: LineId,
    pub name: String,
}

/// The client of a ticket.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct TicketContact {
    pub id: ContactId,
    pub name: String,
    /// How his company is called.
    pub company: Option<String>,
}

/// The tickets of a conversation, newest first.
pub(crate) async fn of_conversation(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: ConversationId,
) -> Result<Vec<Ticket>> {
    let links = link::Entity::find().filter(link::Column::ConversationId.eq(id)).all(connection).await?;
    let ids = links.into_iter().map(|link| link.ticket_id);
    let rows =
        ops::visible_to(actor).filter(Column::Id.is_in(ids)).order_by_desc(Column::Number).all(connection).await?;
    views(connection, actor, rows).await
}

/// Tickets with the names they refer to: one statement for each kind of name.
pub(super) async fn views(connection: &impl ConnectionTrait, actor: &Actor, rows: Vec<Model>) -> Result<Vec<Ticket>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let people: Vec<UserId> = rows.iter().flat_map(|row| [row.owner_id, row.solution_by]).flatten().collect();
    let people = user::people(connection, people).await?;
    let services = service::refs(connection, rows.iter().filter_map(|row| row.service_id)).await?;
    let lines =
        line::Entity::find().filter(line::Column::Id.is_in(rows.iter().map(|row| row.line_id))).all(connection).await?;
    let lines: HashMap<LineId, String> = lines.into_iter().map(|line| (line.id, line.name)).collect();
    let contacts = contact::Entity::find()
        .filter(contact::Column::Id.is_in(rows.iter().filter_map(|row| row.contact_id)))
        .all(connection)
        .await?;
    let firms = company::Entity::find()
        .filter(company::Column::Id.is_in(contacts.iter().filter_map(|contact| contact.company_id)))
        .all(connection)
        .await?;
    let firms: HashMap<CompanyId, String> = firms.into_iter().map(|firm| (firm.id, firm.name)).collect();
    let contacts: HashMap<ContactId, TicketContact> = contacts
        .into_iter()
        .map(|one| {
            let company = one.company_id.and_then(|id| firms.get(&id).cloned());
            (one.id, TicketContact { id: one.id, name: one.name, company })
        })
        .collect();
    let links = link::Entity::find()
        .filter(link::Column::TicketId.is_in(rows.iter().map(|row| row.id)))
        .all(connection)
        .await?;
    let seen = conversation::visible_to(actor)
        .filter(conversation::Column::Id.is_in(links.iter().map(|link| link.conversation_id)))
        .all(connection)
        .await?;
    let seen: HashMap<ConversationId, ConversationRef> = seen
        .into_iter()
        .map(|one| (one.id, ConversationRef { id: one.id, number: one.number, subject: one.subject }))
        .collect();
    let view = |row: Model| Ticket {
        id: row.id,
        number: row.number,
        due: due(&row),
        tariff: tariff(&row, actor),
        waiting: row.waiting_reason.map(|reason| TicketWaiting { reason, until: row.waiting_until }),
        solution: row.solution.map(|text| TicketSolution {
            text,
            author: row.solution_by.and_then(|id| people.get(&id).cloned()),
            at: row.solution_at.unwrap_or(row.updated_at),
            earlier: row.solution_earlier,
        }),
        subject: row.subject,
        kind: row.kind,
        status: row.status,
        priority: row.priority,
        owner: row.owner_id.and_then(|id| people.get(&id).cloned()),
        line: TicketLine { id: row.line_id, name: lines.get(&row.line_id).cloned().unwrap_or_default() },
        contact: row.contact_id.and_then(|id| contacts.get(&id).cloned()),
        service: row.service_id.and_then(|id| services.get(&id).cloned()),
        created_at: row.created_at,
        updated_at: row.updated_at,
        conversations: links
            .iter()
            .filter(|link| link.ticket_id == row.id)
            .filter_map(|link| seen.get(&link.conversation_id).cloned())
            .collect(),
    };
    Ok(rows.into_iter().map(view).collect())
}

pub(super) async fn one(connection: &impl ConnectionTrait, actor: &Actor, id: TicketId) -> Result<Ticket> {
    let row = ops::find(connection, actor, id).await?;
    views(connection, actor, vec![row]).await?.pop().ok_or(Error::NotFound("ticket"))
}

fn tariff(row: &Model, actor: &Actor) -> Vec<TicketTariff> {
    let faults = row.tariff_faults().unwrap_or_default().into_iter();
    faults.map(|fault| TicketTariff { kind: fault.kind, text: fault.words.get(actor.language).to_owned() }).collect()
}

fn due(row: &Model) -> Option<Due> {
    Some(Due { norm: row.due_norm?, at: row.due_at?, warn_at: row.due_warn_at? })
}
