//! Tickets over HTTP.

use std::collections::HashMap;

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path, Query};
use axum::extract::State;
use base::{
    Actor, ContactId, ConversationId, Error, LineId, Page, PageRequest, Result, TicketId, Timestamp, UserId, can,
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::entity::{Column, Kind, Model, Status};
use super::{link, ops};
use crate::conversation::{self, Priority};
use crate::people::{ConversationRef, StaffRef};
use crate::{contact, line, user};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tickets))
        .routes(routes!(get_ticket, update_ticket))
        .routes(routes!(create_ticket))
        .routes(routes!(link_ticket, unlink_ticket))
}

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
    pub line: TicketLine,
    pub contact: Option<TicketContact>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The conversations about it that you may see.
    pub conversations: Vec<ConversationRef>,
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
async fn views(connection: &impl ConnectionTrait, actor: &Actor, rows: Vec<Model>) -> Result<Vec<Ticket>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let owners = user::Entity::find()
        .filter(user::Column::Id.is_in(rows.iter().filter_map(|row| row.owner_id)))
        .all(connection)
        .await?;
    let owners: HashMap<UserId, StaffRef> = owners
        .into_iter()
        .map(|one| (one.id, StaffRef { id: one.id, name: one.name, avatar_color: one.avatar_color }))
        .collect();
    let lines =
        line::Entity::find().filter(line::Column::Id.is_in(rows.iter().map(|row| row.line_id))).all(connection).await?;
    let lines: HashMap<LineId, String> = lines.into_iter().map(|line| (line.id, line.name)).collect();
    let contacts = contact::Entity::find()
        .filter(contact::Column::Id.is_in(rows.iter().filter_map(|row| row.contact_id)))
        .all(connection)
        .await?;
    let contacts: HashMap<ContactId, String> = contacts.into_iter().map(|contact| (contact.id, contact.name)).collect();
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
        subject: row.subject,
        kind: row.kind,
        status: row.status,
        priority: row.priority,
        owner: row.owner_id.and_then(|id| owners.get(&id).cloned()),
        line: TicketLine { id: row.line_id, name: lines.get(&row.line_id).cloned().unwrap_or_default() },
        contact: row.contact_id.and_then(|id| Some(TicketContact { id, name: contacts.get(&id)?.clone() })),
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

async fn one(connection: &impl ConnectionTrait, actor: &Actor, id: TicketId) -> Result<Ticket> {
    let row = ops::find(connection, actor, id).await?;
    views(connection, actor, vec![row]).await?.pop().ok_or(Error::NotFound("ticket"))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListTickets {
    /// A number, or a part of the subject.
    search: Option<String>,
    /// How many items, 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// List tickets of your lines, newest first.
#[utoipa::path(get, path = "/api/v1/tickets", tag = "tickets", params(ListTickets),
    security(("session" = ["tickets.view"]), ("token" = ["tickets.view"])), responses((status = 200, body = Page<Ticket>)))]
async fn list_tickets(
    State(app): State<App>,
    actor: Can<can::TicketsView>,
    Query(params): Query<ListTickets>,
) -> ApiResult<Json<Page<Ticket>>> {
    let page = PageRequest { limit: params.limit, after: params.after };
    let mut query = ops::visible_to(&actor);
    if let Some(search) = params.search.as_deref().map(str::trim).filter(|search| !search.is_empty()) {
        query = match text::query(search).number() {
            Some(number) => query.filter(Column::Number.eq(number)),
            None => query.filter(Column::Subject.contains(search)),
        };
    }
    if let Some((at, id)) = page.cursor::<(Timestamp, TicketId)>()? {
        let same_instant = Condition::all().add(Column::CreatedAt.eq(at)).add(Column::Id.lt(id));
        query = query.filter(Condition::any().add(Column::CreatedAt.lt(at)).add(same_instant));
    }
    let rows = query
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(page.limit() + 1)
        .all(app.db.read())
        .await?;
    let found = Page::from_rows(rows, page.limit(), |row| (row.created_at, row.id));
    let items = views(app.db.read(), &actor, found.items).await?;
    Ok(Json(Page { items, next: found.next }))
}

/// Get a ticket.
#[utoipa::path(get, path = "/api/v1/tickets/{id}", tag = "tickets", params(("id" = TicketId, Path)),
    security(("session" = ["tickets.view"]), ("token" = ["tickets.view"])), responses((status = 200, body = Ticket)))]
async fn get_ticket(
    State(app): State<App>,
    actor: Can<can::TicketsView>,
    Path(id): Path<TicketId>,
) -> ApiResult<Json<Ticket>> {
    Ok(Json(one(app.db.read(), &actor, id).await?))
}

/// A ticket to be made of a conversation.
#[derive(Debug, Deserialize, ToSchema)]
struct NewTicket {
    subject: String,
    #[serde(rename = "type", default = "question")]
    kind: Kind,
    #[serde(default = "no_priority")]
    priority: Priority,
    owner_id: Option<UserId>,
    #[serde(default = "new_status")]
    status: Status,
}

fn question() -> Kind {
    Kind::Question
}

fn no_priority() -> Priority {
    Priority::None
}

fn new_status() -> Status {
    Status::New
}

/// Make a ticket of a conversation.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/tickets", tag = "tickets", params(("id" = ConversationId, Path)), request_body = NewTicket,
    security(("session" = ["tickets.edit"]), ("token" = ["tickets.edit"])), responses((status = 201, body = Ticket)))]
async fn create_ticket(
    State(app): State<App>,
    actor: Can<can::TicketsEdit>,
    idempotency: Idempotency,
    Path(id): Path<ConversationId>,
    Json(body): Json<NewTicket>,
) -> ApiResult<Created<Ticket>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let NewTicket { subject, kind, priority, owner_id, status } = body;
    let ticket_id = ops::create(&tx, &actor, id, ops::NewTicket { subject, kind, priority, owner_id, status }).await?;
    let answer = one(&tx, &actor, ticket_id).await?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// What to change; absent fields stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
struct TicketChange {
    subject: Option<String>,
    #[serde(rename = "type")]
    kind: Option<Kind>,
    priority: Option<Priority>,
    /// Null: nobody.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<UserId>)]
    owner_id: Option<Option<UserId>>,
    status: Option<Status>,
}

/// Tells an absent field from a null one.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Change a ticket.
#[utoipa::path(patch, path = "/api/v1/tickets/{id}", tag = "tickets", params(("id" = TicketId, Path)), request_body = TicketChange,
    security(("session" = ["tickets.edit"]), ("token" = ["tickets.edit"])), responses((status = 200, body = Ticket)))]
async fn update_ticket(
    State(app): State<App>,
    actor: Can<can::TicketsEdit>,
    Path(id): Path<TicketId>,
    Json(body): Json<TicketChange>,
) -> ApiResult<Json<Ticket>> {
    let tx = app.write().await?;
    let TicketChange { subject, kind, priority, owner_id, status } = body;
    ops::update(&tx, &actor, id, ops::Change { subject, kind, priority, owner_id, status }).await?;
    let answer = one(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Link a conversation to a ticket.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/tickets/{ticket_id}", tag = "tickets", params(("id" = ConversationId, Path), ("ticket_id" = TicketId, Path)),
    security(("session" = ["tickets.edit"]), ("token" = ["tickets.edit"])), responses((status = 204)))]
async fn link_ticket(
    State(app): State<App>,
    actor: Can<can::TicketsEdit>,
    Path((id, ticket_id)): Path<(ConversationId, TicketId)>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::link(&tx, &actor, id, ticket_id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Unlink a conversation from a ticket.
#[utoipa::path(delete, path = "/api/v1/conversations/{id}/tickets/{ticket_id}", tag = "tickets", params(("id" = ConversationId, Path), ("ticket_id" = TicketId, Path)),
    security(("session" = ["tickets.edit"]), ("token" = ["tickets.edit"])), responses((status = 204)))]
async fn unlink_ticket(
    State(app): State<App>,
    actor: Can<can::TicketsEdit>,
    Path((id, ticket_id)): Path<(ConversationId, TicketId)>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::unlink(&tx, &actor, id, ticket_id).await?;
    tx.commit().await?;
    Ok(NoContent)
}
